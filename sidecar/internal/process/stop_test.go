// SPDX-License-Identifier: Apache-2.0

package process_test

import (
	"context"
	"io"
	"runtime/pprof"
	"strings"
	"testing"
	"time"

	"github.com/apache/arrow/go/v15/arrow/flight"
	"github.com/apache/arrow/go/v15/arrow/ipc"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/headcount-hll/headcount/sidecar/client"
	"github.com/headcount-hll/headcount/sidecar/internal/process"
)

// answered receives a message of a call.
func answered(t *testing.T, stream flight.FlightService_DoExchangeClient) {
	t.Helper()
	_, err := stream.Recv()
	require.NoError(t, err)
}

// stopping starts a sidecar, opens a call and stops the sidecar. It returns the call once the sidecar rejects new calls.
// stopped is closed when Stop has returned.
func stopping(t *testing.T, drain time.Duration) (stream flight.FlightService_DoExchangeClient, w *flight.Writer, stopped chan struct{}) {
	t.Helper()
	p, c := start(t, func(c *process.Config) { c.Drain = drain })
	stream, w = open(t, t.Context(), c, "cardinality")
	_, batch := batchOf(sketches(empty))
	require.NoError(t, w.Write(batch))
	answered(t, stream) // the schema
	answered(t, stream)
	stopped = make(chan struct{})
	go func() {
		defer close(stopped)
		p.Stop()
	}()
	rejected := func() bool { return status.Code(newCall(t, c)) == codes.Unavailable }
	require.Eventually(t, rejected, 10*time.Second, time.Millisecond)
	return stream, w, stopped
}

// newCall makes a call and returns its error.
func newCall(t *testing.T, c *client.Client) error {
	schema, batch := batchOf(sketches(empty))
	_, _, err := c.Exchange(t.Context(), "cardinality", schema, batch)
	return err
}

func TestStop_WaitsForOpenCalls(t *testing.T) {
	stream, w, stopped := stopping(t, time.Minute)
	_, batch := batchOf(sketches(empty, empty))
	require.NoError(t, w.Write(batch))
	answered(t, stream)
	require.NoError(t, stream.CloseSend())
	_, err := stream.Recv()
	assert.ErrorIs(t, err, io.EOF, "the status must be OK")
	<-stopped
}

func TestStop_AbortsCallsAfterTheDrainTime(t *testing.T) {
	stream, _, stopped := stopping(t, time.Millisecond)
	<-stopped
	_, err := stream.Recv()
	assert.Equal(t, codes.Unavailable, status.Code(err), "%v", err)
}

// evaluating reports whether a sidecar of this process is evaluating a batch.
func evaluating() bool {
	var stacks strings.Builder
	_ = pprof.Lookup("goroutine").WriteTo(&stacks, 1) // writing to a Builder does not fail
	return strings.Contains(stacks.String(), "sidecar/internal/schedule.(*Scheduler).Run")
}

// The whole call would take minutes.
func TestExchange_StopsWhenCancelled(t *testing.T) {
	p, c := start(t, nil)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	stream, err := c.Flight().DoExchange(ctx)
	require.NoError(t, err)
	slow := make([]string, process.Defaults().MaxRows)
	for i := range slow {
		slow[i] = "\x03\x14\x01\x00\x00\x05" // precision 20: a million registers to look at, in 6 bytes
	}
	schema, batch := batchOf(sketches(slow...), sketches(slow...))
	w := flight.NewRecordWriter(stream, ipc.WithSchema(schema))
	w.SetFlightDescriptor(&flight.FlightDescriptor{Type: flight.DescriptorPATH, Path: []string{"hll_intersection"}})
	require.NoError(t, w.Write(batch))
	require.Eventually(t, evaluating, 10*time.Second, time.Millisecond)
	cancel()
	assert.Eventually(t, func() bool { open, used := p.Usage(); return open == 0 && used == 0 }, 10*time.Second, time.Millisecond)
	assert.False(t, evaluating())
	works(t, c)
}
