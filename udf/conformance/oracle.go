// SPDX-License-Identifier: Apache-2.0

package conformance

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math/bits"
	"slices"
)

// The oracle is a second, slow implementation of udf/hll/FORMAT.md that reads sketches and hashes ids. It shares no code with
// udf/hll, so that it does not share its errors. The tests of this package compare it with the vectors of the original
// library.

const (
	minPrecision = 4
	maxPrecision = 24
	typeDense    = 2
	typeSparse   = 3
)

// Sketch is the meaning of an encoded sketch: its precision and its registers, together with the form it was
// written in.
type Sketch struct {
	Precision int
	Dense     bool     // the form of the bytes; not part of the meaning
	nonzero   []uint32 // index<<8 | rho of each register that is not 0, ascending by index
}

// ReadSketch reads an encoded sketch. An error says that the bytes are not one.
func ReadSketch(encoded []byte) (Sketch, error) {
	if len(encoded) < 2 {
		return Sketch{}, errors.New("shorter than the two bytes of a header")
	}
	p := int(encoded[1])
	if p < minPrecision || p > maxPrecision {
		return Sketch{}, fmt.Errorf("precision %d", p)
	}
	switch encoded[0] {
	case typeDense:
		return readDense(p, encoded[2:])
	case typeSparse:
		return readSparse(p, encoded[2:])
	}
	return Sketch{}, fmt.Errorf("type %d", encoded[0])
}

func readDense(p int, registers []byte) (Sketch, error) {
	if len(registers) != 1<<p {
		return Sketch{}, fmt.Errorf("%d registers at precision %d", len(registers), p)
	}
	s := Sketch{Precision: p, Dense: true}
	for index, rho := range registers {
		if int(rho) > maxRho(p) {
			return Sketch{}, fmt.Errorf("register %d is %d", index, rho)
		}
		if rho != 0 {
			s.nonzero = append(s.nonzero, pack(index, rho))
		}
	}
	return s, nil
}

func readSparse(p int, entries []byte) (Sketch, error) {
	width := indexWidth(p)
	if len(entries)%(width+1) != 0 {
		return Sketch{}, fmt.Errorf("%d bytes are no whole number of entries at precision %d", len(entries), p)
	}
	registers := map[int]byte{} // a repeated index: the last entry wins
	for ; len(entries) > 0; entries = entries[width+1:] {
		index := 0
		for i := width - 1; i >= 0; i-- {
			index = index<<8 | int(entries[i])
		}
		rho := entries[width]
		if index >= 1<<p {
			return Sketch{}, fmt.Errorf("index %d", index)
		}
		if rho < 1 || int(rho) > maxRho(p) {
			return Sketch{}, fmt.Errorf("rho %d", rho)
		}
		registers[index] = rho
	}
	return fromRegisters(p, registers), nil
}

func fromRegisters(p int, registers map[int]byte) Sketch {
	s := Sketch{Precision: p}
	for index, rho := range registers {
		s.nonzero = append(s.nonzero, pack(index, rho))
	}
	slices.Sort(s.nonzero)
	return s
}

// SameRegisters reports whether two sketches mean the same, in whatever form and order they were written.
func (s Sketch) SameRegisters(other Sketch) bool {
	return s.Precision == other.Precision && slices.Equal(s.nonzero, other.nonzero)
}

// NonZero returns the number of registers that are not 0.
func (s Sketch) NonZero() int { return len(s.nonzero) }

// EncodeDense writes the dense form: always 2 + 2^p bytes.
func (s Sketch) EncodeDense() []byte {
	out := make([]byte, 2+1<<s.Precision)
	out[0], out[1] = typeDense, byte(s.Precision)
	for _, e := range s.nonzero {
		out[2+e>>8] = byte(e)
	}
	return out
}

// EncodeSparse writes the sparse form, however many entries it takes, in ascending order of index.
func (s Sketch) EncodeSparse() []byte {
	out := []byte{typeSparse, byte(s.Precision)}
	for _, e := range s.nonzero {
		index := e >> 8
		for range indexWidth(s.Precision) {
			out = append(out, byte(index))
			index >>= 8
		}
		out = append(out, byte(e))
	}
	return out
}

// Encode writes the form that Algebird's sum has: sparse while entries * 16 <= 2^p, dense after.
func (s Sketch) Encode() []byte {
	if fitsSparse(len(s.nonzero), s.Precision) {
		return s.EncodeSparse()
	}
	return s.EncodeDense()
}

func (s Sketch) String() string {
	form := "sparse"
	if s.Dense {
		form = "dense"
	}
	return fmt.Sprintf("%s sketch of precision %d with %d registers set", form, s.Precision, len(s.nonzero))
}

func fitsSparse(entries, p int) bool { return entries*16 <= 1<<p }
func indexWidth(p int) int           { return (p + 7) / 8 }
func maxRho(p int) int               { return 128 - p }
func pack(index int, rho byte) uint32 {
	return uint32(index)<<8 | uint32(rho)
}

// builder collects hashed ids into registers.
type builder struct {
	precision int
	registers []byte
}

func newBuilder(p int) *builder { return &builder{precision: p, registers: make([]byte, 1<<p)} }

func (b *builder) add(h1, h2 uint64) {
	index, rho := place(h1, h2, b.precision)
	b.registers[index] = max(b.registers[index], rho)
}

func (b *builder) sketch() Sketch {
	s := Sketch{Precision: b.precision}
	for index, rho := range b.registers {
		if rho != 0 {
			s.nonzero = append(s.nonzero, pack(index, rho))
		}
	}
	s.Dense = !fitsSparse(len(s.nonzero), b.precision)
	return s
}

// sketchOf is the sketch of one id.
func sketchOf(p int, id []byte) Sketch {
	h1, h2 := murmur(id)
	index, rho := place(h1, h2, p)
	return fromRegisters(p, map[int]byte{index: rho})
}

// place walks the 128 bits h1, h2 from the first: p bits are the index, the first of them the lowest; rho is one
// more than the number of zeros that follow. 128 zeros give 129 - p, which no sketch may hold.
func place(h1, h2 uint64, p int) (index int, rho byte) {
	bit := func(i int) uint64 {
		if i < 64 {
			return h1 >> (63 - i) & 1
		}
		return h2 >> (127 - i) & 1
	}
	for i := range p {
		index |= int(bit(i)) << i
	}
	rho = 1
	for i := p; i < 128 && bit(i) == 0; i++ {
		rho++
	}
	return index, rho
}

// murmur is MurmurHash3 x64 128 with both lanes starting at 12345678 and a sign-extended tail.
func murmur(id []byte) (h1, h2 uint64) {
	const c1, c2 = 0x87c37b91114253d5, 0x4cf5ad432745937f
	mix1 := func(k uint64) uint64 { return bits.RotateLeft64(k*c1, 31) * c2 }
	mix2 := func(k uint64) uint64 { return bits.RotateLeft64(k*c2, 33) * c1 }
	h1, h2 = 12345678, 12345678
	rest := id
	for ; len(rest) >= 16; rest = rest[16:] {
		h1 ^= mix1(binary.LittleEndian.Uint64(rest))
		h1 = (bits.RotateLeft64(h1, 27)+h2)*5 + 0x52dce729
		h2 ^= mix2(binary.LittleEndian.Uint64(rest[8:]))
		h2 = (bits.RotateLeft64(h2, 31)+h1)*5 + 0x38495ab5
	}
	var tail [2]uint64
	for i, b := range rest {
		tail[i/8] ^= uint64(int64(int8(b))) << (8 * (i % 8))
	}
	if len(rest) > 8 {
		h2 ^= mix2(tail[1])
	}
	if len(rest) > 0 {
		h1 ^= mix1(tail[0])
	}
	h1 ^= uint64(len(id))
	h2 ^= uint64(len(id))
	h1 += h2
	h2 += h1
	h1, h2 = finish(h1), finish(h2)
	h1 += h2
	h2 += h1
	return h1, h2
}

func finish(h uint64) uint64 {
	h = (h ^ h>>33) * 0xff51afd7ed558ccd
	h = (h ^ h>>33) * 0xc4ceb9fe1a85ec53
	return h ^ h>>33
}
