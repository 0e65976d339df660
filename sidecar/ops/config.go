// Package ops runs the function server: its configuration, its ports, who is let in and how much each may use,
// and how it ends.
package ops

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math"
	"strings"
	"time"

	"github.com/dustin/go-humanize"
	"github.com/spf13/pflag"
)

// Config is what the command's flags and its environment say.
type Config struct {
	Listen  []string
	Presto  string // empty: nowhere
	Metrics string

	TLSCert, TLSKey, ClientCA, Tokens string // files

	MaxMessage, MaxMemory                        Size
	MaxRows, MaxGroups, MaxCalls, MaxConnections int

	Idle, Handshake, Drain time.Duration

	LogLevel slog.Level
}

// Defaults are what holds where flags and environment say nothing.
func Defaults() Config {
	return Config{
		Listen: []string{"127.0.0.1:8815"}, Metrics: "127.0.0.1:8816",
		MaxMessage: 40 << 20, MaxMemory: 4 << 30, MaxRows: 1 << 16, MaxGroups: 1_000_000, MaxCalls: 64, MaxConnections: 256,
		Idle: time.Minute, Handshake: 10 * time.Second, Drain: 30 * time.Second,
	}
}

// flags are the command's, with what c holds as defaults.
func (c *Config) flags() *pflag.FlagSet {
	f := pflag.NewFlagSet("headcount-sidecar", pflag.ContinueOnError)
	f.SortFlags = false
	f.StringSliceVar(&c.Listen, "listen", c.Listen, "where to serve gRPC: HOST:PORT, or unix:PATH for a socket of mode 0660")
	f.StringVar(&c.Presto, "presto", c.Presto, "where to serve PrestoDB's REST functions by HTTP: HOST:PORT; empty: nowhere")
	f.StringVar(&c.Metrics, "metrics", c.Metrics, "where to serve Prometheus metrics by HTTP, at /metrics; empty: nowhere")
	f.StringVar(&c.TLSCert, "tls-cert", "", "`file` of the server's certificate, PEM; with it TCP ports speak TLS only")
	f.StringVar(&c.TLSKey, "tls-key", "", "`file` of its key, PEM")
	f.StringVar(&c.ClientCA, "client-ca", "", "`file` of authorities, PEM; with it a client on TCP needs a certificate of one")
	f.StringVar(&c.Tokens, "token-file", "", "`file` of tokens, one a line; with it every call but health needs one; not for TCP without TLS")
	f.Var(&c.MaxMessage, "max-message", "bytes of a message, either way")
	f.IntVar(&c.MaxRows, "max-rows", c.MaxRows, "rows of a batch")
	f.IntVar(&c.MaxGroups, "max-groups", c.MaxGroups, "groups of an aggregate's stream")
	f.IntVar(&c.MaxCalls, "max-calls", c.MaxCalls, "calls at one time, on all connections")
	f.Var(&c.MaxMemory, "max-memory", "bytes for all calls: each takes one message's and up to 4 MiB when it begins, and what its states and answers need")
	f.IntVar(&c.MaxConnections, "max-connections", c.MaxConnections, "connections of a port at one time; more wait")
	f.DurationVar(&c.Idle, "idle-timeout", c.Idle, "how long a client may leave a message unsent or unread")
	f.DurationVar(&c.Handshake, "handshake-timeout", c.Handshake, "how long a connection may take until it speaks gRPC")
	f.DurationVar(&c.Drain, "drain-timeout", c.Drain, "how long calls may go on after SIGTERM")
	f.TextVar(&c.LogLevel, "log-level", c.LogLevel, "debug (with a line a call), info, warn or error")
	return f
}

const usage = `headcount-sidecar: the function server of Headcount. It counts distinct people from HyperLogLog sketches, over
Arrow Flight (gRPC).

Each flag can also be given in the environment: HEADCOUNT_MAX_ROWS for --max-rows. A caller who reaches a limit is told by
RESOURCE_EXHAUSTED which one.

`

// Parse reads the arguments and, for flags that are not among them, the environment. done is true if they asked for
// help, which has been written to out.
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
		return c, false, fmt.Errorf("%q: there are only flags; -h lists them", flags.Arg(0))
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

// Size is a number of bytes, as 40MiB.
type Size int64

// Set reads a size.
func (s *Size) Set(text string) error {
	n, err := humanize.ParseBytes(text)
	if err != nil || n > math.MaxInt64 {
		return fmt.Errorf("%q is no size, such as 40MiB", text)
	}
	*s = Size(n)
	return nil
}

// String returns the size in the unit that suits it.
func (s *Size) String() string { return strings.ReplaceAll(humanize.IBytes(uint64(*s)), " ", "") }

// Type is how help calls a size.
func (*Size) Type() string { return "size" }

// check refuses what cannot work, or would not be safe.
func (c *Config) check() error {
	var errs []error
	refuse := func(when bool, format string, args ...any) {
		if when {
			errs = append(errs, fmt.Errorf(format, args...))
		}
	}
	refuse(len(c.Listen) == 0, "--listen: nowhere to serve")
	refuse((c.TLSCert == "") != (c.TLSKey == ""), "--tls-cert and --tls-key go together")
	refuse(c.ClientCA != "" && c.TLSCert == "", "--client-ca needs --tls-cert: without TLS no client shows a certificate")
	for _, address := range append([]string{c.Presto}, c.Listen...) {
		if address == "" {
			continue
		}
		refuse(c.Tokens != "" && c.TLSCert == "" && !isUnix(address),
			"--token-file with %s: a token would cross the network in the clear; give --tls-cert, or listen on unix:PATH alone", address)
	}
	for _, n := range []struct {
		flag  string
		value int
	}{{"max-rows", c.MaxRows}, {"max-groups", c.MaxGroups}, {"max-calls", c.MaxCalls}, {"max-connections", c.MaxConnections}} {
		refuse(n.value < 1 || n.value > math.MaxInt32, "--%s %d: must be 1 to %d", n.flag, n.value, math.MaxInt32)
	}
	refuse(c.MaxMessage < 1<<16 || c.MaxMessage > 1<<30, "--max-message %d: must be 64KiB to 1GiB", c.MaxMessage)
	refuse(c.MaxMemory < Size(c.MaxCalls)*c.unasked(),
		"--max-memory %d: %d calls (--max-calls) of one message of %d bytes each (--max-message), and %d that may be sent ahead, need %d",
		c.MaxMemory, c.MaxCalls, c.MaxMessage, c.ahead(), Size(c.MaxCalls)*c.unasked())
	for flag, value := range map[string]time.Duration{"idle-timeout": c.Idle, "handshake-timeout": c.Handshake} {
		refuse(value <= 0, "--%s %s: must be more than 0", flag, value)
	}
	refuse(c.Drain < 0, "--drain-timeout %s: must not be negative", c.Drain)
	return errors.Join(errs...)
}

// unasked is how many bytes a call may bring before anything of it is looked at.
func (c *Config) unasked() Size { return c.MaxMessage + c.ahead() }

const unixPrefix = "unix:"

func isUnix(address string) bool { return strings.HasPrefix(address, unixPrefix) }
