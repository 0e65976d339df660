// SPDX-License-Identifier: Apache-2.0

// Package process runs the sidecar: its configuration and flags, its listeners and TLS, the authentication and
// admission of calls, and its start and stop. Package sidecar is its public interface.
package process

import (
	"errors"
	"fmt"
	"log/slog"
	"math"
	"strings"
	"time"
)

// A Config configures a sidecar. docs/sidecar.md describes each setting under the name of its flag.
type Config struct {
	Listen  []string // addresses for gRPC: HOST:PORT or unix:PATH
	Presto  string   // address for PrestoDB's REST functions; empty: not served
	Metrics string   // address for Prometheus metrics; empty: not served

	PrestoErrors string // errorPage or errorStatus

	TLSCert, TLSKey, ClientCA, Tokens string // paths of files; empty: not used

	MaxMessage, MaxMemory                        Size
	MaxRows, MaxGroups, MaxCalls, MaxConnections int

	Idle, Handshake, Drain time.Duration

	SharedMemory bool // offered over Unix sockets

	LogLevel slog.Level
}

// How the port for PrestoDB reports errors: in a page that Java workers show, or as a status and a text.
const (
	errorPage   = "page"
	errorStatus = "status"
)

// Defaults returns the default configuration.
func Defaults() Config {
	return Config{
		Listen: []string{"127.0.0.1:8815"}, Metrics: "127.0.0.1:8816", PrestoErrors: errorPage,
		MaxMessage: 40 << 20, MaxMemory: 4 << 30, MaxRows: 1 << 16, MaxGroups: 1_000_000, MaxCalls: 64, MaxConnections: 256,
		Idle: time.Minute, Handshake: 10 * time.Second, Drain: 30 * time.Second,
		SharedMemory: true,
	}
}

// check returns an error for every setting that cannot work or is not safe.
func (c *Config) check() error {
	var errs []error
	reject := func(when bool, format string, args ...any) {
		if when {
			errs = append(errs, fmt.Errorf(format, args...))
		}
	}
	reject(len(c.Listen) == 0, "--listen: no address: give HOST:PORT or unix:PATH")
	reject(c.PrestoErrors != errorPage && c.PrestoErrors != errorStatus,
		"--presto-errors %s: must be %s or %s", c.PrestoErrors, errorPage, errorStatus)
	reject((c.TLSCert == "") != (c.TLSKey == ""), "--tls-cert and --tls-key must be given together")
	reject(c.ClientCA != "" && c.TLSCert == "", "--client-ca needs --tls-cert: client certificates exist only in TLS")
	for _, address := range append([]string{c.Presto}, c.Listen...) {
		reject(c.Tokens != "" && c.TLSCert == "" && address != "" && !isUnix(address),
			"--token-file with %s: tokens would cross the network unencrypted; give --tls-cert and --tls-key, or listen on unix:PATH only", address)
	}
	for _, n := range []struct {
		flag  string
		value int
	}{{"max-rows", c.MaxRows}, {"max-groups", c.MaxGroups}, {"max-calls", c.MaxCalls}, {"max-connections", c.MaxConnections}} {
		reject(n.value < 1 || n.value > math.MaxInt32, "--%s %d: must be 1 to %d", n.flag, n.value, math.MaxInt32)
	}
	reject(c.MaxMessage < 1<<16 || c.MaxMessage > 1<<30, "--max-message %d: must be 64KiB to 1GiB", c.MaxMessage)
	reject(c.MaxMemory < Size(c.MaxCalls)*c.perCall(),
		"--max-memory %d: must be at least %d, which is --max-calls %d times %d bytes: --max-message and %d bytes of flow-control window",
		c.MaxMemory, Size(c.MaxCalls)*c.perCall(), c.MaxCalls, c.perCall(), c.window())
	for flag, value := range map[string]time.Duration{"idle-timeout": c.Idle, "handshake-timeout": c.Handshake} {
		reject(value <= 0, "--%s %s: must be more than 0", flag, value)
	}
	reject(c.Drain < 0, "--drain-timeout %s: must not be negative", c.Drain)
	return errors.Join(errs...)
}

// perCall returns how many bytes of a call the transport may receive before the call is looked at.
func (c *Config) perCall() Size { return c.MaxMessage + c.window() }

const unixPrefix = "unix:"

func isUnix(address string) bool { return strings.HasPrefix(address, unixPrefix) }
