// SPDX-License-Identifier: Apache-2.0

// Bench measures how much of the transport's throughput is left when the sidecar aggregates, and how soon the sidecar
// ends a cancelled call.
//
// The first part sends batches of 1,024 dense sketches of precision 12 over a Unix socket, which merge unites to 10
// groups. It sends the same bytes over a bare gRPC stream whose server drops them: once with gRPC's default settings,
// and once with the sidecar's. All three take turns in one process. A ratio compares two adjacent turns, and its median
// is printed. Processor time is that of client and server together.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"slices"
	"syscall"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/mem"

	"github.com/headcount-hll/headcount/sidecar"
	"github.com/headcount-hll/headcount/sidecar/internal/process"
)

func main() {
	rounds := flag.Int("rounds", 25, "number of turns of each stream")
	batches := flag.Int("batches", 40, "batches per turn")
	cancels := flag.Int("cancels", 20, "number of calls of each kind to cancel")
	flag.Parse()
	if err := errors.Join(run(*rounds, *batches), cancelAll(*cancels)); err != nil {
		fmt.Fprintln(os.Stderr, "bench-sidecar:", err)
		os.Exit(1)
	}
}

// A side is a server and the method that is measured.
type side struct {
	name, target, method string
	perSketch, cpu       []float64 // nanoseconds per sketch, of each turn
}

func run(rounds, batches int) error {
	folder, err := os.MkdirTemp("", "headcount-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	bare := &side{name: "bare gRPC stream", target: "unix:" + filepath.Join(folder, "bare"), method: "/bench.Bare/Drop"}
	tuned := &side{name: "the same with the sidecar's settings", target: "unix:" + filepath.Join(folder, "tuned"), method: "/bench.Bare/Drop"}
	ours := &side{name: "headcount-sidecar, merge to 10 groups", target: "unix:" + filepath.Join(folder, "sidecar"),
		method: "/arrow.flight.protocol.FlightService/DoExchange"}
	config := sidecar.Defaults()
	config.Listen, config.Metrics = []string{ours.target}, ""
	server, err := sidecar.Start(config, io.Discard)
	if err != nil {
		return err
	}
	defer server.Stop()
	stopBare, err := serveBare(filepath.Join(folder, "bare"))
	if err != nil {
		return err
	}
	defer stopBare()
	stopTuned, err := serveBare(filepath.Join(folder, "tuned"), config.Transport()...)
	if err != nil {
		return err
	}
	defer stopTuned()
	first, batch, err := messages()
	if err != nil {
		return err
	}
	for range rounds {
		for _, s := range []*side{bare, tuned, ours} {
			if err := s.round(first, batch, batches); err != nil {
				return fmt.Errorf("%s: %w", s.name, err)
			}
		}
	}
	report(len(batch), ours, bare, tuned)
	return nil
}

func report(size int, ours *side, bare ...*side) {
	for _, s := range append(bare, ours) {
		wall := median(s.perSketch)
		fmt.Printf("%-40s %6.0f ns per sketch  %5.2f GB/s  %6.0f ns of processor time\n",
			s.name, wall, float64(size)/rows/wall, median(s.cpu))
	}
	for _, s := range bare {
		share, times := make([]float64, len(s.cpu)), make([]float64, len(s.cpu))
		for i := range s.cpu {
			share[i], times[i] = 100*s.perSketch[i]/ours.perSketch[i], ours.cpu[i]/s.cpu[i]
		}
		fmt.Printf("headcount-sidecar has %.0f %% (%.0f to %.0f) of the throughput of %q and needs %.2f times its processor time\n",
			median(share), slices.Min(share), slices.Max(share), s.name, median(times))
	}
}

func median(all []float64) float64 {
	sorted := slices.Sorted(slices.Values(all))
	return sorted[len(sorted)/2]
}

// cpuTime returns the processor time that the process has used.
func cpuTime() time.Duration {
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		panic(err) // getrusage of the process itself does not fail
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

// raw is a codec of encoded messages, so that the client does the same work for every side.
type raw struct{}

func (raw) Name() string { return "proto" }
func (raw) Marshal(v any) (mem.BufferSlice, error) {
	return mem.BufferSlice{mem.SliceBuffer(v.([]byte))}, nil
}
func (raw) Unmarshal(data mem.BufferSlice, v any) error {
	*v.(*int) += data.Len()
	return nil
}

var bothWays = &grpc.StreamDesc{StreamName: "Bench", ClientStreams: true, ServerStreams: true}

// round sends the batches on one stream, and waits for the end of the answer.
func (s *side) round(first, batch []byte, batches int) error {
	conn, err := grpc.NewClient(s.target, grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithWriteBufferSize(process.IOBuffer), grpc.WithReadBufferSize(process.IOBuffer))
	if err != nil {
		return err
	}
	defer conn.Close()
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	stream, err := conn.NewStream(ctx, bothWays, s.method, grpc.ForceCodecV2(raw{}))
	if err != nil {
		return err
	}
	if err := stream.SendMsg(first); err != nil {
		return err
	}
	if err := stream.SendMsg(batch); err != nil { // the server allocates its memory for this one
		return err
	}
	started, used := time.Now(), cpuTime()
	for range batches {
		if err := stream.SendMsg(batch); err != nil {
			return err
		}
	}
	if err := stream.CloseSend(); err != nil {
		return err
	}
	for received := 0; ; {
		if err := stream.RecvMsg(&received); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return err
		}
	}
	s.perSketch = append(s.perSketch, float64(time.Since(started).Nanoseconds())/float64(batches*rows))
	s.cpu = append(s.cpu, float64((cpuTime()-used).Nanoseconds())/float64(batches*rows))
	return nil
}

// serveBare serves a stream that receives messages in the transport's buffers and drops them.
func serveBare(path string, transport ...grpc.ServerOption) (stop func(), err error) {
	l, err := net.Listen("unix", path)
	if err != nil {
		return nil, err
	}
	server := grpc.NewServer(append(transport, grpc.ForceServerCodecV2(raw{}), grpc.MaxRecvMsgSize(1<<30))...)
	server.RegisterService(&grpc.ServiceDesc{ServiceName: "bench.Bare", HandlerType: (*any)(nil), Streams: []grpc.StreamDesc{{
		StreamName: "Drop", ClientStreams: true, ServerStreams: true,
		Handler: func(_ any, stream grpc.ServerStream) error {
			received := 0
			for {
				if err := stream.RecvMsg(&received); errors.Is(err, io.EOF) {
					return nil
				} else if err != nil {
					return err
				}
			}
		},
	}}}, struct{}{})
	go func() { _ = server.Serve(l) }()
	return server.Stop, nil
}
