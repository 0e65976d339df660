package main

import (
	"fmt"
	"io"
	"os"
	"runtime"
	"text/tabwriter"
	"time"

	"github.com/dustin/go-humanize"
	"github.com/spf13/cobra"

	"github.com/headcount-hll/headcount/internal/ping"
	"github.com/headcount-hll/headcount/rollup/definitions"
	"github.com/headcount-hll/headcount/rollup/extract"
	"github.com/headcount-hll/headcount/rollup/partial"
)

func aggregateCommand() *cobra.Command {
	var defined, output, dimensions, memory string
	var rejects string
	var maxRejects float64
	config := extract.Config{}
	c := &cobra.Command{
		Use:   "aggregate --definitions FILE -o FOLDER INPUT...",
		Short: "Make partial aggregates of pings",
		Long: `Reads pings from JSON lines and framed Heka records, compressed or not, in files and folders, and writes

  FOLDER/build_id/submission_date=YYYYMMDD/rollup.parquet
  FOLDER/submission_date/submission_date=YYYYMMDD/rollup.parquet

The file of a day is replaced as a whole: give all pings of a day in one run. What was not counted is reported by reason.`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(c *cobra.Command, inputs []string) error {
			var err error
			if config.Definitions, err = definitions.ReadFile(defined); err != nil {
				return err
			}
			if config.Dimensions, err = readDimensions(dimensions); err != nil {
				return err
			}
			bytes, err := humanize.ParseBytes(memory)
			if err != nil || bytes < 1<<20 || bytes > 1<<50 {
				return fmt.Errorf("--memory %s: must be a size of at least 1MB", memory)
			}
			config.Memory, config.Inputs, config.Output = int64(bytes), inputs, output
			config.Rejects, config.MaxRejects = ping.NewRejects(nil), maxRejects/100
			if rejects != "" {
				file, err := os.Create(rejects)
				if err != nil {
					return err
				}
				defer file.Close()
				config.Rejects = ping.NewRejects(file)
			}
			return aggregate(c, config)
		},
	}
	flags := c.Flags()
	flags.StringVar(&defined, "definitions", "", "histogram definitions, in the format of Firefox's Histograms.json")
	flags.StringVarP(&output, "output", "o", "", "folder of the partial aggregates")
	flags.StringVar(&dimensions, "dimensions", "", "file of added dimensions, a line each: NAME PATH (default: e10s_enabled environment.settings.e10sEnabled)")
	flags.StringVar(&rejects, "rejects", "", "file for a line about each document that cannot be read")
	flags.Float64Var(&maxRejects, "max-rejects", 0.5, "percent of documents that may be unreadable")
	flags.StringVar(&memory, "memory", "1GB", "memory for the aggregates; what is beyond is spilled to disk")
	flags.StringVar(&config.SpillFolder, "spill", "", "folder for what is spilled (default: the system's)")
	flags.IntVar(&config.Threads, "threads", 0, "threads, of which no more run at a time (default: the number of processors)")
	c.MarkFlagRequired("definitions")
	c.MarkFlagRequired("output")
	return c
}

// aggregate aggregates and prints the report.
func aggregate(c *cobra.Command, config extract.Config) error {
	if config.Threads > 0 {
		runtime.GOMAXPROCS(min(config.Threads, runtime.GOMAXPROCS(0))) // for who reads and writes files too
	}
	begun := time.Now()
	report, err := extract.Aggregate(c.Context(), config)
	if err != nil {
		return err
	}
	if n, _ := config.Rejects.Count(); n > 0 {
		fmt.Fprintln(c.OutOrStdout(), config.Rejects.Summary())
	}
	return printReport(c.OutOrStdout(), report, time.Since(begun))
}

// readDimensions reads a file of dimensions; no name stands for the default.
func readDimensions(path string) ([]extract.Dimension, error) {
	if path == "" {
		return extract.DefaultDimensions(), nil
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	all, err := extract.ReadDimensions(file)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return all, nil
}

func printReport(w io.Writer, r *extract.Report, took time.Duration) error {
	fmt.Fprintf(w, "%d pings read, %d counted, in %.1f s (%.0f pings/s)\n",
		r.Pings, r.Counted, took.Seconds(), float64(r.Pings)/took.Seconds())
	for _, kind := range partial.Kinds {
		fmt.Fprintf(w, "%s: %d rows\n", kind, r.Rows[kind])
	}
	if r.Spills > 0 {
		fmt.Fprintf(w, "spilled %d times\n", r.Spills)
	}
	if len(r.Not) == 0 {
		return nil
	}
	fmt.Fprintln(w, "not counted:")
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	for _, reason := range r.Not.Reasons() {
		fmt.Fprintf(table, "%d\t  %s\n", r.Not[reason], reason)
	}
	return table.Flush()
}
