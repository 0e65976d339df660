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

// kept is what arrow/go would have sent.
type kept []*flight.FlightData

func (k *kept) Send(m *flight.FlightData) error {
	*k = append(*k, proto.Clone(m).(*flight.FlightData)) // the writer uses it again
	return nil
}

// messages are those of an exchange of cardinality over three sketches: the schema, and a batch whose body has offsets
// from 0 on and values from 16 on.
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

// column is how the metadata has the columns of a batch that has one: how many there are, its rows and its nulls.
func column(rows, nulls int64) []byte {
	return append([]byte{1, 0, 0, 0}, pair(rows, nulls)...)
}

// pair is how the metadata has a buffer: its offset and length.
func pair(a, b int64) []byte {
	return binary.LittleEndian.AppendUint64(binary.LittleEndian.AppendUint64(nil, uint64(a)), uint64(b))
}

// swap returns the bytes with one stretch of them, which is there once, as another.
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

// What a client's Arrow library would never write: each is refused with a sentence, and the server lives on.
func TestArrowThatLiesIsRefusedOnTheWire(t *testing.T) {
	for _, over := range []struct {
		name   string
		listen func(c *process.Config)
	}{{"a Unix socket", nil}, {"TCP", func(c *process.Config) { c.Listen = []string{"127.0.0.1:0"} }}} {
		t.Run(over.name, func(t *testing.T) {
			p, c := start(t, over.listen)
			if over.listen != nil {
				c = dial(t, p.Addresses[0].String())
			}
			for _, lie := range lies(t) {
				_, batch := messages(t)
				lie.tell(batch)
				err := sendRaw(t, c, batch)
				assert.Equal(t, codes.InvalidArgument, status.Code(err), "%s: %v", lie.what, err)
				assert.ErrorContains(t, err, lie.says, lie.what)
			}
			works(t, c)
		})
	}
}

type lie struct {
	what, says string
	tell       func(batch *flight.FlightData)
}

func lies(t *testing.T) []lie {
	metadata := func(old, by []byte) func(*flight.FlightData) {
		return func(m *flight.FlightData) { m.DataHeader = swap(t, m.DataHeader, old, by) }
	}
	body := func(old, by []byte) func(*flight.FlightData) {
		return func(m *flight.FlightData) { m.DataBody = swap(t, m.DataBody, old, by) }
	}
	values, rows := pair(16, 6), column(3, 0)
	return []lie{
		{"a buffer at a negative offset", "outside the body", metadata(values, pair(-16, 6))},
		{"a buffer of negative length", "outside the body", metadata(values, pair(16, -6))},
		{"a buffer that ends after the body", "outside the body", metadata(values, pair(16, 1<<20))},
		{"a buffer whose end overflows", "outside the body", metadata(values, pair(16, math.MaxInt64))},
		{"buffers that overlap", "before the end of the one before", metadata(values, pair(8, 6))},
		{"a column of more rows than its batch", "rows", metadata(rows, column(4, 0))},
		{"a column of a billion rows", "rows", metadata(rows, column(1<<30, 0))},
		{"more nulls than rows", "nulls", metadata(rows, column(3, 4))},
		{"nulls without a bitmap", "null bitmap", metadata(rows, column(3, 1))},
		{"an offset that is negative", "offset", body(offsets(0, 2, 4, 6), offsets(0, -2, 4, 6))},
		{"offsets that fall", "offset", body(offsets(0, 2, 4, 6), offsets(0, 4, 2, 6))},
		{"an offset after the values", "values up to", body(offsets(0, 2, 4, 6), offsets(0, 2, 4, 1<<30))},
		{"a body that is cut off", "are there", func(m *flight.FlightData) { m.DataBody = m.DataBody[:16] }},
		{"metadata that is cut off", "metadata", func(m *flight.FlightData) { m.DataHeader = m.DataHeader[:len(m.DataHeader)/2] }},
		{"metadata of random bytes", "metadata", func(m *flight.FlightData) { m.DataHeader = slices.Repeat([]byte{0xA5}, 200) }},
		{"a second schema", "where a record batch has to be", func(m *flight.FlightData) {
			schema, _ := messages(t)
			m.DataHeader = schema.DataHeader
		}},
	}
}

// sendRaw sends the schema and a batch as they are, and returns what the exchange ends by.
func sendRaw(t *testing.T, c *client.Client, batch *flight.FlightData) error {
	t.Helper()
	stream, err := c.Flight().DoExchange(t.Context())
	require.NoError(t, err)
	schema, _ := messages(t)
	require.NoError(t, stream.Send(schema))
	if err := stream.Send(batch); err != nil {
		require.ErrorIs(t, err, io.EOF)
	}
	_ = stream.CloseSend() // receiving says what became of it
	for {
		if _, err := stream.Recv(); err != nil {
			if errors.Is(err, io.EOF) {
				return nil
			}
			return err
		}
	}
}
