// SPDX-License-Identifier: Apache-2.0

package process

import (
	"errors"
	"fmt"
	"io"
	"math"
	"strings"

	"github.com/dustin/go-humanize"
	"github.com/spf13/pflag"
)

// flags returns the flags of the command. Their defaults are the values of c.
func (c *Config) flags() *pflag.FlagSet {
	f := pflag.NewFlagSet("headcount-sidecar", pflag.ContinueOnError)
	f.SortFlags = false
	f.StringSliceVar(&c.Listen, "listen", c.Listen, "`addresses` for gRPC: HOST:PORT, or unix:PATH for a Unix socket of mode 0660")
	f.StringVar(&c.Presto, "presto", c.Presto, "HTTP `address` for PrestoDB's REST functions: HOST:PORT. Not served by default")
	f.StringVar(&c.PrestoErrors, "presto-errors", c.PrestoErrors, "`form` of errors on that port: page, which Java workers show, or status, a status and a text, which C++ workers show")
	f.StringVar(&c.Metrics, "metrics", c.Metrics, "HTTP `address` for Prometheus metrics, at /metrics: HOST:PORT, or empty to disable")
	f.StringVar(&c.TLSCert, "tls-cert", "", "PEM `file` of the server certificate. TCP ports then accept TLS only. Needs --tls-key")
	f.StringVar(&c.TLSKey, "tls-key", "", "PEM `file` of the private key of --tls-cert")
	f.StringVar(&c.ClientCA, "client-ca", "", "PEM `file` of certificate authorities. TCP clients must then present a certificate signed by one of them")
	f.StringVar(&c.Tokens, "token-file", "", "`file` of bearer tokens, one per line. Every call except health checks must then carry one. On TCP it needs --tls-cert")
	f.Var(&c.MaxMessage, "max-message", "maximum size of a message, in either direction")
	f.IntVar(&c.MaxRows, "max-rows", c.MaxRows, "maximum `number` of rows of a batch")
	f.IntVar(&c.MaxGroups, "max-groups", c.MaxGroups, "maximum `number` of groups of an aggregate")
	f.IntVar(&c.MaxCalls, "max-calls", c.MaxCalls, "maximum `number` of open calls, over all connections")
	f.Var(&c.MaxMemory, "max-memory", "memory limit shared by all calls. A call reserves --max-message plus up to 4 MiB when it starts, and grows with its states and results")
	f.IntVar(&c.MaxConnections, "max-connections", c.MaxConnections, "maximum `number` of open connections per port. Further clients wait")
	f.DurationVar(&c.Idle, "idle-timeout", c.Idle, "maximum `time` a call may wait for its client to send or receive a message")
	f.DurationVar(&c.Handshake, "handshake-timeout", c.Handshake, "maximum `time` for the TLS and HTTP/2 handshakes of a connection")
	f.DurationVar(&c.Drain, "drain-timeout", c.Drain, "maximum `time` open calls may continue after SIGTERM")
	f.BoolVar(&c.SharedMemory, "shared-memory", c.SharedMemory, "lend clients of a Unix socket that run as the same user memory for their batches, which then do not cross the socket. It is a file of mode 0600, in the socket's folder if that is on a tmpfs, otherwise in /dev/shm")
	f.TextVar(&c.LogLevel, "log-level", c.LogLevel, "log `level`: debug, info, warn or error. debug logs one line per call")
	return f
}

const usage = `headcount-sidecar serves Headcount's SQL functions on HyperLogLog sketches over Arrow Flight (gRPC).

Every flag can also be set by an environment variable: HEADCOUNT_MAX_ROWS sets --max-rows. A flag overrides its variable.
A call that exceeds a limit fails with RESOURCE_EXHAUSTED, and the message names the flag.

`

// Parse returns the configuration given by arguments and environment variables; an argument overrides its variable.
// Errors name the flag or the variable. If the arguments ask for help, Parse writes it to out and done is true.
func Parse(args []string, env func(string) (string, bool), out io.Writer) (c Config, done bool, err error) {
	c = Defaults()
	flags := c.flags()
	flags.Usage = func() { fmt.Fprint(out, usage+flags.FlagUsages()) }
	if err := flags.Parse(args); errors.Is(err, pflag.ErrHelp) {
		return c, true, nil
	} else if err != nil {
		return c, false, err
	}
	if flags.NArg() > 0 {
		return c, false, fmt.Errorf("unexpected argument %q: run headcount-sidecar --help for the flags", flags.Arg(0))
	}
	var errs []error
	flags.VisitAll(func(f *pflag.Flag) {
		name := "HEADCOUNT_" + strings.ToUpper(strings.ReplaceAll(f.Name, "-", "_"))
		if value, set := env(name); set && !f.Changed {
			if err := flags.Set(f.Name, value); err != nil {
				errs = append(errs, fmt.Errorf("%s: %w", name, err))
			}
		}
	})
	return c, false, errors.Join(append(errs, c.check())...)
}

// A Size is a number of bytes. Its text form has a unit: 40MiB.
type Size int64

// Set parses a size.
func (s *Size) Set(text string) error {
	n, err := humanize.ParseBytes(text)
	if err != nil || n > math.MaxInt64 {
		return fmt.Errorf("%q is not a size: give a number and a unit, such as 40MiB", text)
	}
	*s = Size(n)
	return nil
}

// String formats the size with the largest unit that fits.
func (s *Size) String() string { return strings.ReplaceAll(humanize.IBytes(uint64(*s)), " ", "") }

// Type is the name of the value in the help text.
func (*Size) Type() string { return "size" }
