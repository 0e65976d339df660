// SPDX-License-Identifier: Apache-2.0

package flight

import (
	"google.golang.org/grpc/encoding"
	"google.golang.org/grpc/encoding/proto"
	"google.golang.org/grpc/mem"
	"google.golang.org/protobuf/encoding/protowire"
)

// A Codec is gRPC's protobuf codec with its own code for the FlightData messages of an exchange, which avoids copies:
// it does not copy what it reads, and copies what it writes once.
type Codec struct{ encoding.CodecV2 }

// NewCodec returns the codec. It has the same name as gRPC's own, so a server or a call must force it.
func NewCodec() Codec { return Codec{encoding.GetCodecV2(proto.Name)} }

// Marshal encodes a message. gRPC frees the result.
func (c Codec) Marshal(v any) (mem.BufferSlice, error) {
	if p, ours := v.(*payload); ours {
		return p.marshal(), nil
	}
	return c.CodecV2.Marshal(v)
}

// Unmarshal decodes a message. If the bytes are not FlightData, it sets the message's err and returns nil: gRPC would
// report an error returned here as INTERNAL, a fault of the server.
func (c Codec) Unmarshal(data mem.BufferSlice, v any) error {
	if m, ours := v.(*message); ours {
		m.read(data)
		return nil
	}
	return c.CodecV2.Unmarshal(data, v)
}

// A payload is an outgoing FlightData.
type payload struct {
	header   []byte
	metadata []byte // app_metadata
	body     mem.BufferSlice
}

func (p *payload) marshal() mem.BufferSlice {
	var frame []byte
	if p.header != nil {
		frame = protowire.AppendTag(frame, dataHeader, protowire.BytesType)
		frame = protowire.AppendBytes(frame, p.header)
	}
	if p.metadata != nil {
		frame = protowire.AppendTag(frame, dataMetadata, protowire.BytesType)
		frame = protowire.AppendBytes(frame, p.metadata)
	}
	if n := p.body.Len(); n > 0 {
		frame = protowire.AppendTag(frame, dataBody, protowire.BytesType)
		frame = protowire.AppendVarint(frame, uint64(n))
	}
	return append(mem.BufferSlice{mem.SliceBuffer(frame)}, p.body...)
}
