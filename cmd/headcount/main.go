// SPDX-License-Identifier: Apache-2.0

// Command headcount makes client_count files from client activity, combines and describes them, and computes the
// engagement ratio, on one machine.
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
	context.AfterFunc(ctx, stop) // a second signal ends the process at once
	// Then a file that reaches its size limit (ulimit -f) is a write error, like a full disk.
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
