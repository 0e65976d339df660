// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"context"
	"errors"
	"time"

	"github.com/spf13/cobra"

	"github.com/headcount-hll/headcount/internal/input"
	"github.com/headcount-hll/headcount/internal/progress"
	"github.com/headcount-hll/headcount/internal/scan"
	"github.com/headcount-hll/headcount/internal/sortkey"
	"github.com/headcount-hll/headcount/udf/hll"
)

type merge struct {
	resources
	reading
	countOutput
	sketch    string
	by, where []string
}

func mergeCommand(version string, streams Streams) *cobra.Command {
	var m merge
	c := &cobra.Command{
		Use:   "merge FILE|FOLDER...",
		Short: "Combine client_count files, or roll them up to fewer columns",
		Long: `merge unites the sketches of all rows that agree in the columns of --by and writes a client_count file of them.
Without --by it combines files: rows of the same day and dimensions become one.`,
		Example: `  headcount merge -o week.parquet day-*.parquet
  headcount merge --by activitydate,normalizedchannel -o channels.parquet client_count.parquet`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error { return m.run(c.Context(), version, streams, args) },
	}
	flags := c.Flags()
	flags.StringSliceVar(&m.by, "by", nil, "columns to keep, in the order to sort by (default: all of the first file)")
	flags.StringArrayVar(&m.where, "where", nil, "only rows of this COLUMN=VALUE; may be given several times")
	flags.StringVar(&m.sketch, "sketch", "hll", "column of the sketches")
	m.excludeFlag(flags)
	m.reading.flags(flags)
	m.countOutput.flags(flags)
	m.resources.flags(flags)
	return c
}

func (m *merge) run(ctx context.Context, version string, streams Streams, paths []string) (err error) {
	if err := m.apply(); err != nil {
		return err
	}
	in, err := m.openFiles(paths, &m.resources, newNotes(streams.Err))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, in.close()) }()
	var columns []sortkey.Column
	if len(m.by) > 0 {
		columns, err = in.dimensions(m.by, nil, m.sketch)
	} else {
		columns, err = in.allDimensions("--by", m.exclude, m.sketch)
	}
	if err != nil {
		return err
	}
	conditions, err := in.conditions(m.where, "")
	if err != nil {
		return err
	}
	table := m.table(hll.Precision{})
	defer func() { err = errors.Join(err, table.Close()) }()

	began := time.Now()
	bar := progress.Start(streams.Err, "reading", in.rows())
	_, err = scan.Into(ctx, table, in.all, input.Selection{Keys: columns, Value: m.sketch, Kind: input.Sketch, Filter: conditions}, m.threads, bar.Add)
	bar.Stop()
	if err != nil {
		return err
	}
	rows, err := m.write(ctx, table, columns, m.sketch, version)
	if err != nil {
		return err
	}
	sayWritten(streams, m.path, bar.Rows(), rows, time.Since(began))
	return nil
}
