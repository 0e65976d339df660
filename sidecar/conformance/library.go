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
	"github.com/headcount-hll/headcount/udf/conformance/driver"
)

// library calls each function with a batch of one row, and each aggregate with one group.
type library struct{ *client.Client }

func (l library) Create(precision int64, id []byte) ([]byte, error) {
	return bytesOf(l.scalar("hll_create", text(id), integers(precision)))
}

func (l library) Build(precision int64, ids [][]byte) ([]byte, error) {
	precisions := make([]int64, len(ids))
	for i := range precisions {
		precisions[i] = precision
	}
	return bytesOf(l.aggregate("hll_agg", binaries(ids...), integers(precisions...)))
}

func (l library) Empty(precision int64) ([]byte, error) {
	return bytesOf(l.scalar("empty_hll", integers(precision)))
}

func (l library) Union(a, b []byte) ([]byte, error) {
	return bytesOf(l.scalar("hll_union", one(a), one(b)))
}

func (l library) Reduce(precision int64, s []byte) ([]byte, error) {
	return bytesOf(l.scalar("hll_reduce", one(s), integers(precision)))
}

func (l library) Merge(sketches [][]byte) ([]byte, error) {
	return bytesOf(l.aggregate("merge", binaries(sketches...)))
}

func (l library) Check(s []byte) error {
	_, err := l.scalar("hll_check", one(s))
	return err
}

func (l library) Precision(s []byte) (int64, error) {
	return integerOf(l.scalar("hll_precision", one(s)))
}

func (l library) Cardinality(s []byte) (int64, error) {
	return integerOf(l.scalar("cardinality", one(s)))
}

// CompatibleEstimate is not an SQL function, so the sidecar does not serve it.
func (l library) CompatibleEstimate([]byte) (float64, error) {
	return 0, &driver.Refusal{Code: "unknown", Message: "the sidecar has no compatible estimate"}
}

func (l library) Estimate(s []byte) (float64, error) {
	return doubleOf(l.scalar("hll_estimate", one(s)))
}

func (l library) Jaccard(a, b []byte) (float64, error) {
	return doubleOf(l.scalar("hll_jaccard", one(a), one(b)))
}

func (l library) Bounds(sigmas int64, s []byte) (lower, upper float64, err error) {
	row, err := l.scalar("hll_bounds", one(s), integers(sigmas))
	if err != nil {
		return 0, 0, err
	}
	return part(row, 0), part(row, 1), nil
}

func (l library) Intersection(a, b []byte) (estimate, lower, upper float64, err error) {
	row, err := l.scalar("hll_intersection", one(a), one(b))
	if err != nil {
		return 0, 0, 0, err
	}
	return part(row, 0), part(row, 1), part(row, 2), nil
}

// scalar asks for row errors, as an engine does.
func (l library) scalar(name string, args ...arrow.Array) (arrow.Array, error) {
	answer, err := l.ask(name, map[string]string{"headcount.errors": "rows"}, args)
	if err != nil {
		return nil, err
	}
	if code := answer.Column(1).(*array.String); code.IsValid(0) {
		return nil, &driver.Refusal{Code: code.Value(0), Message: answer.Column(2).(*array.String).Value(0)}
	}
	return answer.Column(0), nil
}

// aggregate puts all rows into one group. Without rows there is no group, and the result is NULL.
func (l library) aggregate(name string, args ...arrow.Array) (arrow.Array, error) {
	rows := args[0].Len()
	if rows == 0 {
		return one(nil), nil
	}
	answer, err := l.ask(name, nil, append([]arrow.Array{integers(make([]int64, rows)...)}, args...))
	if err != nil {
		return nil, err
	}
	return answer.Column(1), nil
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
		return nil, &driver.Refusal{Code: code[0], Message: status.Convert(err).Message()}
	}
	if err != nil {
		return nil, err
	}
	if len(answers) != 1 || answers[0].NumRows() != 1 {
		return nil, fmt.Errorf("%d batches: expected 1 batch of 1 row", len(answers))
	}
	return answers[0], nil
}

func text(value []byte) arrow.Array {
	b := array.NewStringBuilder(memory.DefaultAllocator)
	b.Append(string(value))
	return b.NewArray()
}

func one(value []byte) arrow.Array { return binaries(value) }

func binaries(values ...[]byte) arrow.Array {
	b := array.NewBinaryBuilder(memory.DefaultAllocator, arrow.BinaryTypes.Binary)
	for _, v := range values {
		if v == nil {
			b.AppendNull()
		} else {
			b.Append(v)
		}
	}
	return b.NewArray()
}

func integers(values ...int64) arrow.Array {
	b := array.NewInt64Builder(memory.DefaultAllocator)
	b.AppendValues(values, nil)
	return b.NewArray()
}

// bytesOf returns the value of the row, nil for NULL.
func bytesOf(a arrow.Array, err error) ([]byte, error) {
	if err != nil || a.IsNull(0) {
		return nil, err
	}
	return a.(*array.Binary).Value(0), nil
}

func integerOf(a arrow.Array, err error) (int64, error) {
	if err != nil {
		return 0, err
	}
	return a.(*array.Int64).Value(0), nil
}

func doubleOf(a arrow.Array, err error) (float64, error) {
	if err != nil {
		return 0, err
	}
	return a.(*array.Float64).Value(0), nil
}

func part(row arrow.Array, i int) float64 {
	return row.(*array.Struct).Field(i).(*array.Float64).Value(0)
}
