// SPDX-License-Identifier: Apache-2.0

package hll

import (
	"github.com/headcount-hll/headcount/udf/hll/internal/register"
	"github.com/headcount-hll/headcount/udf/state"
)

// The empty set has no precision of its own. So an empty sketch unites with a sketch of any precision, and the union has
// the precision of the sketches that are not empty. The union of empty sketches has the smallest of their precisions.
// Both are independent of the order. spark-hyperloglog needs the rule: its merge writes an empty sketch of precision 12
// for a group without ids, whatever the precision of the table.

// Empty reports whether the sketch is of no ids.
func (s Sketch) Empty() bool {
	if s.form == sparseForm {
		return len(s.body) == 0 // an entry with rho 0 is invalid
	}
	return register.Largest(s.body) == 0
}

// emptyOf returns the empty sketch of precision p.
func emptyOf(p Precision) Sketch {
	return Sketch{precision: p, form: sparseForm, ordered: true, bytes: AppendEmpty(nil, p)}
}

// aligned returns two sketches at the precision of their union.
func aligned(a, b Sketch) (Sketch, Sketch, error) {
	if a.precision == b.precision {
		return a, b, nil
	}
	switch emptyA, emptyB := a.Empty(), b.Empty(); {
	case emptyB && (!emptyA || a.precision.bits < b.precision.bits):
		return a, emptyOf(a.precision), nil
	case emptyA:
		return emptyOf(b.precision), b, nil
	default:
		return a, b, mismatch(a.precision, b.precision)
	}
}

// mergeOther unites a sketch of another precision with the state, which is possible if one of the two is of no ids. It
// reports whether the state is ready for the sketch; if not, the union is done.
func (s State) mergeOther(in Sketch, flags state.Flags) (ready bool, step state.Step, err error) {
	if flags&state.AllowLong == 0 && max(in.precision.Registers(), s.precision().Registers()) > rangeSize {
		return false, state.Step{Status: state.WouldBlock}, nil
	}
	switch emptyState, emptyIn := s.holdsNothing(), in.Empty(); {
	case emptyIn && (!emptyState || s.precision().bits < in.precision.bits):
		return false, complete(), nil
	case !emptyState:
		return false, state.Step{}, mismatch(s.precision(), in.precision)
	}
	clear(s[:entriesAt])
	step, err = s.begin(in.precision)
	return err == nil && step.Status == state.Done, step, err
}

// holdsNothing reports whether the state has a precision and no register above 0.
func (s State) holdsNothing() bool {
	switch s.form() {
	case sparseForm:
		return s.count() == 0
	case packedForm:
		return s.base() == 0 && s.count() == 0 && register.Largest(s.packed()) == 0
	default:
		return register.Largest(s.registers()) == 0
	}
}
