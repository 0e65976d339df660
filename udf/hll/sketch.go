// SPDX-License-Identifier: Apache-2.0

package hll

import (
	"encoding/binary"

	"github.com/headcount-hll/headcount/udf/hll/internal/register"
)

// The two encodings, by their first byte.
const (
	denseForm  = 2
	sparseForm = 3
)

// headerSize is the form and the precision.
const headerSize = 2

// A Sketch is a valid encoded sketch. It shares the bytes that it was decoded from, which must not change while it is in
// use. The zero Sketch is invalid.
type Sketch struct {
	precision Precision
	form      uint8
	ordered   bool   // sparse: the indexes are strictly ascending, so there is no duplicate
	body      []byte // registers, or entries
	bytes     []byte
}

// Bytes returns the encoded sketch, as it was decoded.
func (s Sketch) Bytes() []byte { return s.bytes }

// Precision returns the sketch's precision.
func (s Sketch) Precision() Precision { return s.precision }

// Dense reports whether the sketch is encoded as registers rather than entries.
func (s Sketch) Dense() bool { return s.form == denseForm }

// Registers returns a copy of the 2^p registers.
func (s Sketch) Registers() []byte {
	registers := make([]byte, s.precision.Registers())
	s.unionInto(registers)
	return registers
}

// unionInto unites the sketch with registers.
func (s Sketch) unionInto(registers []byte) {
	if s.form == denseForm {
		register.Union(registers, s.body)
		return
	}
	if s.ordered {
		raise(registers, s.body, s.precision.indexWidth())
		return
	}
	var near [smallEntries]entry
	for _, e := range s.appendEntries(near[:0]) {
		registers[e.index()] = max(registers[e.index()], e.rho())
	}
}

// raise unites entries with registers. It has no branch on the data, because it cannot be predicted whether a register
// rises.
func raise(registers, body []byte, width int) {
	switch width {
	case 1:
		for ; len(body) >= 2; body = body[2:] {
			r := &registers[body[0]]
			*r = max(*r, body[1])
		}
	case 2:
		for ; len(body) >= 8; body = body[6:] { // one load for two entries
			word := binary.LittleEndian.Uint64(body)
			r := &registers[word&0xffff]
			*r = max(*r, byte(word>>16))
			r = &registers[word>>24&0xffff]
			*r = max(*r, byte(word>>40))
		}
		for ; len(body) >= 3; body = body[3:] {
			r := &registers[binary.LittleEndian.Uint16(body)]
			*r = max(*r, body[2])
		}
	default:
		for ; len(body) >= 4; body = body[4:] {
			r := &registers[entryAt(body, 3).index()]
			*r = max(*r, body[3])
		}
	}
}
