// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/dustin/go-humanize"
	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/headcount-hll/headcount/internal/ping"
	"github.com/headcount-hll/headcount/internal/sortkey"
	"github.com/headcount-hll/headcount/internal/view"
)

// percentFlag is a flag that takes a percentage, as 0.5% or 0.5.
type percentFlag float64

func (p *percentFlag) String() string { return strconv.FormatFloat(float64(*p)*100, 'g', -1, 64) + "%" }
func (p *percentFlag) Type() string   { return "percentage" }
func (p *percentFlag) Set(text string) error {
	v, err := strconv.ParseFloat(strings.TrimSuffix(text, "%"), 64)
	if err != nil || !(v >= 0 && v <= 100) {
		return fmt.Errorf("%q is no percentage: write it as 0.5%%", text)
	}
	*p = percentFlag(v / 100)
	return nil
}

// dayFlag is a flag that takes a day, as 2016-11-01 or 20161101.
type dayFlag struct {
	days int32
	text string
}

func (d *dayFlag) String() string { return d.text }
func (d *dayFlag) Type() string   { return "day" }
func (d *dayFlag) Set(text string) (err error) {
	day := text
	if len(text) == 8 {
		day = text[:4] + "-" + text[4:6] + "-" + text[6:]
	}
	if d.days, err = sortkey.ParseDate(day); err != nil {
		return fmt.Errorf("%q is no day: write it as 2016-11-01", text)
	}
	d.text = text
	return nil
}

// days are the range of days that a command takes.
type days struct{ from, to dayFlag }

func (d *days) flags(flags *pflag.FlagSet, what string) {
	d.from.days, d.to.days = -1<<31, 1<<31-1
	flags.Var(&d.from, "from", "first day of "+what)
	flags.Var(&d.to, "to", "last day of "+what)
}

// rejects are what a command does with documents that it cannot read.
type rejects struct {
	path        string
	most        percentFlag
	maxDocument bytesFlag
	file        *os.File
	buffer      *bufio.Writer
}

func (r *rejects) flags(flags *pflag.FlagSet) {
	r.most, r.maxDocument = 0.005, ping.DefaultMaxDocument
	flags.StringVar(&r.path, "rejects", "", "file to write a line of JSON to for each rejected document: file, record, offset, reason")
	flags.Var(&r.most, "max-rejects", "rejected documents above which the run fails; 100% also allows files that are cut short")
	flags.Var(&r.maxDocument, "max-document", "largest document, uncompressed")
}

// open returns an empty count that writes to the file of rejects.
func (r *rejects) open() (*ping.Rejects, error) {
	if r.path == "" {
		return ping.NewRejects(nil), nil
	}
	var err error
	if r.file, err = os.Create(r.path); err != nil {
		return nil, err
	}
	r.buffer = bufio.NewWriter(r.file)
	return ping.NewRejects(r.buffer), nil
}

func (r *rejects) close() error {
	if r.file == nil {
		return nil
	}
	return errors.Join(r.buffer.Flush(), r.file.Close())
}

type viewRun struct {
	resources
	rejects
	days
	folder  string
	explain bool
}

func viewCommand(version string, streams Streams) *cobra.Command {
	var v viewRun
	c := &cobra.Command{
		Use:   "view NAME|FILE.yaml INPUT...",
		Short: "Make a table of few columns from raw pings",
		Long: `view reads pings from files (.json, .jsonl, .ndjson, framed Heka records; plain, gzip or zstd), folders, or - for the
standard input, and writes Parquet: FOLDER/submission_date=YYYYMMDD/headcount.parquet. The files of all days that the
pings belong to are replaced, each as a whole, so the inputs have to hold whole days.

Views that come with it: ` + strings.Join(view.Builtin(), ", ") + `. docs/views.md describes the file of a view.`,
		Example: `  headcount view client_activity -o client_activity pings/
  headcount view main_summary --from 2016-11-01 --to 2016-11-07 -o main_summary pings/*.heka
  headcount view --explain main_summary pings/`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error { return v.run(c.Context(), version, streams, args) },
	}
	flags := c.Flags()
	flags.StringVarP(&v.folder, "output", "o", "", "folder to write to")
	flags.BoolVar(&v.explain, "explain", false, "print the view's columns, their types, paths and an example, and write nothing")
	v.days.flags(flags, "submission")
	v.rejects.flags(flags)
	v.resources.flags(flags)
	return c
}

func (v *viewRun) run(ctx context.Context, version string, streams Streams, args []string) (err error) {
	d, err := view.Load(args[0])
	if err != nil {
		return err
	}
	if v.explain {
		return explainView(ctx, streams, d, args[1:])
	}
	if len(args) == 1 || v.folder == "" {
		return errors.New("view needs inputs and an output folder: headcount view NAME -o FOLDER INPUT [INPUT]")
	}
	if err := v.apply(); err != nil {
		return err
	}
	counts, err := v.rejects.open()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, v.rejects.close()) }()
	began := time.Now()
	result, err := d.Run(ctx, view.Options{
		Inputs: args[1:], Folder: v.folder, From: v.from.days, To: v.to.days, Threads: v.threads, Memory: v.groupMemory(),
		SpillDir: v.spillDir, MaxDocument: int(v.maxDocument), MaxRejects: float64(v.most), Rejects: counts,
		CreatedBy: "headcount version " + version,
	})
	sayRejects(streams, counts)
	if err != nil {
		return err
	}
	for _, line := range result.Counts.Lines() {
		_, _ = fmt.Fprintln(streams.Err, line)
	}
	took := time.Since(began)
	read := counts.Accepted()
	_, _ = fmt.Fprintf(streams.Err, "%s: %s rows of %d days from %s pings in %s (%s a second)\n", v.folder, humanize.Comma(result.Counts.Rows),
		result.Days, humanize.Comma(read), took.Round(10*time.Millisecond), humanize.Comma(int64(float64(read)/took.Seconds())))
	return nil
}

func sayRejects(streams Streams, counts *ping.Rejects) {
	if n, _ := counts.Count(); n > 0 {
		_, _ = fmt.Fprintln(streams.Err, counts.Summary())
	}
}

func explainView(ctx context.Context, streams Streams, d *view.Definition, inputs []string) error {
	columns, err := d.Explain(ctx, inputs)
	if err != nil {
		return err
	}
	t := table.NewWriter()
	t.SetOutputMirror(streams.Out)
	t.SetStyle(table.StyleLight)
	t.AppendHeader(table.Row{"column", "type", "path", "example"})
	for _, c := range columns {
		t.AppendRow(table.Row{c.Column, c.Type, c.Path, c.Example})
	}
	t.Render()
	return nil
}
