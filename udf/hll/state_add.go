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

// Touch reads the header of a state, and the bytes that an entry of precision p will change. It returns a byte that depends on
// both.
func (s State) Touch(p Precision, e Entry) byte {
	if len(s) < entriesAt {
		return 0
	}
	var at int
	switch {
	case len(s) >= registersAt+p.Registers():
		at = registersAt + int(e.index())
	case len(s) >= registersAt+p.Registers()/2: // packed: near half the index
		at = registersAt + int(e.index()>>1)
	default:
		at = entriesAt + s.count()*p.entryWidth()
	}
	return s[0] + s[min(uint(at), uint(len(s)-1))]
}

// TouchEnd reads the header of a state, and where the next entry goes if it is sparse. It returns a byte that depends on both.
func (s State) TouchEnd() byte {
	if len(s) < entriesAt {
		return 0
	}
	at := uint(registersAt)
	if s[0] == sparseForm {
		at = uint(entriesAt + s.count()*s.precision().entryWidth())
	}
	return s[0] + s[min(at, uint(len(s)-1))]
}
