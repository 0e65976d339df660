package udf

import (
	"github.com/headcount-hll/headcount/udf/hll"
)

// eachSketch calls f with every row that is not NULL, decoded. Columns of type HLL go through the same
// door as foreign bytes: the check costs less than a missing one.
func eachSketch(in *Column, f func(i int, s hll.Sketch)) *Error {
	for i := range in.Rows {
		if in.IsNull(i) {
			continue
		}
		s, err := hll.Decode(in.Bytes(i))
		if err != nil {
			return at(i, err)
		}
		f(i, s)
	}
	return nil
}

// eachPair calls f with every pair of rows of which neither is NULL, decoded and of one precision.
func eachPair(a, b *Column, f func(i int, s, t hll.Sketch) error) *Error {
	for i := range a.Rows {
		if a.IsNull(i) || b.IsNull(i) {
			continue
		}
		s, err := hll.Decode(a.Bytes(i))
		if err != nil {
			return at(i, err)
		}
		t, err := hll.Decode(b.Bytes(i))
		if err != nil {
			return at(i, err)
		}
		if err := f(i, s, t); err != nil {
			return at(i, err)
		}
	}
	return nil
}

// Check refuses the first row that is not a sketch.
func Check(in *Column) *Error { return eachSketch(in, func(int, hll.Sketch) {}) }

// Precision sets out[i] to the precision of row i.
func Precision(out []int64, in *Column) *Error {
	return eachSketch(in, func(i int, s hll.Sketch) { out[i] = int64(s.Precision().Int()) })
}

// Cardinality sets out[i] to spark-hyperloglog's cardinality of row i.
func Cardinality(out []int64, in *Column) *Error {
	return eachSketch(in, func(i int, s hll.Sketch) { out[i] = s.Cardinality() })
}

// CompatibleEstimate sets out[i] to Algebird's estimate of row i.
func CompatibleEstimate(out []float64, in *Column) *Error {
	return eachSketch(in, func(i int, s hll.Sketch) { out[i] = s.CompatibleEstimate() })
}
