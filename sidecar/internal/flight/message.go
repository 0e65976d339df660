// SPDX-License-Identifier: Apache-2.0

package flight

import (
	"errors"
	"fmt"

	"google.golang.org/grpc/mem"
	"google.golang.org/protobuf/encoding/protowire"

	"github.com/headcount-hll/headcount/sidecar/internal/arrowcheck"
)

// Field numbers of the protobuf messages FlightData and FlightDescriptor.
const (
	dataDescriptor = 1
	dataHeader     = 2
	dataMetadata   = 3 // app_metadata
	dataBody       = 1000

	descriptorPath = 3
)

// A message is an incoming FlightData. Its body stays in the buffers in which the transport received it.
type message struct {
	path   []string // of the descriptor; nil if the message has no descriptor
	header []byte   // an Arrow message without its length prefix
	place  []byte   // where the body is in shared memory, in a call that uses it
	body   arrowcheck.Body
	size   int   // bytes of the FlightData
	err    error // not nil if the bytes are not FlightData

	buffers mem.BufferSlice
}

// free releases the transport's buffers and empties the message. read does so too, before it reads.
func (m *message) free() {
	m.buffers.Free()
	*m = message{}
}

// read reads a FlightData from the transport's buffers, and keeps a reference to them.
func (m *message) read(data mem.BufferSlice) {
	m.free()
	data.Ref()
	m.buffers = data
	fragments := make([][]byte, len(data))
	for i, b := range data {
		fragments[i] = b.ReadOnlyData()
	}
	all := arrowcheck.NewBody(fragments...)
	m.size = all.Len()
	m.err = eachField(&all, func(number protowire.Number, value arrowcheck.Body) error {
		switch number {
		case dataDescriptor:
			m.path = []string{}
			return eachField(&value, func(number protowire.Number, value arrowcheck.Body) error {
				if number == descriptorPath {
					m.path = append(m.path, string(value.Bytes(0, value.Len(), nil)))
				}
				return nil
			})
		case dataHeader:
			m.header = value.Bytes(0, value.Len(), nil)
		case dataMetadata:
			m.place = value.Bytes(0, value.Len(), nil)
		case dataBody:
			m.body = value
		}
		return nil
	})
}

// maxVarint is the largest encoded size of a protobuf tag or length, in bytes.
const maxVarint = 10

// eachField calls f for every length-delimited field of a protobuf message, and skips the others.
func eachField(message *arrowcheck.Body, f func(protowire.Number, arrowcheck.Body) error) error {
	for at := 0; at < message.Len(); {
		front := message.Bytes(at, min(at+2*maxVarint, message.Len()), nil)
		number, kind, tag := protowire.ConsumeTag(front)
		if tag < 0 {
			return notFlightData(tag)
		}
		if kind != protowire.BytesType {
			n := protowire.ConsumeFieldValue(number, kind, front[tag:])
			if n < 0 {
				return notFlightData(n)
			}
			at += tag + n
			continue
		}
		length, n := protowire.ConsumeVarint(front[tag:])
		if n < 0 {
			return notFlightData(n)
		}
		at += tag + n
		if length > uint64(message.Len()-at) {
			return notFlightData(-1)
		}
		end := at + int(length)
		if err := f(number, message.Sub(at, end)); err != nil {
			return err
		}
		at = end
	}
	return nil
}

// notFlightData returns the error for a negative result of package protowire.
func notFlightData(n int) error {
	return fmt.Errorf("the message is not a FlightData: %w", errors.Unwrap(protowire.ParseError(n)))
}
