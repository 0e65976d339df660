// SPDX-License-Identifier: Apache-2.0

package udf

import (
	"math"

	"github.com/headcount-hll/headcount/udf/errs"
	"github.com/headcount-hll/headcount/udf/hist"
)

// A column of arrays of bigint is of the type [BigintArray], or of [Varbinary] with encoded arrays.

// int64s returns the elements of row i of a column of arrays.
func (c *Column) int64s(i int) ([]int64, error) {
	if c.Type.IsBytes() {
		elements, err := hist.AppendElements(nil, c.Bytes(i))
		return elements, invalid(err)
	}
	return c.Array(i), nil
}

// eachDistribution sets out[i] to the value of f of row i of two columns of arrays, and to NaN where f has none.
func eachDistribution(out []float64, buckets, counts *Column, f func(i int, buckets, counts []int64) (float64, bool, error)) error {
	for i := range buckets.Rows {
		if buckets.IsNull(i) || counts.IsNull(i) {
			continue
		}
		b, err := buckets.int64s(i)
		if err != nil {
			return errs.AtRow(i, err)
		}
		c, err := counts.int64s(i)
		if err != nil {
			return errs.AtRow(i, err)
		}
		value, ok, err := f(i, b, c)
		if err != nil {
			return errs.AtRow(i, invalid(err))
		}
		if out[i] = value; !ok {
			out[i] = math.NaN()
		}
	}
	return nil
}

// HistogramMean sets out[i] to the mean of row i, NaN where there are no counts.
func HistogramMean(out []float64, buckets, counts *Column) error {
	return eachDistribution(out, buckets, counts, func(_ int, b, c []int64) (float64, bool, error) { return hist.Mean(b, c) })
}

// HistogramPercentile sets out[i] to a percentile of row i, NaN where there are no counts.
func HistogramPercentile(out []float64, buckets, counts, percents *Column) error {
	return eachDistribution(out, buckets, counts, func(i int, b, c []int64) (float64, bool, error) {
		if percents.IsNull(i) {
			return 0, true, nil
		}
		return hist.Percentile(b, c, percents.Float64[i])
	})
}

// HistogramBuckets makes the encoded array of the lower bounds of each layout. Row i of kinds is the name of a kind, and
// sizes[3i..3i+2] are low, high and n.
func HistogramBuckets(out *Sketches, kinds *Column, sizes []int64) error {
	for i := range kinds.Rows {
		if !kinds.IsNull(i) {
			bounds, err := layoutBounds(string(kinds.Bytes(i)), sizes[3*i:][:3])
			if err != nil {
				return errs.AtRow(i, invalid(err))
			}
			out.Data = hist.AppendArray(out.Data, bounds...)
		}
		if err := out.end(i); err != nil {
			return errs.AtRow(i, err)
		}
	}
	return nil
}

func layoutBounds(name string, sizes []int64) ([]int64, error) {
	kind, err := hist.ParseKind(name)
	if err != nil {
		return nil, err
	}
	layout, err := hist.NewLayout(kind, sizes[0], sizes[1], sizes[2])
	return layout.Bounds(), err
}

func arraysToFloat64() call {
	return scalar(ArraysToFloat64, func(args []Column, rows int) (Column, error) {
		return evalNullable(args, rows, func(out []float64) error { return HistogramMean(out, &args[0], &args[1]) })
	})
}

func arraysFloat64ToFloat64() call {
	return scalar(ArraysFloat64ToFloat64, func(args []Column, rows int) (Column, error) {
		return evalNullable(args, rows, func(out []float64) error { return HistogramPercentile(out, &args[0], &args[1], &args[2]) })
	})
}

// evalNullable evaluates a kernel that writes NaN for NULL.
func evalNullable(args []Column, rows int, kernel func(out []float64) error) (Column, error) {
	out, err := evalFloat64s(Double, args, rows, kernel)
	for i, v := range out.Float64 {
		if math.IsNaN(v) {
			out.setNull(i)
		}
	}
	return out, err
}

func textInt64sToArray() call {
	return scalar(TextInt64sToArray, func(args []Column, rows int) (Column, error) {
		null := nullsOf(args)
		kinds := args[0]
		kinds.Null = null
		sizes := make([]int64, 0, 3*rows)
		for i := range rows {
			sizes = append(sizes, args[1].value(i), args[2].value(i), args[3].value(i))
		}
		encoded := Sketches{Ends: make([]int32, rows)}
		if err := HistogramBuckets(&encoded, &kinds, sizes); err != nil {
			return Column{}, err
		}
		return encoded.arrays(null), nil
	})
}

// arrays returns encoded arrays as a column of arrays.
func (o *Sketches) arrays(null []bool) Column {
	c := newColumn(BigintArray, len(o.Ends))
	c.Null = null
	from := int32(0)
	for i, end := range o.Ends {
		c.appendElements(i, o.Data[from:end])
		from = end
	}
	return c
}
