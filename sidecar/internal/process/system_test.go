// SPDX-License-Identifier: Apache-2.0

package process_test

import (
	"context"
	"net"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/apache/arrow/go/v15/arrow"
	"github.com/apache/arrow/go/v15/arrow/array"
	"github.com/apache/arrow/go/v15/arrow/flight"
	"github.com/apache/arrow/go/v15/arrow/ipc"
	"github.com/apache/arrow/go/v15/arrow/memory"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/headcount-hll/headcount/sidecar/client"
	"github.com/headcount-hll/headcount/sidecar/internal/process"
)

// start starts a sidecar on a Unix socket and returns it with a client.
func start(t *testing.T, change func(*process.Config)) (*process.Server, *client.Client) {
	t.Helper()
	c := process.Defaults()
	c.Listen, c.Metrics = []string{"unix:" + filepath.Join(t.TempDir(), "socket")}, ""
	c.Drain = time.Second
	if change != nil {
		change(&c)
	}
	p, err := process.Start(c, t.Output())
	require.NoError(t, err)
	t.Cleanup(p.Stop)
	return p, dial(t, c.Listen[0])
}

func dial(t *testing.T, target string) *client.Client {
	t.Helper()
	c, err := client.Dial(target)
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, c.Close()) })
	return c
}

// batchOf returns a batch of columns and its schema.
func batchOf(columns ...arrow.Array) (*arrow.Schema, arrow.Record) {
	fields := make([]arrow.Field, len(columns))
	for i, c := range columns {
		fields[i] = arrow.Field{Name: "arg", Type: c.DataType(), Nullable: true}
	}
	schema := arrow.NewSchema(fields, nil)
	return schema, array.NewRecord(schema, columns, int64(columns[0].Len()))
}

func integers(values ...int64) arrow.Array {
	b := array.NewInt64Builder(memory.DefaultAllocator)
	b.AppendValues(values, nil)
	return b.NewArray()
}

func sketches(values ...string) arrow.Array {
	b := array.NewBinaryBuilder(memory.DefaultAllocator, arrow.BinaryTypes.Binary)
	for _, v := range values {
		b.Append([]byte(v))
	}
	return b.NewArray()
}

// count returns the numbers 0 to n-1.
func count(n int) []int64 {
	all := make([]int64, n)
	for i := range all {
		all[i] = int64(i)
	}
	return all
}

const empty = "\x03\x0c" // the empty sketch of precision 12

// open opens an exchange of sketches. The first Write of w sends the schema.
func open(t *testing.T, ctx context.Context, c *client.Client, function string) (flight.FlightService_DoExchangeClient, *flight.Writer) {
	t.Helper()
	stream, err := c.Flight().DoExchange(ctx)
	require.NoError(t, err)
	schema, _ := batchOf(sketches(empty))
	w := flight.NewRecordWriter(stream, ipc.WithSchema(schema))
	w.SetFlightDescriptor(&flight.FlightDescriptor{Type: flight.DescriptorPATH, Path: []string{function}})
	return stream, w
}

// works asserts that the sidecar answers a call.
func works(t *testing.T, c *client.Client) {
	t.Helper()
	schema, batch := batchOf(sketches(empty))
	answers, _, err := c.Exchange(t.Context(), "cardinality", schema, batch)
	require.NoError(t, err)
	assert.Equal(t, int64(0), answers[0].Column(0).(*array.Int64).Value(0))
}

func TestLimits_AreNamedInErrors(t *testing.T) {
	_, c := start(t, func(c *process.Config) {
		c.MaxMessage, c.MaxMemory, c.MaxCalls, c.MaxRows, c.MaxGroups = 1<<20, 8<<20, 4, 1000, 500
	})
	wide := strings.Repeat("\x00", 1<<20)
	for _, each := range []struct {
		what, function string
		columns        []arrow.Array
		want           string
	}{
		{"rows", "merge", []arrow.Array{integers(count(1001)...), sketches(make([]string, 1001)...)}, "--max-rows"},
		{"groups", "hll_agg", []arrow.Array{integers(count(501)...), integers(count(501)...)}, "--max-groups"},
		{"a message", "cardinality", []arrow.Array{sketches(wide)}, "larger than max"},
	} {
		schema, batch := batchOf(each.columns...)
		_, _, err := c.Exchange(t.Context(), each.function, schema, batch)
		assert.Equal(t, codes.ResourceExhausted, status.Code(err), "%s: %v", each.what, err)
		assert.ErrorContains(t, err, each.want, each.what)
	}
	works(t, c)
}

// A message of some hundred bytes holds a sketch of 2 MiB, which is larger than a message may be.
func TestCompressedBatch_CountsDecompressed(t *testing.T) {
	p, c := start(t, func(c *process.Config) { c.MaxMessage, c.MaxMemory, c.MaxCalls = 1<<20, 32<<20, 4 })
	for what, option := range map[string]ipc.Option{"LZ4": ipc.WithLZ4(), "ZSTD": ipc.WithZstd()} {
		stream, err := c.Flight().DoExchange(t.Context())
		require.NoError(t, err)
		schema, batch := batchOf(sketches(strings.Repeat("\x00", 2<<20)))
		w := flight.NewRecordWriter(stream, ipc.WithSchema(schema), option)
		w.SetFlightDescriptor(&flight.FlightDescriptor{Type: flight.DescriptorPATH, Path: []string{"cardinality"}})
		require.NoError(t, w.Write(batch))
		for err == nil {
			_, err = stream.Recv()
		}
		assert.Equal(t, codes.ResourceExhausted, status.Code(err), "%s: %v", what, err)
		assert.ErrorContains(t, err, "--max-message", what)
	}
	assert.Eventually(t, func() bool { open, used := p.Usage(); return open == 0 && used == 0 }, 10*time.Second, time.Millisecond)
	works(t, c)
}

// The memory of states is reserved before they are allocated, and released with the call.
func TestAggregate_ReservesItsStates(t *testing.T) {
	const groups = 100_000
	p, c := start(t, func(c *process.Config) { c.MaxMessage, c.MaxMemory, c.MaxCalls, c.MaxRows = 2<<20, 8<<20, 2, groups })
	schema, batch := batchOf(integers(count(groups)...), integers(count(groups)...))
	_, _, err := c.Exchange(t.Context(), "hll_agg", schema, batch)
	assert.Equal(t, codes.ResourceExhausted, status.Code(err), "%v", err)
	assert.ErrorContains(t, err, "--max-memory")
	assert.Eventually(t, func() bool { open, used := p.Usage(); return open == 0 && used == 0 }, 10*time.Second, time.Millisecond)
	works(t, c)
}

func TestAggregate_ReturnsManyGroupsInOrder(t *testing.T) {
	const groups = 100_000
	p, c := start(t, func(c *process.Config) { c.MaxRows = groups })
	schema, batch := batchOf(integers(count(groups)...), integers(count(groups)...))
	answers, _, err := c.Exchange(t.Context(), "hll_agg", schema, batch)
	require.NoError(t, err)
	rows := int64(0)
	for _, a := range answers {
		assert.Equal(t, rows, a.Column(0).(*array.Int64).Value(0), "groups are in the order in which they first appeared")
		rows += a.NumRows()
	}
	assert.Equal(t, int64(groups), rows)
	assert.Eventually(t, func() bool { open, used := p.Usage(); return open == 0 && used == 0 }, 10*time.Second, time.Millisecond)
}

// 64 idle streams use all calls of the sidecar, so the next call fails. Once they have timed out, calls succeed again.
func TestIdleStreams_TimeOutAndReleaseMemory(t *testing.T) {
	p, c := start(t, func(c *process.Config) { c.Idle = 2 * time.Second })
	runtime.GC()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	var streams []flight.FlightService_DoExchangeClient
	for range 64 {
		stream, _ := open(t, t.Context(), c, "cardinality")
		streams = append(streams, stream)
	}
	require.Eventually(t, func() bool { open, _ := p.Usage(); return open == 64 }, 10*time.Second, time.Millisecond)
	schema, batch := batchOf(sketches(empty))
	_, _, err := c.Exchange(t.Context(), "cardinality", schema, batch)
	assert.Equal(t, codes.ResourceExhausted, status.Code(err), "%v", err)
	assert.ErrorContains(t, err, "--max-calls")
	for _, stream := range streams {
		_, err := stream.Recv()
		assert.Equal(t, codes.DeadlineExceeded, status.Code(err), "%v", err)
	}
	assert.Eventually(t, func() bool { open, used := p.Usage(); return open == 0 && used == 0 }, 10*time.Second, time.Millisecond)
	works(t, c)
	runtime.GC()
	runtime.ReadMemStats(&after)
	assert.Less(t, after.HeapAlloc, before.HeapAlloc+32<<20, "heap after the streams have ended, in bytes")
}

// A client that never reads can send no more than its flow-control windows hold.
func TestUnreadStream_TimesOut(t *testing.T) {
	p, c := start(t, func(c *process.Config) { c.Idle = time.Second })
	stream, w := open(t, t.Context(), c, "hll_check")
	_, batch := batchOf(sketches("\x02\x0c"+strings.Repeat("\x01", 4096), empty))
	written := make(chan struct{})
	go func() {
		defer close(written)
		for w.Write(batch) == nil { // blocks when both windows are full, and fails when the stream ends
			continue
		}
	}()
	busy := func() bool { open, _ := p.Usage(); return open == 1 }
	require.Eventually(t, busy, 10*time.Second, time.Millisecond)
	assert.Eventually(t, func() bool { open, used := p.Usage(); return open == 0 && used == 0 }, 20*time.Second, time.Millisecond)
	var err error
	for err == nil {
		_, err = stream.Recv()
	}
	assert.Equal(t, codes.DeadlineExceeded, status.Code(err), "%v", err)
	<-written
	works(t, c)
}

func TestListener_SurvivesGarbage(t *testing.T) {
	p, c := start(t, nil)
	for _, garbage := range []string{"GET / HTTP/1.1\r\n\r\n", "\x16\x03\x01\x02\x00", strings.Repeat("\xff", 1<<16),
		"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\xff\xff\xff\xff\xff\xff\xff\xff\xff"} {
		conn, err := net.Dial("unix", p.Addresses[0].String())
		require.NoError(t, err)
		_, _ = conn.Write([]byte(garbage)) // the sidecar may close the connection meanwhile
		require.NoError(t, conn.Close())
	}
	works(t, c)
}

func TestExchange_RejectsInvalidRequests(t *testing.T) {
	_, c := start(t, nil)
	for _, each := range []struct {
		function string
		columns  []arrow.Array
		code     codes.Code
		want     string
	}{
		{"nothing", []arrow.Array{integers(1)}, codes.NotFound, "ListFlights"},
		{"cardinality", []arrow.Array{integers(1)}, codes.InvalidArgument, "cardinality(binary)"},
		{"merge", []arrow.Array{sketches(empty)}, codes.InvalidArgument, "first column of groups"},
		{"cardinality", []arrow.Array{sketches(empty, "?")}, codes.InvalidArgument, "row 1:"},
		{"merge", []arrow.Array{integers(1, 1), sketches("\x03\x0c\x01\x00\x05", "\x03\x0d\x01\x00\x05")}, codes.InvalidArgument, "row 1:"},
	} {
		schema, batch := batchOf(each.columns...)
		_, _, err := c.Exchange(t.Context(), each.function, schema, batch)
		assert.Equal(t, each.code, status.Code(err), "%v", err)
		assert.ErrorContains(t, err, each.want)
	}
	metadata := arrow.MetadataFrom(map[string]string{"headcount.protocol": "2"})
	_, batch := batchOf(sketches(empty))
	schema := arrow.NewSchema(batch.Schema().Fields(), &metadata)
	_, _, err := c.Exchange(t.Context(), "cardinality", schema, array.NewRecord(schema, batch.Columns(), 1))
	assert.Equal(t, codes.FailedPrecondition, status.Code(err), "%v", err)
	works(t, c)
}
