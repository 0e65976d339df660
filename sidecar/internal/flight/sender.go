// SPDX-License-Identifier: Apache-2.0

package flight

import (
	"github.com/apache/arrow/go/v15/arrow"
	"github.com/apache/arrow/go/v15/arrow/ipc"
	"google.golang.org/grpc/mem"
)

// A messageStream is the sending side of a gRPC stream.
type messageStream interface{ SendMsg(m any) error }

// A sender sends a schema and then its batches.
type sender struct {
	out  *payloads
	data *ipc.Writer
}

// newSender sends the schema and returns the sender of its batches.
func newSender(to messageStream, schema *arrow.Schema) (*sender, error) {
	s := &sender{out: &payloads{to: to}}
	// An ipc.Writer writes its schema with the first batch, or on Close. A client may wait for the schema before it sends
	// its first batch, so a first Writer is closed at once to send it, and the schema of the second is dropped.
	if err := ipc.NewWriterWithPayloadWriter(s.out, ipc.WithSchema(schema)).Close(); err != nil {
		return nil, err
	}
	s.data = ipc.NewWriterWithPayloadWriter(s.out, ipc.WithSchema(schema))
	s.out.drop = 1
	return s, nil
}

// send sends a batch.
func (s *sender) send(batch arrow.Record) error {
	if err := s.data.Write(batch); err != nil {
		return err
	}
	return s.out.failed
}

// payloads sends what arrow/go's writers write. It copies a body once, into gRPC's memory.
type payloads struct {
	to     messageStream
	drop   int   // how many of the next payloads to drop
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
