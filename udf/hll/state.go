// SPDX-License-Identifier: Apache-2.0

package hll

import (
	"encoding/binary"

	"github.com/headcount-hll/headcount/udf/hll/internal/register"
	"github.com/headcount-hll/headcount/udf/state"
)

// A State is a sketch under construction, in memory that the caller lends for the length of a call. It starts as
// zero bytes, of any length including 0, at an address divisible by 4. A call that needs more memory returns
// [state.NeedSpace].
//
//	byte 0       0 no sketch yet, 2 dense, 3 sparse, 4 packed
//	byte 1       precision
//	byte 2       packed: the base
//	byte 3       packed: number of dense sketches with exceptions, modulo 256
//	bytes 4..7   sparse: number of entries; packed: number of exceptions
//	bytes 8..11  sparse: number of entries, from the first, that are ascending and without duplicates
//	from 12      sparse: entries, encoded as in a sparse sketch
//	from 16      dense: the registers; packed: half a byte for each, then exceptions, four bytes each (index<<8 | rho)
//
// Entries are appended in the order of the input and sorted when the memory is full ([State.normalize]), so that an
// update costs a store and its share of a sort. The layout may change between versions and never leaves the process:
// the encoded sketch does ([State.Encode]).
//
// After an error the contents of a State are undefined.
type State []byte

const (
	entriesAt   = 12
	registersAt = 16
	// rangeSize is the number of registers that one call unites. It keeps a call at about ten microseconds when the
	// registers are not in the cache.
	rangeSize = 1 << 18
)

// complete returns the Step of a call that is done.
func complete() state.Step { return state.Step{Status: state.Done} }

func (s State) form() byte           { return s[0] }
func (s State) precision() Precision { return Precision{s[1]} }
func (s State) count() int           { return int(binary.NativeEndian.Uint32(s[4:])) }
func (s State) inOrder() int         { return int(binary.NativeEndian.Uint32(s[8:])) }
func (s State) registers() []byte    { return s[registersAt:][:s.precision().Registers()] }

func (s State) setCounts(count, inOrder int) {
	binary.NativeEndian.PutUint32(s[4:], uint32(count))
	binary.NativeEndian.PutUint32(s[8:], uint32(inOrder))
}

// Empty reports whether the state has had no input, not even an empty sketch.
func (s State) Empty() bool { return len(s) < entriesAt || s[0] == 0 }

// begin gives an empty state the precision p, or checks that the state has it.
func (s State) begin(p Precision) (state.Step, error) {
	if len(s) < entriesAt {
		return state.Step{Status: state.NeedSpace, Need: entriesAt + 4}, nil
	}
	if s[0] == 0 {
		s[0], s[1] = sparseForm, p.bits
	} else if s.precision() != p {
		return state.Step{}, mismatch(s.precision(), p)
	}
	return complete(), nil
}

// Merge unites an encoded sketch with the state, and checks the sketch like [Decode]. at is 0, or the At of the step
// before.
func (s State) Merge(sketch []byte, at int, flags state.Flags) (state.Step, error) {
	if s.mergedDense(sketch) {
		return complete(), nil
	}
	in, err := decodeHeader(sketch)
	if err != nil {
		return state.Step{}, err
	}
	if !s.Empty() && s.precision() != in.precision {
		if ready, step, err := s.mergeOther(in, flags); !ready {
			return step, err
		}
	} else if step, err := s.begin(in.precision); err != nil || step.Status != state.Done {
		return step, err
	}
	if in.form == denseForm {
		return s.mergeRegisters(in, at, flags)
	}
	return s.mergeEntries(in, flags)
}

// mergedDense is the fast path of the most frequent case: a dense sketch into a dense state of its precision, in one
// range. It returns whether the sketch was one and is now united.
func (s State) mergedDense(sketch []byte) bool {
	if len(s) < registersAt || len(sketch) < headerSize || s[0] != denseForm || sketch[0] != denseForm || s[1] != sketch[1] {
		return false
	}
	n := 1 << s[1]
	if len(sketch) != headerSize+n || n > rangeSize {
		return false
	}
	return register.Union(s[registersAt:][:n], sketch[headerSize:]) <= s.precision().largestRho()
}

func (s State) mergeRegisters(in Sketch, at int, flags state.Flags) (state.Step, error) {
	switch {
	case s.form() == packedForm:
		return s.mergePacked(in)
	case s.form() == sparseForm && flags&state.PackRegisters != 0 && in.precision.packs():
		smallest, largest := register.Range(in.body)
		if err := in.checkRegisters(largest); err != nil {
			return state.Step{}, err
		}
		if s.count() == 0 {
			return s.store(in.body, smallest, largest), nil
		}
		return s.storeEntries(in.body), nil
	case s.form() == sparseForm:
		if step := s.densify(flags); step.Status != state.Done {
			return step, nil
		}
	}
	to := min(at+rangeSize, len(in.body))
	if err := in.checkRegisters(register.Union(s.registers()[at:to], in.body[at:to])); err != nil {
		return state.Step{}, err
	}
	if to < len(in.body) {
		return state.Step{Status: state.Again, At: to}, nil
	}
	return complete(), nil
}

func (s State) mergeEntries(in Sketch, flags state.Flags) (state.Step, error) {
	n := len(in.body) / in.precision.entryWidth()
	if n > manyEntries && flags&state.AllowLong == 0 {
		return state.Step{Status: state.WouldBlock}, nil
	}
	var err error
	if in.ordered, err = checkEntries(in.precision, in.body); err != nil {
		return state.Step{}, err
	}
	if s.form() == sparseForm {
		if step := s.makeRoom(n, flags); step.Status != state.Done {
			return step, nil
		}
	}
	switch s.form() {
	case denseForm:
		in.unionInto(s.registers())
	case packedForm:
		return s.raiseAllPacked(in), nil
	default:
		s.appendSketch(in, n)
	}
	return complete(), nil
}

// densify replaces the entries of a sparse state by registers: packed ones with PackRegisters, if the precision
// allows.
func (s State) densify(flags state.Flags) state.Step {
	p := s.precision()
	if flags&state.PackRegisters != 0 && p.packs() {
		return s.storeEntries(nil)
	}
	if need := registersAt + p.Registers(); len(s) < need {
		return state.Step{Status: state.NeedSpace, Need: need}
	}
	if p.Registers() > rangeSize && flags&state.AllowLong == 0 {
		return state.Step{Status: state.WouldBlock}
	}
	var near [manyEntries]entry
	s.normalize()
	list := appendAsWritten(near[:0], s.logged(), p.indexWidth()) // a copy: the registers overwrite the entries
	s[0] = denseForm
	s.setCounts(0, 0)
	spread(s.registers(), list)
	return complete()
}

// spread sets registers to the entries, and all others to 0.
func spread(registers []byte, list []entry) {
	clear(registers)
	for _, e := range list {
		registers[e.index()] = e.rho()
	}
}

// Encode writes the state's sketch to the start of dst and returns its length: 0 if the state is empty. The form is
// that of Algebird's sum: sparse, with ascending entries, while entries*16 <= 2^p and the input had no dense sketch.
// NeedSpace is about dst.
func (s State) Encode(dst []byte, flags state.Flags) (int, state.Step) {
	if s.Empty() {
		return 0, complete()
	}
	p := s.precision()
	if s.form() == sparseForm {
		if s.isLong() && flags&state.AllowLong == 0 {
			return 0, state.Step{Status: state.WouldBlock}
		}
		if s.normalize() <= p.sparseLimit() {
			return s.encodeOrdered(dst)
		}
	}
	return s.encodeDense(dst, p, flags)
}

// Append appends the state's sketch to dst: no bytes if the state is empty.
func (s State) Append(dst []byte) []byte {
	from, n := len(dst), 0
	_ = state.Run(func(int) (step state.Step, _ error) {
		n, step = s.Encode(dst[from:cap(dst)], state.AllowLong)
		return step, nil
	}, func(need int) error {
		dst = append(make([]byte, 0, 2*from+need), dst...)
		return nil
	})
	return dst[:from+n]
}

func (s State) encodeDense(dst []byte, p Precision, flags state.Flags) (int, state.Step) {
	size := headerSize + p.Registers()
	if len(dst) < size {
		return 0, state.Step{Status: state.NeedSpace, Need: size}
	}
	if size > 1<<20 && flags&state.AllowLong == 0 {
		return 0, state.Step{Status: state.WouldBlock}
	}
	dst[0], dst[1] = denseForm, p.bits
	switch body := dst[headerSize:size]; s.form() {
	case denseForm:
		copy(body, s.registers())
	case packedForm:
		s.unpack(body)
	default:
		clear(body)
		raise(body, s.logged(), p.indexWidth())
	}
	return size, complete()
}
