// SPDX-License-Identifier: Apache-2.0

package udf

import (
	"github.com/headcount-hll/headcount/udf/errs"
	"github.com/headcount-hll/headcount/udf/hist"
	"github.com/headcount-hll/headcount/udf/state"
)

// The aggregates over arrays of bigint.
var (
	aggregateIntoState = call{update: updateArray(hist.State.SumHistograms), results: arrayResults}
	sumIntoState       = call{update: updateArray(hist.State.Sum), results: arrayResults}
)

// addArray adds an encoded array to a state.
type addArray func(s hist.State, array []byte) (state.Step, error)

func updateArray(add addArray) updateFunc {
	return func(s []byte, args []Column, row, _ int, _ state.Flags) (state.Step, error) {
		step, err := add(s, hist.AppendArray(nil, args[0].Array(row)...))
		return step, invalid(err)
	}
}

// invalid returns an error of package hist as that of an argument.
func invalid(err error) error {
	if err == nil {
		return nil
	}
	return errs.New(errs.InvalidArgument, "%s", err)
}

func arrayResults(states [][]byte, t Type) Column {
	out := newColumn(t, len(states))
	for i, s := range states {
		if hist.State(s).Empty() {
			out.setNull(i)
		}
		out.appendElements(i, hist.State(s).Array())
	}
	return out
}

// appendElements sets row i of a column of arrays of bigint to the elements of an encoded array, after the rows set
// before.
func (c *Column) appendElements(i int, array []byte) {
	c.Elems.Int64, _ = hist.AppendElements(c.Elems.Int64, array) // a state has whole elements
	c.Elems.Rows = len(c.Elems.Int64)
	c.Ends[i] = int32(c.Elems.Rows)
}

// arrayWeight is the work of a byte of an array, in bytes of dense sketches.
const arrayWeight = 4

// AggregateSlots adds each histogram array to its slot. The rows of in are encoded arrays.
func AggregateSlots(slots *Slots, in *Column, progress *Progress) (state.Status, error) {
	return addSlots(slots, in, progress, hist.State.SumHistograms)
}

// SumSlots adds each array to its slot. The rows of in are encoded arrays.
func SumSlots(slots *Slots, in *Column, progress *Progress) (state.Status, error) {
	return addSlots(slots, in, progress, hist.State.Sum)
}

func addSlots(slots *Slots, in *Column, progress *Progress, add addArray) (state.Status, error) {
	return progress.step(in.Rows, slots.Flags, func(i, _ int) (state.Step, int, error) {
		array := in.Bytes(i)
		step, err := add(hist.State(slots.memory(i)), array)
		return step, len(array) * arrayWeight, invalid(err)
	})
}

// EncodeArrays writes the sum in each slot, as an encoded array, to out.Data, memory of a fixed length that the caller
// lends. NeedSpace is about out.Data, and for all slots. A slot without elements has no bytes.
func EncodeArrays(out *Sketches, slots *Slots, progress *Progress) (state.Status, error) {
	return out.encode(progress, func(i int, into []byte) (int, state.Step) {
		array := hist.State(slots.memory(i)).Array()
		if len(array) > len(into) {
			return 0, state.Step{Status: state.NeedSpace, Need: len(array)}
		}
		return copy(into, array), state.Step{Status: state.Done}
	})
}
