// SPDX-License-Identifier: Apache-2.0

// The command headcount-reports runs reports: Markdown with queries and charts.
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
	context.AfterFunc(ctx, stop) // a second signal ends the process at once
	// Then a file that reaches its size limit (ulimit -f) is a write error, like a full disk.
	signal.Ignore(syscall.SIGXFSZ)
	root := &cobra.Command{
		Use: "headcount-reports", Short: "Run reports: Markdown with queries and charts", Version: version,
		SilenceUsage: true, SilenceErrors: true,
	}
	root.AddCommand(runCommand(), serveCommand())
	if err := root.ExecuteContext(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "headcount-reports:", err)
		os.Exit(1)
	}
}
