package wire

import (
	"fmt"

	"github.com/apache/arrow/go/v15/arrow"
	"github.com/apache/arrow/go/v15/arrow/array"
	"github.com/apache/arrow/go/v15/arrow/memory"

	"github.com/headcount-hll/headcount/udf"
)

// An Answer is a batch of a function's answer while it is made.
type Answer struct {
	builder *array.RecordBuilder
	size    int64
}

// NewAnswer returns an empty batch of a schema of [Function.AnswerSchema].
func NewAnswer(schema *arrow.Schema) *Answer {
	return &Answer{builder: array.NewRecordBuilder(memory.DefaultAllocator, schema)}
}

// Size returns about how many bytes the batch's body has.
func (a *Answer) Size() int64 { return a.size }

// Result adds rows of a scalar's result that were not refused.
func (a *Answer) Result(c *udf.Column) {
	a.add(a.builder.Field(0), c)
	for i := 1; i < len(a.builder.Fields()); i++ {
		appendNulls(a.builder.Field(i), c.Rows)
	}
}

// Refuse adds a row that was refused, to a batch with the columns for it.
func (a *Answer) Refuse(code, message string) {
	a.builder.Field(0).AppendNull()
	a.builder.Field(1).(*array.StringBuilder).Append(code)
	a.builder.Field(2).(*array.StringBuilder).Append(message)
	a.size += int64(len(code)+len(message)) + rowSize
}

// Groups adds rows of an aggregate's result.
func (a *Answer) Groups(groups []int64, c *udf.Column) {
	a.builder.Field(0).(*array.Int64Builder).AppendValues(groups, nil)
	a.size += 8 * int64(len(groups))
	a.add(a.builder.Field(1), c)
}

// Record returns the batch. The Answer is empty again.
func (a *Answer) Record() arrow.Record {
	a.size = 0
	return a.builder.NewRecord()
}

// rowSize is what a row takes beside its bytes, in offsets and bitmaps.
const rowSize = 16

func (a *Answer) add(to array.Builder, c *udf.Column) {
	a.size += int64(c.Rows) * rowSize
	switch b := to.(type) {
	case *array.BinaryBuilder:
		a.size += addBytes(b, c)
	case *array.Int64Builder:
		b.AppendValues(c.Int64, valid(c))
	case *array.Float64Builder:
		b.AppendValues(c.Float64, valid(c))
	case *array.StructBuilder:
		for i := range c.Rows {
			b.Append(!c.IsNull(i))
		}
		for i := range c.Parts {
			a.add(b.FieldBuilder(i), &c.Parts[i])
		}
	default:
		panic(fmt.Sprintf("wire: no results of %s", to.Type()))
	}
}

func addBytes(b *array.BinaryBuilder, c *udf.Column) (size int64) {
	for _, length := range c.Lengths {
		size += int64(length)
	}
	b.Reserve(c.Rows)
	b.ReserveData(int(size))
	for i := range c.Rows {
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
