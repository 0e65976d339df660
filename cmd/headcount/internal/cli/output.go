// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"

	"github.com/google/renameio/v2"
	"github.com/spf13/pflag"

	"github.com/headcount-hll/headcount/internal/groupby"
	"github.com/headcount-hll/headcount/internal/parquetout"
	"github.com/headcount-hll/headcount/internal/sortkey"
)

// writeWhole has f write to a file that takes its name only when it is complete and on disk.
func writeWhole(path string, f func(*renameio.PendingFile) error) (err error) {
	out, err := renameio.NewPendingFile(path, renameio.WithTempDir(filepath.Dir(path)), renameio.WithPermissions(0o644))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, out.Cleanup()) }()
	if err := f(out); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return out.CloseAtomicallyReplace()
}

// countOutput is how a client_count file is written.
type countOutput struct {
	path     string
	level    int
	rowGroup bytesFlag
}

func (o *countOutput) flags(flags *pflag.FlagSet) {
	o.rowGroup = 8_000_000
	flags.StringVarP(&o.path, "output", "o", "client_count.parquet", "file to write")
	flags.IntVar(&o.level, "zstd-level", 3, "level of compression, 1 to 22")
	flags.Var(&o.rowGroup, "row-group-size", "sketches of a row group, in bytes before compression")
}

// write writes the groups of a table and returns how many there were.
func (o *countOutput) write(ctx context.Context, table *groupby.Table, columns []sortkey.Column, sketch, version string) (rows int64, err error) {
	err = writeWhole(o.path, func(out *renameio.PendingFile) error {
		w, err := parquetout.NewWriter(out, columns, parquetout.Options{
			Sketch: sketch, Level: o.level, RowGroupBytes: int64(o.rowGroup), CreatedBy: "headcount version " + version,
		})
		if err != nil {
			return err
		}
		if err := table.Each(ctx, w.Add); err != nil {
			return err
		}
		rows = w.Rows()
		return w.Close()
	})
	return rows, err
}
