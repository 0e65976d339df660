package wire

import (
	"bytes"
	"slices"
	"testing"

	"github.com/apache/arrow/go/v15/arrow/flight"
	"google.golang.org/grpc/mem"
	"google.golang.org/protobuf/proto"
)

// pooled returns bytes as the transport would hand them over, in buffers of n bytes.
func pooled(data []byte, n int) (all mem.BufferSlice) {
	for piece := range slices.Chunk(data, n) {
		all = append(all, mem.SliceBuffer(piece))
	}
	return all
}

func marshal(tb testing.TB, m *flight.FlightData) []byte {
	tb.Helper()
	data, err := proto.Marshal(m)
	if err != nil {
		tb.Fatal(err)
	}
	return data
}

func example() *flight.FlightData {
	return &flight.FlightData{
		FlightDescriptor: &flight.FlightDescriptor{Type: flight.DescriptorPATH, Path: []string{"hll_create"}},
		DataHeader:       []byte("header"), AppMetadata: []byte("ignored"), DataBody: bytes.Repeat([]byte("body"), 100),
	}
}

func TestAMessageIsReadHoweverTheTransportCutIt(t *testing.T) {
	data := marshal(t, example())
	for n := 1; n <= len(data); n++ {
		var m Message
		m.read(pooled(data, n))
		if m.Err != nil || !slices.Equal(m.Path, []string{"hll_create"}) || string(m.Header) != "header" || m.Size != len(data) ||
			!bytes.Equal(m.Body.Bytes(0, m.Body.Len(), nil), example().DataBody) {
			t.Fatalf("buffers of %d bytes: %+v", n, m)
		}
		m.Free()
	}
}

func TestWhatIsNoMessageSaysSo(t *testing.T) {
	whole := marshal(t, example())
	for what, data := range map[string][]byte{
		"cut in the descriptor": whole[:5], "cut in the body": whole[:len(whole)-1], "a field without a number": {0x02, 0x00},
		"a length beyond the message": {0x12, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F}, "a length without an end": bytes.Repeat([]byte{0x12, 0xFF}, 20),
	} {
		var m Message
		if m.read(pooled(data, 3)); m.Err == nil {
			t.Errorf("%s: %+v", what, m)
		}
	}
}

// No bytes panic, and what is read is what protobuf's own reader reads.
func FuzzMessage(f *testing.F) {
	f.Add(marshal(f, example()), uint8(7))
	f.Add(marshal(f, &flight.FlightData{}), uint8(0))
	f.Add([]byte{0x0a, 0x02, 0x1a, 0xFF}, uint8(1))
	f.Fuzz(func(t *testing.T, data []byte, piece uint8) {
		var m Message
		m.read(pooled(data, int(piece)+1))
		var want flight.FlightData
		if err := proto.Unmarshal(data, &want); err != nil || m.Err != nil {
			return // protobuf refuses more, such as paths that are not UTF-8, and merges what comes twice
		}
		if !bytes.Equal(m.Header, want.DataHeader) || !bytes.Equal(m.Body.Bytes(0, m.Body.Len(), nil), want.DataBody) {
			t.Errorf("%x: %x %x, not %x %x", data, m.Header, m.Body.Bytes(0, m.Body.Len(), nil), want.DataHeader, want.DataBody)
		}
	})
}
