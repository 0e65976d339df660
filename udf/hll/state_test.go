// SPDX-License-Identifier: Apache-2.0

package hll

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/headcount-hll/headcount/udf/errs"
	"github.com/headcount-hll/headcount/udf/hll/internal/idhash"
	"github.com/headcount-hll/headcount/udf/state"
)

// slot is a State with exactly the memory that its calls asked for, between guards.
type slot struct {
	memory []byte
	flags  state.Flags
	steps  map[state.Status]int
}

const guard = 16

// flagsOf returns the flags of a state of few groups, of many, and of many with memory to spare for precisions up to 14.
func flagsOf(n int) state.Flags {
	return []state.Flags{0, state.PackRegisters, state.PackRegisters.WithSpare(1 << 14)}[n%3]
}

func newSlot(flags state.Flags) *slot {
	return &slot{memory: make([]byte, 2*guard), flags: flags, steps: map[state.Status]int{}}
}

func (s *slot) bytes() State {
	return State(s.memory[guard : len(s.memory)-guard : len(s.memory)-guard])
}

// drive repeats a call until it is done. It gives what the call asks for, AllowLong only when asked.
func (s *slot) drive(t *testing.T, call func(s State, at int, flags state.Flags) (state.Step, error)) error {
	t.Helper()
	at, flags := 0, s.flags
	for {
		step, err := call(s.bytes(), at, flags)
		if err != nil {
			return err
		}
		s.steps[step.Status]++
		switch step.Status {
		case state.Done:
			for _, b := range append(s.memory[:guard:guard], s.memory[len(s.memory)-guard:]...) {
				if b != 0 {
					t.Fatal("a call wrote outside its slot")
				}
			}
			return nil
		case state.NeedSpace:
			if step.Need <= len(s.bytes()) {
				t.Fatalf("asked for %d bytes, has %d", step.Need, len(s.bytes()))
			}
			grown := make([]byte, step.Need+2*guard)
			copy(grown[guard:], s.bytes())
			s.memory = grown
		case state.Again:
			at = step.At
		case state.WouldBlock:
			if flags&state.AllowLong != 0 {
				t.Fatal("WouldBlock with AllowLong")
			}
			flags |= state.AllowLong
		}
	}
}

func (s *slot) merge(t *testing.T, sketch []byte) error {
	return s.drive(t, func(s State, at int, flags state.Flags) (state.Step, error) {
		return s.Merge(sketch, at, flags)
	})
}

func (s *slot) add(t *testing.T, p Precision, id []byte) {
	if err := s.drive(t, func(s State, _ int, flags state.Flags) (state.Step, error) { return s.Add(p, id, flags) }); err != nil {
		t.Fatal(err)
	}
}

// randomSketch returns an encoding of up to n entries: dense, sparse as written here, or sparse in any
// order with repeated indexes.
func randomSketch(r *rand.Rand, p, n int) []byte {
	entries := newNaive(p)
	foreign := []byte{3, byte(p)}
	for range r.IntN(n + 1) {
		index, rho := r.IntN(1<<p), 1+r.IntN(1+r.IntN(128-p))
		entries.rho[index] = rho
		foreign = append(foreign, binary.LittleEndian.AppendUint32(nil, uint32(index))[:(p+7)/8]...)
		foreign = append(foreign, byte(rho))
	}
	switch r.IntN(4) {
	case 0:
		entries.dense = true
		return entries.bytes()
	case 1:
		return foreign
	default:
		return entries.bytes()
	}
}

func TestState_OfMergedSketchesEqualsNaiveUnion(t *testing.T) {
	rounds := 60
	if testing.Short() { // under the race detector a round takes ten times as long
		rounds = 12
	}
	for _, p := range []int{4, 5, 8, 9, 12, 13, 16, 17, 19} {
		t.Run(fmt.Sprint("p=", p), func(t *testing.T) {
			r := rand.New(rand.NewPCG(uint64(p), 1))
			for range rounds {
				s, want := newSlot(flagsOf(r.IntN(3))), newNaive(p)
				for range 1 + r.IntN(12) {
					sketch := randomSketch(r, p, r.IntN(1+(1<<p)/8))
					want.union(readNaive(sketch))
					if err := s.merge(t, sketch); err != nil {
						t.Fatal(err)
					}
					if r.IntN(3) == 0 { // reading in between changes nothing
						requireSketch(t, "so far", s.bytes().Append(nil), want)
					}
				}
				requireSketch(t, "union", s.bytes().Append([]byte{9})[1:], want)
			}
		})
	}
}

func TestState_OfAddedIDsEqualsNaiveSketch(t *testing.T) {
	for _, bits := range []int64{4, 8, 12, 14, 17} {
		t.Run(fmt.Sprint("p=", bits), func(t *testing.T) {
			p, _ := NewPrecision(bits)
			r := rand.New(rand.NewPCG(uint64(bits), 2))
			for _, n := range []int{1, 2, 10, 300, 5_000, 40_000} {
				s, want := newSlot(flagsOf(r.IntN(3))), newNaive(int(bits))
				for range n {
					id := fmt.Appendf(nil, "id-%d", r.IntN(n))
					s.add(t, p, id)
					want.add(idhash.Of(id))
				}
				requireSketch(t, fmt.Sprint(n, " ids"), s.bytes().Append(nil), want)
			}
		})
	}
}

// TestState_IsSmallForFewEntries holds the memory of a group to what its entries cost.
func TestState_IsSmallForFewEntries(t *testing.T) {
	p, _ := NewPrecision(12)
	for _, c := range []struct {
		ids, atMost int
		flags       state.Flags
	}{{1, 16, 0}, {5, 40, 0}, {50, 220, 0}, {200, 800, 0}, {250, 1_000, 0}, {100_000, 4_112, 0}, {100_000, 2_080, state.PackRegisters}} {
		s := newSlot(c.flags)
		for i := range c.ids {
			s.add(t, p, fmt.Append(nil, i))
		}
		if got := len(s.bytes()); got > c.atMost {
			t.Errorf("%d ids take %d bytes, want at most %d", c.ids, got, c.atMost)
		}
	}
}

// TestPackedState_RaisesItsBase keeps a packed state's exceptions few, and the registers right.
func TestPackedState_RaisesItsBase(t *testing.T) {
	for _, bits := range []int64{12, 14} {
		s := newSlot(state.PackRegisters)
		want := make([]byte, 1<<bits)
		for i := range 60 {
			sketch := sample(t, bits, i, 5<<bits)
			if err := s.merge(t, sketch); err != nil {
				t.Fatal(err)
			}
			for j, r := range sketch[headerSize:] {
				want[j] = max(want[j], r)
			}
		}
		if !bytes.Equal(s.bytes().Append(nil)[headerSize:], want) {
			t.Errorf("p=%d: registers differ", bits)
		}
		if smallest := slices.Min(want); s.bytes().form() != packedForm || smallest < 3 || s.bytes().base() < smallest-2 {
			t.Errorf("p=%d: base %d, smallest register %d", bits, s.bytes().base(), smallest)
		}
	}
}

// TestLargeState_WorksInShortCalls shows that a call without Long never puts many entries in order or
// unites more than a range of registers.
func TestLargeState_WorksInShortCalls(t *testing.T) {
	const p = 20
	s := newSlot(0)
	dense := append([]byte{2, p}, make([]byte, 1<<p)...)
	dense[2+1<<p-1] = 7
	if err := s.merge(t, dense); err != nil {
		t.Fatal(err)
	}
	if got, want := s.steps[state.Again], 1<<p/rangeSize-1; got != want {
		t.Errorf("a dense sketch took %d further calls, want %d", got, want)
	}
	if s.steps[state.WouldBlock] == 0 {
		t.Error("a megabyte of registers was cleared in a short call")
	}
	precision, _ := NewPrecision(p)
	s = newSlot(0)
	for i := range 3 * manyEntries {
		s.add(t, precision, fmt.Append(nil, i))
	}
	if s.steps[state.WouldBlock] == 0 {
		t.Errorf("%d entries were put in order in short calls", 3*manyEntries)
	}
}

func TestMerge_RejectsTwoPrecisions(t *testing.T) {
	s := newSlot(0)
	if err := s.merge(t, sample(t, 12, 1, 10)); err != nil {
		t.Fatal(err)
	}
	err := s.merge(t, sample(t, 14, 1, 10))
	var e *errs.Error
	if !errors.As(err, &e) || e.Code != errs.PrecisionMismatch {
		t.Fatalf("got %v, want a precision mismatch", err)
	}
	if want := "hll: union of precision 12 with 14: precisions differ; bring the larger down with hll_reduce(sketch, 12)"; err.Error() != want {
		t.Errorf("got %q, want %q", err, want)
	}
}

// The scan of an empty sketch of precision 24 is long.
func TestMerge_OfAnEmptySketchOfAnotherPrecisionIsNotLong(t *testing.T) {
	large := append([]byte{denseForm, 24}, make([]byte, 1<<24)...)
	s := State(make([]byte, 64))
	if _, err := s.Merge([]byte{sparseForm, 12, 1, 0, 5}, 0, 0); err != nil {
		t.Fatal(err)
	}
	if step, err := s.Merge(large, 0, 0); err != nil || step.Status != state.WouldBlock {
		t.Errorf("step %+v, error %v, want WouldBlock", step, err)
	}
	if step, err := s.Merge(large, 0, state.AllowLong); err != nil || step.Status != state.Done {
		t.Errorf("step %+v, error %v, want Done", step, err)
	}
	if got := s.Append(nil); !bytes.Equal(got, []byte{sparseForm, 12, 1, 0, 5}) {
		t.Errorf("got %x", got)
	}
}

// A sum is sparse while its registers are few, however often its ids come and whatever memory the caller has.
func TestState_OfRepeatedIDsIsSparse(t *testing.T) {
	for bits := int64(4); bits <= 14; bits++ {
		p, _ := NewPrecision(bits)
		for _, distinct := range []int{1, max(1, p.sparseLimit()/2), p.sparseLimit()} {
			list := make([]entry, distinct)
			want := []byte{sparseForm, byte(bits)}
			for i := range list {
				list[i] = entry(i*16<<8) | entry(1+i%3)
				want = append(want, make([]byte, p.entryWidth())...)
				putEntry(want[len(want)-p.entryWidth():], list[i], p.indexWidth())
			}
			for n := range 3 {
				s := newSlot(flagsOf(n))
				for round := range 60 {
					for i := range list {
						one := []byte{sparseForm, byte(bits)}
						one = append(one, make([]byte, p.entryWidth())...)
						putEntry(one[2:], list[(i*7+round)%distinct], p.indexWidth())
						if err := s.merge(t, one); err != nil {
							t.Fatal(err)
						}
					}
				}
				if got := s.bytes().Append(nil); !bytes.Equal(got, want) {
					t.Fatalf("precision %d, %d registers, flags %x: %d bytes beginning with %x, want %d", bits, distinct, s.flags, len(got), got[:2], len(want))
				}
			}
		}
	}
}

// Entries are sorted only when as many are new as are sorted, so ids that come again and again may take twice the memory.
func TestState_RepeatedIDsTakeAtMostTwiceTheMemory(t *testing.T) {
	const ids, rounds = 20, 50
	p, _ := NewPrecision(12)
	s, registers := State{}, map[uint32]bool{}
	for i := range ids * rounds {
		id := fmt.Append(nil, i%ids)
		h1, h2 := idhash.Of(id)
		registers[entryOf(p, h1, h2).index()] = true
		for {
			step, err := s.Add(p, id, 0)
			if err != nil {
				t.Fatal(err)
			}
			if step.Status == state.Done {
				break
			}
			s = append(make(State, 0, step.Need), s...)[:step.Need]
		}
	}
	if most := roundUp(entriesAt + (2*ids+2*ids/4+2)*p.entryWidth()); len(s) > most {
		t.Errorf("%d ids, %d times each, take %d bytes, at most %d expected", ids, rounds, len(s), most)
	}
	if n := s.normalize(); n != len(registers) {
		t.Errorf("%d entries of %d registers", n, len(registers))
	}
}
