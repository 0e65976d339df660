// SPDX-License-Identifier: Apache-2.0

package register

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
)

// kernels is one implementation of every function. The tests hold each that this binary has to the oracle,
// whichever of them the process would choose.
type kernels struct {
	name       string
	union      func(dst, src []byte) byte
	largest    func(src []byte) byte
	span       func(src []byte) (smallest, largest byte)
	indexAbove func(src []byte, limit byte) int
	sum        func(src []byte) Sums
}

// implementations are the portable kernels and, as "exported", what the exported functions use: the assembly
// where the processor has it.
var implementations = []kernels{
	{"portable", genericUnion, genericLargest, portableRange, genericIndexAbove, portableSum},
	{"exported-" + Kernel(), Union, Largest, Range, IndexAbove, Sum},
}

// portableSum is Sum over the portable kernel.
func portableSum(src []byte) Sums {
	n := min(len(src), blockSize)
	if n == len(src) {
		return genericSumBlock(src)
	}
	return genericSumBlock(src[:n]).join(portableSum(src[n:]))
}

// portableRange is Range over the portable kernel.
func portableRange(src []byte) (smallest, largest byte) {
	n := min(len(src), blockSize)
	smallest, largest = genericRangeBlock(src[:n])
	if n < len(src) {
		low, high := portableRange(src[n:])
		return min(smallest, low), max(largest, high)
	}
	return smallest, largest
}

// lengths are one or more of every class: empty, below a vector, every remainder of the unrolled loops, the
// sizes of sketches, and lengths around the blocks of Sum.
func lengths() []int {
	var all []int
	for n := range 300 {
		all = append(all, n)
	}
	return append(all, 512, 1024, 2048, 4080, 4096, 4096+16, 4096+32, 2*4096, 3*4096+48)
}

// guarded is a slice inside a larger one, at the given distance from alignment, whose surroundings must
// not change.
type guarded struct {
	whole  []byte
	inside []byte
}

const guardSize, guardByte = 64, 0xA5

func newGuarded(n, misalignment int) guarded {
	whole := bytes.Repeat([]byte{guardByte}, guardSize+misalignment+n+guardSize)
	start := guardSize + misalignment
	return guarded{whole, whole[start : start+n : start+n]}
}

func (g guarded) check(t *testing.T, what string) {
	t.Helper()
	start := len(g.whole) - guardSize - len(g.inside)
	for i, b := range g.whole {
		if (i < start || i >= len(g.whole)-guardSize) && b != guardByte {
			t.Fatalf("%s: wrote byte %d of a slice of %d", what, i-start, len(g.inside))
		}
	}
}

// everyInput calls f with registers of every length and filling, at varying misalignments.
func everyInput(t *testing.T, f func(what string, random *rand.Rand, src guarded)) {
	t.Helper()
	random := rand.New(rand.NewPCG(12, 4096))
	for _, filling := range fillings {
		for _, n := range lengths() {
			src := newGuarded(n, random.IntN(33))
			filling.fill(random, src.inside)
			f(fmt.Sprintf("%s, %d registers", filling.name, n), random, src)
			src.check(t, filling.name)
		}
	}
}

func TestUnion_IsTheMaximumAndReturnsTheLargest(t *testing.T) {
	for _, k := range implementations {
		t.Run(k.name, func(t *testing.T) {
			everyInput(t, func(what string, random *rand.Rand, src guarded) {
				dst := newGuarded(len(src.inside), random.IntN(33))
				fillings[random.IntN(len(fillings))].fill(random, dst.inside)
				want, original := bytes.Clone(dst.inside), bytes.Clone(src.inside)
				wantLargest := oracleUnion(want, src.inside)
				if got := k.union(dst.inside, src.inside); got != wantLargest {
					t.Fatalf("%s: largest %d, want %d", what, got, wantLargest)
				}
				if !bytes.Equal(dst.inside, want) {
					t.Fatalf("%s: union differs from the oracle's", what)
				}
				if !bytes.Equal(src.inside, original) {
					t.Fatalf("%s: src changed", what)
				}
				dst.check(t, what)
			})
		})
	}
}

func TestUnion_WithItselfChangesNothing(t *testing.T) {
	for _, k := range implementations {
		everyInput(t, func(what string, _ *rand.Rand, src guarded) {
			want := bytes.Clone(src.inside)
			if got := k.union(src.inside, src.inside); got != oracleLargest(want) || !bytes.Equal(src.inside, want) {
				t.Fatalf("%s, %s: union of a slice with itself changed it", k.name, what)
			}
		})
	}
}

// TestUnion_OfEveryPairOfBytesInEveryLane proves the comparison of lanes and its carries.
func TestUnion_OfEveryPairOfBytesInEveryLane(t *testing.T) {
	for _, k := range implementations {
		for a := range 256 {
			for b := range 256 {
				var dst, src, want [32]byte
				for i := range dst { // neighbours that borrow, and neighbours that do not
					dst[i], src[i] = byte(i*37), byte(i*101)
				}
				lane := (a + b) % 32
				dst[lane], src[lane] = byte(a), byte(b)
				want = dst
				wantLargest := oracleUnion(want[:], src[:])
				if got := k.union(dst[:], src[:]); got != wantLargest || dst != want {
					t.Fatalf("%s: max of %d and %d in lane %d: %d, largest %d", k.name, a, b, lane, dst[lane], got)
				}
			}
		}
	}
}

func TestUnion_PanicsOnDifferentLengths(t *testing.T) {
	for _, n := range []int{0, 15, 31, 33} {
		func() {
			defer func() {
				want := fmt.Sprintf("register: Union of 32 registers with %d: lengths differ", n)
				if got := recover(); got != want {
					t.Errorf("panic %v, want %q", got, want)
				}
			}()
			Union(make([]byte, 32), make([]byte, n))
		}()
	}
}

func TestLargest(t *testing.T) {
	for _, k := range implementations {
		t.Run(k.name, func(t *testing.T) {
			everyInput(t, func(what string, _ *rand.Rand, src guarded) {
				if got, want := k.largest(src.inside), oracleLargest(src.inside); got != want {
					t.Fatalf("%s: %d, want %d", what, got, want)
				}
			})
		})
	}
}

func TestRange(t *testing.T) {
	for _, k := range implementations {
		t.Run(k.name, func(t *testing.T) {
			everyInput(t, func(what string, _ *rand.Rand, src guarded) {
				want := oracleSum(src.inside)
				if smallest, largest := k.span(src.inside); smallest != want.Smallest || largest != want.Largest {
					t.Fatalf("%s: %d to %d, want %d to %d", what, smallest, largest, want.Smallest, want.Largest)
				}
			})
		})
	}
}

func TestIndexAbove(t *testing.T) {
	everyInput(t, func(what string, random *rand.Rand, src guarded) {
		for _, limit := range []byte{0, 14, 116, 127, 128, 254, 255, byte(random.Uint32())} {
			want := -1
			for i, r := range src.inside {
				if r > limit {
					want = i
					break
				}
			}
			for _, k := range implementations {
				if got := k.indexAbove(src.inside, limit); got != want {
					t.Fatalf("%s, %s: first above %d at %d, want %d", k.name, what, limit, got, want)
				}
			}
		}
	})
}

func TestAbove(t *testing.T) {
	everyInput(t, func(what string, random *rand.Rand, src guarded) {
		for _, limit := range []byte{0, 14, 127, 254, 255, byte(random.Uint32())} {
			var want, got []int
			for i, r := range src.inside {
				if r > limit {
					want = append(want, i)
				}
			}
			for i, r := range Above(src.inside, limit) {
				if r != src.inside[i] {
					t.Fatalf("%s: value %d at %d, want %d", what, r, i, src.inside[i])
				}
				if got = append(got, i); len(got) == 70 {
					break
				}
			}
			if want = want[:min(len(want), 70)]; !slices.Equal(got, want) {
				t.Fatalf("%s: above %d at %v, want %v", what, limit, got, want)
			}
		}
	})
}

func TestSum_EqualsBigIntegers(t *testing.T) {
	for _, k := range implementations {
		t.Run(k.name, func(t *testing.T) {
			everyInput(t, func(what string, _ *rand.Rand, src guarded) {
				if got, want := k.sum(src.inside), oracleSum(src.inside); got != want {
					t.Fatalf("%s: %+v, want %+v", what, got, want)
				}
			})
		})
	}
}

// TestSum_OfEverySpread has the largest register in every lane, so that every weight is looked up and added.
func TestSum_OfEverySpread(t *testing.T) {
	for _, k := range implementations {
		for spread := range 45 {
			for smallest := 0; smallest+spread < 256; smallest += 13 {
				src := bytes.Repeat([]byte{byte(smallest)}, 96)
				src[(spread*7+smallest)%96] += byte(spread)
				if got, want := k.sum(src), oracleSum(src); got != want {
					t.Fatalf("%s, smallest %d, spread %d: %+v, want %+v", k.name, smallest, spread, got, want)
				}
			}
		}
	}
}

// TestSum_OfTheLargestSketch has the largest sum there is: 2^24 - 1 registers at the bottom of the spread.
func TestSum_OfTheLargestSketch(t *testing.T) {
	src := make([]byte, 1<<24)
	src[1<<23] = 39
	want := Sums{Zeros: 1<<24 - 1, Largest: 39, Sum: (1<<24-1)<<39 + 1, Exact: true}
	for _, k := range implementations {
		if got := k.sum(src); got != want {
			t.Errorf("%s: %+v, want %+v", k.name, got, want)
		}
	}
	src[0] = 40
	want = Sums{Zeros: 1<<24 - 2, Largest: 40}
	for _, k := range implementations {
		if got := k.sum(src); got != want {
			t.Errorf("%s: %+v, want %+v", k.name, got, want)
		}
	}
}

func TestSum_PanicsAboveTheLargestSketch(t *testing.T) {
	defer func() {
		if got, want := recover(), "register: Sum of 16777217 registers: more than 16777216"; got != want {
			t.Errorf("panic %v, want %q", got, want)
		}
	}()
	Sum(make([]byte, 1<<24+1))
}

func TestHistogram_AddsAndSkipsInvalidRegisters(t *testing.T) {
	everyInput(t, func(what string, random *rand.Rand, src guarded) {
		var got, want [128]uint32
		for i := range got {
			got[i] = random.Uint32N(1000)
		}
		want = got
		oracleHistogram(src.inside, &want)
		if Histogram(src.inside, &got); got != want {
			t.Fatalf("%s: %v, want %v", what, got, want)
		}
	})
}

func TestKernels_AllocateNothing(t *testing.T) {
	dst, src := make([]byte, 4096+16), make([]byte, 4096+16)
	var counts [128]uint32
	for name, f := range map[string]func(){
		"Union":      func() { Union(dst, src) },
		"Largest":    func() { Largest(src) },
		"Range":      func() { Range(src) },
		"IndexAbove": func() { IndexAbove(src, 100) },
		"Sum":        func() { Sum(src) },
		"Histogram":  func() { Histogram(src, &counts) },
	} {
		if n := testing.AllocsPerRun(10, f); n != 0 {
			t.Errorf("%s allocates %v times", name, n)
		}
	}
}
