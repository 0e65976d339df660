package wire

import (
	"google.golang.org/grpc/encoding"
	"google.golang.org/grpc/encoding/proto"
	"google.golang.org/grpc/mem"
	"google.golang.org/protobuf/encoding/protowire"
)

// Codec is gRPC's codec for protobuf, but for the messages of this package: what comes in is not copied, what goes
// out once.
type Codec struct{ encoding.CodecV2 }

// NewCodec returns the codec. It has the name of gRPC's own and is to be forced on a server or a call.
func NewCodec() Codec { return Codec{encoding.GetCodecV2(proto.Name)} }

// Marshal encodes a message for gRPC, which frees it.
func (c Codec) Marshal(v any) (mem.BufferSlice, error) {
	if p, ours := v.(*payload); ours {
		return p.marshal(), nil
	}
	return c.CodecV2.Marshal(v)
}

// Unmarshal decodes a message. Bytes that are no [Message] are not refused here, where gRPC would call that its own
// fault, but said in the message.
func (c Codec) Unmarshal(data mem.BufferSlice, v any) error {
	if m, ours := v.(*Message); ours {
		m.read(data)
		return nil
	}
	return c.CodecV2.Unmarshal(data, v)
}

// A payload is a FlightData on its way out.
type payload struct {
	header []byte
	body   mem.BufferSlice
}

func (p *payload) marshal() mem.BufferSlice {
	frame := protowire.AppendTag(nil, dataHeader, protowire.BytesType)
	frame = protowire.AppendBytes(frame, p.header)
	if n := p.body.Len(); n > 0 {
		frame = protowire.AppendTag(frame, dataBody, protowire.BytesType)
		frame = protowire.AppendVarint(frame, uint64(n))
	}
	return append(mem.BufferSlice{mem.SliceBuffer(frame)}, p.body...)
}

// Size returns the bytes of the message's body.
func (p *payload) Size() int { return p.body.Len() }
