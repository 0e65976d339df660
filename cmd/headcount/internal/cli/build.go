package cli

import (
	"context"
	"errors"
	"fmt"
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
	countOutput
	activityColumns
	sketch    string
	precision int64
}

// activityColumns are the columns of activity that a command reads.
type activityColumns struct {
	id, date   string
	dimensions []string // NAME or, for CSV, NAME:TYPE
}

// split returns the names of the dimensions, and the types of those that say theirs and of the date.
func (a *activityColumns) split() (names []string, types map[string]sortkey.Type, err error) {
	types = map[string]sortkey.Type{a.date: sortkey.Date}
	for _, dimension := range a.dimensions {
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
		Long: `build reads rows of client activity from Parquet files, or CSV files with a line of column names (.csv, .csv.gz,
.csv.zst, or - for the standard input), and writes a Parquet file with a row for each day and each combination of
the dimensions' values: these, and the sketch of the clients seen.`,
		Example: `  headcount build -o client_count.parquet client_activity.parquet
  headcount build --dimensions normalizedchannel,country,e10senabled:boolean activity-*.csv`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error { return b.run(c.Context(), version, streams, args) },
	}
	flags := c.Flags()
	flags.StringVar(&b.id, "id", "client_id", "column of the clients' ids")
	flags.StringVar(&b.date, "date", "activitydate", "column of the day")
	flags.StringSliceVar(&b.dimensions, "dimensions", nil, "columns that tell segments apart, for CSV with a type that is not varchar as NAME:TYPE (default: all other columns of the first file)")
	flags.StringVar(&b.sketch, "sketch", "hll", "column of the sketches")
	flags.Int64Var(&b.precision, "precision", hll.DefaultPrecision, "precision of the sketches, 4 to 24")
	b.countOutput.flags(flags)
	b.resources.flags(flags)
	return c
}

func (b *build) run(ctx context.Context, version string, streams Streams, paths []string) (err error) {
	if err := b.apply(); err != nil {
		return err
	}
	p, err := hll.NewPrecision(b.precision)
	if err != nil {
		return err
	}
	dimensions, types, err := b.split()
	if err != nil {
		return err
	}
	in, err := openFiles(paths, input.Options{Types: types, Memory: b.pageMemory(), Threads: b.threads})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, in.close()) }()
	date, err := in.date(b.date)
	if err != nil {
		return err
	}
	others, err := in.columns(dimensions, b.id, b.date, b.sketch)
	if err != nil {
		return err
	}
	columns := append([]sortkey.Column{date}, others...)
	table := b.table(p)
	defer func() { err = errors.Join(err, table.Close()) }()

	began := time.Now()
	bar := progress.Start(streams.Err, "reading", in.rows())
	_, err = scan.Into(ctx, table, in, input.Selection{Keys: columns, Date: b.date, Value: b.id, Kind: input.ID}, b.threads, bar.Add)
	bar.Stop()
	if err != nil {
		return err
	}
	rows, err := b.write(ctx, table, columns, b.sketch, version)
	if err != nil {
		return err
	}
	sayWritten(streams, b.path, bar.Rows(), rows, time.Since(began))
	return nil
}

// sayWritten says what was written.
func sayWritten(streams Streams, path string, read, written int64, took time.Duration) {
	_, _ = fmt.Fprintf(streams.Err, "%s: %s rows from %s in %s\n",
		path, humanize.Comma(written), humanize.Comma(read), took.Round(10*time.Millisecond))
}
