// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/headcount-hll/headcount/internal/groupby"
	"github.com/headcount-hll/headcount/internal/input"
	"github.com/headcount-hll/headcount/internal/parquetout"
	"github.com/headcount-hll/headcount/internal/progress"
	"github.com/headcount-hll/headcount/internal/scan"
	"github.com/headcount-hll/headcount/internal/sortkey"
	"github.com/headcount-hll/headcount/udf/hll"
)

type merge struct {
	resources
	reading
	countOutput
	sketches, by, where, sum []string
}

func mergeCommand(version string, streams Streams) *cobra.Command {
	var m merge
	c := &cobra.Command{
		Use:   "merge FILE|FOLDER...",
		Short: "Combine client_count files, or roll them up to fewer columns",
		Long: `merge computes the union of the sketches of all rows with equal values in the columns of --by, and writes them as a
client_count file. Without --by it combines files: rows with the same day and dimensions become one row.`,
		Example: `  headcount merge -o week.parquet day-*.parquet
  headcount merge --by activitydate,normalizedchannel -o channels.parquet client_count.parquet
  headcount merge --sketch clients,profiles --sum pings -o week.parquet day-*.parquet`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error { return m.run(c.Context(), version, streams, args) },
	}
	flags := c.Flags()
	flags.StringSliceVar(&m.by, "by", nil, "columns to keep, in sort order (default: all text, boolean and date columns)")
	flags.StringArrayVar(&m.where, "where", nil, "read only rows with COLUMN=VALUE; repeatable, all must hold")
	flags.StringSliceVar(&m.sketches, "sketch", []string{"hll"}, "sketch columns")
	flags.StringSliceVar(&m.sum, "sum", nil, "integer columns to add up")
	m.excludeFlag(flags)
	m.reading.flags(flags)
	m.countOutput.flags(flags)
	m.resources.flags(flags)
	return c
}

// keys returns the columns to group by.
func (m *merge) keys(in *files) ([]sortkey.Column, error) {
	used := slices.Concat(m.sketches, m.sum)
	others, err := in.others(m.exclude, used)
	if err != nil {
		return nil, err
	}
	if len(m.by) > 0 {
		var dropped []string
		for _, c := range others {
			if !slices.Contains(m.by, c.Name) && (c.isNumber() || c.Bytes && !c.Text) {
				dropped = append(dropped, c.Name)
			}
		}
		if len(dropped) > 0 {
			in.notes.say("not in the output: " + strings.Join(dropped, ", ") + "; --sketch unites sketches, --sum adds integers up")
		}
		return in.dimensions(m.by, nil, used...)
	}
	for _, c := range others {
		if c.Type != 0 && c.isNumber() {
			return nil, fmt.Errorf("%s: column %s is %s: add it up with --sum %s, leave it out with --exclude %s, or name all dimensions with --by",
				c.path, c.Name, c.Source, c.Name, c.Name)
		}
	}
	return in.allDimensions("--by", strings.Join(m.sketches, ","), m.exclude, used...)
}

// isNumber reports whether a column may be a measure.
func (c *tableColumn) isNumber() bool {
	switch c.Type {
	case sortkey.Integer, sortkey.Bigint:
		return true
	case 0:
		return !c.Null && (c.Source == "DOUBLE" || c.Source == "REAL" || strings.HasPrefix(c.Source, "DECIMAL") || strings.HasPrefix(c.Source, "UINT"))
	}
	return false
}

func (m *merge) run(ctx context.Context, version string, streams Streams, paths []string) (err error) {
	if err := errors.Join(m.apply(), m.check()); err != nil {
		return err
	}
	in, err := m.openFiles(paths, &m.resources, newNotes(streams.Err))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, in.close()) }()
	keys, err := m.keys(in)
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
	sums := groupby.NewSums(len(m.sum), m.groupMemory()/2)
	err = m.read(ctx, in, input.Selection{Keys: keys, Filter: conditions}, table, sums, bar)
	bar.Stop()
	if err != nil {
		return err
	}
	rows, err := m.write(counted{keys, m.sketches, m.sum, func(w *parquetout.Writer) error {
		return m.each(ctx, table, sums, w.Add)
	}}, version)
	if err != nil {
		return err
	}
	if rows == 0 {
		in.noteNoMatch(m.where)
	}
	sayWritten(streams, m.path, bar.Rows(), rows, time.Since(began))
	return nil
}

// read reads the sketch columns into the table, one after another, each under keys that end with its number, and the
// columns to add up.
func (m *merge) read(ctx context.Context, in *files, sel input.Selection, table *groupby.Table, sums *groupby.Sums, bar *progress.Meter) error {
	count := bar.Add
	sel.Kind = input.Sketch
	for i, sketch := range m.sketches {
		sel.Value, sel.Suffix = sketch, []byte{byte(i)}
		if _, err := scan.Into(ctx, table, in.all, sel, m.threads, count); err != nil {
			return err
		}
		count = func(int64) {} // the same rows again
	}
	sel.Kind, sel.Suffix = input.Number, nil
	for i, name := range m.sum {
		sel.Value = name
		err := scan.Rows(ctx, in.all, sel, m.threads, func(_ context.Context, _ int, b *input.Batch) error {
			return sums.Add(i, groupby.Rows{Keys: b.Keys, Values: b.Values})
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// each calls f for each group in the order of the keys, with its sketches and sums; nil is NULL.
func (m *merge) each(ctx context.Context, table *groupby.Table, sums *groupby.Sums, f func(key []byte, sketches [][]byte, sums []*int64) error) error {
	key := []byte{}
	sketches := make([][]byte, len(m.sketches))
	begun := false
	end := func() error {
		if !begun {
			return nil
		}
		err := f(key, sketches, sums.Take(key))
		clear(sketches)
		return err
	}
	err := table.Each(ctx, func(numbered, sketch []byte) error {
		last := len(numbered) - 1
		if this := numbered[:last]; !begun || string(this) != string(key) {
			if err := end(); err != nil {
				return err
			}
			begun, key = true, append(key[:0], this...)
			if err := sums.Before(key, func(key []byte, totals []*int64) error {
				return f(key, make([][]byte, len(m.sketches)), totals)
			}); err != nil {
				return err
			}
		}
		sketches[numbered[last]] = append([]byte{}, sketch...)
		return nil
	})
	if err == nil {
		err = end()
	}
	if err != nil {
		return err
	}
	return sums.Before(nil, func(key []byte, totals []*int64) error { return f(key, make([][]byte, len(m.sketches)), totals) })
}
