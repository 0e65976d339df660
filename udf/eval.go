package udf

import "github.com/headcount-hll/headcount/udf/hll"

// evalCheck returns the evaluation of a cast: the same bytes as another type, once they are checked.
func evalCheck(result Type) evalFunc {
	return func(args []Column, _ int) (Column, *Error) {
		if refused := Check(&args[0]); refused != nil {
			return Column{}, refused
		}
		out := args[0]
		out.Type = result
		return out, nil
	}
}

func evalInt64(kernel func([]int64, *Column) *Error) evalFunc {
	return func(args []Column, rows int) (Column, *Error) {
		out := newColumn(Bigint, rows)
		out.Null = nullsOf(args)
		return out, kernel(out.Int64, &args[0])
	}
}

// defaultPrecision stands for a precision argument that was left out.
var defaultPrecision = Int64Of(hll.DefaultPrecision)

// optionalPrecision returns the precision among the arguments, which is the last if it is there.
func optionalPrecision(args []Column, before int) *Column {
	if len(args) > before {
		return &args[before]
	}
	return &defaultPrecision
}

// evalSketches returns the evaluation of a kernel that makes a sketch of each row.
func evalSketches(args []Column, rows int, kernel func(*Sketches) *Error) (Column, *Error) {
	out := Sketches{Ends: make([]int32, rows)}
	refused := kernel(&out)
	return out.column(nullsOf(args)), refused
}

func evalCreate(args []Column, rows int) (Column, *Error) {
	return evalSketches(args, rows, func(out *Sketches) *Error {
		return Create(out, &args[0], optionalPrecision(args, 1))
	})
}

// An updateFunc takes row row of an aggregate's arguments, none of them NULL, into a state. at is as in
// [hll.State.Merge].
type updateFunc func(s hll.State, args []Column, row, at int, flags hll.Flags) (hll.Step, error)

func updateMerge(s hll.State, args []Column, row, at int, flags hll.Flags) (hll.Step, error) {
	return s.Merge(args[0].Bytes(row), at, flags)
}

func updateAdd(s hll.State, args []Column, row, _ int, flags hll.Flags) (hll.Step, error) {
	p, err := hll.NewPrecision(optionalPrecision(args, 1).value(row))
	if err != nil {
		return hll.Step{}, err
	}
	var entries [1]hll.Entry
	entriesOf(entries[:], p, &args[0], row)
	_, step, err := s.AddEntries(p, entries[:], flags)
	return step, err
}

// value returns row i of a bigint column; a column of one row stands for all.
func (c *Column) value(i int) int64 { return c.Int64[min(i, c.Rows-1)] }

func evalFloat64(kernel func([]float64, *Column) *Error) evalFunc {
	return func(args []Column, rows int) (Column, *Error) {
		out := newColumn(Double, rows)
		out.Null = nullsOf(args)
		return out, kernel(out.Float64, &args[0])
	}
}

func evalJaccard(args []Column, rows int) (Column, *Error) {
	out := newColumn(Double, rows)
	out.Null = nullsOf(args)
	return out, Jaccard(out.Float64, &args[0], &args[1])
}

// evalRow returns the evaluation of a kernel that writes all the doubles of a row type side by side.
func evalRow(t Type, kernel func(out []float64, args []Column) *Error) evalFunc {
	return func(args []Column, rows int) (Column, *Error) {
		width := len(t.Fields)
		side := make([]float64, rows*width)
		refused := kernel(side, args)
		out := newColumn(t, rows)
		out.Null = nullsOf(args)
		for i, v := range side {
			out.Parts[i%width].Float64[i/width] = v
		}
		return out, refused
	}
}

func evalUnion(args []Column, rows int) (Column, *Error) {
	return evalSketches(args, rows, func(out *Sketches) *Error { return Union(out, &args[0], &args[1]) })
}

// evalUnionArray unites the elements of each row's array: NULL elements are skipped, and an array
// without others gives NULL.
func evalUnionArray(args []Column, rows int) (Column, *Error) {
	in := &args[0]
	groups := Accumulator{update: updateMerge, result: HLL}
	groups.Grow(rows)
	from := int32(0)
	for i, end := range in.Ends {
		for ; from < end; from++ {
			if in.IsNull(i) {
				continue
			}
			if err := groups.addRow(&groups.states[i], []Column{*in.Elems}, int(from)); err != nil {
				return Column{}, at(i, err)
			}
		}
	}
	return groups.Result(), nil
}

func evalReduce(args []Column, rows int) (Column, *Error) {
	return evalSketches(args, rows, func(out *Sketches) *Error { return Reduce(out, &args[0], &args[1]) })
}

func evalEmpty(args []Column, rows int) (Column, *Error) {
	return evalSketches(args, rows, func(out *Sketches) *Error { return Empty(out, optionalPrecision(args, 0), rows) })
}
