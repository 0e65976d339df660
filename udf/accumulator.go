package udf

import "github.com/headcount-hll/headcount/udf/hll"

// An Accumulator is the states of an aggregate's groups in memory of its own. Groups are numbered from 0;
// one that nothing came into, or only NULLs, has the result NULL.
type Accumulator struct {
	// Grant is asked before the states take so many bytes more. Its error ends an Add, inside the [Error]. Nil grants
	// everything.
	Grant func(bytes int64) error

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
	for i := range args {
		if args[i].IsNull(row) {
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
			if err := a.grow(s, step.Need); err != nil {
				return err
			}
		default:
			from = step.At
		}
	}
}

func (a *Accumulator) grow(s *hll.State, need int) error {
	more := int64(need - len(*s))
	if a.Grant != nil {
		if err := a.Grant(more); err != nil {
			return err
		}
	}
	grown := make(hll.State, need)
	copy(grown, *s)
	a.size += more
	*s = grown
	return nil
}

// Result returns the sketch of each group.
func (a *Accumulator) Result() Column { return a.ResultOf(0, len(a.states)) }

// ResultOf returns the sketches of groups from to to.
func (a *Accumulator) ResultOf(from, to int) Column {
	out := newColumn(a.result, to-from)
	for i, s := range a.states[from:to] {
		start := len(out.Data)
		if out.Data = s.Append(out.Data); len(out.Data) == start {
			out.setNull(i)
		}
		out.Starts[i], out.Lengths[i] = int32(start), int32(len(out.Data)-start)
	}
	return out
}
