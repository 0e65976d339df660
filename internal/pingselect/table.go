// SPDX-License-Identifier: Apache-2.0

package pingselect

import (
	"bytes"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"

	"github.com/headcount-hll/headcount/internal/jsonwalk"
)

// Collect reads on for the given time, and reports whether there is more. It holds what it reads until Table is called: the type
// of a column is known when all its values are.
func (r *Reader) Collect(wait time.Duration) (more bool, err error) {
	if !r.request.Table {
		return false, fmt.Errorf("pings: the reader was not opened for a table")
	}
	for until := time.Now().Add(wait); ; {
		b, more, err := r.receive(max(time.Until(until), 0))
		if b == nil {
			return more, err
		}
		r.held = append(r.held, b)
		if r.bytes += int64(cap(b.data) + 8*cap(b.ends) + cap(b.kinds)); r.request.MaxBytes > 0 && r.bytes > r.request.MaxBytes {
			return false, fmt.Errorf("pings: the properties are larger than max_bytes, %d bytes: choose fewer, a smaller fraction, or iterate",
				r.request.MaxBytes)
		}
	}
}

// Table returns what Collect read, batch by batch, in memory of the allocator. It belongs to the caller, who releases it.
func (r *Reader) Table(allocator memory.Allocator) array.RecordReader {
	types := r.types()
	var fields []arrow.Field
	for i, name := range r.request.Names {
		f := arrow.Field{Name: name, Type: arrowTypes[types[i]], Nullable: true}
		if types[i] == isJSON {
			f.Metadata = arrow.NewMetadata([]string{"headcount.content"}, []string{"json"})
		}
		fields = append(fields, f)
	}
	t := &table{schema: arrow.NewSchema(fields, nil), types: types, held: r.held, allocator: allocator}
	t.references.Store(1)
	r.held = nil
	return t
}

// types returns the type of each column: the one that most values have. Values of another type are counted.
func (r *Reader) types() []kind {
	tallies := make([][kinds]int64, len(r.request.Properties))
	for _, b := range r.held {
		b.cells(func(_, column int, k kind, _ []byte) { tallies[column][k]++ })
	}
	types := make([]kind, len(tallies))
	r.otherType = map[string]int64{}
	for i := range tallies {
		t := &tallies[i]
		if t[isFloat] > 0 {
			t[isFloat] += t[isInt]
			t[isInt] = 0
		}
		all := int64(0)
		for k := isBool; k < kinds; k++ {
			all += t[k]
			if t[k] > t[types[i]] || types[i] == isMissing && t[k] > 0 {
				types[i] = k
			}
		}
		if other := all - t[types[i]]; other > 0 && types[i] != isMissing && types[i] != isJSON {
			r.otherType[r.request.Names[i]] = other
		}
	}
	return types
}

var arrowTypes = [kinds]arrow.DataType{
	isMissing: arrow.Null,
	isBool:    arrow.FixedWidthTypes.Boolean,
	isInt:     arrow.PrimitiveTypes.Int64,
	isFloat:   arrow.PrimitiveTypes.Float64,
	isText:    arrow.BinaryTypes.String,
	isFloats:  arrow.ListOf(arrow.PrimitiveTypes.Float64),
	isJSON:    arrow.BinaryTypes.String,
	isHistogram: arrow.StructOf(
		arrow.Field{Name: "bounds", Type: arrow.ListOf(arrow.PrimitiveTypes.Int64), Nullable: true},
		arrow.Field{Name: "counts", Type: arrow.ListOf(arrow.PrimitiveTypes.Int64), Nullable: true},
		arrow.Field{Name: "sum", Type: arrow.PrimitiveTypes.Int64, Nullable: true}),
}

// fits reports whether a value of kind k has a place in a column of this type.
func (k kind) fits(column kind) bool {
	return k == column || k == isInt && column == isFloat || column == isJSON
}

// A table is the record reader of Table.
type table struct {
	references atomic.Int64
	schema     *arrow.Schema
	types      []kind
	held       []*batch
	allocator  memory.Allocator
	current    arrow.RecordBatch
	err        error
}

func (t *table) Retain() { t.references.Add(1) }

func (t *table) Release() {
	if t.references.Add(-1) == 0 {
		t.drop()
		t.held = nil
	}
}

func (t *table) drop() {
	if t.current != nil {
		t.current.Release()
		t.current = nil
	}
}

func (t *table) Schema() *arrow.Schema          { return t.schema }
func (t *table) RecordBatch() arrow.RecordBatch { return t.current }
func (t *table) Record() arrow.RecordBatch      { return t.current }
func (t *table) Err() error                     { return t.err }

// Next makes the next batch. A panic of the allocator, when there is no memory, is an error.
func (t *table) Next() (ok bool) {
	defer func() {
		if cause := recover(); cause != nil {
			t.err, ok = fmt.Errorf("pings: %v", cause), false
		}
	}()
	t.drop()
	if len(t.held) == 0 {
		return false
	}
	b := t.held[0]
	t.held[0], t.held = nil, t.held[1:]
	builder := array.NewRecordBuilder(t.allocator, t.schema)
	defer builder.Release()
	b.cells(func(_, column int, k kind, cell []byte) {
		if len(cell) == 0 || !k.fits(t.types[column]) {
			builder.Field(column).AppendNull()
			return
		}
		appendCell(builder.Field(column), t.types[column], cell)
	})
	t.current = builder.NewRecordBatch()
	return true
}

// appendCell appends a value that an encoder wrote.
func appendCell(to array.Builder, column kind, cell []byte) {
	v := jsonwalk.Value(cell)
	switch to := to.(type) {
	case *array.BooleanBuilder:
		b, _ := v.Bool()
		to.Append(b)
	case *array.Int64Builder:
		n, _ := v.Int()
		to.Append(n)
	case *array.Float64Builder:
		appendFloat64(to, v)
	case *array.StringBuilder:
		text, _ := v.Text()
		if column == isJSON {
			text = bytes.ToValidUTF8(cell, []byte("\uFFFD"))
		}
		to.BinaryBuilder.Append(text)
	case *array.ListBuilder:
		to.Append(true)
		for element := range v.Elements {
			appendFloat64(to.ValueBuilder().(*array.Float64Builder), element)
		}
	case *array.StructBuilder:
		appendHistogram(to, v)
	default:
		panic(fmt.Sprintf("pings: no builder for %s", to.Type())) // a fault of arrowTypes
	}
}

// appendFloat64 appends a number; one that is not finite, which JSON can write as 1e999, is NULL.
func appendFloat64(to *array.Float64Builder, v jsonwalk.Value) {
	if f, ok := v.Float(); ok {
		to.Append(f)
	} else {
		to.AppendNull()
	}
}

func appendHistogram(to *array.StructBuilder, v jsonwalk.Value) {
	to.Append(true)
	for i, name := range []string{"bounds", "counts"} {
		list := to.FieldBuilder(i).(*array.ListBuilder)
		list.Append(true)
		for element := range v.Get(name).Elements {
			n, _ := element.Int()
			list.ValueBuilder().(*array.Int64Builder).Append(n)
		}
	}
	if n, ok := v.Get("sum").Int(); ok {
		to.FieldBuilder(2).(*array.Int64Builder).Append(n)
	} else {
		to.FieldBuilder(2).AppendNull()
	}
}
