// SPDX-License-Identifier: Apache-2.0

package udf

import (
	"github.com/headcount-hll/headcount/udf/hll"
	"github.com/headcount-hll/headcount/udf/state"
)

// A Shape says which columns a scalar's kernel reads and writes. A generator of callers needs nothing else except
// names. Callers pass the default of an optional last bigint that the SQL call leaves out.
type Shape uint8

// The zero Shape is that of an aggregate.
const (
	BytesChecked           Shape = iota + 1 // sketch -> the same bytes, or an error
	SketchToInt64                           // sketch -> int64
	SketchToFloat64                         // sketch -> float64
	SketchInt64ToFloat64s                   // sketch, int64 -> float64[n]
	SketchesToFloat64s                      // sketch, sketch -> float64[n]
	BytesInt64ToSketch                      // bytes, int64 -> sketch
	Int64ToSketch                           // int64 -> sketch
	SketchesToSketch                        // sketch, sketch -> sketch
	Int64Int64ToSketch                      // int64, int64 -> sketch
	SketchArrayToSketch                     // array(sketch) -> sketch, by way of a state
	ArraysToFloat64                         // array, array -> float64 or NULL
	ArraysFloat64ToFloat64                  // array, array, float64 -> float64 or NULL
	TextInt64sToArray                       // text, int64, int64, int64 -> array
)

var shapeNames = [...]string{"none", "BytesChecked", "SketchToInt64", "SketchToFloat64", "SketchInt64ToFloat64s",
	"SketchesToFloat64s", "BytesInt64ToSketch", "Int64ToSketch", "SketchesToSketch", "Int64Int64ToSketch", "SketchArrayToSketch",
	"ArraysToFloat64", "ArraysFloat64ToFloat64", "TextInt64sToArray"}

// String returns the constant's name, "none" for the zero Shape.
func (s Shape) String() string {
	if int(s) < len(shapeNames) {
		return shapeNames[s]
	}
	return "unknown"
}

// A call is how a function of the table is evaluated: a scalar or a cast by eval, which has a shape, an aggregate by
// update. The functions below make one from a kernel, so that a shape and its evaluation cannot disagree.
type call struct {
	shape  Shape
	eval   evalFunc
	update updateFunc
	// results returns the result of each state of an aggregate.
	results func(states [][]byte, t Type) Column
}

// An evalFunc evaluates a scalar for rows rows: the arguments have that many each, and there may be none.
type evalFunc func(args []Column, rows int) (Column, error)

// An updateFunc takes row row of an aggregate's arguments, none of them NULL, into a state. at is as in
// [hll.State.Merge].
type updateFunc func(s []byte, args []Column, row, at int, flags state.Flags) (state.Step, error)

func scalar(shape Shape, eval evalFunc) call { return call{shape: shape, eval: eval} }

// checkedBytes is a cast: the same bytes as another type, once they are checked.
func checkedBytes(result Type) call {
	return scalar(BytesChecked, func(args []Column, _ int) (Column, error) {
		if err := Check(&args[0]); err != nil {
			return Column{}, err
		}
		out := args[0]
		out.Type = result
		return out, nil
	})
}

func sketchToInt64(kernel func(out []int64, in *Column) error) call {
	return scalar(SketchToInt64, func(args []Column, rows int) (Column, error) {
		out := newColumn(Bigint, rows)
		out.Null = nullsOf(args)
		return out, kernel(out.Int64, &args[0])
	})
}

func sketchToFloat64(kernel func(out []float64, in *Column) error) call {
	return scalar(SketchToFloat64, func(args []Column, rows int) (Column, error) {
		return evalFloat64s(Double, args, rows, func(out []float64) error { return kernel(out, &args[0]) })
	})
}

func sketchInt64ToFloat64s(result Type, kernel func(out []float64, in, number *Column) error) call {
	return scalar(SketchInt64ToFloat64s, func(args []Column, rows int) (Column, error) {
		return evalFloat64s(result, args, rows, func(out []float64) error { return kernel(out, &args[0], &args[1]) })
	})
}

func sketchesToFloat64s(result Type, kernel func(out []float64, a, b *Column) error) call {
	return scalar(SketchesToFloat64s, func(args []Column, rows int) (Column, error) {
		return evalFloat64s(result, args, rows, func(out []float64) error { return kernel(out, &args[0], &args[1]) })
	})
}

// evalFloat64s evaluates a kernel that writes a row's doubles one after the other: one for a double, one for each
// field of a row type.
func evalFloat64s(result Type, args []Column, rows int, kernel func(out []float64) error) (Column, error) {
	out := newColumn(result, rows)
	out.Null = nullsOf(args)
	if result.Kind == KindDouble {
		return out, kernel(out.Float64)
	}
	width := len(result.Fields)
	values := make([]float64, rows*width)
	err := kernel(values)
	for i, v := range values {
		out.Parts[i%width].Float64[i/width] = v
	}
	return out, err
}

func bytesInt64ToSketch(kernel func(out *Sketches, in, precision *Column) error) call {
	return scalar(BytesInt64ToSketch, func(args []Column, rows int) (Column, error) {
		return evalSketches(args, rows, func(out *Sketches) error { return kernel(out, &args[0], optionalPrecision(args, 1)) })
	})
}

func int64Int64ToSketch(kernel func(out *Sketches, in, precision *Column) error) call {
	c := bytesInt64ToSketch(kernel)
	c.shape = Int64Int64ToSketch
	return c
}

func int64ToSketch(kernel func(out *Sketches, precision *Column, rows int) error) call {
	return scalar(Int64ToSketch, func(args []Column, rows int) (Column, error) {
		return evalSketches(args, rows, func(out *Sketches) error { return kernel(out, optionalPrecision(args, 0), rows) })
	})
}

func sketchesToSketch(kernel func(out *Sketches, a, b *Column) error) call {
	return scalar(SketchesToSketch, func(args []Column, rows int) (Column, error) {
		return evalSketches(args, rows, func(out *Sketches) error { return kernel(out, &args[0], &args[1]) })
	})
}

// evalSketches evaluates a kernel that makes a sketch of each row.
func evalSketches(args []Column, rows int, kernel func(*Sketches) error) (Column, error) {
	out := Sketches{Ends: make([]int32, rows)}
	err := kernel(&out)
	return out.column(nullsOf(args)), err
}

// sketchArrayToSketch unites the elements of each row's array. NULL elements are skipped; without others the result is
// NULL.
func sketchArrayToSketch() call { return scalar(SketchArrayToSketch, evalUnionArray) }

// defaultPrecision is the precision argument of a call without one.
var defaultPrecision = Int64Of(hll.DefaultPrecision)

// optionalPrecision returns args[i], or the default precision if there is no such argument.
func optionalPrecision(args []Column, i int) *Column {
	if i < len(args) {
		return &args[i]
	}
	return &defaultPrecision
}
