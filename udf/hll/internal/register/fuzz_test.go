// SPDX-License-Identifier: Apache-2.0

package register

import (
	"bytes"
	"math/rand/v2"
	"slices"
	"testing"
)

// addSeeds gives f all fill patterns of a few lengths, for every target.
func addSeeds(f *testing.F, add func(registers []byte)) {
	random := rand.New(rand.NewPCG(1, 1))
	for _, filling := range fillings {
		for _, n := range []int{0, 15, 16, 33, 128, 300} {
			registers := make([]byte, n)
			filling.fill(random, registers)
			add(registers)
		}
	}
}

func FuzzUnion(f *testing.F) {
	addSeeds(f, func(registers []byte) { f.Add(registers, uint8(7)) })
	f.Fuzz(func(t *testing.T, both []byte, misalignment uint8) {
		n := len(both) / 2
		for _, k := range implementations {
			dst := newGuarded(n, int(misalignment%64))
			copy(dst.inside, both)
			want := bytes.Clone(dst.inside)
			largest := oracleUnion(want, both[n:2*n])
			if got := k.union(dst.inside, both[n:2*n]); got != largest || !bytes.Equal(dst.inside, want) {
				t.Errorf("%s: %v, largest %d; want %v, largest %d", k.name, dst.inside, got, want, largest)
			}
			dst.check(t, k.name)
		}
	})
}

func FuzzSum(f *testing.F) {
	addSeeds(f, func(registers []byte) { f.Add(registers) })
	f.Fuzz(func(t *testing.T, src []byte) {
		want := oracleSum(src)
		for _, k := range implementations {
			if got := k.sum(src); got != want {
				t.Errorf("%s: %+v, want %+v", k.name, got, want)
			}
			if got := k.largest(src); got != want.Largest {
				t.Errorf("%s: largest %d, want %d", k.name, got, want.Largest)
			}
		}
	})
}

func FuzzHistogram(f *testing.F) {
	addSeeds(f, func(registers []byte) { f.Add(registers) })
	f.Fuzz(func(t *testing.T, src []byte) {
		var got, want [128]uint32
		oracleHistogram(src, &want)
		if Histogram(src, &got); got != want {
			t.Errorf("%v, want %v", got, want)
		}
	})
}

func FuzzIndexAbove(f *testing.F) {
	addSeeds(f, func(registers []byte) { f.Add(registers, uint8(14)) })
	f.Fuzz(func(t *testing.T, src []byte, limit uint8) {
		want := -1
		for i, r := range src {
			if r > limit {
				want = i
				break
			}
		}
		if got := IndexAbove(src, limit); got != want {
			t.Errorf("first above %d at %d, want %d", limit, got, want)
		}
	})
}

func FuzzUnionPacked(f *testing.F) {
	addSeeds(f, func(registers []byte) { f.Add(registers, uint8(3)) })
	f.Fuzz(func(t *testing.T, both []byte, base uint8) {
		// A third is packed, two thirds are registers.
		size := len(both) / 3
		if size >= packedHalf {
			size -= size % packedHalf
		}
		base %= maxBase + 1
		src := both[size : 3*size]
		want := oracleNibbles(both[:size])
		for i, r := range src {
			want[i] = max(want[i], oracleNibble(r, base))
		}
		for _, k := range packedImplementations {
			packed := newGuarded(size, 5)
			copy(packed.inside, both)
			largest := k.union(packed.inside, base, src)
			if largest != oracleLargest(src) || !bytes.Equal(packed.inside, oraclePacked(want)) {
				t.Errorf("%s: %v, largest %d; want %v", k.name, oracleNibbles(packed.inside), largest, want)
			}
			packed.check(t, k.name)
			if size > 0 && k.smallest(packed.inside) != slices.Min(want) {
				t.Errorf("%s: smallest %d of %v", k.name, k.smallest(packed.inside), want)
			}
		}
	})
}
