// SPDX-License-Identifier: Apache-2.0

package flight

import (
	"fmt"

	"github.com/apache/arrow/go/v15/arrow"
	"github.com/apache/arrow/go/v15/arrow/array"
	"github.com/apache/arrow/go/v15/arrow/memory"

	"github.com/headcount-hll/headcount/udf"
)

// A resultBuilder builds the batches of an answer, one after the other.
type resultBuilder struct {
	builder *array.RecordBuilder
	bytes   int64 // approximate size of the body of the batch so far
}

// newResultBuilder returns a builder of batches of a schema that [function.answerSchema] returned.
func newResultBuilder(schema *arrow.Schema) *resultBuilder {
	return &resultBuilder{builder: array.NewRecordBuilder(memory.DefaultAllocator, schema)}
}

// appendRows appends the results of a scalar, with NULL in the error columns if there are any.
func (r *resultBuilder) appendRows(c *udf.Column) {
	r.appendColumn(r.builder.Field(0), c)
	for i := 1; i < len(r.builder.Fields()); i++ {
		appendNulls(r.builder.Field(i), c.Rows)
	}
}

// appendError appends a row with result NULL and texts for the columns after it.
func (r *resultBuilder) appendError(texts ...string) {
	r.builder.Field(0).AppendNull()
	r.bytes += rowOverhead
	for i, text := range texts {
		r.builder.Field(i + 1).(*array.StringBuilder).Append(text)
		r.bytes += int64(len(text))
	}
}

// appendGroups appends groups and their aggregated results.
func (r *resultBuilder) appendGroups(groups []int64, c *udf.Column) {
	r.builder.Field(0).(*array.Int64Builder).AppendValues(groups, nil)
	r.bytes += 8 * int64(len(groups))
	r.appendColumn(r.builder.Field(1), c)
}

// record returns the batch and starts an empty one.
func (r *resultBuilder) record() arrow.Record {
	r.bytes = 0
	return r.builder.NewRecord()
}

// rowOverhead is the size in bytes of a row's offsets and null bits, rounded up.
const rowOverhead = 16

func (r *resultBuilder) appendColumn(to array.Builder, c *udf.Column) {
	r.bytes += int64(c.Rows) * rowOverhead
	switch b := to.(type) {
	case *array.BinaryBuilder:
		r.bytes += appendBytes(b, c)
	case *array.Int64Builder:
		b.AppendValues(c.Int64, valid(c))
	case *array.Float64Builder:
		b.AppendValues(c.Float64, valid(c))
	case array.ListLikeBuilder:
		r.appendLists(b, c)
	case *array.StructBuilder:
		for i := range c.Rows {
			b.Append(!c.IsNull(i))
		}
		for i := range c.Parts {
			r.appendColumn(b.FieldBuilder(i), &c.Parts[i])
		}
	default:
		panic(fmt.Sprintf("flight: no function returns %s", to.Type()))
	}
}

func (r *resultBuilder) appendLists(b array.ListLikeBuilder, c *udf.Column) {
	for i := range c.Rows {
		if c.IsNull(i) {
			b.AppendNull()
			continue
		}
		elements := c.Array(i)
		b.Append(true)
		b.ValueBuilder().(*array.Int64Builder).AppendValues(elements, nil)
		r.bytes += 8 * int64(len(elements))
	}
}

// appendBytes leaves it to Append to make room, which doubles it. ReserveData makes room for no more than it is told, and copies
// all that is there: results come group by group.
func appendBytes(b *array.BinaryBuilder, c *udf.Column) (size int64) {
	b.Reserve(c.Rows)
	for i := range c.Rows {
		size += int64(c.Lengths[i])
		if c.IsNull(i) {
			b.AppendNull()
		} else {
			b.Append(c.Bytes(i))
		}
	}
	return size
}

func appendNulls(b array.Builder, n int) {
	for range n {
		b.AppendNull()
	}
}

// valid returns the complement of a column's null flags, or nil if the column has none.
func valid(c *udf.Column) []bool {
	if c.Null == nil {
		return nil
	}
	all := make([]bool, c.Rows)
	for i, null := range c.Null {
		all[i] = !null
	}
	return all
}
