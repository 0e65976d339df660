// SPDX-License-Identifier: Apache-2.0

package udf

import (
	"math"

	"github.com/headcount-hll/headcount/udf/errs"
	"github.com/headcount-hll/headcount/udf/hll"
)

// Sketches is the output of kernels that make sketches: they are appended to Data, and Ends[i] is the end of row i. A NULL
// row has no bytes. Data may start as memory that the caller lends, with length 0; if its capacity is too small, Data
// ends as other memory.
type Sketches struct {
	Data []byte
	Ends []int32 // one for each row
}

// end sets the end of row i.
func (o *Sketches) end(i int) error {
	if len(o.Data) > math.MaxInt32 {
		return errs.New(errs.TooLarge, "the sketches of one batch are larger than 2^31 - 1 bytes: use smaller batches")
	}
	o.Ends[i] = int32(len(o.Data))
	return nil
}

// column returns the sketches as a column of HLL.
func (o *Sketches) column(null []bool) Column {
	c := newColumn(HLL, len(o.Ends))
	c.Null, c.Data = null, o.Data
	from := int32(0)
	for i, end := range o.Ends {
		c.Starts[i], c.Lengths[i] = from, end-from
		from = end
	}
	return c
}

// eachPrecision calls f for each row whose precision is not NULL, and sets the end of every row. A precision column of
// one row is for all rows.
func (o *Sketches) eachPrecision(rows int, precision *Column, f func(i int, p hll.Precision) error) error {
	for i := range rows {
		if row := min(i, precision.Rows-1); !precision.IsNull(row) {
			p, err := hll.NewPrecision(precision.Int64[row])
			if err == nil {
				err = f(i, p)
			}
			if err != nil {
				return errs.AtRow(i, err)
			}
		}
		if err := o.end(i); err != nil {
			return errs.AtRow(i, err)
		}
	}
	return nil
}

// Create makes the sketch of each id.
func Create(out *Sketches, ids, precision *Column) error {
	return out.eachPrecision(ids.Rows, precision, func(i int, p hll.Precision) error {
		if !ids.IsNull(i) {
			out.Data = hll.AppendCreate(out.Data, p, ids.Bytes(i))
		}
		return nil
	})
}

// CreateInt64 makes the sketch of each whole number, hashed by its decimal text.
func CreateInt64(out *Sketches, ids, precision *Column) error {
	return out.eachPrecision(ids.Rows, precision, func(i int, p hll.Precision) error {
		if !ids.IsNull(i) {
			out.Data = hll.AppendCreateInt64(out.Data, p, ids.Int64[i])
		}
		return nil
	})
}

// Empty makes the empty sketch of each row's precision.
func Empty(out *Sketches, precision *Column, rows int) error {
	return out.eachPrecision(rows, precision, func(_ int, p hll.Precision) error {
		out.Data = hll.AppendEmpty(out.Data, p)
		return nil
	})
}

// Reduce reduces each sketch to a precision.
func Reduce(out *Sketches, in, precision *Column) error {
	return out.eachPrecision(in.Rows, precision, func(i int, p hll.Precision) error {
		if in.IsNull(i) {
			return nil
		}
		s, err := hll.Decode(in.Bytes(i))
		if err != nil {
			return err
		}
		out.Data, err = hll.AppendReduced(out.Data, s, p)
		return err
	})
}

// Union unites row i of a with row i of b.
func Union(out *Sketches, a, b *Column) error {
	done := 0
	err := eachPair(a, b, func(i int, s, t hll.Sketch) (err error) {
		out.endSkipped(&done, i)
		if out.Data, err = hll.AppendUnion(out.Data, s, t); err != nil {
			return err
		}
		done = i + 1
		return out.end(i)
	})
	out.endSkipped(&done, a.Rows)
	return err
}

// endSkipped sets the ends of rows *done..i-1, which have no bytes.
func (o *Sketches) endSkipped(done *int, i int) {
	for ; *done < i; *done++ {
		o.Ends[*done] = int32(len(o.Data))
	}
}
