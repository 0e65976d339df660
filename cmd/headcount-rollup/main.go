// Command headcount-rollup aggregates the histograms of pings by every dimension, loads the aggregates into PostgreSQL
// and serves them over HTTP.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"
)

// version is set by the build.
var version = "development"

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // a second interruption ends the process at once
	root := &cobra.Command{
		Use:           "headcount-rollup",
		Short:         "Roll-ups of metrics: aggregate, load, serve",
		Version:       version,
		SilenceUsage:  true,
		SilenceErrors: true,
	}
	root.AddCommand(aggregateCommand(), loadCommand(), rebuildCommand(), serveCommand())
	if err := root.ExecuteContext(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "headcount-rollup:", err)
		os.Exit(1)
	}
}
