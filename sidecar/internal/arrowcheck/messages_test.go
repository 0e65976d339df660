// SPDX-License-Identifier: Apache-2.0

package arrowcheck

import (
	"bytes"
	"encoding/binary"
	"testing"

	"github.com/apache/arrow/go/v15/arrow"
	"github.com/apache/arrow/go/v15/arrow/array"
	"github.com/apache/arrow/go/v15/arrow/ipc"
	"github.com/apache/arrow/go/v15/arrow/memory"
)

// An ipcMessage is a message that arrow/go wrote.
type ipcMessage struct{ metadata, body []byte }

// written collects the messages that arrow/go writes.
type written []ipcMessage

func (*written) Start() error { return nil }
func (*written) Close() error { return nil }
func (w *written) WritePayload(p ipc.Payload) error {
	meta := p.Meta()
	defer meta.Release()
	var body bytes.Buffer
	err := p.SerializeBody(&body)
	*w = append(*w, ipcMessage{bytes.Clone(meta.Bytes()), body.Bytes()})
	return err
}

// encode returns a schema and a batch of integers, byte strings with both offset widths, and lists, with NULLs.
func encode(t testing.TB, options ...ipc.Option) (schema, batch ipcMessage) {
	t.Helper()
	metadata := arrow.MetadataFrom(map[string]string{"headcount.protocol": "1"})
	of := arrow.NewSchema([]arrow.Field{
		{Name: "group", Type: arrow.PrimitiveTypes.Int64},
		{Name: "sketch", Type: arrow.BinaryTypes.Binary, Nullable: true},
		{Name: "id", Type: arrow.BinaryTypes.LargeString},
		{Name: "sketches", Type: arrow.ListOf(arrow.BinaryTypes.LargeBinary), Nullable: true},
	}, &metadata)
	b := array.NewRecordBuilder(memory.DefaultAllocator, of)
	b.Field(0).(*array.Int64Builder).AppendValues([]int64{7, -1, 7}, nil)
	b.Field(1).(*array.BinaryBuilder).AppendValues([][]byte{[]byte("abc"), nil, []byte("de")}, []bool{true, false, true})
	b.Field(2).(*array.LargeStringBuilder).AppendValues([]string{"x", "", "yz"}, nil)
	lists := b.Field(3).(*array.ListBuilder)
	for i, valid := range []bool{true, false, true} {
		lists.Append(valid)
		for range i {
			lists.ValueBuilder().(*array.BinaryBuilder).Append([]byte("element"))
		}
	}
	var w written
	out := ipc.NewWriterWithPayloadWriter(&w, append(options, ipc.WithSchema(of))...)
	if err := out.Write(b.NewRecord()); err != nil {
		t.Fatal(err)
	}
	return w[0], w[1]
}

// place returns the offset of a node's or a buffer's two numbers in the metadata of a batch.
func place(t *testing.T, metadata []byte, field, i int) int {
	t.Helper()
	m, err := open(metadata)
	if err != nil {
		t.Fatal(err)
	}
	start, n := m.header.vectorAt(field, bufferSize)
	if i >= n {
		t.Fatalf("%d of %d", i, n)
	}
	return start + i*bufferSize
}

// put returns the metadata with the number at offset at replaced.
func put(metadata []byte, at int, n int64) []byte {
	changed := bytes.Clone(metadata)
	binary.LittleEndian.PutUint64(changed[at:], uint64(n))
	return changed
}

// readBatch reads a batch as a stream that has no dictionaries and no limit.
func readBatch(schema *Schema, metadata []byte, body Body) (*Batch, error) {
	r := Reader{Schema: schema, MaxBody: 1 << 20, Reserve: func(int64) error { return nil }}
	return r.Read(metadata, body)
}
