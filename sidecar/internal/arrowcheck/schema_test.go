// SPDX-License-Identifier: Apache-2.0

package arrowcheck

import (
	"strings"
	"testing"

	"github.com/apache/arrow/go/v15/arrow"
	"github.com/apache/arrow/go/v15/arrow/ipc"
)

func schemaOf(t *testing.T, fields ...arrow.Field) []byte {
	t.Helper()
	var w written
	if err := ipc.NewWriterWithPayloadWriter(&w, ipc.WithSchema(arrow.NewSchema(fields, nil))).Close(); err != nil {
		t.Fatal(err)
	}
	return w[0].metadata
}

func TestSchema_NamesUnsupportedTypes(t *testing.T) {
	for want, of := range map[string]arrow.DataType{
		"int64": arrow.PrimitiveTypes.Int64, "int32": arrow.PrimitiveTypes.Int32, "uint8": arrow.PrimitiveTypes.Uint8, "uint64": arrow.PrimitiveTypes.Uint64,
		"utf8": arrow.BinaryTypes.String, "large_utf8": arrow.BinaryTypes.LargeString, "timestamp": arrow.FixedWidthTypes.Timestamp_s,
		"large_list<utf8>": arrow.LargeListOf(arrow.BinaryTypes.String), "list<list>": arrow.ListOf(arrow.ListOf(arrow.PrimitiveTypes.Int64)),
		"struct": arrow.StructOf(arrow.Field{Name: "a", Type: arrow.PrimitiveTypes.Int64}), "bool": arrow.FixedWidthTypes.Boolean,
		"dictionary<utf8>": &arrow.DictionaryType{IndexType: arrow.PrimitiveTypes.Int32, ValueType: arrow.BinaryTypes.String},
		"dictionary<bool>": &arrow.DictionaryType{IndexType: arrow.PrimitiveTypes.Int8, ValueType: arrow.FixedWidthTypes.Boolean},
	} {
		s, err := ReadSchema(schemaOf(t, arrow.Field{Name: "f", Type: of}))
		if err != nil || s.String() != want {
			t.Errorf("%s: %v, %v", want, s, err)
		}
	}
}

func TestSchema_RejectsMalformedMessages(t *testing.T) {
	_, batch := encode(t)
	valid := schemaOf(t, arrow.Field{Name: "f", Type: arrow.PrimitiveTypes.Int64})
	for what, c := range map[string]struct {
		metadata []byte
		want     string
	}{
		"65 fields":                 {schemaOf(t, make65()...), "65 fields"},
		"batch instead of a schema": {batch.metadata, "expected the schema"},
		"empty":                     {nil, "metadata"},
		"truncated":                 {valid[:len(valid)/2], "metadata"},
		"text":                      {[]byte("GET / HTTP/1.1\r\n\r\n"), "metadata"},
	} {
		if _, err := ReadSchema(c.metadata); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", what, err, c.want)
		}
	}
}

func make65() []arrow.Field {
	fields := make([]arrow.Field, maxFields+1)
	for i := range fields {
		fields[i] = arrow.Field{Name: "f", Type: arrow.PrimitiveTypes.Int64}
	}
	return fields
}
