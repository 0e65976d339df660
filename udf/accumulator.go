package udf

import "github.com/headcount-hll/headcount/udf/hll"

// An Accumulator is the states of an aggregate's groups in memory of its own. Groups are numbered from 0;
// one that nothing came into, or only NULLs, has the result NULL.
type Accumulator struct {
	states []hll.State
	size   int64
	result Type
	update updateFunc
}

// manyGroups is above how many groups memory counts for more than time.
const manyGroups = 256

// Size returns the bytes that the states hold.
func (a *Accumulator) Size() int64 { return a.size }

// Groups returns the number of groups.
func (a *Accumulator) Groups() int { return len(a.states) }

// Grow makes room for groups 0..n-1.
func (a *Accumulator) Grow(n int) {
	if n > len(a.states) {
		a.states = append(a.states, make([]hll.State, n-len(a.states))...)
	}
}

// Add takes row i of the arguments into group groups[i]. After an error the Accumulator is of no more use.
func (a *Accumulator) Add(groups []uint32, args []Column) *Error {
	for i, group := range groups {
		a.Grow(int(group) + 1)
		if err := a.addRow(&a.states[group], args, i); err != nil {
			return at(i, err)
		}
	}
	return nil
}

func (a *Accumulator) addRow(s *hll.State, args []Column, row int) error {
	for _, arg := range args {
		if arg.IsNull(row) {
			return nil
		}
	}
	flags := hll.Long
	if len(a.states) > manyGroups {
		flags |= hll.Compact
	}
	for from := 0; ; {
		step, err := a.update(*s, args, row, from, flags)
		switch {
		case err != nil || step.Status == hll.Done:
			return err
		case step.Status == hll.Room:
			grown := make(hll.State, step.Need)
			copy(grown, *s)
			a.size += int64(len(grown) - len(*s))
			*s = grown
		default:
			from = step.At
		}
	}
}

// Result returns the sketch of each group.
func (a *Accumulator) Result() Column {
	out := newColumn(a.result, len(a.states))
	for i, s := range a.states {
		from := len(out.Data)
		if out.Data = s.Append(out.Data); len(out.Data) == from {
			out.setNull(i)
		}
		out.Starts[i], out.Lengths[i] = int32(from), int32(len(out.Data)-from)
	}
	return out
}
