// SPDX-License-Identifier: Apache-2.0

// Headcount-sidecar serves Headcount's SQL functions over Arrow Flight. docs/sidecar.md describes how to run it,
// sidecar/PROTOCOL.md specifies its protocol.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/headcount-hll/headcount/sidecar"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "headcount-sidecar:", err)
		os.Exit(1)
	}
}

// run serves until SIGTERM or SIGINT.
func run() error {
	config, done, err := sidecar.Parse(os.Args[1:], os.LookupEnv, os.Stdout)
	if err != nil || done {
		return err
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	server, err := sidecar.Start(config, os.Stderr)
	if err != nil {
		return err
	}
	err = server.Wait(ctx)
	server.Stop()
	return err
}
