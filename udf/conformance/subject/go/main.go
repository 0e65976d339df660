// The Go subject: the conformance protocol over package udf, with nothing between.
package main

import (
	"errors"
	"fmt"
	"os"

	"github.com/headcount-hll/headcount/udf"
	"github.com/headcount-hll/headcount/udf/conformance/subject"
	"github.com/headcount-hll/headcount/udf/hll"
)

func main() {
	if err := subject.Serve(os.Stdin, os.Stdout, library{}); err != nil {
		fmt.Fprintln(os.Stderr, "conformance subject:", err)
		os.Exit(1)
	}
}

// library calls the kernels on columns of one row.
type library struct{}

func (library) Create(precision int64, id []byte) ([]byte, error) {
	ids, p := column(udf.Varchar, id), udf.Int64Of(precision)
	return sketch(func(out *udf.Sketches) *udf.Error { return udf.Create(out, &ids, &p) })
}

func (library) Build(precision int64, ids [][]byte) ([]byte, error) {
	p, err := hll.NewPrecision(precision)
	if err != nil {
		return nil, refusal(err)
	}
	builder := hll.NewBuilder(p)
	for _, id := range ids {
		builder.Add(id)
	}
	return builder.Append(nil), nil
}

func (library) Empty(precision int64) ([]byte, error) {
	p := udf.Int64Of(precision)
	return sketch(func(out *udf.Sketches) *udf.Error { return udf.Empty(out, &p) })
}

func (library) Union(a, b []byte) ([]byte, error) {
	left, right := column(udf.HLL, a), column(udf.HLL, b)
	return sketch(func(out *udf.Sketches) *udf.Error { return udf.Union(out, &left, &right) })
}

func (library) Reduce(precision int64, s []byte) ([]byte, error) {
	in, p := column(udf.HLL, s), udf.Int64Of(precision)
	return sketch(func(out *udf.Sketches) *udf.Error { return udf.Reduce(out, &in, &p) })
}

// Merge runs the aggregate of the function table over one group.
func (library) Merge(sketches [][]byte) ([]byte, error) {
	merge, found := udf.Find("merge", udf.HLL)
	if !found {
		return nil, errors.New("the function table has no merge(HLL)")
	}
	states := merge.NewAccumulator()
	states.Grow(1)
	rows := udf.BytesOf(udf.HLL, sketches...)
	if refused := states.Add(make([]uint32, len(sketches)), []udf.Column{rows}); refused != nil {
		return nil, refusal(refused)
	}
	result := states.Result()
	if result.IsNull(0) {
		return nil, nil
	}
	return result.Bytes(0), nil
}

func (library) Check(s []byte) error {
	in := column(udf.HLL, s)
	if refused := udf.Check(&in); refused != nil {
		return refusal(refused)
	}
	return nil
}

func (library) Precision(s []byte) (int64, error)   { return integer(udf.Precision, s) }
func (library) Cardinality(s []byte) (int64, error) { return integer(udf.Cardinality, s) }

func (library) CompatibleEstimate(s []byte) (float64, error) {
	xs, err := doubles(udf.CompatibleEstimate, 1, s)
	return xs[0], err
}

func (library) Estimate([]byte) (float64, error) { return 0, errors.ErrUnsupported }

func (library) Bounds(int64, []byte) (lower, upper float64, err error) {
	return 0, 0, errors.ErrUnsupported
}

func (library) Intersection(_, _ []byte) (estimate, lower, upper float64, err error) {
	return 0, 0, 0, errors.ErrUnsupported
}

func (library) Jaccard(_, _ []byte) (float64, error) { return 0, errors.ErrUnsupported }

// column is a column of one row that is not NULL.
func column(t udf.Type, value []byte) udf.Column {
	if value == nil {
		value = []byte{}
	}
	return udf.BytesOf(t, value)
}

func sketch(kernel func(*udf.Sketches) *udf.Error) ([]byte, error) {
	out := udf.Sketches{Ends: make([]int32, 1)}
	if refused := kernel(&out); refused != nil {
		return nil, refusal(refused)
	}
	return out.Data[:out.Ends[0]], nil
}

func integer(kernel func([]int64, *udf.Column) *udf.Error, s []byte) (int64, error) {
	var out [1]int64
	in := column(udf.HLL, s)
	if refused := kernel(out[:], &in); refused != nil {
		return 0, refusal(refused)
	}
	return out[0], nil
}

func doubles(kernel func([]float64, *udf.Column) *udf.Error, n int, s []byte) ([]float64, error) {
	out := make([]float64, n)
	in := column(udf.HLL, s)
	if refused := kernel(out, &in); refused != nil {
		return out, refusal(refused)
	}
	return out, nil
}

// refusal gives an error its word in the protocol.
func refusal(err error) error {
	var row *udf.Error
	var sketch *hll.Error
	switch {
	case errors.As(err, &row):
		return &subject.Refusal{Code: row.Code.String(), Message: row.Message}
	case errors.As(err, &sketch):
		return &subject.Refusal{Code: sketch.Code.String(), Message: sketch.Error()}
	}
	return err
}
