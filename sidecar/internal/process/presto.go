// SPDX-License-Identifier: Apache-2.0

package process

import (
	"fmt"
	"log/slog"
	"net"
	"net/http"

	"golang.org/x/net/netutil"

	"github.com/headcount-hll/headcount/sidecar/internal/admission"
	"github.com/headcount-hll/headcount/sidecar/internal/metrics"
	"github.com/headcount-hll/headcount/sidecar/internal/rest"
)

// prestoServer returns the HTTP server of PrestoDB's REST functions. It authenticates and admits calls as gRPC does.
func prestoServer(c *Config, a *admitter, m *metrics.Metrics, log *slog.Logger) *http.Server {
	admit := func(r *http.Request) (*admission.Account, error) {
		return a.admit(r.URL.Path, r.Header.Values("Authorization"))
	}
	handler := rest.New(admission.Limits{Message: int(c.MaxMessage)}, admit, c.PrestoErrors == errorStatus, m, log)
	return &http.Server{Handler: handler, ReadHeaderTimeout: c.Handshake, ReadTimeout: c.Idle, IdleTimeout: 2 * c.Idle,
		MaxHeaderBytes: 16 << 10, ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelWarn)}
}

// listenPresto opens the port of PrestoDB's REST functions.
func listenPresto(c *Config) (net.Listener, error) {
	l, err := listenTCP(c, c.Presto, "http/1.1")
	if err != nil {
		return nil, fmt.Errorf("--presto %s: %w", c.Presto, err)
	}
	return netutil.LimitListener(l, c.MaxConnections), nil
}
