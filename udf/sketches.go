package udf

import (
	"math"

	"github.com/headcount-hll/headcount/udf/hll"
)

// Sketches is where kernels that make sketches write them: one after the other to Data, the end of row i
// in Ends[i]. A NULL row is empty. Data may begin as memory that the caller lends; a caller that must have
// the result there looks whether it was outgrown.
type Sketches struct {
	Data []byte
	Ends []int32 // one for each row
}

// end closes row i.
func (o *Sketches) end(i int) error {
	if len(o.Data) > math.MaxInt32 {
		return &hll.Error{Code: hll.TooLarge, Message: "the sketches of one batch are larger than 2^31 - 1 bytes: use smaller batches"}
	}
	o.Ends[i] = int32(len(o.Data))
	return nil
}

// column returns the sketches as a column of HLL whose NULL rows are null.
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

// eachPrecision calls f for every row whose precision is not NULL and closes it in out. A precision
// column of one row stands for all.
func (o *Sketches) eachPrecision(rows int, precision *Column, f func(i int, p hll.Precision) error) *Error {
	for i := range rows {
		if row := min(i, precision.Rows-1); !precision.IsNull(row) {
			p, err := hll.NewPrecision(precision.Int64[row])
			if err == nil {
				err = f(i, p)
			}
			if err != nil {
				return at(i, err)
			}
		}
		if err := o.end(i); err != nil {
			return at(i, err)
		}
	}
	return nil
}

// Create makes the sketch of each id.
func Create(out *Sketches, ids, precision *Column) *Error {
	return out.eachPrecision(ids.Rows, precision, func(i int, p hll.Precision) error {
		if !ids.IsNull(i) {
			out.Data = hll.AppendCreate(out.Data, p, ids.Bytes(i))
		}
		return nil
	})
}

// Empty makes the empty sketch of each row's precision.
func Empty(out *Sketches, precision *Column, rows int) *Error {
	return out.eachPrecision(rows, precision, func(_ int, p hll.Precision) error {
		out.Data = hll.AppendEmpty(out.Data, p)
		return nil
	})
}

// Reduce brings each sketch down to a precision.
func Reduce(out *Sketches, in, precision *Column) *Error {
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

// Union unites each row of a with the same row of b.
func Union(out *Sketches, a, b *Column) *Error {
	done := 0
	refused := eachPair(a, b, func(i int, s, t hll.Sketch) (err error) {
		out.closeBefore(&done, i)
		if out.Data, err = hll.AppendUnion(out.Data, s, t); err != nil {
			return err
		}
		done = i + 1
		return out.end(i)
	})
	out.closeBefore(&done, a.Rows)
	return refused
}

// closeBefore gives the rows from *done to i, which were passed over, no bytes.
func (o *Sketches) closeBefore(done *int, i int) {
	for ; *done < i; *done++ {
		o.Ends[*done] = int32(len(o.Data))
	}
}
