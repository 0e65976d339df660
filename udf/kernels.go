// SPDX-License-Identifier: Apache-2.0

package udf

import (
	"github.com/headcount-hll/headcount/udf/errs"
	"github.com/headcount-hll/headcount/udf/hll"
)

// eachSketch decodes each row that is not NULL and calls f. It checks columns of type HLL too: the check is cheap, and an
// engine may have written the bytes itself.
func eachSketch(in *Column, f func(i int, s hll.Sketch)) error {
	for i := range in.Rows {
		if in.IsNull(i) {
			continue
		}
		s, err := hll.Decode(in.Bytes(i))
		if err != nil {
			return errs.AtRow(i, err)
		}
		f(i, s)
	}
	return nil
}

// eachPair decodes each row in which neither sketch is NULL, and calls f.
func eachPair(a, b *Column, f func(i int, s, t hll.Sketch) error) error {
	for i := range a.Rows {
		if a.IsNull(i) || b.IsNull(i) {
			continue
		}
		s, err := hll.Decode(a.Bytes(i))
		if err != nil {
			return errs.AtRow(i, err)
		}
		t, err := hll.Decode(b.Bytes(i))
		if err != nil {
			return errs.AtRow(i, err)
		}
		if err := f(i, s, t); err != nil {
			return errs.AtRow(i, err)
		}
	}
	return nil
}

// Check returns an error for the first row that is not a sketch.
func Check(in *Column) error { return eachSketch(in, func(int, hll.Sketch) {}) }

// Precision sets out[i] to the precision of row i.
func Precision(out []int64, in *Column) error {
	return eachSketch(in, func(i int, s hll.Sketch) { out[i] = int64(s.Precision().Int()) })
}

// Cardinality sets out[i] to spark-hyperloglog's cardinality of row i.
func Cardinality(out []int64, in *Column) error {
	return eachSketch(in, func(i int, s hll.Sketch) { out[i] = s.Cardinality() })
}

// CompatibleEstimate sets out[i] to Algebird's estimate of row i.
func CompatibleEstimate(out []float64, in *Column) error {
	return eachSketch(in, func(i int, s hll.Sketch) { out[i] = s.CompatibleEstimate() })
}

// Estimate sets out[i] to the improved estimate of row i.
func Estimate(out []float64, in *Column) error {
	return eachSketch(in, func(i int, s hll.Sketch) { out[i] = s.Estimate() })
}

// Bounds sets out[2i] and out[2i+1] to the lower and upper bound of row i at a number of sigmas. The column sigmas has a
// row for each sketch, or one for all.
func Bounds(out []float64, in, sigmas *Column) error {
	for i := range in.Rows {
		row := min(i, sigmas.Rows-1)
		if in.IsNull(i) || sigmas.IsNull(row) {
			continue
		}
		s, err := hll.Decode(in.Bytes(i))
		if err == nil {
			out[2*i], out[2*i+1], err = s.Bounds(sigmas.Int64[row])
		}
		if err != nil {
			return errs.AtRow(i, err)
		}
	}
	return nil
}

// Intersection sets out[3i], out[3i+1] and out[3i+2] to the estimate, lower and upper bound of the number of ids that are
// in row i of a and in row i of b.
func Intersection(out []float64, a, b *Column) error {
	return eachPair(a, b, func(i int, s, t hll.Sketch) error {
		shared, err := hll.Intersection(s, t)
		out[3*i], out[3*i+1], out[3*i+2] = shared.Estimate, shared.Lower, shared.Upper
		return err
	})
}

// Jaccard sets out[i] to the Jaccard index of row i of a and row i of b.
func Jaccard(out []float64, a, b *Column) error {
	return eachPair(a, b, func(i int, s, t hll.Sketch) (err error) {
		out[i], err = hll.Jaccard(s, t)
		return err
	})
}
