// SPDX-License-Identifier: Apache-2.0

// Conformance is the conformance driver of the sidecar. It starts a sidecar on a Unix socket and calls it as a client.
package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/headcount-hll/headcount/sidecar"
	"github.com/headcount-hll/headcount/sidecar/client"
	"github.com/headcount-hll/headcount/udf/conformance/driver"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "conformance driver:", err)
		os.Exit(1)
	}
}

func run() error {
	folder, err := os.MkdirTemp("", "headcount-conformance-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	config := sidecar.Defaults()
	config.Listen, config.Metrics = []string{"unix:" + filepath.Join(folder, "socket")}, ""
	server, err := sidecar.Start(config, io.Discard)
	if err != nil {
		return err
	}
	defer server.Stop()
	c, err := client.Dial(config.Listen[0])
	if err != nil {
		return err
	}
	defer c.Close()
	return driver.Serve(os.Stdin, os.Stdout, library{c})
}
