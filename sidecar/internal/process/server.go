// SPDX-License-Identifier: Apache-2.0

package process

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	"google.golang.org/grpc"
	"google.golang.org/grpc/health"
	"google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/reflection"

	"github.com/headcount-hll/headcount/sidecar/internal/admission"
	"github.com/headcount-hll/headcount/sidecar/internal/flight"
	"github.com/headcount-hll/headcount/sidecar/internal/metrics"
	"github.com/headcount-hll/headcount/sidecar/internal/sharedmem"
)

// A Server is a running sidecar.
type Server struct {
	config   Config
	log      *slog.Logger
	admitter *admitter
	grpc     *grpc.Server
	health   *health.Server
	metrics  *http.Server
	presto   *http.Server
	regions  *sharedmem.Regions // nil: no shared memory
	stopping context.Context    // done when Stop begins
	stop     func()

	// Addresses are the gRPC addresses, in the order of Config.Listen. The other two are nil if not served.
	Addresses      []net.Addr
	MetricsAddress net.Addr
	PrestoAddress  net.Addr

	serving sync.WaitGroup
	failed  chan error
}

// Start opens every port and serves until Stop. It logs to out, one JSON object per line. On error no port is open.
func Start(c Config, out io.Writer) (*Server, error) {
	known, err := readTokens(c.Tokens)
	if err != nil {
		return nil, err
	}
	s := &Server{config: c, failed: make(chan error, len(c.Listen)+2)}
	s.stopping, s.stop = context.WithCancel(context.Background())
	s.log = slog.New(slog.NewJSONHandler(out, &slog.HandlerOptions{Level: c.LogLevel}))
	budget := admission.NewBudget(c.MaxCalls, int64(c.MaxMemory))
	registry := prometheus.NewRegistry()
	registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	m := metrics.New(registry, budget)
	s.admitter = newAdmitter(&c, known, budget, s.log)
	s.grpc = newGRPC(&c, s.admitter)
	s.regions = sharedRegions(&c, s.log)
	flight.Register(s.grpc, flight.Settings{
		Limits:  admission.Limits{Message: int(c.MaxMessage), Rows: c.MaxRows, Groups: c.MaxGroups},
		Regions: s.regions,
		MaxOpen: c.MaxCalls / callShare, Waits: c.Idle / 2, Stopping: s.stopping.Done(),
	}, m, s.log)
	s.health = health.NewServer()
	grpc_health_v1.RegisterHealthServer(s.grpc, s.health)
	reflection.Register(s.grpc)
	s.metrics = metricsServer(registry, s.log)
	s.presto = prestoServer(&c, s.admitter, m, s.log)
	limitHeap(int64(c.MaxMemory))
	if err := s.open(); err != nil {
		s.kill()
		return nil, err
	}
	return s, nil
}

func metricsServer(registry *prometheus.Registry, log *slog.Logger) *http.Server {
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(registry, promhttp.HandlerOpts{}))
	return &http.Server{Handler: mux, ReadTimeout: 10 * time.Second, WriteTimeout: 10 * time.Second, MaxHeaderBytes: 16 << 10,
		ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelWarn)}
}

// open opens all gRPC ports before it serves the first one.
func (s *Server) open() error {
	var listeners []net.Listener
	closeAll := func() {
		for _, l := range listeners {
			_ = l.Close() // the error that open returns matters more
		}
	}
	for _, address := range s.config.Listen {
		l, err := listen(&s.config, address)
		if err != nil {
			closeAll()
			return err
		}
		listeners = append(listeners, l)
		s.Addresses = append(s.Addresses, l.Addr())
	}
	if s.config.Metrics != "" {
		l, err := net.Listen("tcp", s.config.Metrics)
		if err != nil {
			closeAll()
			return fmt.Errorf("--metrics: %w", err)
		}
		s.MetricsAddress = l.Addr()
		s.serve(func() error { return s.metrics.Serve(l) }, l)
	}
	if s.config.Presto != "" {
		l, err := listenPresto(&s.config)
		if err != nil {
			closeAll()
			return err
		}
		s.PrestoAddress = l.Addr()
		s.serve(func() error { return s.presto.Serve(l) }, l)
	}
	for _, l := range listeners {
		s.serve(func() error { return s.grpc.Serve(l) }, l)
	}
	return nil
}

func (s *Server) serve(f func() error, l net.Listener) {
	s.log.Info("listening", "network", l.Addr().Network(), "address", l.Addr().String())
	s.serving.Go(func() {
		if err := f(); err != nil && !errors.Is(err, http.ErrServerClosed) {
			s.failed <- err
		}
	})
}

// Wait returns nil when the context is done, or the error of a port that failed.
func (s *Server) Wait(ctx context.Context) error {
	select {
	case <-ctx.Done():
		return nil
	case err := <-s.failed:
		return err
	}
}

// Stop rejects new calls and waits for the open ones. After Config.Drain it aborts them.
func (s *Server) Stop() {
	s.log.Info("stopping", "open_calls", s.admitter.budget.Open(), "drain_timeout", s.config.Drain.String())
	s.health.Shutdown()
	drain, cancel := context.WithTimeout(context.Background(), s.config.Drain)
	defer cancel()
	abort := context.AfterFunc(drain, s.grpc.Stop)
	s.stop()
	if s.regions != nil {
		s.regions.Stop() // the calls that hold them would last until the drain timeout
	}
	err := s.presto.Shutdown(drain)
	s.grpc.GracefulStop()
	finished := abort() && err == nil
	s.kill()
	s.log.Info("stopped", "all_calls_finished", finished)
}

// kill closes all ports and connections.
func (s *Server) kill() {
	s.stop()
	s.grpc.Stop()
	_ = s.metrics.Close() // the sidecar ends anyway
	_ = s.presto.Close()
	s.serving.Wait()
}

// Usage returns the number of open calls and the bytes they have reserved.
func (s *Server) Usage() (calls, bytes int64) {
	return s.admitter.budget.Open(), s.admitter.budget.Used()
}
