// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"fmt"

	"github.com/apache/arrow/go/v15/arrow"
	"github.com/apache/arrow/go/v15/arrow/array"
	"github.com/apache/arrow/go/v15/arrow/memory"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/headcount-hll/headcount/sidecar/client"
	"github.com/headcount-hll/headcount/udf"
	"github.com/headcount-hll/headcount/udf/conformance/driver"
)

// library calls each function with a batch of one row, and each aggregate with one group.
type library struct{ *client.Client }

// Scalar asks for row errors, as an engine does.
func (l library) Scalar(f *udf.Function, args []udf.Column) (udf.Column, error) {
	name := f.Name
	if f.Role == udf.Cast {
		name = "hll_check"
	}
	answer, err := l.ask(name, map[string]string{"headcount.errors": "rows"}, arrays(args))
	if err != nil {
		return udf.Column{}, err
	}
	if code := answer.Column(1).(*array.String); code.IsValid(0) {
		return udf.Column{}, &driver.WireError{Code: code.Value(0), Message: answer.Column(2).(*array.String).Value(0)}
	}
	return column(f.Result, answer.Column(0)), nil
}

// Aggregate puts all rows into one group. Without rows there is no group, and the result is NULL.
func (l library) Aggregate(f *udf.Function, args []udf.Column, rows int) (udf.Column, error) {
	if rows == 0 {
		return null(f.Result), nil
	}
	groups := udf.Int64Of(make([]int64, rows)...)
	answer, err := l.ask(f.Name, nil, arrays(append([]udf.Column{groups}, args...)))
	if err != nil {
		return udf.Column{}, err
	}
	return column(f.Result, answer.Column(1)), nil
}

// null returns a column of one NULL.
func null(t udf.Type) udf.Column {
	if t.Kind == udf.KindArray {
		return udf.ArraysOf(nil)
	}
	return udf.BytesOf(t, nil)
}

// CompatibleEstimate is not an SQL function, so the sidecar does not serve it.
func (l library) CompatibleEstimate([]byte) (float64, error) {
	return 0, &driver.WireError{Code: "unknown", Message: "the sidecar has no compatible estimate"}
}

func (l library) ask(name string, metadata map[string]string, args []arrow.Array) (arrow.Record, error) {
	fields := make([]arrow.Field, len(args))
	for i, a := range args {
		fields[i] = arrow.Field{Name: fmt.Sprint("arg", i), Type: a.DataType(), Nullable: true}
	}
	all := arrow.MetadataFrom(metadata)
	schema := arrow.NewSchema(fields, &all)
	answers, trailer, err := l.Exchange(context.Background(), name, schema, array.NewRecord(schema, args, int64(args[0].Len())))
	if code := trailer.Get("headcount-code"); status.Code(err) == codes.InvalidArgument && len(code) == 1 {
		return nil, &driver.WireError{Code: code[0], Message: status.Convert(err).Message()}
	}
	if err != nil {
		return nil, err
	}
	if len(answers) != 1 || answers[0].NumRows() != 1 {
		return nil, fmt.Errorf("%d batches: expected 1 batch of 1 row", len(answers))
	}
	return answers[0], nil
}

// arrays returns columns of byte strings and integers as Arrow arrays.
func arrays(columns []udf.Column) []arrow.Array {
	all := make([]arrow.Array, len(columns))
	for i := range columns {
		all[i] = arrayOf(&columns[i])
	}
	return all
}

func arrayOf(c *udf.Column) arrow.Array {
	if c.Type.Kind == udf.KindBigint {
		b := array.NewInt64Builder(memory.DefaultAllocator)
		b.AppendValues(c.Int64, nil)
		return b.NewArray()
	}
	if c.Type.Kind == udf.KindDouble {
		b := array.NewFloat64Builder(memory.DefaultAllocator)
		b.AppendValues(c.Float64, nil)
		return b.NewArray()
	}
	if c.Type.Kind == udf.KindArray {
		b := array.NewListBuilder(memory.DefaultAllocator, arrow.PrimitiveTypes.Int64)
		for row := range c.Rows {
			if c.IsNull(row) {
				b.AppendNull()
				continue
			}
			b.Append(true)
			appendElements(b.ValueBuilder().(*array.Int64Builder), c, row)
		}
		return b.NewArray()
	}
	if c.Type.Kind == udf.KindVarchar {
		b := array.NewStringBuilder(memory.DefaultAllocator)
		for row := range c.Rows {
			b.Append(string(c.Bytes(row)))
		}
		return b.NewArray()
	}
	b := array.NewBinaryBuilder(memory.DefaultAllocator, arrow.BinaryTypes.Binary)
	for row := range c.Rows {
		if c.IsNull(row) {
			b.AppendNull()
		} else {
			b.Append(c.Bytes(row))
		}
	}
	return b.NewArray()
}

func appendElements(b *array.Int64Builder, c *udf.Column, row int) {
	from := int32(0)
	if row > 0 {
		from = c.Ends[row-1]
	}
	for ; from < c.Ends[row]; from++ {
		if c.Elems.IsNull(int(from)) {
			b.AppendNull()
		} else {
			b.Append(c.Elems.Int64[from])
		}
	}
}

// column returns an Arrow array of one row as a column.
func column(t udf.Type, a arrow.Array) udf.Column {
	switch a := a.(type) {
	case *array.Int64:
		return udf.Int64Of(a.Value(0))
	case *array.List:
		if a.IsNull(0) {
			return udf.ArraysOf(nil)
		}
		from, to := a.ValueOffsets(0)
		elements := make([]int64, 0, to-from)
		return udf.ArraysOf(append(elements, a.ListValues().(*array.Int64).Int64Values()[from:to]...))
	case *array.Float64:
		return udf.Column{Type: t, Rows: 1, Float64: []float64{a.Value(0)}, Null: []bool{a.IsNull(0)}}
	case *array.Struct:
		row := udf.Column{Type: t, Rows: 1}
		for i, f := range t.Fields {
			row.Parts = append(row.Parts, column(f.Type, a.Field(i)))
		}
		return row
	default:
		var value []byte // NULL
		if a.IsValid(0) {
			value = a.(*array.Binary).Value(0)
		}
		return udf.BytesOf(t, value)
	}
}
