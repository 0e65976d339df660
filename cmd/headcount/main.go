// SPDX-License-Identifier: Apache-2.0

// Command headcount makes client_count files from client activity, combines them, computes the engagement
// ratio and says what a file holds, on one machine.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/headcount-hll/headcount/cmd/headcount/internal/cli"
)

// version is set by the build.
var version = "development"

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	defer stop()
	context.AfterFunc(ctx, stop) // a second interruption ends the process at once
	// A file that may not grow further (ulimit -f) is then an error of writing, like a full disk.
	signal.Ignore(syscall.SIGXFSZ)
	err := cli.Run(ctx, version, os.Args[1:], cli.Streams{Out: os.Stdout, Err: os.Stderr})
	switch {
	case err == nil:
	case ctx.Err() != nil && errors.Is(err, context.Canceled):
		fmt.Fprintln(os.Stderr, "headcount: interrupted; nothing was written")
		os.Exit(130)
	default:
		fmt.Fprintln(os.Stderr, "headcount:", err)
		os.Exit(1)
	}
}
