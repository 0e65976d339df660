// SPDX-License-Identifier: Apache-2.0

// Package flight serves the functions of package catalog over Arrow Flight, as PROTOCOL.md specifies: their schemas
// and values in Arrow, and the Flight messages that carry them. It also follows the conventions of arrow-udf and of
// Databend.
//
// The service keeps no state between calls. Shared memory ends with the call that asked for it. Its gRPC server must use [NewCodec] for every call, and must put an
// [admission.Account] into the context of every call.
package flight

import (
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/apache/arrow/go/v15/arrow/flight"
	"google.golang.org/grpc"

	"github.com/headcount-hll/headcount/sidecar/internal/admission"
	"github.com/headcount-hll/headcount/sidecar/internal/metrics"
	"github.com/headcount-hll/headcount/sidecar/internal/sharedmem"
)

// A service is the Flight service.
type service struct {
	flight.BaseFlightServer
	Settings
	metrics *metrics.Metrics
	log     *slog.Logger
	open    atomic.Int64 // exchanges that acknowledge their batches
}

// Settings are those of the service.
type Settings struct {
	Limits  admission.Limits
	Regions *sharedmem.Regions // nil: no shared memory is offered
	// Of exchanges that acknowledge their batches, MaxOpen may be open. One is answered at once if there are more, and later if its
	// client sends nothing for the time Waits, or when Stopping is closed.
	MaxOpen  int
	Waits    time.Duration
	Stopping <-chan struct{}
}

// Register adds the Flight service to a gRPC server. The service never logs values of columns.
func Register(s *grpc.Server, settings Settings, m *metrics.Metrics, log *slog.Logger) {
	flight.RegisterFlightServiceServer(s, &service{Settings: settings, metrics: m, log: log})
}
