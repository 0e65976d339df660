// SPDX-License-Identifier: Apache-2.0

package arrowcheck

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/ipc"
	"github.com/apache/arrow-go/v18/arrow/memory"
)

// The tests of views, dictionaries and compressed bodies write with arrow-go 18: version 15 has no views.

type written18 []ipcMessage

func (*written18) Start() error { return nil }
func (*written18) Close() error { return nil }
func (w *written18) WritePayload(p ipc.Payload) error {
	meta := p.Meta()
	defer meta.Release()
	var body bytes.Buffer
	err := p.SerializeBody(&body)
	*w = append(*w, ipcMessage{bytes.Clone(meta.Bytes()), body.Bytes()})
	return err
}

// stream returns the messages of a stream with one column of a type: its schema, and a batch for each JSON text.
func stream(t testing.TB, of arrow.DataType, batches []string, options ...ipc.Option) []ipcMessage {
	t.Helper()
	schema := arrow.NewSchema([]arrow.Field{{Name: "f", Type: of, Nullable: true}}, nil)
	var w written18
	out := ipc.NewWriterWithPayloadWriter(&w, append(options, ipc.WithSchema(schema))...)
	for _, text := range batches {
		column, _, err := array.FromJSON(memory.DefaultAllocator, of, strings.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		if err := out.Write(array.NewRecordBatch(schema, []arrow.Array{column}, int64(column.Len()))); err != nil {
			t.Fatal(err)
		}
	}
	return w
}

// rowsOf returns the rows of a column, as JSON has them.
func rowsOf(c *Column) []any {
	all, data, starts, lengths := make([]any, c.Rows), []byte(nil), []int32(nil), []int32(nil)
	if c.Lengths != nil {
		data, starts, lengths = c.Slice(0, c.Rows, new(Scratch))
	}
	for i := range all {
		switch {
		case c.Null != nil && c.Null[i]:
		case c.Field.Kind == Int64:
			all[i] = float64(c.Int64[i])
		case c.Field.Kind.IsList():
			first, ends := c.SliceEnds(i, i+1)
			all[i] = rowsOf(c.Elem)[first:][:ends[0]]
		default:
			all[i] = string(data[starts[i]:][:lengths[i]])
		}
	}
	return all
}

// read reads a stream, whose bodies are in fragments of n bytes, and returns the rows of its column.
func read(r *Reader, messages []ipcMessage, n int) (rows []any, err error) {
	if r.Schema, err = ReadSchema(messages[0].metadata); err != nil {
		return nil, err
	}
	for _, m := range messages[1:] {
		b, err := r.Read(m.metadata, split(m.body, n))
		if err != nil {
			return nil, err
		}
		if b != nil {
			rows = append(rows, rowsOf(&b.Columns[0])...)
		}
	}
	return rows, nil
}

var (
	dictionaryOfText = &arrow.DictionaryType{IndexType: arrow.PrimitiveTypes.Uint8, ValueType: arrow.BinaryTypes.String}
	views            = arrow.BinaryTypes.StringView
)

const (
	short  = `"a"`
	twelve = `"abcdefghijkl"`
	long   = `"a value of more than twelve bytes"`
)

// encodings are columns in the types and encodings that other writers produce.
var encodings = []struct {
	name    string
	of      arrow.DataType
	batches []string
	options []ipc.Option
}{
	{"utf8_view", views, []string{`[` + short + `,null,` + twelve + `,"",` + long + `,` + long + `]`, `[]`, `[` + short + `]`}, nil},
	{"binary_view", arrow.BinaryTypes.BinaryView, []string{`["AAEC",null,"YSB2YWx1ZSBvZiBtb3JlIHRoYW4gdHdlbHZlIGJ5dGVz"]`}, nil},
	{"dictionary<utf8>", dictionaryOfText, []string{`["a","b",null,"a","a","b"]`, `["b","c"]`}, nil},
	{"dictionary<utf8>", dictionaryOfText, []string{`["a","b"]`, `["a","c","b","d"]`}, []ipc.Option{ipc.WithDictionaryDeltas(true)}},
	{"dictionary<utf8>", dictionaryOfText, []string{`[null,null]`}, nil},
	{"dictionary<int32>", &arrow.DictionaryType{IndexType: arrow.PrimitiveTypes.Int8, ValueType: arrow.PrimitiveTypes.Int32}, []string{`[5,-7,null,5]`}, nil},
	{"list<dictionary<utf8>>", arrow.ListOf(dictionaryOfText), []string{`[["a","b"],null,[],["b"]]`}, nil},
	{"list<utf8_view>", arrow.ListOf(views), []string{`[[` + short + `,` + long + `],null,[],[null]]`}, nil},
	{"list_view<utf8>", arrow.ListViewOf(arrow.BinaryTypes.String), []string{`[["a",` + long + `],null,[],[null,"b"]]`}, nil},
	{"large_list_view<utf8_view>", arrow.LargeListViewOf(views), []string{`[["a"],["b",` + long + `]]`}, nil},
	{"list_view<int64>", arrow.ListViewOf(arrow.PrimitiveTypes.Int64), []string{`[[1,2],null,[3]]`}, nil},
	{"utf8", arrow.BinaryTypes.String, []string{`["a",null,` + long + `,` + long + `,` + long + `]`}, []ipc.Option{ipc.WithZstd()}},
	{"large_utf8", arrow.BinaryTypes.LargeString, []string{`["a",null,` + long + `,` + long + `]`}, []ipc.Option{ipc.WithLZ4()}},
	{"utf8_view", views, []string{`["a",null,` + long + `,` + long + `]`}, []ipc.Option{ipc.WithLZ4()}},
	{"dictionary<utf8>", dictionaryOfText, []string{`["a",` + long + `]`}, []ipc.Option{ipc.WithZstd()}},
	{"utf8", arrow.BinaryTypes.String, []string{`["a"]`}, []ipc.Option{ipc.WithZstd(), ipc.WithMinSpaceSavings(0.9)}},
}

func TestReader_ReadsTheEncodingsOfOtherWriters(t *testing.T) {
	for i, e := range encodings {
		messages := stream(t, e.of, e.batches, e.options...)
		want := []any{}
		for _, text := range e.batches {
			var rows []any
			if err := json.Unmarshal([]byte(strings.ReplaceAll(strings.ReplaceAll(text, "AAEC", `\u0000\u0001\u0002`),
				"YSB2YWx1ZSBvZiBtb3JlIHRoYW4gdHdlbHZlIGJ5dGVz", "a value of more than twelve bytes")), &rows); err != nil {
				t.Fatal(err)
			}
			want = append(want, rows...)
		}
		for _, n := range []int{1, 7, 64, 1 << 20} {
			held := int64(0)
			r := &Reader{MaxBody: 1 << 20, Reserve: func(n int64) error { held += n; return nil }}
			rows, err := read(r, messages, n)
			if err != nil {
				t.Fatalf("%d %s, fragments of %d bytes: %v", i, e.name, n, err)
			}
			if r.Schema.String() != e.name || fmt.Sprint(rows) != fmt.Sprint(want) {
				t.Errorf("%d %s, fragments of %d bytes: %s %q, want %q", i, e.name, n, r.Schema, rows, want)
			}
			for _, d := range r.dictionaries {
				held -= d.held
			}
			if held != r.held {
				t.Errorf("%d %s: %d bytes reserved, %d of them for the batch", i, e.name, held, r.held)
			}
		}
	}
}

func TestReader_RejectsViewsAndIndexesOutsideTheirValues(t *testing.T) {
	word := func(v int32) []byte { return binary.LittleEndian.AppendUint32(nil, uint32(v)) }
	for what, c := range map[string]struct {
		of       arrow.DataType
		text     string
		at       int // in the body
		replaced []byte
		want     string
	}{
		"negative length of a view": {views, `["a"]`, 0, word(-1), "the length -1"},
		"index of a data buffer":    {views, `[` + long + `]`, viewIndex, word(1), "data buffer 1"},
		"negative offset of a view": {views, `[` + long + `]`, viewOffset, word(-1), "outside it"},
		"offset after the buffer":   {views, `[` + long + `]`, viewOffset, word(1), "outside it"},
		"length of 2^31-1":          {views, `[` + long + `]`, 0, word(math.MaxInt32), "outside it"},
		"index of a dictionary":     {dictionaryOfText, `["a","b"]`, 0, []byte{2}, "value 2 of a dictionary of 2 values"},
		"offset of a list view":     {arrow.ListViewOf(arrow.PrimitiveTypes.Int64), `[[1,2]]`, 0, word(1), "its child has 2"},
		"negative list view":        {arrow.ListViewOf(arrow.PrimitiveTypes.Int64), `[[1,2]]`, 0, word(-1), "its child has 2"},
	} {
		messages := stream(t, c.of, []string{c.text})
		copy(messages[len(messages)-1].body[c.at:], c.replaced)
		r := &Reader{MaxBody: 1 << 20, Reserve: func(int64) error { return nil }}
		if _, err := read(r, messages, 16); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", what, err, c.want)
		}
	}
}

// A list of one child of 1,000 elements, which each of 1,000 rows refers to.
func TestReader_LimitsTheElementsOfListViews(t *testing.T) {
	const n = 1000
	b := array.NewListViewBuilder(memory.DefaultAllocator, arrow.PrimitiveTypes.Int64)
	b.ValueBuilder().(*array.Int64Builder).AppendValues(make([]int64, n), nil)
	b.AppendValuesWithSizes(make([]int32, n), slices.Repeat([]int32{n}, n), slices.Repeat([]bool{true}, n))
	column := b.NewArray()
	schema := arrow.NewSchema([]arrow.Field{{Name: "f", Type: column.DataType()}}, nil)
	var w written18
	if err := ipc.NewWriterWithPayloadWriter(&w, ipc.WithSchema(schema)).Write(array.NewRecordBatch(schema, []arrow.Array{column}, n)); err != nil {
		t.Fatal(err)
	}
	r := &Reader{MaxBody: 1 << 20, Reserve: func(int64) error { return nil }}
	if _, err := read(r, w, 1<<20); err == nil || !strings.Contains(err.Error(), "1000000 elements: send at most 262144") {
		t.Error(err)
	}
}

func TestReader_LimitsDecompression(t *testing.T) {
	text := `["` + strings.Repeat("a", 1000) + `"]`
	for name, option := range map[string]ipc.Option{"lz4": ipc.WithLZ4(), "zstd": ipc.WithZstd()} {
		messages := stream(t, arrow.BinaryTypes.String, []string{text}, option)
		r := &Reader{MaxBody: 900, Reserve: func(int64) error { return nil }}
		_, err := read(r, messages, 16)
		if size := (*TooLargeError)(nil); !errors.As(err, &size) || size.Size < 1000 {
			t.Errorf("%s: %v", name, err)
		}
		full := errors.New("full")
		r = &Reader{MaxBody: 1 << 20, Reserve: func(n int64) error {
			if n > 900 {
				return full
			}
			return nil
		}}
		if _, err := read(r, messages, 16); !errors.Is(err, full) {
			t.Errorf("%s: %v", name, err)
		}
		batch := messages[1]
		at := int(binary.LittleEndian.Uint64(batch.metadata[place(t, batch.metadata, batchBuffers, 2):]))
		for what, c := range map[string]struct {
			length int64
			want   string
		}{
			"a length that the bytes cannot hold": {1 << 40, "with the length"},
			"a length of -2":                      {-2, "with the length -2"},
			"a length that is too short":          {999, "a compressed buffer"},
			"a length that is too long":           {1001, "a compressed buffer"},
		} {
			body := bytes.Clone(batch.body)
			binary.LittleEndian.PutUint64(body[at:], uint64(c.length))
			r = &Reader{MaxBody: 1 << 50, Reserve: func(n int64) error { return nil }}
			if _, err := read(r, []ipcMessage{messages[0], {batch.metadata, body}}, 16); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%s, %s: %v", name, what, err)
			}
		}
	}
}

// No stream panics, and every value of an accepted batch can be read. size is that of the fragments of a body; a message is
// its lengths of metadata and body, uint16 each, and both.
func FuzzReader(f *testing.F) {
	for _, e := range encodings {
		f.Add(frame(stream(f, e.of, e.batches, e.options...)), uint16(7))
	}
	f.Fuzz(func(t *testing.T, data []byte, size uint16) {
		held := int64(0)
		r := Reader{MaxBody: 1 << 20, Reserve: func(n int64) error {
			if held += n; held > 1<<24 {
				return errors.New("full")
			}
			return nil
		}}
		for first := true; len(data) >= 4; first = false {
			metadata, body := int(binary.LittleEndian.Uint16(data)), int(binary.LittleEndian.Uint16(data[2:]))
			if data = data[4:]; metadata+body > len(data) {
				return
			}
			var err error
			var b *Batch
			if first {
				r.Schema, err = ReadSchema(data[:metadata])
			} else if b, err = r.Read(data[:metadata], split(data[metadata:][:body], int(size)+1)); b != nil && err == nil {
				for i := range b.Columns {
					readAll(t, &b.Columns[i])
				}
			}
			if err != nil {
				return
			}
			data = data[metadata+body:]
		}
	})
}

// frame returns the messages as FuzzReader reads them.
func frame(messages []ipcMessage) (all []byte) {
	for _, m := range messages {
		all = binary.LittleEndian.AppendUint16(all, uint16(len(m.metadata)))
		all = binary.LittleEndian.AppendUint16(all, uint16(len(m.body)))
		all = append(append(all, m.metadata...), m.body...)
	}
	return all
}
