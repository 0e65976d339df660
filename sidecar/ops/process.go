package ops

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"runtime/debug"
	"sync"
	"time"

	"github.com/apache/arrow/go/v15/arrow/flight"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	"google.golang.org/grpc"
	"google.golang.org/grpc/experimental"
	"google.golang.org/grpc/health"
	"google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/keepalive"
	"google.golang.org/grpc/reflection"

	"github.com/headcount-hll/headcount/sidecar/limits"
	"github.com/headcount-hll/headcount/sidecar/metrics"
	"github.com/headcount-hll/headcount/sidecar/server"
	"github.com/headcount-hll/headcount/sidecar/wire"
)

// A Process is a function server that serves.
type Process struct {
	config Config
	log    *slog.Logger
	guard  *guard
	grpc   *grpc.Server
	health *health.Server
	http   *http.Server // metrics
	presto *http.Server
	// Addresses are where gRPC is served, in the configuration's order; MetricsAddress is where metrics are, and
	// PrestoAddress where PrestoDB's functions are.
	Addresses      []net.Addr
	MetricsAddress net.Addr
	PrestoAddress  net.Addr

	serving sync.WaitGroup
	failed  chan error
}

// Start opens every port and serves until Stop. The log goes to out, one JSON object a line.
func Start(c Config, out io.Writer) (*Process, error) {
	known, err := readTokens(c.Tokens)
	if err != nil {
		return nil, err
	}
	p := &Process{config: c, failed: make(chan error, len(c.Listen)+2)}
	p.log = slog.New(slog.NewJSONHandler(out, &slog.HandlerOptions{Level: c.LogLevel}))
	budget := limits.NewBudget(c.MaxCalls, int64(c.MaxMemory))
	registry := prometheus.NewRegistry()
	registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	counted := metrics.New(registry, budget)
	p.guard = newGuard(&c, known, budget, p.log)
	p.grpc = newGRPC(&c, p.guard)
	flight.RegisterFlightServiceServer(p.grpc, server.New(limits.Limits{
		Message: int(c.MaxMessage), Rows: c.MaxRows, Groups: c.MaxGroups}, counted, p.log))
	p.health = health.NewServer()
	grpc_health_v1.RegisterHealthServer(p.grpc, p.health)
	reflection.Register(p.grpc)
	p.http = metricsServer(registry, p.log)
	p.presto = prestoServer(&c, p.guard, counted, p.log)
	limitHeap(int64(c.MaxMemory))
	if err := p.open(); err != nil {
		p.kill()
		return nil, err
	}
	return p, nil
}

// collectorPercent is how far the heap may grow between collections. Little lives from call to call and much is
// pooled, so that at Go's 100 the collector would run every few megabytes and empty the pools.
const collectorPercent = 400

// limitHeap lets the collector rest while there is room, and makes it work harder before the process outgrows what
// calls may take and a quarter; unless the environment says otherwise.
func limitHeap(memory int64) {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(collectorPercent)
	}
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(memory + memory/4)
	}
}

// Windows of flow control: what a client may send ahead of the message that is being worked on. With less than a
// batch's worth the client and the server wait for each other.
const (
	streamWindow     = 4 << 20
	connectionWindow = 16 << 20
	// IOBuffer is how much is read and written at a time.
	IOBuffer = 128 << 10
)

// ahead is how many bytes a client may send ahead on a stream.
func (c *Config) ahead() Size { return min(streamWindow, c.MaxMessage) }

// Transport is how gRPC moves bytes here.
func (c *Config) Transport() []grpc.ServerOption {
	return []grpc.ServerOption{
		grpc.InitialWindowSize(int32(c.ahead())),
		grpc.InitialConnWindowSize(connectionWindow),
		grpc.ReadBufferSize(IOBuffer),
		grpc.WriteBufferSize(IOBuffer),
		experimental.BufferPool(newFrames()),
	}
}

func newGRPC(c *Config, g *guard) *grpc.Server {
	return grpc.NewServer(append(c.Transport(),
		grpc.ForceServerCodecV2(wire.NewCodec()),
		grpc.InTapHandle(g.tap),
		grpc.UnaryInterceptor(g.unary),
		grpc.StreamInterceptor(g.streams(c.Idle)),
		grpc.MaxRecvMsgSize(int(c.MaxMessage)),
		// A sketch may be as large as the message that it came in, and is framed again.
		grpc.MaxSendMsgSize(int(c.MaxMessage)+1<<16),
		grpc.MaxHeaderListSize(16<<10),
		// More streams than calls, so that a call too many is told so instead of waiting unasked.
		grpc.MaxConcurrentStreams(uint32(2*c.MaxCalls+healthCalls)),
		grpc.ConnectionTimeout(c.Handshake),
		grpc.KeepaliveParams(keepalive.ServerParameters{Time: time.Minute, Timeout: 20 * time.Second}),
		grpc.KeepaliveEnforcementPolicy(keepalive.EnforcementPolicy{MinTime: 10 * time.Second, PermitWithoutStream: true}),
	)...)
}

func metricsServer(registry *prometheus.Registry, log *slog.Logger) *http.Server {
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(registry, promhttp.HandlerOpts{}))
	return &http.Server{Handler: mux, ReadTimeout: 10 * time.Second, WriteTimeout: 10 * time.Second, MaxHeaderBytes: 16 << 10,
		ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelWarn)}
}

// open opens all ports before the first is served.
func (p *Process) open() error {
	var listeners []net.Listener
	closeAll := func() {
		for _, l := range listeners {
			_ = l.Close() // the error that is returned says more
		}
	}
	for _, address := range p.config.Listen {
		l, err := listen(&p.config, address)
		if err != nil {
			closeAll()
			return err
		}
		listeners = append(listeners, l)
		p.Addresses = append(p.Addresses, l.Addr())
	}
	if p.config.Metrics != "" {
		l, err := net.Listen("tcp", p.config.Metrics)
		if err != nil {
			closeAll()
			return fmt.Errorf("--metrics: %w", err)
		}
		p.MetricsAddress = l.Addr()
		p.serve(func() error { return p.http.Serve(l) }, l)
	}
	if p.config.Presto != "" {
		l, err := listenPresto(&p.config)
		if err != nil {
			closeAll()
			return err
		}
		p.PrestoAddress = l.Addr()
		p.serve(func() error { return p.presto.Serve(l) }, l)
	}
	for _, l := range listeners {
		p.serve(func() error { return p.grpc.Serve(l) }, l)
	}
	return nil
}

func (p *Process) serve(f func() error, l net.Listener) {
	p.log.Info("listening", "network", l.Addr().Network(), "address", l.Addr().String())
	p.serving.Go(func() {
		if err := f(); err != nil && !errors.Is(err, http.ErrServerClosed) {
			p.failed <- err
		}
	})
}

// Wait waits until the context is done, or a port fails.
func (p *Process) Wait(ctx context.Context) error {
	select {
	case <-ctx.Done():
		return nil
	case err := <-p.failed:
		return err
	}
}

// Stop lets no further call in, and ends when those that are open have ended, or when the drain time is over and they
// were cut off.
func (p *Process) Stop() {
	p.log.Info("stopping", "open_calls", p.guard.budget.Open(), "drain_timeout", p.config.Drain.String())
	p.health.Shutdown()
	drain, cancel := context.WithTimeout(context.Background(), p.config.Drain)
	defer cancel()
	cut := context.AfterFunc(drain, p.grpc.Stop)
	calls := p.presto.Shutdown(drain)
	p.grpc.GracefulStop()
	finished := cut() && calls == nil
	p.kill()
	p.log.Info("stopped", "all_calls_finished", finished)
}

// kill cuts everything off.
func (p *Process) kill() {
	p.grpc.Stop()
	_ = p.http.Close() // nobody is left to tell
	_ = p.presto.Close()
	p.serving.Wait()
}

// Usage returns how many calls are open and how many bytes they have taken.
func (p *Process) Usage() (calls, bytes int64) { return p.guard.budget.Open(), p.guard.budget.Used() }
