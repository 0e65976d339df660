package wire

import (
	"fmt"

	"github.com/apache/arrow/go/v15/arrow"
	"github.com/apache/arrow/go/v15/arrow/array"
	"github.com/apache/arrow/go/v15/arrow/memory"

	"github.com/headcount-hll/headcount/sidecar/arrowcheck"
)

// A Health is a function that Databend asks a server for beside its users' own, to see that it lives.
type Health struct {
	name   string
	inputs []arrow.Field
	output arrow.Field
}

var healths = []Health{
	{"builtin_healthy", nil, nullable("result", arrow.PrimitiveTypes.Int32)},
	{"builtin_echo", []arrow.Field{nullable("value", arrow.BinaryTypes.LargeString)}, nullable("result", arrow.BinaryTypes.LargeString)},
}

// Builtin returns Databend's function of a name.
func Builtin(name string) (*Health, bool) {
	for i := range healths {
		if healths[i].name == name {
			return &healths[i], true
		}
	}
	return nil, false
}

// Name returns the function's name.
func (h *Health) Name() string { return h.name }

// Describe returns what GetFlightInfo tells of the function.
func (h *Health) Describe() (*arrow.Schema, int) {
	return described(append([]arrow.Field(nil), h.inputs...), []arrow.Field{h.output}, map[string]string{keyFunction: h.name})
}

// Takes reports whether a stream's schema fits the function.
func (h *Health) Takes(s *arrowcheck.Schema) bool {
	if len(h.inputs) == 0 {
		return true // Databend may send a column where there is none
	}
	return len(s.Fields) == 1 && (s.Fields[0].Kind == arrowcheck.Utf8 || s.Fields[0].Kind == arrowcheck.LargeUtf8)
}

// AnswerSchema is the schema of the answer.
func (h *Health) AnswerSchema() *arrow.Schema { return answered([]arrow.Field{h.output}) }

// Answer answers a batch: 1 for each row, or the batch's own column.
func (h *Health) Answer(b *arrowcheck.Batch) arrow.Record {
	builder := array.NewRecordBuilder(memory.DefaultAllocator, h.AnswerSchema())
	switch to := builder.Field(0).(type) {
	case *array.Int32Builder:
		for range b.Rows {
			to.Append(1)
		}
	case *array.LargeStringBuilder:
		c := &b.Columns[0]
		data, starts, lengths := c.Slice(0, b.Rows, new(arrowcheck.Scratch))
		for i := range b.Rows {
			if c.Null != nil && c.Null[i] {
				to.AppendNull()
			} else {
				to.Append(string(data[starts[i]:][:lengths[i]]))
			}
		}
	default:
		panic(fmt.Sprintf("wire: no results of %s", to.Type()))
	}
	return builder.NewRecord()
}
