// SPDX-License-Identifier: Apache-2.0

package process

import (
	"os"
	"runtime/debug"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/experimental"
	"google.golang.org/grpc/keepalive"

	"github.com/headcount-hll/headcount/sidecar/internal/flight"
)

// Flow-control windows of HTTP/2, in bytes: how much a client may send before the sidecar reads it. With windows
// smaller than a batch, the client and the sidecar wait for each other.
const (
	streamWindow     = 4 << 20
	connectionWindow = 16 << 20
)

// IOBuffer is the size of a connection's read and write buffers, in bytes.
const IOBuffer = 128 << 10

// window returns the flow-control window of a stream.
func (c *Config) window() Size { return min(streamWindow, c.MaxMessage) }

// Transport returns the gRPC options that set buffers and windows. The benchmark uses them for its bare stream.
func (c *Config) Transport() []grpc.ServerOption {
	return []grpc.ServerOption{
		grpc.InitialWindowSize(int32(c.window())),
		grpc.InitialConnWindowSize(connectionWindow),
		grpc.ReadBufferSize(IOBuffer),
		grpc.WriteBufferSize(IOBuffer),
		experimental.BufferPool(newFramePool()),
	}
}

func newGRPC(c *Config, a *admitter) *grpc.Server {
	return grpc.NewServer(append(c.Transport(),
		grpc.ForceServerCodecV2(flight.NewCodec()),
		grpc.InTapHandle(a.tap),
		grpc.UnaryInterceptor(a.unary),
		grpc.StreamInterceptor(a.streams(c.Idle)),
		grpc.MaxRecvMsgSize(int(c.MaxMessage)),
		// An answer may hold a sketch as large as the largest request, and its own framing.
		grpc.MaxSendMsgSize(int(c.MaxMessage)+1<<16),
		grpc.MaxHeaderListSize(16<<10),
		// More streams than calls, so that a call over the limit gets an error instead of waiting.
		grpc.MaxConcurrentStreams(uint32(2*c.MaxCalls+healthCalls)),
		grpc.ConnectionTimeout(c.Handshake),
		grpc.KeepaliveParams(keepalive.ServerParameters{Time: time.Minute, Timeout: 20 * time.Second}),
		grpc.KeepaliveEnforcementPolicy(keepalive.EnforcementPolicy{MinTime: 10 * time.Second, PermitWithoutStream: true}),
	)...)
}

// gcPercent sets how much the heap may grow between garbage collections. Few objects outlive a call and buffers are
// pooled, so at Go's default of 100 the collector would run every few megabytes and empty the pools.
const gcPercent = 400

// limitHeap sets gcPercent, and a heap limit of 1.25 times the memory that calls may reserve. GOGC and GOMEMLIMIT
// override them.
func limitHeap(memory int64) {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(gcPercent)
	}
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(memory + memory/4)
	}
}
