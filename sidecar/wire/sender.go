package wire

import (
	"github.com/apache/arrow/go/v15/arrow"
	"github.com/apache/arrow/go/v15/arrow/ipc"
	"google.golang.org/grpc/mem"
)

// A Stream is the side of a gRPC stream that messages go out by.
type Stream interface{ SendMsg(m any) error }

// A Sender sends one schema and then its batches.
type Sender struct {
	out  *payloads
	data *ipc.Writer
}

// NewSender sends the schema and returns the sender of its batches.
func NewSender(to Stream, schema *arrow.Schema) (*Sender, error) {
	s := &Sender{out: &payloads{to: to}}
	// A Writer writes its schema with the first batch, or when it is closed without one. A client that waits for the
	// schema before it sends a batch needs it now: one Writer is closed for it, and the other's is dropped.
	if err := ipc.NewWriterWithPayloadWriter(s.out, ipc.WithSchema(schema)).Close(); err != nil {
		return nil, err
	}
	s.data = ipc.NewWriterWithPayloadWriter(s.out, ipc.WithSchema(schema))
	s.out.drop = 1
	return s, nil
}

// Send sends a batch.
func (s *Sender) Send(batch arrow.Record) error {
	if err := s.data.Write(batch); err != nil {
		return err
	}
	return s.out.failed
}

// payloads is where arrow/go's writers write to. It copies a body once, into gRPC's memory.
type payloads struct {
	to     Stream
	drop   int
	failed error // the stream's own error, which a Writer would wrap
}

func (*payloads) Start() error { return nil }
func (*payloads) Close() error { return nil }

func (p *payloads) WritePayload(from ipc.Payload) error {
	if p.drop > 0 {
		p.drop--
		return nil
	}
	meta := from.Meta()
	defer meta.Release()
	out := &payload{header: append([]byte(nil), meta.Bytes()...)}
	if err := from.SerializeBody(mem.NewWriter(&out.body, mem.DefaultBufferPool())); err != nil {
		out.body.Free()
		return err
	}
	p.failed = p.to.SendMsg(out)
	return p.failed
}
