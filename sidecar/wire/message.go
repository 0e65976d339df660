package wire

import (
	"errors"
	"fmt"

	"google.golang.org/grpc/mem"
	"google.golang.org/protobuf/encoding/protowire"
)

// Fields of the protobuf messages FlightData and FlightDescriptor.
const (
	dataDescriptor = 1
	dataHeader     = 2
	dataBody       = 1000

	descriptorPath = 3
)

// A Message is a FlightData as [Codec] reads it: one copy out of the transport's frames into memory that is used
// again for the next message, and no further one. Its slices hold until then.
type Message struct {
	Path   []string // of the descriptor; nil: the message has none
	Header []byte   // an Arrow message without its length
	Body   []byte
	Size   int // bytes on the wire
	// Err is why the bytes were no FlightData.
	Err error

	memory *[]byte
}

// Free gives the memory back.
func (m *Message) Free() {
	if m.memory != nil {
		mem.DefaultBufferPool().Put(m.memory)
	}
	*m = Message{}
}

// read takes a message out of the transport's buffers.
func (m *Message) read(data mem.BufferSlice) {
	n := data.Len()
	if m.memory == nil || cap(*m.memory) < n {
		m.Free()
		m.memory = mem.DefaultBufferPool().Get(n)
	}
	*m = Message{memory: m.memory, Size: n}
	all := (*m.memory)[:n]
	data.CopyTo(all)
	m.Err = eachField(all, func(number protowire.Number, value []byte) error {
		switch number {
		case dataDescriptor:
			m.Path = []string{}
			return eachField(value, func(number protowire.Number, value []byte) error {
				if number == descriptorPath {
					m.Path = append(m.Path, string(value))
				}
				return nil
			})
		case dataHeader:
			m.Header = value
		case dataBody:
			m.Body = value
		}
		return nil
	})
}

// eachField calls f with the fields of a protobuf message that are bytes.
func eachField(message []byte, f func(protowire.Number, []byte) error) error {
	for len(message) > 0 {
		number, kind, n := protowire.ConsumeTag(message)
		if n < 0 {
			return errNoMessage(n)
		}
		message = message[n:]
		if kind != protowire.BytesType {
			if n = protowire.ConsumeFieldValue(number, kind, message); n < 0 {
				return errNoMessage(n)
			}
			message = message[n:]
			continue
		}
		value, n := protowire.ConsumeBytes(message)
		if n < 0 {
			return errNoMessage(n)
		}
		if err := f(number, value); err != nil {
			return err
		}
		message = message[n:]
	}
	return nil
}

func errNoMessage(n int) error {
	return fmt.Errorf("no FlightData: %w", errors.Unwrap(protowire.ParseError(n)))
}
