// Headcount-sidecar is the function server: PROTOCOL.md says what it speaks, docs/sidecar.md how to run it.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/headcount-hll/headcount/sidecar/ops"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "headcount-sidecar:", err)
		os.Exit(1)
	}
}

// run serves until SIGTERM or SIGINT.
func run() error {
	config, done, err := ops.Parse(os.Args[1:], os.LookupEnv, os.Stdout)
	if err != nil || done {
		return err
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	process, err := ops.Start(config, os.Stderr)
	if err != nil {
		return err
	}
	err = process.Wait(ctx)
	process.Stop()
	return err
}
