package ops

import (
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"

	"golang.org/x/net/netutil"

	"github.com/headcount-hll/headcount/sidecar/limits"
	"github.com/headcount-hll/headcount/sidecar/metrics"
	"github.com/headcount-hll/headcount/sidecar/rest"
)

// prestoServer returns the HTTP server of PrestoDB's functions, which lets in whom the guard does.
func prestoServer(c *Config, g *guard, counted *metrics.Metrics, log *slog.Logger) *http.Server {
	admit := func(r *http.Request) (*limits.Account, error) {
		account, err := g.letIn(r.URL.Path, r.Header.Values("Authorization"))
		if errors.Is(err, errNoToken) {
			log.Warn("a call without a token that is known", "method", r.URL.Path)
		}
		return account, err
	}
	handler := rest.New(limits.Limits{Message: int(c.MaxMessage)}, admit, counted, log)
	return &http.Server{Handler: handler, ReadHeaderTimeout: c.Handshake, ReadTimeout: c.Idle, IdleTimeout: 2 * c.Idle,
		MaxHeaderBytes: 16 << 10, ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelWarn)}
}

// listenPresto opens the port of PrestoDB's functions.
func listenPresto(c *Config) (net.Listener, error) {
	l, err := listenTCP(c, c.Presto, "http/1.1")
	if err != nil {
		return nil, fmt.Errorf("--presto %s: %w", c.Presto, err)
	}
	return netutil.LimitListener(l, c.MaxConnections), nil
}
