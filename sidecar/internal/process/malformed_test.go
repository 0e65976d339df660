// SPDX-License-Identifier: Apache-2.0

package process_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"math"
	"slices"
	"testing"

	"github.com/apache/arrow/go/v15/arrow/flight"
	"github.com/apache/arrow/go/v15/arrow/ipc"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"

	"github.com/headcount-hll/headcount/sidecar/client"
	"github.com/headcount-hll/headcount/sidecar/internal/process"
)

// kept collects the messages that arrow/go sends.
type kept []*flight.FlightData

func (k *kept) Send(m *flight.FlightData) error {
	*k = append(*k, proto.Clone(m).(*flight.FlightData)) // the writer reuses m
	return nil
}

// messages returns the messages of a call of cardinality with three sketches: the schema, and a batch with offsets at
// byte 0 of its body and values at byte 16.
func messages(t *testing.T) (schema, batch *flight.FlightData) {
	t.Helper()
	s, b := batchOf(sketches(empty, empty, empty))
	var sent kept
	w := flight.NewRecordWriter(&sent, ipc.WithSchema(s))
	w.SetFlightDescriptor(&flight.FlightDescriptor{Type: flight.DescriptorPATH, Path: []string{"cardinality"}})
	require.NoError(t, w.Write(b))
	require.Len(t, sent, 2)
	return sent[0], sent[1]
}

// column returns the nodes of a batch of one column, as in its metadata: the number of columns, its rows and nulls.
func column(rows, nulls int64) []byte {
	return append([]byte{1, 0, 0, 0}, pair(rows, nulls)...)
}

// pair returns a buffer as in the metadata: its offset and length.
func pair(a, b int64) []byte {
	return binary.LittleEndian.AppendUint64(binary.LittleEndian.AppendUint64(nil, uint64(a)), uint64(b))
}

// swap replaces old, which occurs once in the bytes.
func swap(t *testing.T, in, old, by []byte) []byte {
	t.Helper()
	require.Equal(t, 1, bytes.Count(in, old), "%x in %x", old, in)
	return bytes.Replace(in, old, by, 1)
}

func offsets(values ...int32) (all []byte) {
	for _, v := range values {
		all = binary.LittleEndian.AppendUint32(all, uint32(v))
	}
	return all
}

// No Arrow library writes these messages. Each one is rejected, and the sidecar continues to serve.
func TestExchange_RejectsMalformedArrow(t *testing.T) {
	for _, over := range []struct {
		name   string
		listen func(c *process.Config)
	}{{"a Unix socket", nil}, {"TCP", func(c *process.Config) { c.Listen = []string{"127.0.0.1:0"} }}} {
		t.Run(over.name, func(t *testing.T) {
			p, c := start(t, over.listen)
			if over.listen != nil {
				c = dial(t, p.Addresses[0].String())
			}
			for _, m := range malformedBatches(t) {
				_, batch := messages(t)
				m.change(batch)
				err := sendRaw(t, c, batch)
				assert.Equal(t, codes.InvalidArgument, status.Code(err), "%s: %v", m.what, err)
				assert.ErrorContains(t, err, m.want, m.what)
			}
			works(t, c)
		})
	}
}

type malformed struct {
	what, want string
	change     func(batch *flight.FlightData)
}

func malformedBatches(t *testing.T) []malformed {
	metadata := func(old, by []byte) func(*flight.FlightData) {
		return func(m *flight.FlightData) { m.DataHeader = swap(t, m.DataHeader, old, by) }
	}
	body := func(old, by []byte) func(*flight.FlightData) {
		return func(m *flight.FlightData) { m.DataBody = swap(t, m.DataBody, old, by) }
	}
	values, rows := pair(16, 6), column(3, 0)
	return []malformed{
		{"negative buffer offset", "outside the body", metadata(values, pair(-16, 6))},
		{"negative buffer length", "outside the body", metadata(values, pair(16, -6))},
		{"buffer ends after the body", "outside the body", metadata(values, pair(16, 1<<20))},
		{"buffer end overflows", "outside the body", metadata(values, pair(16, math.MaxInt64))},
		{"overlapping buffers", "before the end of the previous one", metadata(values, pair(8, 6))},
		{"column longer than the batch", "rows", metadata(rows, column(4, 0))},
		{"column of 2^30 rows", "rows", metadata(rows, column(1<<30, 0))},
		{"more nulls than rows", "nulls", metadata(rows, column(3, 4))},
		{"nulls without a bitmap", "null bitmap", metadata(rows, column(3, 1))},
		{"negative offset", "offset", body(offsets(0, 2, 4, 6), offsets(0, -2, 4, 6))},
		{"decreasing offsets", "offset", body(offsets(0, 2, 4, 6), offsets(0, 4, 2, 6))},
		{"offset after the values", "values up to", body(offsets(0, 2, 4, 6), offsets(0, 2, 4, 1<<30))},
		{"truncated body", "the message has", func(m *flight.FlightData) { m.DataBody = m.DataBody[:16] }},
		{"truncated metadata", "metadata", func(m *flight.FlightData) { m.DataHeader = m.DataHeader[:len(m.DataHeader)/2] }},
		{"random metadata", "metadata", func(m *flight.FlightData) { m.DataHeader = slices.Repeat([]byte{0xA5}, 200) }},
		{"second schema", "expected a record batch", func(m *flight.FlightData) {
			schema, _ := messages(t)
			m.DataHeader = schema.DataHeader
		}},
	}
}

// sendRaw sends the schema and a batch unchanged, and returns the error of the call.
func sendRaw(t *testing.T, c *client.Client, batch *flight.FlightData) error {
	t.Helper()
	stream, err := c.Flight().DoExchange(t.Context())
	require.NoError(t, err)
	schema, _ := messages(t)
	require.NoError(t, stream.Send(schema))
	if err := stream.Send(batch); err != nil {
		require.ErrorIs(t, err, io.EOF)
	}
	_ = stream.CloseSend() // Recv returns the error
	for {
		if _, err := stream.Recv(); err != nil {
			if errors.Is(err, io.EOF) {
				return nil
			}
			return err
		}
	}
}
