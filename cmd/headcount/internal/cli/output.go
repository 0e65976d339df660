// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/spf13/pflag"

	"github.com/headcount-hll/headcount/internal/groupby"
	"github.com/headcount-hll/headcount/internal/input"
	"github.com/headcount-hll/headcount/internal/parquetout"
	"github.com/headcount-hll/headcount/internal/sortkey"
)

// countOutput is how a client_count file is written.
type countOutput struct {
	path     string
	level    int
	rowGroup bytesFlag
}

func (o *countOutput) flags(flags *pflag.FlagSet) {
	o.rowGroup = 8_000_000
	flags.StringVarP(&o.path, "output", "o", "client_count.parquet", "output file; an existing one is replaced when the new one is complete")
	flags.IntVar(&o.level, "zstd-level", 3, "zstd compression level, 1 to 22")
	flags.Var(&o.rowGroup, "row-group-size", "bytes of sketches in a row group, before compression")
}

// check rejects what cannot be written, before anything is read: no name, a name by which the output would be read as text, and a
// level that zstd does not have.
func (o *countOutput) check() error {
	const mostLevel = 22
	switch {
	case o.path == "":
		return errNoName
	case input.IsText(o.path):
		return fmt.Errorf("--output %s: the output is Parquet, not text: write NAME.parquet", o.path)
	case o.level < 1 || o.level > mostLevel:
		return fmt.Errorf("--zstd-level %d: must be 1 to %d", o.level, mostLevel)
	}
	return nil
}

// A counted is the content of a client_count file: its columns, and a function that writes its rows.
type counted struct {
	keys           []sortkey.Column
	sketches, sums []string // names of columns
	write          func(*parquetout.Writer) error
}

// oneSketch returns the content of a table of groups with one sketch each.
func oneSketch(ctx context.Context, table *groupby.Table, keys []sortkey.Column, sketch string) counted {
	return counted{keys, []string{sketch}, nil, func(w *parquetout.Writer) error {
		return table.Each(ctx, func(key, sketch []byte) error { return w.Add(key, [][]byte{sketch}, nil) })
	}}
}

// write writes a file and returns its number of rows.
func (o *countOutput) write(c counted, version string) (rows int64, err error) {
	err = writeWhole(o.path, func(out io.Writer) error {
		w, err := parquetout.NewWriter(out, c.keys, parquetout.Options{
			Sketches: c.sketches, Sums: c.sums, Level: o.level, RowGroupBytes: int64(o.rowGroup), CreatedBy: "headcount version " + version,
		})
		if err != nil {
			return err
		}
		if err := c.write(w); err != nil {
			return errors.Join(err, w.Wait())
		}
		rows = w.Rows()
		return w.Close()
	})
	return rows, err
}
