package hll

// Adding ids goes in steps, each of them a loop over some: ids become hashes, which do not wait for one
// another; hashes become entries; entries go into states.

// An Entry is what an id puts into a sketch of one precision.
type Entry = entry

// Add puts an id, of its bytes as they are, into a state of precision p.
func (s State) Add(p Precision, id []byte, flags Flags) (Step, error) {
	h1, h2 := hash(id)
	e := entryOf(p, h1, h2)
	if len(s) > registersAt && s[0] == denseForm && s[1] == p.bits { // what happens most
		s.raise(e)
		return Step{}, nil
	}
	_, step, err := s.AddEntries(p, []entry{e}, flags)
	return step, err
}

// AddEntries puts entries into a state of precision p, in their order, until one does not end as Done, and
// returns how many did.
func (s State) AddEntries(p Precision, entries []Entry, flags Flags) (done int, step Step, err error) {
	if s.Empty() || s.precision() != p {
		if step, err = s.begin(p); err != nil || step.Status != Done {
			return 0, step, err
		}
	}
	for done < len(entries) {
		switch s.form() {
		case denseForm:
			s.raiseAll(entries[done:])
			return len(entries), Step{}, nil
		case packedForm:
			if step = s.raisePacked(entries[done]); step.Status != Done {
				return done, step, nil
			}
			done++
		default:
			if done += s.append(entries[done:]); done == len(entries) {
				return done, Step{}, nil
			}
			if step = s.makeRoom(1, flags); step.Status != Done {
				return done, step, nil
			}
		}
	}
	return done, Step{}, nil
}

// raiseAll takes entries into a dense state.
func (s State) raiseAll(entries []entry) {
	for _, e := range entries {
		s.raise(e)
	}
}

// raise takes an entry into a dense state.
func (s State) raise(e entry) {
	if r := &s[registersAt+int(e.index())]; e.rho() > *r {
		*r = e.rho()
	}
}
