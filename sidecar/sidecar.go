// SPDX-License-Identifier: Apache-2.0

// Package sidecar runs the sidecar, a gRPC server of Headcount's SQL functions, inside a Go program. The command
// headcount-sidecar is this package and a main function.
//
// PROTOCOL.md specifies what the sidecar serves, docs/sidecar.md describes its settings, and package client calls it.
package sidecar

import (
	"io"

	"github.com/headcount-hll/headcount/sidecar/internal/process"
)

// A Config configures a sidecar. Start from [Defaults].
type Config = process.Config

// A Server is a running sidecar. Stop stops it.
type Server = process.Server

// Defaults returns the default configuration: gRPC and metrics on the loopback interface.
func Defaults() Config { return process.Defaults() }

// Parse returns the configuration given by the flags of headcount-sidecar and by environment variables; a flag
// overrides its variable. If the arguments ask for help, Parse writes it to out and done is true.
func Parse(args []string, env func(string) (string, bool), out io.Writer) (c Config, done bool, err error) {
	return process.Parse(args, env, out)
}

// Start opens every port and serves until the server is stopped. It logs to out, one JSON object per line. On error
// no port is open.
func Start(c Config, out io.Writer) (*Server, error) { return process.Start(c, out) }
