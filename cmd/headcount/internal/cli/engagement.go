// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"path/filepath"
	"strings"

	"github.com/dustin/go-humanize"
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
		Short: "Show daily, weekly and monthly active users and the engagement ratio",
		Long: `engagement reads client_count files. For each segment and each day with data it shows the distinct clients of the
day (DAU), of the 7 and of the 28 calendar days ending with it (WAU, MAU), and the engagement ratio ER = DAU/MAU.

A day is shown if the data begin 27 days before it or earlier. If no day is, DAU and WAU are shown and MAU is NULL.`,
		Example: `  headcount engagement --by normalizedchannel client_count.parquet
  headcount engagement --by e10scohort --where normalizedchannel=beta --bounds client_count.parquet
  headcount engagement --by os --format html -o engagement.html --exact client_activity.parquet client_count.parquet`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error { return e.run(c.Context(), args) },
	}
	flags := c.Flags()
	flags.StringSliceVar(&e.by, "by", nil, "dimensions; each combination of values is a segment (default: one segment of all clients)")
	flags.StringArrayVar(&e.where, "where", nil, "read only rows with COLUMN=VALUE; repeatable, all must hold; NULL is NULL, 'NULL' is text")
	flags.StringVar(&e.from, "from", "", "first day to show, YYYY-MM-DD (default: the 28th day of the data)")
	flags.StringVar(&e.to, "to", "", "last day to show, YYYY-MM-DD")
	flags.BoolVar(&e.total, "total", false, "show the clients of each segment over all days instead")
	flags.BoolVar(&e.bounds, "bounds", false, "show the bounds of each figure at 2 sigmas; html always has them")
	flags.StringArrayVar(&e.exact, "exact", nil, "client activity file to count exactly, in further columns; repeatable")
	flags.StringVarP(&e.format, "format", "f", "table", "output format: table, csv, json or html")
	flags.StringVarP(&e.output, "output", "o", "", "output file (default: standard output)")
	flags.StringVar(&e.date, "date", defaultDate, "column of the day")
	flags.StringVar(&e.sketch, "sketch", "hll", "sketch column")
	flags.StringVar(&e.id, "id", "client_id", "column of client ids in --exact")
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
		return fmt.Errorf("--format %s is not one of table, csv, json, html", e.format)
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
	if err := in.refuse(e.output); err != nil {
		return nil, err
	}
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
		var span *engagement.Span
		if span, err = e.span(days); err == nil {
			figures.Short = span.Short
			figures.Points, err = engagement.Points(ctx, table, sel.Keys, span)
		}
	}
	if err == nil && len(figures.Points) == 0 && len(figures.Totals) == 0 {
		in.noteNoMatch(e.where)
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

// span returns the days to show, and notes what is not shown.
func (e *engagementRun) span(days scan.Days) (*engagement.Span, error) {
	first, last := int32(math.MinInt32), int32(math.MaxInt32)
	var err error
	if e.from != "" {
		if first, err = sortkey.ParseDate(e.from); err != nil {
			return nil, fmt.Errorf("--from: %w", err)
		}
	}
	if e.to != "" {
		if last, err = sortkey.ParseDate(e.to); err != nil {
			return nil, fmt.Errorf("--to: %w", err)
		}
	}
	span := engagement.NewSpan(days, first, last, e.from != "")
	for _, r := range span.Far() {
		e.notes.say(fmt.Sprintf("%s (rows: %s): not shown, because it is more than %d days from the other days and has no %d days of data before it; --from shows it",
			daysOf(r), humanize.Comma(r.Rows), engagement.Month, engagement.Month))
	}
	if span.Short {
		var have []string
		for _, r := range span.Runs {
			have = append(have, daysOf(r))
		}
		missing := fmt.Sprintf("MAU and ER are NULL, because they need %d days of data", engagement.Month)
		if span.NoWeek {
			missing = fmt.Sprintf("WAU is NULL, because it needs %d days of data, and ", engagement.Week) + missing
		}
		e.notes.say(fmt.Sprintf("%s; the files have %s", missing,
			strings.Join(append(have, "no more")[:max(len(have), 1)], ", ")))
	}
	return span, nil
}

// daysOf writes the days of a run.
func daysOf(r engagement.Run) string {
	if r.First == r.Last {
		return sortkey.FormatDate(r.First)
	}
	return sortkey.FormatDate(r.First) + " to " + sortkey.FormatDate(r.Last)
}

// countExactly counts the same segments in client activity.
func (e *engagementRun) countExactly(ctx context.Context, sel input.Selection, figures *report.Engagement) (err error) {
	in, err := e.openFiles(e.exact, &e.resources, e.notes)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, in.close()) }()
	if err := in.refuse(e.output); err != nil {
		return err
	}
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
