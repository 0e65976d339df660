package hll

import (
	"encoding/binary"

	"github.com/headcount-hll/headcount/udf/hll/internal/register"
)

// A State is a sketch being made, in memory that the caller lends for the length of a call. It begins as
// zero bytes, of any length including none, and starts at an address divisible by 4. When a call needs
// more room it says how much: the caller copies the bytes to a larger stretch, zeroes the rest, and calls
// again.
//
//	byte 0       0 no sketch yet, 2 dense, 3 sparse, 4 packed
//	byte 1       precision
//	byte 2       packed: the base
//	byte 3       packed: dense sketches that had exceptions, modulo 256
//	bytes 4..7   sparse: number of entries; packed: number of exceptions
//	bytes 8..11  sparse: how many entries, from the first, are in order and not repeated
//	from 12      sparse: entries, as a sparse sketch has them
//	from 16      dense: the registers; packed: half a byte for each, then exceptions, four bytes each (index<<8 | rho)
//
// Entries are appended as they come and put in order when the room is full ([State.compact]), so that an
// update costs a store and its share of a sort. The layout is this version's own: what travels is the
// encoded sketch ([State.AppendSketch]).
//
// After an error a State holds what cannot be relied on.
type State []byte

const (
	entriesAt   = 12
	registersAt = 16
	// rangeSize is how many registers one call unites, so that a call stays short: some ten
	// microseconds out of memory.
	rangeSize = 1 << 18
)

// A Status is how a call on a State ended, if not by an error.
type Status uint8

const (
	Done  Status = iota
	Room         // the state needs Step.Need bytes
	Again        // call again with Step.At
	Heavy        // call again, with Long, from where nobody waits
)

// Flags say how a call on a State may work.
type Flags uint8

const (
	// Long allows work that takes more than some ten microseconds.
	Long Flags = 1 << iota
	// Compact saves memory rather than time where a state becomes one of registers: for many groups.
	Compact
)

// A Step is what a call on a State came to.
type Step struct {
	Status Status
	Need   int // with Room: bytes
	At     int // with Again: how far the input is
}

func (s State) form() byte           { return s[0] }
func (s State) precision() Precision { return Precision{s[1]} }
func (s State) count() int           { return int(binary.NativeEndian.Uint32(s[4:])) }
func (s State) inOrder() int         { return int(binary.NativeEndian.Uint32(s[8:])) }
func (s State) registers() []byte    { return s[registersAt:][:s.precision().Registers()] }

func (s State) setCounts(count, inOrder int) {
	binary.NativeEndian.PutUint32(s[4:], uint32(count))
	binary.NativeEndian.PutUint32(s[8:], uint32(inOrder))
}

// Empty reports whether nothing has come into the state, not even an empty sketch.
func (s State) Empty() bool { return len(s) < entriesAt || s[0] == 0 }

// begin makes an empty state one of precision p, or checks that it is one.
func (s State) begin(p Precision) (Step, error) {
	if len(s) < entriesAt {
		return Step{Status: Room, Need: entriesAt + 4}, nil
	}
	if s[0] == 0 {
		s[0], s[1] = sparseForm, p.bits
	} else if s.precision() != p {
		return Step{}, mismatch(s.precision(), p)
	}
	return Step{}, nil
}

// Merge unites an encoded sketch into the state, checking it on the way ([Decode]). at is 0, or the At of
// the step before.
func (s State) Merge(sketch []byte, at int, flags Flags) (Step, error) {
	if s.mergedDense(sketch) {
		return Step{}, nil
	}
	in, err := decodeHeader(sketch)
	if err != nil {
		return Step{}, err
	}
	if step, err := s.begin(in.precision); err != nil || step.Status != Done {
		return step, err
	}
	if in.form == denseForm {
		return s.mergeRegisters(in, at, flags)
	}
	return s.mergeEntries(in, flags)
}

// mergedDense is the short way for what happens most: a dense sketch into a dense state of its precision,
// in one range. It reports whether the sketch was one, and then has united it.
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

func (s State) mergeRegisters(in Sketch, at int, flags Flags) (Step, error) {
	switch {
	case s.form() == packedForm:
		return s.mergePacked(in)
	case s.form() == sparseForm && flags&Compact != 0 && in.precision.packs():
		if err := in.checkRegisters(register.Largest(in.body)); err != nil {
			return Step{}, err
		}
		return s.storeEntries(in.body), nil
	case s.form() == sparseForm:
		if step := s.densify(flags); step.Status != Done {
			return step, nil
		}
	}
	to := min(at+rangeSize, len(in.body))
	if err := in.checkRegisters(register.Union(s.registers()[at:to], in.body[at:to])); err != nil {
		return Step{}, err
	}
	if to < len(in.body) {
		return Step{Status: Again, At: to}, nil
	}
	return Step{}, nil
}

func (s State) mergeEntries(in Sketch, flags Flags) (Step, error) {
	n := len(in.body) / in.precision.entryWidth()
	if n > manyEntries && flags&Long == 0 {
		return Step{Status: Heavy}, nil
	}
	var err error
	if in.ordered, err = checkEntries(in.precision, in.body); err != nil {
		return Step{}, err
	}
	if s.form() == sparseForm {
		if step := s.makeRoom(n, flags); step.Status != Done {
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
	return Step{}, nil
}

// densify turns a sparse state's entries into registers, packed if they are to be compact and the
// precision allows.
func (s State) densify(flags Flags) Step {
	p := s.precision()
	if flags&Compact != 0 && p.packs() {
		return s.storeEntries(nil)
	}
	if need := registersAt + p.Registers(); len(s) < need {
		return Step{Status: Room, Need: need}
	}
	if p.Registers() > rangeSize && flags&Long == 0 {
		return Step{Status: Heavy}
	}
	var near [manyEntries]entry
	s.compact()
	list := appendAsWritten(near[:0], s.logged(), p.indexWidth()) // the registers take their place
	s[0] = denseForm
	s.setCounts(0, 0)
	spread(s.registers(), list)
	return Step{}
}

// spread makes registers hold the entries and nothing else.
func spread(registers []byte, list []entry) {
	clear(registers)
	for _, e := range list {
		registers[e.index()] = e.rho()
	}
}

// Encode writes the state's sketch to the start of dst and returns its length: 0 if the state is empty.
// The form is the one that Algebird's own sum has: sparse while entries*16 <= 2^p and nothing dense came
// in, entries ascending. The step asks for Room in dst, or for Long.
func (s State) Encode(dst []byte, flags Flags) (int, Step) {
	if s.Empty() {
		return 0, Step{}
	}
	p := s.precision()
	if s.form() == sparseForm {
		if s.isLong() && flags&Long == 0 {
			return 0, Step{Status: Heavy}
		}
		if s.compact() <= p.sparseLimit() {
			return s.encodeOrdered(dst)
		}
	}
	return s.encodeDense(dst, p, flags)
}

// Append appends the state's sketch to dst: nothing if the state is empty.
func (s State) Append(dst []byte) []byte {
	from := len(dst)
	for {
		n, step := s.Encode(dst[from:cap(dst)], Long)
		if step.Status == Done {
			return dst[:from+n]
		}
		dst = append(make([]byte, 0, 2*from+step.Need), dst...)
	}
}

func (s State) encodeDense(dst []byte, p Precision, flags Flags) (int, Step) {
	size := headerSize + p.Registers()
	if len(dst) < size {
		return 0, Step{Status: Room, Need: size}
	}
	if size > 1<<20 && flags&Long == 0 {
		return 0, Step{Status: Heavy}
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
	return size, Step{}
}
