// SPDX-License-Identifier: Apache-2.0

package udf

import (
	"github.com/headcount-hll/headcount/udf/errs"
	"github.com/headcount-hll/headcount/udf/hll"
	"github.com/headcount-hll/headcount/udf/state"
)

// An Accumulator holds the states of an aggregate's groups in memory of its own. Groups are numbered from 0. A group
// without input, or with NULLs only, has the result NULL.
type Accumulator struct {
	// Grant is called before the states take more memory, with the number of bytes. Its error ends an Add, which returns
	// it as the cause of its own. nil grants everything.
	Grant func(bytes int64) error

	states [][]byte
	size   int64
	result Type
	call
}

// manyGroups is the number of groups above which memory matters more than time.
const manyGroups = 256

// Size returns the bytes that the states hold.
func (a *Accumulator) Size() int64 { return a.size }

// Groups returns the number of groups.
func (a *Accumulator) Groups() int { return len(a.states) }

// Grow adds the missing ones of groups 0..n-1.
func (a *Accumulator) Grow(n int) {
	if n > len(a.states) {
		a.states = append(a.states, make([][]byte, n-len(a.states))...)
	}
}

// Add adds row i of the arguments to group groups[i], for all i. Its error is an [errs.Error] about a row; after it nothing may be
// added. If its cause is an error of Grant, the states of sketches hold the rows before, and of that row nothing or a part.
func (a *Accumulator) Add(groups []uint32, args []Column) error {
	for i, group := range groups {
		a.Grow(int(group) + 1)
		if err := a.addRow(&a.states[group], args, i); err != nil {
			return errs.AtRow(i, err)
		}
	}
	return nil
}

func (a *Accumulator) addRow(s *[]byte, args []Column, row int) error {
	for i := range args {
		if args[i].IsNull(row) {
			return nil
		}
	}
	flags := state.AllowLong
	if len(a.states) > manyGroups {
		flags |= state.PackRegisters
	}
	return state.Run(
		func(at int) (state.Step, error) { return a.update(*s, args, row, at, flags) },
		func(need int) error { return a.grow(s, need) })
}

func (a *Accumulator) grow(s *[]byte, need int) error {
	more := int64(need - len(*s))
	if a.Grant != nil {
		if err := a.Grant(more); err != nil {
			return err
		}
	}
	grown := make([]byte, need)
	copy(grown, *s)
	a.size += more
	*s = grown
	return nil
}

// Result returns the result of each group.
func (a *Accumulator) Result() Column { return a.ResultOf(0, len(a.states)) }

// ResultOf returns the results of groups from..to-1.
func (a *Accumulator) ResultOf(from, to int) Column { return a.results(a.states[from:to], a.result) }

func sketchResults(states [][]byte, t Type) Column {
	out := newColumn(t, len(states))
	for i, s := range states {
		start := len(out.Data)
		if out.Data = hll.State(s).Append(out.Data); len(out.Data) == start {
			out.setNull(i)
		}
		out.Starts[i], out.Lengths[i] = int32(start), int32(len(out.Data)-start)
	}
	return out
}
