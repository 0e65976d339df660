// SPDX-License-Identifier: Apache-2.0

package hist

import (
	"bytes"
	"math"
	"math/rand/v2"
	"testing"
)

// kernels add each element of an array to that of another: as the processor does it best, and by vectors of four.
var kernels = map[string]func(into, other []byte){"addWords": addWords, "addByVectors": addByVectors}

// checkKernels compares every kernel with the sums of each pair of elements.
func checkKernels(t *testing.T, into, other []byte) {
	t.Helper()
	var want []byte
	for i := 0; i < len(into); i += wordSize {
		want = AppendArray(want, Add(word(into[i:]), word(other[i:])))
	}
	const margin = 64
	for name, add := range kernels {
		memory := bytes.Repeat([]byte{0xa5}, len(into)+2*margin)
		got := memory[margin:][:len(into)]
		copy(got, into)
		add(got, other)
		if !bytes.Equal(got, want) {
			t.Fatalf("%s of %d elements: %x + %x = %x, want %x", name, len(into)/wordSize, into, other, got, want)
		}
		if outside := append(memory[:margin:margin], memory[margin+len(into):]...); !bytes.Equal(outside, bytes.Repeat([]byte{0xa5}, 2*margin)) {
			t.Fatalf("%s of %d elements writes outside the array", name, len(into)/wordSize)
		}
	}
}

func TestKernels_EqualTheSumsOfEachElement(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	limits := []int64{0, 1, -1, math.MaxInt64, math.MinInt64, math.MaxInt64 - 1, math.MinInt64 + 1}
	element := func() int64 {
		if random.IntN(4) == 0 {
			return limits[random.IntN(len(limits))]
		}
		return int64(random.Uint64()) >> random.IntN(64)
	}
	for n := range 200 {
		var into, other []byte
		for range n {
			into, other = AppendArray(into, element()), AppendArray(other, element())
		}
		checkKernels(t, into, other)
	}
}

// Each place of an array of three blocks of 64 bytes and a rest, in both directions.
func TestKernels_StopAtBothLimits(t *testing.T) {
	const n = 3*8 + 5
	for place := range n {
		for _, limit := range []int64{math.MaxInt64, math.MinInt64} {
			into, other := make([]byte, n*wordSize), make([]byte, n*wordSize)
			for i := range n {
				setWord(into[i*wordSize:], int64(i)-9)
				setWord(other[i*wordSize:], 3*int64(i)-70)
			}
			setWord(into[place*wordSize:], limit-limit/4)
			setWord(other[place*wordSize:], limit/2)
			addWords(into, other)
			for i := range n {
				want := 4*int64(i) - 79
				if i == place {
					want = limit
				}
				if got := word(into[i*wordSize:]); got != want {
					t.Fatalf("limit %d at %d: element %d is %d, want %d", limit, place, i, got, want)
				}
			}
		}
	}
}

func FuzzKernels(f *testing.F) {
	f.Add([]byte("sixteen bytes ab"))
	f.Add(bytes.Repeat([]byte{0x7f, 0x80, 0xff}, 200))
	f.Fuzz(func(t *testing.T, all []byte) {
		n := len(all) / 2 &^ (wordSize - 1)
		checkKernels(t, all[:n], all[len(all)-n:])
	})
}
