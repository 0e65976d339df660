// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/headcount-hll/headcount/cmd/headcount/internal/engagement"
	"github.com/headcount-hll/headcount/cmd/headcount/internal/report"
	"github.com/headcount-hll/headcount/internal/input"
	"github.com/headcount-hll/headcount/internal/progress"
	"github.com/headcount-hll/headcount/internal/scan"
	"github.com/headcount-hll/headcount/internal/sortkey"
	"github.com/headcount-hll/headcount/udf/hll"
)

type engagementRun struct {
	resources
	reading
	notes            *notes
	streams          Streams
	by, where, exact []string
	date, sketch, id string
	from, to         string
	total, bounds    bool
	format, output   string
}

func engagementCommand(streams Streams) *cobra.Command {
	e := engagementRun{streams: streams, notes: newNotes(streams.Err)}
	c := &cobra.Command{
		Use:   "engagement FILE|FOLDER...",
		Short: "Daily, weekly and monthly active users and the engagement ratio of any segment",
		Long: `engagement reads client_count files and gives, for each segment and day on which it has data, the distinct
clients of the day (DAU), of the 7 (WAU) and of the 28 calendar days that end with it (MAU), and the engagement
ratio DAU/MAU. Days before the 28th of the files have no whole month behind them and are left out.`,
		Example: `  headcount engagement --by normalizedchannel client_count.parquet
  headcount engagement --by e10scohort --where normalizedchannel=beta --bounds client_count.parquet
  headcount engagement --by os --format html -o engagement.html --exact client_activity.parquet client_count.parquet`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error { return e.run(c.Context(), args) },
	}
	flags := c.Flags()
	flags.StringSliceVar(&e.by, "by", nil, "columns that tell segments apart (default: none, all clients are one segment)")
	flags.StringArrayVar(&e.where, "where", nil, "only rows of this COLUMN=VALUE; may be given several times")
	flags.StringVar(&e.from, "from", "", "first day to show, YYYY-MM-DD (default: the 28th of the files)")
	flags.StringVar(&e.to, "to", "", "last day to show")
	flags.BoolVar(&e.total, "total", false, "instead, the clients of each segment over all days")
	flags.BoolVar(&e.bounds, "bounds", false, "bounds of each figure too, at 2 sigmas (a page of plots has them anyway)")
	flags.StringArrayVar(&e.exact, "exact", nil, "client activity to count exactly and set beside; may be given several times")
	flags.StringVarP(&e.format, "format", "f", "table", "table, csv, json or html")
	flags.StringVarP(&e.output, "output", "o", "", "file to write (default: standard output)")
	flags.StringVar(&e.date, "date", "activitydate", "column of the day")
	flags.StringVar(&e.sketch, "sketch", "hll", "column of the sketches")
	flags.StringVar(&e.id, "id", "client_id", "column of the clients' ids in --exact")
	e.reading.flags(flags)
	e.resources.flags(flags)
	return c
}

func (e *engagementRun) run(ctx context.Context, paths []string) error {
	write, ok := map[string]func(*report.Engagement, io.Writer) error{
		"table": asTable((*report.Table).Terminal),
		"csv":   asTable((*report.Table).CSV),
		"json":  asTable((*report.Table).JSON),
		"html":  (*report.Engagement).Page,
	}[e.format]
	if !ok {
		return fmt.Errorf("--format %s is none of table, csv, json, html", e.format)
	}
	if err := e.apply(); err != nil {
		return err
	}
	figures, err := e.figures(ctx, paths)
	if err != nil {
		return err
	}
	if e.output == "" {
		return write(figures, e.streams.Out)
	}
	return writeWhole(e.output, func(out io.Writer) error { return write(figures, out) })
}

func asTable(write func(*report.Table, io.Writer) error) func(*report.Engagement, io.Writer) error {
	return func(e *report.Engagement, out io.Writer) error {
		t, err := e.Table()
		if err != nil {
			return err
		}
		return write(t, out)
	}
}

// figures reads the files and computes what is asked for.
func (e *engagementRun) figures(ctx context.Context, paths []string) (_ *report.Engagement, err error) {
	in, err := e.openFiles(paths, &e.resources, e.notes)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, in.close()) }()
	sel, err := e.selection(in)
	if err != nil {
		return nil, err
	}
	figures := &report.Engagement{
		Segments: sel.Keys[:len(sel.Keys)-1], Date: e.date, Subtitle: e.subtitle(paths), Bounds: e.bounds,
	}
	table := e.table(hll.Precision{})
	defer func() { err = errors.Join(err, table.Close()) }()
	loaded := sel
	if e.total {
		loaded.Keys, loaded.CountDays = figures.Segments, false
	}
	bar := progress.Start(e.streams.Err, "reading", in.rows())
	days, err := scan.Into(ctx, table, in.all, loaded, e.threads, bar.Add)
	bar.Stop()
	if err != nil {
		return nil, err
	}
	if e.total {
		figures.Totals, err = engagement.Totals(ctx, table)
	} else {
		var span engagement.Span
		if span, err = e.span(days); err == nil {
			figures.Points, err = engagement.Points(ctx, table, sel.Keys, span)
		}
	}
	if err == nil && len(e.exact) > 0 {
		err = e.countExactly(ctx, sel, figures)
	}
	return figures, err
}

// subtitle says what the figures are of.
func (e *engagementRun) subtitle(paths []string) string {
	names := make([]string, len(paths))
	for i, path := range paths {
		names[i] = filepath.Base(path)
	}
	text := strings.Join(names, ", ")
	if len(e.where) > 0 {
		text += " where " + strings.Join(e.where, " and ")
	}
	return text
}

// selection is the columns of the segments and then the date, and the sketches.
func (e *engagementRun) selection(in *files) (sel input.Selection, err error) {
	date, err := in.date(e.date)
	if err != nil {
		return sel, err
	}
	var segments []sortkey.Column
	if len(e.by) > 0 {
		if segments, err = in.dimensions(e.by, nil, e.date, e.sketch); err != nil {
			return sel, err
		}
	}
	conditions, err := in.conditions(e.where, e.date)
	return input.Selection{
		Keys: append(segments, date), Date: e.date, Value: e.sketch, Kind: input.Sketch, Filter: conditions, CountDays: true,
	}, err
}

// span returns the days to show: by default those with a whole month of files behind them.
func (e *engagementRun) span(days scan.Days) (span engagement.Span, err error) {
	span = engagement.Span{First: math.MinInt32, Last: math.MaxInt32}
	if len(days) > 0 {
		span.First = slices.Min(slices.Collect(maps.Keys(days))) + engagement.Month - 1
	}
	if e.from != "" {
		first, err := sortkey.ParseDate(e.from)
		if err != nil {
			return span, fmt.Errorf("--from: %w", err)
		}
		span.First = max(span.First, first)
	}
	if e.to != "" {
		if span.Last, err = sortkey.ParseDate(e.to); err != nil {
			return span, fmt.Errorf("--to: %w", err)
		}
	}
	return span, nil
}

// countExactly counts the same segments in client activity.
func (e *engagementRun) countExactly(ctx context.Context, sel input.Selection, figures *report.Engagement) (err error) {
	in, err := e.openFiles(e.exact, &e.resources, e.notes)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, in.close()) }()
	for _, c := range sel.Keys {
		if _, err := in.find(c.Name); err != nil {
			return fmt.Errorf("--exact: %w", err)
		}
	}
	sel.Value, sel.Kind, sel.CountDays = e.id, input.ID, false
	exact := engagement.NewExact(sel.Keys, e.groupMemory())
	bar := progress.Start(e.streams.Err, "counting exactly", in.rows())
	err = scan.Rows(ctx, in.all, sel, e.threads, func(_ context.Context, _ int, b *input.Batch) error {
		bar.Add(b.Read)
		return exact.Add(b)
	})
	bar.Stop()
	if err != nil {
		return err
	}
	if e.total {
		figures.ExactTotals, err = exact.Totals()
	} else {
		figures.Exact, err = exact.Points()
	}
	return err
}
