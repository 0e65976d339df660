// SPDX-License-Identifier: Apache-2.0

package flight

import (
	"fmt"

	"github.com/apache/arrow/go/v15/arrow"
	"github.com/apache/arrow/go/v15/arrow/array"
	"github.com/apache/arrow/go/v15/arrow/memory"

	"github.com/headcount-hll/headcount/sidecar/internal/arrowcheck"
)

// A builtin is a function that Databend calls to check that a server is alive. It is not in the catalog.
type builtin struct {
	name   string
	inputs []arrow.Field
	output arrow.Field
}

var builtins = []builtin{
	{"builtin_healthy", nil, nullable("result", arrow.PrimitiveTypes.Int32)},
	{"builtin_echo", []arrow.Field{nullable("value", arrow.BinaryTypes.LargeString)}, nullable("result", arrow.BinaryTypes.LargeString)},
}

// findBuiltin returns the builtin of a name.
func findBuiltin(name string) (*builtin, bool) {
	for i := range builtins {
		if builtins[i].name == name {
			return &builtins[i], true
		}
	}
	return nil, false
}

// describe returns the schema of GetFlightInfo and the number of inputs.
func (b *builtin) describe() (schema *arrow.Schema, inputs int) {
	return infoSchema(append([]arrow.Field(nil), b.inputs...), []arrow.Field{b.output}, map[string]string{keyFunction: b.name})
}

// takes reports whether the schema of a request matches the builtin's arguments.
func (b *builtin) takes(s *arrowcheck.Schema) bool {
	if len(b.inputs) == 0 {
		return true // Databend may send a column to a function without arguments
	}
	return len(s.Fields) == 1 && s.Fields[0].Kind.IsText()
}

// answerSchema returns the schema of the answer.
func (b *builtin) answerSchema() *arrow.Schema { return versioned([]arrow.Field{b.output}) }

// answer returns 1 for each row, or a copy of the batch's column.
func (b *builtin) answer(batch *arrowcheck.Batch) arrow.Record {
	builder := array.NewRecordBuilder(memory.DefaultAllocator, b.answerSchema())
	switch to := builder.Field(0).(type) {
	case *array.Int32Builder:
		for range batch.Rows {
			to.Append(1)
		}
	case *array.LargeStringBuilder:
		c := &batch.Columns[0]
		data, starts, lengths := c.Slice(0, batch.Rows, new(arrowcheck.Scratch))
		for i := range batch.Rows {
			if c.Null != nil && c.Null[i] {
				to.AppendNull()
			} else {
				to.Append(string(data[starts[i]:][:lengths[i]]))
			}
		}
	default:
		panic(fmt.Sprintf("flight: no builtin returns %s", to.Type()))
	}
	return builder.NewRecord()
}
