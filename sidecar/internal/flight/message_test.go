// SPDX-License-Identifier: Apache-2.0

package flight

import (
	"bytes"
	"slices"
	"testing"

	"github.com/apache/arrow/go/v15/arrow/flight"
	"google.golang.org/grpc/mem"
	"google.golang.org/protobuf/proto"
)

// buffers splits bytes into transport buffers of n bytes.
func buffers(data []byte, n int) (all mem.BufferSlice) {
	for part := range slices.Chunk(data, n) {
		all = append(all, mem.SliceBuffer(part))
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

func TestMessage_ReadsAnySplitIntoBuffers(t *testing.T) {
	data := marshal(t, example())
	for n := 1; n <= len(data); n++ {
		var m message
		m.read(buffers(data, n))
		if m.err != nil || !slices.Equal(m.path, []string{"hll_create"}) || string(m.header) != "header" || m.size != len(data) ||
			!bytes.Equal(m.body.Bytes(0, m.body.Len(), nil), example().DataBody) {
			t.Fatalf("buffers of %d bytes: %+v", n, m)
		}
		m.free()
	}
}

func TestMessage_RejectsGarbage(t *testing.T) {
	whole := marshal(t, example())
	for what, data := range map[string][]byte{
		"truncated in the descriptor": whole[:5], "truncated in the body": whole[:len(whole)-1], "field number 0": {0x02, 0x00},
		"length beyond the message": {0x12, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F}, "length that does not end": bytes.Repeat([]byte{0x12, 0xFF}, 20),
	} {
		var m message
		if m.read(buffers(data, 3)); m.err == nil {
			t.Errorf("%s: %+v", what, m)
		}
	}
}

// No input panics, and what read accepts it reads as package proto does.
func FuzzMessage(f *testing.F) {
	f.Add(marshal(f, example()), uint8(7))
	f.Add(marshal(f, &flight.FlightData{}), uint8(0))
	f.Add([]byte{0x0a, 0x02, 0x1a, 0xFF}, uint8(1))
	f.Fuzz(func(t *testing.T, data []byte, n uint8) {
		var m message
		m.read(buffers(data, int(n)+1))
		var want flight.FlightData
		if err := proto.Unmarshal(data, &want); err != nil || m.err != nil {
			return // package proto also rejects paths that are not UTF-8, and merges repeated fields
		}
		if !bytes.Equal(m.header, want.DataHeader) || !bytes.Equal(m.body.Bytes(0, m.body.Len(), nil), want.DataBody) {
			t.Errorf("%x: %x %x, want %x %x", data, m.header, m.body.Bytes(0, m.body.Len(), nil), want.DataHeader, want.DataBody)
		}
	})
}
