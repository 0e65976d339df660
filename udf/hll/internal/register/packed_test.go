// SPDX-License-Identifier: Apache-2.0

package register

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"testing"
)

// packedKernels is one implementation of what packed registers need.
type packedKernels struct {
	name     string
	union    func(packed []byte, base byte, src []byte) byte
	smallest func(packed []byte) byte
}

var packedImplementations = []packedKernels{
	{"portable", genericUnionPacked, genericSmallestPacked},
	{"exported-" + Kernel(), func(packed []byte, base byte, src []byte) byte {
		largest, _ := UnionPacked(packed, base, src)
		return largest
	}, SmallestPacked},
}

// The oracle of a packed slice is the slice of its nibbles, in the order of the registers, taken apart
// and put together as the package comment says.

func oracleNibbles(packed []byte) []byte {
	nibbles := make([]byte, 2*len(packed))
	block := min(32, len(packed))
	for k := 0; k < len(packed); k += block {
		for i := range block {
			nibbles[2*k+i] = packed[k+i] & 0x0F
			nibbles[2*k+block+i] = packed[k+i] >> 4
		}
	}
	return nibbles
}

func oraclePacked(nibbles []byte) []byte {
	packed := make([]byte, len(nibbles)/2)
	block := min(32, len(packed))
	for k := 0; k < len(packed); k += block {
		for i := range block {
			packed[k+i] = nibbles[2*k+i] + 16*nibbles[2*k+block+i]
		}
	}
	return packed
}

func oracleNibble(r, base byte) byte {
	switch {
	case r < base:
		return 0
	case r-base >= 15:
		return 15
	}
	return r - base
}

// packedLengths are numbers of registers: one block of every size, and whole blocks.
func packedLengths() []int {
	all := []int{128, 192, 256, 320, 384, 1024, 4096, 1 << 14}
	for n := 0; n <= 64; n += 2 {
		all = append(all, n)
	}
	return all
}

// everyPacked calls f with random packed registers, registers and bases of every kind.
func everyPacked(t *testing.T, f func(what string, packed guarded, base byte, src guarded)) {
	t.Helper()
	random := rand.New(rand.NewPCG(4, 15))
	bases := []byte{0, 1, 5, 60, 111, 112, 113, 114, 124, 200, 240}
	for _, filling := range fillings {
		for _, n := range packedLengths() {
			for _, base := range bases {
				src, packed := newGuarded(n, random.IntN(33)), newGuarded(n/2, random.IntN(33))
				filling.fill(random, src.inside)
				if random.IntN(2) == 0 { // around the base, whatever the filling
					for i, r := range src.inside {
						src.inside[i] = max(base, 1) - 1 + r%20
					}
				}
				for i := range packed.inside {
					packed.inside[i] = byte(random.Uint32())
				}
				what := fmt.Sprintf("%s, %d registers, base %d", filling.name, n, base)
				f(what, packed, base, src)
				packed.check(t, what)
				src.check(t, what)
			}
		}
	}
}

func TestUnionPacked_Saturates(t *testing.T) {
	for _, k := range packedImplementations {
		t.Run(k.name, func(t *testing.T) {
			everyPacked(t, func(what string, packed guarded, base byte, src guarded) {
				want := oracleNibbles(packed.inside)
				for i, r := range src.inside {
					want[i] = max(want[i], oracleNibble(r, base))
				}
				for range 2 { // again changes nothing
					if got, want := k.union(packed.inside, base, src.inside), oracleLargest(src.inside); got != want {
						t.Fatalf("%s: largest %d, want %d", what, got, want)
					}
					if !bytes.Equal(packed.inside, oraclePacked(want)) {
						t.Fatalf("%s: nibbles %v, want %v", what, oracleNibbles(packed.inside), want)
					}
				}
			})
		})
	}
}

// TestUnionPacked_OfEveryPair proves the comparison of lanes for every nibble, register and base.
func TestUnionPacked_OfEveryPair(t *testing.T) {
	for _, k := range packedImplementations {
		for base := range maxBase + 1 {
			for r := range 256 {
				var packed [32]byte
				var src [64]byte
				for i := range packed {
					packed[i] = byte(i + r*16) // every low nibble twice, with one high nibble
					src[i] = byte(base + i%15)
					src[32+i] = byte(r)
				}
				src[r%32] = byte(r)
				want := oracleNibbles(packed[:])
				for i, r := range src {
					want[i] = max(want[i], oracleNibble(r, byte(base)))
				}
				if k.union(packed[:], byte(base), src[:]); !bytes.Equal(packed[:], oraclePacked(want)) {
					t.Fatalf("%s, base %d, register %d: %v, want %v", k.name, base, r, oracleNibbles(packed[:]), want)
				}
			}
		}
	}
}

func TestUnionPacked_IsOkUpToTheLastNibble(t *testing.T) {
	for _, base := range []byte{0, 7, 113, 240} {
		for over := range byte(16) {
			packed, src := make([]byte, 32), make([]byte, 64)
			src[40] = base + over
			largest, ok := UnionPacked(packed, base, src)
			if largest != base+over || ok != (over <= 14) {
				t.Errorf("base %d and register %d: largest %d, ok %v", base, base+over, largest, ok)
			}
		}
	}
}

func TestPackAndUnpack_FollowTheLayout(t *testing.T) {
	everyPacked(t, func(what string, packed guarded, base byte, src guarded) {
		nibbles, exceptions := make([]byte, len(src.inside)), 0
		for i, r := range src.inside {
			if nibbles[i] = oracleNibble(r, base); nibbles[i] == 15 {
				exceptions++
			}
		}
		if got := Pack(packed.inside, src.inside, base); got != exceptions {
			t.Fatalf("%s: %d exceptions, want %d", what, got, exceptions)
		}
		if !bytes.Equal(packed.inside, oraclePacked(nibbles)) {
			t.Fatalf("%s: packed to %v, want %v", what, oracleNibbles(packed.inside), nibbles)
		}
		for name, unpack := range map[string]func(dst, packed []byte, base byte){"portable": genericUnpack, "exported": Unpack} {
			dst := newGuarded(len(src.inside), 3)
			unpack(dst.inside, packed.inside, base)
			for i, r := range dst.inside {
				if r != base+nibbles[i] {
					t.Fatalf("%s, %s: register %d unpacked to %d, want %d", what, name, i, r, base+nibbles[i])
				}
			}
			dst.check(t, what)
		}
	})
}

func TestSetNibble_FollowsTheLayout(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 6))
	for _, n := range packedLengths() {
		packed := make([]byte, n/2)
		nibbles := make([]byte, n)
		for i := range nibbles {
			nibbles[i] = byte(random.IntN(16))
			SetNibble(packed, i, byte(random.IntN(16)))
			SetNibble(packed, i, nibbles[i])
		}
		if !bytes.Equal(packed, oraclePacked(nibbles)) {
			t.Fatalf("%d registers: set %v, want %v", n, oracleNibbles(packed), nibbles)
		}
		for i := range nibbles {
			if v := byte(random.IntN(16)); n >= 64 {
				RaiseNibble(packed, uint32(i), v)
				nibbles[i] = max(nibbles[i], v)
			}
		}
		for i, v := range nibbles {
			if got := nibble(packed, i); got != v {
				t.Fatalf("nibble %d of %d is %d, want %d", i, n, got, v)
			}
		}
	}
}

func TestSmallestPacked(t *testing.T) {
	random := rand.New(rand.NewPCG(7, 8))
	for _, k := range packedImplementations {
		t.Run(k.name, func(t *testing.T) {
			for n := range 200 {
				for lowest := range 16 {
					packed := newGuarded(n, random.IntN(33))
					for i := range packed.inside {
						low, high := lowest+random.IntN(16-lowest), lowest+random.IntN(16-lowest)
						packed.inside[i] = byte(low | high<<4)
					}
					want := byte(15)
					for _, v := range oracleNibbles(packed.inside[:n&^31]) {
						want = min(want, v)
					}
					for _, b := range packed.inside[n&^31:] {
						want = min(want, b&15, b>>4)
					}
					if got := k.smallest(packed.inside); got != want {
						t.Fatalf("smallest of %d bytes is %d, want %d", n, got, want)
					}
				}
			}
		})
	}
}

func TestRaise_LeavesTheExceptions(t *testing.T) {
	for by := range 16 {
		for v := range 256 {
			packed := []byte{byte(v)}
			want := oracleNibbles(packed)
			for i, v := range want {
				if v != 15 {
					want[i] = byte(max(0, int(v)-by))
				}
			}
			if Raise(packed, byte(by)); packed[0] != want[0]|want[1]<<4 {
				t.Fatalf("%#02x raised by %d is %#02x, want %#02x", v, by, packed[0], want[0]|want[1]<<4)
			}
		}
	}
}

// packedState is a caller as the package comment has it.
type packedState struct {
	packed     []byte
	base       byte
	exceptions map[int]byte
}

func (s *packedState) union(src []byte) {
	if _, ok := UnionPacked(s.packed, s.base, src); ok {
		return
	}
	for i, r := range Above(src, s.base+saturated-1) {
		s.exceptions[i] = max(s.exceptions[i], r)
	}
}

func (s *packedState) raise() {
	by := SmallestPacked(s.packed)
	Raise(s.packed, by)
	s.base += by
	for i, r := range s.exceptions {
		if v := r - s.base; v < saturated {
			SetNibble(s.packed, i, v)
			delete(s.exceptions, i)
		}
	}
}

func (s *packedState) registers() []byte {
	dst := make([]byte, 2*len(s.packed))
	Unpack(dst, s.packed, s.base)
	for i, r := range s.exceptions {
		dst[i] = r
	}
	return dst
}

func TestPackedState_HasExactUnions(t *testing.T) {
	random := rand.New(rand.NewPCG(9, 10))
	for _, n := range []int{16, 32, 64, 256, 4096} {
		for range 10 {
			state := packedState{packed: make([]byte, n/2), exceptions: map[int]byte{}}
			want, src := make([]byte, n), make([]byte, n)
			density := 0.01
			for range 60 {
				sketch(density)(random, src)
				if random.IntN(8) == 0 { // no hash gives these so early, but a union may
					src[random.IntN(n)] = byte(random.IntN(117))
				}
				density = min(density*1.4, 300)
				oracleUnion(want, src)
				state.union(src)
				if random.IntN(3) == 0 {
					state.raise()
				}
				if got := state.registers(); !bytes.Equal(got, want) {
					t.Fatalf("%d registers: %v, want %v", n, got, want)
				}
			}
			for i, r := range want {
				_, excepted := state.exceptions[i]
				if (nibble(state.packed, i) == saturated) != excepted {
					t.Fatalf("register %d is %d over base %d: exception %v", i, r, state.base, excepted)
				}
			}
		}
	}
}

func TestPackedFunctions_PanicOnWrongLengths(t *testing.T) {
	for _, c := range []struct {
		packed, n int
		base      byte
		want      string
	}{
		{32, 32, 0, "of 32 registers and 32 packed bytes: want half as many bytes"},
		{32, 128, 0, "of 128 registers and 32 packed bytes: want half as many bytes"},
		{8, 17, 0, "of 17 registers and 8 packed bytes: want half as many bytes"},
		{48, 96, 0, "of 96 registers: want fewer than 64, or a multiple of it"},
		{32, 64, 241, "over base 241: above 240"},
	} {
		packed, registers := make([]byte, c.packed), make([]byte, c.n)
		for name, f := range map[string]func(){
			"UnionPacked": func() { UnionPacked(packed, c.base, registers) },
			"Pack":        func() { Pack(packed, registers, c.base) },
			"Unpack":      func() { Unpack(registers, packed, c.base) },
		} {
			func() {
				defer func() {
					if got, want := recover(), "register: "+name+" "+c.want; got != want {
						t.Errorf("panic %v, want %q", got, want)
					}
				}()
				f()
			}()
		}
	}
}

func TestPackedFunctions_AllocateNothing(t *testing.T) {
	packed, src := make([]byte, 2048), make([]byte, 4096)
	for name, f := range map[string]func(){
		"UnionPacked":    func() { UnionPacked(packed, 2, src) },
		"Pack":           func() { Pack(packed, src, 0) },
		"Unpack":         func() { Unpack(src, packed, 0) },
		"SmallestPacked": func() { SmallestPacked(packed) },
		"Raise":          func() { Raise(packed, 1) },
		"SetNibble":      func() { SetNibble(packed, 77, nibble(packed, 78)) },
	} {
		if n := testing.AllocsPerRun(10, f); n != 0 {
			t.Errorf("%s allocates %v times", name, n)
		}
	}
}

// nibble returns the nibble of register i.
func nibble(packed []byte, i int) byte {
	at, shift := place(packed, i)
	return packed[at] >> shift & 15
}
