// SPDX-License-Identifier: Apache-2.0

package register

import (
	"math"
	"math/big"
	"math/rand/v2"
)

// The oracles say what each function is, register by register, in the plainest way.

func oracleUnion(dst, src []byte) (largest byte) {
	for i := range src {
		if src[i] > dst[i] {
			dst[i] = src[i]
		}
	}
	return oracleLargest(src)
}

func oracleLargest(src []byte) byte {
	var largest byte
	for _, r := range src {
		if r > largest {
			largest = r
		}
	}
	return largest
}

func oracleSum(src []byte) Sums {
	if len(src) == 0 {
		return Sums{Exact: true}
	}
	s := Sums{Smallest: 255}
	for _, r := range src {
		if r == 0 {
			s.Zeros++
		}
		if r < s.Smallest {
			s.Smallest = r
		}
		if r > s.Largest {
			s.Largest = r
		}
	}
	sum := new(big.Int)
	for _, r := range src {
		sum.Add(sum, new(big.Int).Lsh(big.NewInt(1), uint(s.Largest-r)))
	}
	if s.Largest-s.Smallest <= 39 {
		s.Exact, s.Sum = true, sum.Uint64()
		if !sum.IsUint64() {
			panic("oracle: an exact sum does not fit 64 bits")
		}
	}
	return s
}

func oracleHistogram(src []byte, counts *[128]uint32) {
	for _, r := range src {
		if int(r) < len(counts) {
			counts[r]++
		}
	}
}

// filling is a way to fill registers; each finds another fault.
type filling struct {
	name string
	fill func(random *rand.Rand, registers []byte)
}

var fillings = []filling{
	{"zero", constant(0)},
	{"one", constant(1)},
	{"127", constant(127)},
	{"128", constant(128)},
	{"255", constant(255)},
	{"sketch of few ids", sketch(0.5)},
	{"sketch of many ids", sketch(200)},
	{"any register", uniform(0, 127)},
	{"any byte", uniform(0, 255)},
	{"exact spread", uniform(60, 99)},
	{"spread one too many", uniform(60, 100)},
	{"spread at the top", uniform(216, 255)},
	{"either side of 15", uniform(0, 31)},
	{"ascending", func(_ *rand.Rand, registers []byte) {
		for i := range registers {
			registers[i] = byte(i * 256 / len(registers))
		}
	}},
	{"one large at random", func(random *rand.Rand, registers []byte) {
		clear(registers)
		if len(registers) > 0 {
			registers[random.IntN(len(registers))] = byte(random.Uint32())
		}
	}},
	{"one large at the end", func(random *rand.Rand, registers []byte) {
		sketch(10)(random, registers)
		if len(registers) > 0 {
			registers[len(registers)-1] = byte(200 + random.IntN(56))
		}
	}},
	{"edges", func(random *rand.Rand, registers []byte) {
		edges := []byte{0, 1, 39, 40, 126, 127, 128, 129, 254, 255}
		for i := range registers {
			registers[i] = edges[random.IntN(len(edges))]
		}
	}},
}

func constant(r byte) func(*rand.Rand, []byte) {
	return uniform(r, r)
}

func uniform(lowest, highest byte) func(*rand.Rand, []byte) {
	return func(random *rand.Rand, registers []byte) {
		for i := range registers {
			registers[i] = lowest + byte(random.IntN(int(highest-lowest)+1))
		}
	}
}

// sketch fills as the given number of ids per register does on average: under the Poisson model a register
// is at most k with probability exp(-perRegister / 2^k).
func sketch(perRegister float64) func(*rand.Rand, []byte) {
	return func(random *rand.Rand, registers []byte) {
		for i := range registers {
			k := math.Ceil(math.Log2(perRegister / -math.Log(random.Float64())))
			registers[i] = byte(min(max(k, 0), 116))
		}
	}
}
