package wire

import (
	"errors"
	"fmt"

	"google.golang.org/grpc/mem"
	"google.golang.org/protobuf/encoding/protowire"

	"github.com/headcount-hll/headcount/sidecar/arrowcheck"
)

// Fields of the protobuf messages FlightData and FlightDescriptor.
const (
	dataDescriptor = 1
	dataHeader     = 2
	dataBody       = 1000

	descriptorPath = 3
)

// A Message is a FlightData as [Codec] reads it. Its body stays in the buffers in which the transport received it.
type Message struct {
	Path   []string // of the descriptor; nil: the message has none
	Header []byte   // an Arrow message without its length
	Body   arrowcheck.Body
	Size   int // bytes on the wire
	// Err is why the bytes were no FlightData.
	Err error

	buffers mem.BufferSlice
}

// Free gives the message's memory back. Reading the next message does too.
func (m *Message) Free() {
	m.buffers.Free()
	*m = Message{}
}

// read makes the message what is in the transport's buffers.
func (m *Message) read(data mem.BufferSlice) {
	m.Free()
	data.Ref()
	m.buffers = data
	pieces := make([][]byte, len(data))
	for i, b := range data {
		pieces[i] = b.ReadOnlyData()
	}
	all := arrowcheck.NewBody(pieces...)
	m.Size = all.Len()
	m.Err = eachField(&all, func(number protowire.Number, value arrowcheck.Body) error {
		switch number {
		case dataDescriptor:
			m.Path = []string{}
			return eachField(&value, func(number protowire.Number, value arrowcheck.Body) error {
				if number == descriptorPath {
					m.Path = append(m.Path, string(value.Bytes(0, value.Len(), nil)))
				}
				return nil
			})
		case dataHeader:
			m.Header = value.Bytes(0, value.Len(), nil)
		case dataBody:
			m.Body = value
		}
		return nil
	})
}

// maxVarint is how long a tag or a length can be at most.
const maxVarint = 10

// eachField calls f with the fields of a protobuf message that are bytes.
func eachField(message *arrowcheck.Body, f func(protowire.Number, arrowcheck.Body) error) error {
	for at := 0; at < message.Len(); {
		front := message.Bytes(at, min(at+2*maxVarint, message.Len()), nil)
		number, kind, tag := protowire.ConsumeTag(front)
		if tag < 0 {
			return errNoMessage(tag)
		}
		if kind != protowire.BytesType {
			n := protowire.ConsumeFieldValue(number, kind, front[tag:])
			if n < 0 {
				return errNoMessage(n)
			}
			at += tag + n
			continue
		}
		length, n := protowire.ConsumeVarint(front[tag:])
		if n < 0 {
			return errNoMessage(n)
		}
		at += tag + n
		if length > uint64(message.Len()-at) {
			return errNoMessage(-1)
		}
		end := at + int(length)
		if err := f(number, message.Sub(at, end)); err != nil {
			return err
		}
		at = end
	}
	return nil
}

func errNoMessage(n int) error {
	return fmt.Errorf("no FlightData: %w", errors.Unwrap(protowire.ParseError(n)))
}
