// The Go driver: the conformance protocol over the function table of package udf, with nothing between.
package main

import (
	"errors"
	"fmt"
	"os"
	"slices"

	"github.com/headcount-hll/headcount/udf"
	"github.com/headcount-hll/headcount/udf/conformance/driver"
	"github.com/headcount-hll/headcount/udf/errs"
)

func main() {
	if err := driver.Serve(os.Stdin, os.Stdout, library{}); err != nil {
		fmt.Fprintln(os.Stderr, "conformance driver:", err)
		os.Exit(1)
	}
}

// library calls the functions of the table on columns of one row, an aggregate on the rows of one group.
type library struct{}

func (library) Create(precision int64, id []byte) ([]byte, error) {
	return bytesOf(call("hll_create", column(udf.Varchar, id), udf.Int64Of(precision)))
}

func (library) Build(precision int64, ids [][]byte) ([]byte, error) {
	precisions := udf.Int64Of(slices.Repeat([]int64{precision}, len(ids))...)
	return bytesOf(aggregate("hll_agg", len(ids), udf.BytesOf(udf.Varbinary, ids...), precisions))
}

func (library) Empty(precision int64) ([]byte, error) {
	return bytesOf(call("empty_hll", udf.Int64Of(precision)))
}

func (library) Union(a, b []byte) ([]byte, error) {
	return bytesOf(call("hll_union", column(udf.HLL, a), column(udf.HLL, b)))
}

func (library) Reduce(precision int64, s []byte) ([]byte, error) {
	return bytesOf(call("hll_reduce", column(udf.HLL, s), udf.Int64Of(precision)))
}

func (library) Merge(sketches [][]byte) ([]byte, error) {
	return bytesOf(aggregate("merge", len(sketches), udf.BytesOf(udf.HLL, sketches...)))
}

func (library) Check(s []byte) error {
	_, err := call("cast", column(udf.Varbinary, s))
	return err
}

func (library) Precision(s []byte) (int64, error) {
	return int64Of(call("hll_precision", column(udf.HLL, s)))
}

func (library) Cardinality(s []byte) (int64, error) {
	return int64Of(call("cardinality", column(udf.HLL, s)))
}

// CompatibleEstimate is no function of SQL; the C library has it for those who want it.
func (library) CompatibleEstimate(s []byte) (float64, error) {
	in, out := column(udf.HLL, s), make([]float64, 1)
	err := udf.CompatibleEstimate(out, &in)
	return out[0], refusal(err)
}

func (library) Estimate(s []byte) (float64, error) {
	return float64Of(call("hll_estimate", column(udf.HLL, s)))
}

func (library) Jaccard(a, b []byte) (float64, error) {
	return float64Of(call("hll_jaccard", column(udf.HLL, a), column(udf.HLL, b)))
}

func (library) Bounds(sigmas int64, s []byte) (lower, upper float64, err error) {
	row, err := call("hll_bounds", column(udf.HLL, s), udf.Int64Of(sigmas))
	if err != nil {
		return 0, 0, err
	}
	return row.Parts[0].Float64[0], row.Parts[1].Float64[0], nil
}

func (library) Intersection(a, b []byte) (estimate, lower, upper float64, err error) {
	row, err := call("hll_intersection", column(udf.HLL, a), column(udf.HLL, b))
	if err != nil {
		return 0, 0, 0, err
	}
	return row.Parts[0].Float64[0], row.Parts[1].Float64[0], row.Parts[2].Float64[0], nil
}

// column is a column of one row that is not NULL.
func column(t udf.Type, value []byte) udf.Column {
	if value == nil {
		value = []byte{}
	}
	return udf.BytesOf(t, value)
}

func find(name string, args []udf.Column) (*udf.Function, error) {
	types := make([]udf.Type, len(args))
	for i := range args {
		types[i] = args[i].Type
	}
	f, found := udf.Find(name, types...)
	if !found {
		return nil, fmt.Errorf("the function table has no %s of %v", name, types)
	}
	return f, nil
}

func call(name string, args ...udf.Column) (udf.Column, error) {
	f, err := find(name, args)
	if err != nil {
		return udf.Column{}, err
	}
	out, err := f.Eval(1, args...)
	return out, refusal(err)
}

func aggregate(name string, rows int, args ...udf.Column) (udf.Column, error) {
	f, err := find(name, args)
	if err != nil {
		return udf.Column{}, err
	}
	states := f.NewAccumulator()
	states.Grow(1)
	if err := states.Add(make([]uint32, rows), args); err != nil {
		return udf.Column{}, refusal(err)
	}
	return states.Result(), nil
}

// refusal returns err with the word of its code, nil for nil.
func refusal(err error) error {
	if err == nil {
		return nil
	}
	e := errs.Of(err)
	return &driver.Refusal{Code: e.Code.String(), Message: e.Message}
}

var errNull = errors.New("NULL where no argument is NULL")

// bytesOf is the value of the one row, nil for NULL.
func bytesOf(c udf.Column, err error) ([]byte, error) {
	if err != nil || c.IsNull(0) {
		return nil, err
	}
	return c.Bytes(0), nil
}

func int64Of(c udf.Column, err error) (int64, error) {
	if err == nil && c.IsNull(0) {
		err = errNull
	}
	if err != nil {
		return 0, err
	}
	return c.Int64[0], nil
}

func float64Of(c udf.Column, err error) (float64, error) {
	if err == nil && c.IsNull(0) {
		err = errNull
	}
	if err != nil {
		return 0, err
	}
	return c.Float64[0], nil
}
