// SPDX-License-Identifier: Apache-2.0

package hll

import (
	"github.com/headcount-hll/headcount/udf/hll/internal/idhash"
	"github.com/headcount-hll/headcount/udf/hll/internal/register"
	"github.com/headcount-hll/headcount/udf/state"
)

// Ids are added in three loops over a batch: ids to hashes, which do not depend on each other; hashes to entries; entries
// into states.

// An Entry is the register index and the rho of an id at one precision.
type Entry = entry

// Add adds an id, hashed by its bytes, to a state of precision p.
func (s State) Add(p Precision, id []byte, flags state.Flags) (state.Step, error) {
	h1, h2 := idhash.Of(id)
	e := entryOf(p, h1, h2)
	if len(s) > registersAt && s[0] == denseForm && s[1] == p.bits { // the most frequent case
		s.raise(e)
		return complete(), nil
	}
	_, step, err := s.AddEntries(p, []entry{e}, flags)
	return step, err
}

// AddEntries adds entries to a state of precision p, in their order, until one does not end as Done. It returns how many
// were added.
func (s State) AddEntries(p Precision, entries []Entry, flags state.Flags) (done int, step state.Step, err error) {
	if s.Empty() || s.precision() != p {
		if step, err = s.begin(p); err != nil || step.Status != state.Done {
			return 0, step, err
		}
	}
	for done < len(entries) {
		switch s.form() {
		case denseForm:
			s.raiseAll(entries[done:])
			return len(entries), complete(), nil
		case packedForm:
			if step = s.raisePacked(entries[done]); step.Status != state.Done {
				return done, step, nil
			}
			done++
		default:
			if done += s.append(entries[done:]); done == len(entries) {
				return done, complete(), nil
			}
			if step = s.makeRoom(1, flags); step.Status != state.Done {
				return done, step, nil
			}
		}
	}
	return done, complete(), nil
}

// AddPacked adds an entry of precision p if the state is packed, of that precision, and the entry no exception. It returns whether
// it did. It is the most frequent case of an aggregation with many groups.
func (s State) AddPacked(p Precision, e Entry) bool {
	if len(s) < registersAt || s[0] != packedForm || s[1] != p.bits {
		return false
	}
	above := int(e.rho()) - int(s[2])
	if above >= 15 {
		return false
	}
	register.RaiseNibble(s[registersAt:], e.index(), byte(max(above, 0)))
	return true
}

// raiseAll adds entries to a dense state.
func (s State) raiseAll(entries []entry) {
	for _, e := range entries {
		s.raise(e)
	}
}

// raise adds an entry to a dense state.
func (s State) raise(e entry) {
	if r := &s[registersAt+int(e.index())]; e.rho() > *r {
		*r = e.rho()
	}
}

// Prefetch asks for the memory of states that entries of precision p will change, before it is needed: the processor then waits
// for many lines at once. State i is memory[starts[i]:][:lengths[i]]; near is scratch memory for two offsets a state.
func Prefetch(p Precision, memory []byte, starts, lengths []int32, entries []Entry, near []int32) {
	dense, packed := int32(registersAt+p.Registers()), int32(registersAt+p.Registers()/2)
	lengths, starts = lengths[:len(entries)], starts[:len(entries)]
	for i, e := range entries {
		at := int32(entriesAt) // near the first entries
		switch length := lengths[i]; {
		case length >= dense:
			at = registersAt + int32(e.index())
		case length >= packed:
			at = registersAt + int32(register.NibbleAt(e.index()))
		}
		near[2*i], near[2*i+1] = starts[i], starts[i]+at
	}
	register.Prefetch(memory, near[:2*len(entries)])
}

// PrefetchStarts asks for the first two lines of states or sketches that start at the offsets.
func PrefetchStarts(memory []byte, starts []int32) {
	const line, most = 64, 16
	for ; len(starts) > 0; starts = starts[min(most, len(starts)):] {
		var near [2 * most]int32
		n := min(most, len(starts))
		for i, start := range starts[:n] {
			near[2*i], near[2*i+1] = start, start+line
		}
		register.Prefetch(memory, near[:2*n])
	}
}
