// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/dustin/go-humanize"
	"github.com/spf13/cobra"

	"github.com/headcount-hll/headcount/internal/input"
	"github.com/headcount-hll/headcount/internal/progress"
	"github.com/headcount-hll/headcount/internal/scan"
	"github.com/headcount-hll/headcount/internal/sortkey"
	"github.com/headcount-hll/headcount/udf/hll"
)

type build struct {
	resources
	reading
	countOutput
	id, date, sketch string
	dimensions       []string // NAME or NAME:TYPE
	precision        int64
}

// splitTypes returns the names of NAME or NAME:TYPE arguments, and the types by name.
func splitTypes(dimensions []string) (names []string, types map[string]sortkey.Type, err error) {
	types = map[string]sortkey.Type{}
	for _, dimension := range dimensions {
		name, text, typed := strings.Cut(dimension, ":")
		if typed {
			if types[name], err = sortkey.ParseType(text); err != nil {
				return nil, nil, fmt.Errorf("--dimensions %s: %w", dimension, err)
			}
		}
		names = append(names, name)
	}
	return names, types, nil
}

func buildCommand(version string, streams Streams) *cobra.Command {
	var b build
	c := &cobra.Command{
		Use:   "build FILE|FOLDER...",
		Short: "Make a client_count file from client activity",
		Long: `build reads client activity and writes a client_count file: one row for each day and each combination of values
of the dimensions, with the sketch of its clients.

Input is Parquet, CSV with a header (.csv, .tsv) or JSON lines (.jsonl, .ndjson), text also compressed (.gz, .zst).
"-" is the standard input. A folder stands for its data files; folders named NAME=VALUE are columns.`,
		Example: `  headcount build -o client_count.parquet client_activity.parquet
  headcount build --dimensions normalizedchannel,country,e10senabled:boolean activity-*.csv
  headcount build --id uid --date seen_at --time-zone Europe/Berlin --exclude payload events.parquet
  headcount build --date '{year}-{month}-{day}' activity/    # activity/year=2016/month=09/day=05/...`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error { return b.run(c.Context(), version, streams, args) },
	}
	flags := c.Flags()
	flags.StringVar(&b.id, "id", "client_id", "column of client ids; for bytes of an unknown type NAME:uuid or NAME:varbinary")
	flags.StringVar(&b.date, "date", defaultDate, "column of the day: DATE, TIMESTAMP, 2016-09-05, 20160905, or days since 1970-01-01; {year}-{month}-{day} from folders' names")
	flags.StringSliceVar(&b.dimensions, "dimensions", nil, "dimensions in sort order; NAME:TYPE sets the type of a text column (default: all other columns)")
	flags.StringVar(&b.sketch, "sketch", "hll", "name of the sketch column in the output")
	flags.Int64Var(&b.precision, "precision", hll.DefaultPrecision, "precision of the sketches, 4 to 24")
	b.excludeFlag(flags)
	b.reading.flags(flags)
	b.countOutput.flags(flags)
	b.resources.flags(flags)
	return c
}

// selection returns what is read of the files.
func (b *build) selection(in *files) (sel input.Selection, err error) {
	id, idType, typed := strings.Cut(b.id, ":")
	if typed && idType != "uuid" && idType != "varbinary" {
		return sel, fmt.Errorf("--id %s: the type is uuid or varbinary", b.id)
	}
	if err := in.findInEach(id); err != nil {
		return sel, err
	}
	date, err := in.date(b.date)
	if err != nil {
		return sel, err
	}
	names, types, err := splitTypes(b.dimensions)
	if err != nil {
		return sel, err
	}
	sel = input.Selection{Date: b.date, Value: id, ValueType: idType, Kind: input.ID}
	var others []sortkey.Column
	if len(names) > 0 {
		others, err = in.dimensions(names, types, id, b.date, b.sketch)
	} else {
		others, err = in.allDimensions("--dimensions", "", b.exclude, id, b.date)
		err = errors.Join(err, b.nameTaken(in, others))
		sel.AllBut = append([]string{}, b.exclude...)
	}
	sel.Keys = append([]sortkey.Column{date}, others...)
	return sel, err
}

// nameTaken rejects a name of the sketches that a column of the output has.
func (b *build) nameTaken(in *files, others []sortkey.Column) error {
	if !slices.ContainsFunc(others, func(c sortkey.Column) bool { return c.Name == b.sketch }) {
		return nil
	}
	c, err := in.find(b.sketch)
	if err != nil {
		return err
	}
	return fmt.Errorf("%s: column %s has the name of the sketches: leave it out with --exclude %s, or name them otherwise with --sketch",
		c.path, c.Name, c.Name)
}

func (b *build) run(ctx context.Context, version string, streams Streams, paths []string) (err error) {
	if err := errors.Join(b.apply(), b.check()); err != nil {
		return err
	}
	p, err := hll.NewPrecision(b.precision)
	if err != nil {
		return err
	}
	if b.day = newDayOfFolders(b.date); b.day != nil {
		b.date = defaultDate
	}
	in, err := b.openFiles(paths, &b.resources, newNotes(streams.Err))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, in.close()) }()
	if err := in.refuse(b.path); err != nil {
		return err
	}
	sel, err := b.selection(in)
	if err != nil {
		return err
	}
	table := b.table(p)
	defer func() { err = errors.Join(err, table.Close()) }()

	began := time.Now()
	bar := progress.Start(streams.Err, "reading", in.rows())
	_, err = scan.Into(ctx, table, in.all, sel, b.threads, bar.Add)
	bar.Stop()
	if err != nil {
		return err
	}
	rows, err := b.write(oneSketch(ctx, table, sel.Keys, b.sketch), version)
	if err != nil {
		return err
	}
	sayWritten(streams, b.path, bar.Rows(), rows, time.Since(began))
	return nil
}

// sayWritten reports what was written.
func sayWritten(streams Streams, path string, read, written int64, took time.Duration) {
	_, _ = fmt.Fprintf(streams.Err, "%s: %s rows from %s in %s\n",
		path, humanize.Comma(written), humanize.Comma(read), took.Round(10*time.Millisecond))
}
