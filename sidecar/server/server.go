// Package server answers Arrow Flight with the functions of package wire: PROTOCOL.md, and the conventions of
// arrow-udf and Databend beside it.
//
// It keeps nothing between calls. It expects a gRPC server that forces wire's codec on it and lets no call in
// without a [limits.Account].
package server

import (
	"log/slog"

	"github.com/apache/arrow/go/v15/arrow/flight"

	"github.com/headcount-hll/headcount/sidecar/limits"
	"github.com/headcount-hll/headcount/sidecar/metrics"
)

// A Server is the Flight service.
type Server struct {
	flight.BaseFlightServer
	limits  limits.Limits
	metrics *metrics.Metrics
	log     *slog.Logger
}

// New returns the service. The log gets no values of columns.
func New(l limits.Limits, m *metrics.Metrics, log *slog.Logger) *Server {
	return &Server{limits: l, metrics: m, log: log}
}
