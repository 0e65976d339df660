// SPDX-License-Identifier: Apache-2.0

package idhash

import (
	"math"
	"math/rand/v2"
	"strconv"
	"testing"
)

// kernels is one implementation of every function. The tests hold each that this binary has to the oracle, whichever of them
// the process would choose.
type kernels struct {
	name     string
	strings  func(s *Sums, data []byte, starts, lengths []int32)
	integers func(s *Sums, values []int64)
	entries  func(s *Sums, entries []uint32, precision uint8)
}

var implementations = []kernels{
	{
		"portable",
		func(s *Sums, data []byte, starts, lengths []int32) { portableStrings(s, 0, data, starts, lengths) },
		func(s *Sums, values []int64) { portableIntegers(s, 0, values) },
		func(s *Sums, entries []uint32, precision uint8) { portableEntries(entries, s, 0, precision) },
	},
	{"exported-" + Kernel(), (*Sums).HashStrings, (*Sums).HashIntegers, (*Sums).Entries},
}

// column returns n byte strings of lengths from next, and slack bytes after the last. Their order in data is not that of
// the rows.
func column(random *rand.Rand, n, slack int, next func() int, ascii bool) (data []byte, starts, lengths []int32) {
	starts, lengths = make([]int32, n), make([]int32, n)
	for _, row := range random.Perm(n) {
		starts[row], lengths[row] = int32(len(data)), int32(next())
		for range lengths[row] {
			data = append(data, byte(random.Uint32()))
		}
	}
	for range slack {
		data = append(data, 0xff)
	}
	if ascii {
		for i := range data {
			data[i] &= 0x7f
		}
	}
	return data, starts, lengths
}

func checkStrings(t *testing.T, data []byte, starts, lengths []int32) {
	t.Helper()
	for _, k := range implementations {
		var sums Sums
		k.strings(&sums, data, starts, lengths)
		for i, start := range starts {
			id := data[start:][:lengths[i]]
			if h1, h2 := oracleHash(id); sums.H1[i] != h1 || sums.H2[i] != h2 {
				t.Fatalf("%s: id %d of %d, % x: got %x %x, want %x %x", k.name, i, len(starts), id, sums.H1[i], sums.H2[i], h1, h2)
			}
		}
	}
}

func checkIntegers(t *testing.T, values []int64) {
	t.Helper()
	for _, k := range implementations {
		var sums Sums
		k.integers(&sums, values)
		for i, v := range values {
			if h1, h2 := oracleHash(strconv.AppendInt(nil, v, 10)); sums.H1[i] != h1 || sums.H2[i] != h2 {
				t.Fatalf("%s: integer %d of %d, %d: got %x %x, want %x %x", k.name, i, len(values), v, sums.H1[i], sums.H2[i], h1, h2)
			}
		}
	}
}

func TestHashStrings_OfOneLength(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 1))
	for length := range 70 {
		for _, slack := range []int{0, 1, 15, 16, 64} {
			for _, ascii := range []bool{false, true} {
				checkColumn(t, random, Batch, slack, func() int { return length }, ascii)
			}
		}
	}
}

func checkColumn(t *testing.T, random *rand.Rand, n, slack int, next func() int, ascii bool) {
	t.Helper()
	data, starts, lengths := column(random, n, slack, next, ascii)
	checkStrings(t, data, starts, lengths)
}

// Ids of mixed lengths: of a few blocks, and now and then one of many.
func TestHashStrings_OfMixedLengths(t *testing.T) {
	random := rand.New(rand.NewPCG(2, 2))
	for n := range Batch + 1 {
		for _, longest := range []int{8, 20, 60} {
			next := func() int {
				if random.IntN(50) == 0 {
					return random.IntN(2000)
				}
				return random.IntN(longest + 1)
			}
			checkColumn(t, random, n, random.IntN(40), next, n%2 == 0)
		}
	}
}

func TestHashIntegers_OfEveryLength(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 3))
	edges := []int64{0, -1, math.MinInt64, math.MaxInt64}
	for power := int64(1); ; power *= 10 {
		for _, near := range []int64{power - 1, power, power + 1, 2*power + 7} {
			edges = append(edges, near, -near)
		}
		if power > math.MaxInt64/10 {
			break
		}
	}
	// Quotients by 10^8 at their edges, for the division by way of floating point.
	for range 20_000 {
		multiple := random.Int64N(math.MaxInt64/100_000_000) * 100_000_000
		edges = append(edges, multiple-1, multiple, multiple+1, -multiple)
	}
	for len(edges) > 0 {
		n := min(Batch, len(edges))
		checkIntegers(t, edges[:n])
		edges = edges[n:]
	}
	values := make([]int64, Batch)
	for n := range Batch + 1 {
		for range 200 {
			for i := range values[:n] {
				values[i] = int64(random.Uint64()) >> random.IntN(64)
			}
			checkIntegers(t, values[:n])
		}
	}
}

// Every number of up to eight digits: a step of 97 takes each remainder of each division.
func TestHashIntegers_OfEightDigits(t *testing.T) {
	step := int64(97)
	if testing.Short() {
		step = 9973
	}
	values := make([]int64, Batch)
	for v := int64(0); v < 1e8; {
		for i := range values {
			values[i] = v
			v += step
		}
		want, got := Sums{}, Sums{}
		portableIntegers(&want, 0, values)
		got.HashIntegers(values)
		if got != want {
			t.Fatalf("from %d: got %x, want %x", values[0], got, want)
		}
	}
}

// Hashes of random bits, and hashes whose first word has only zeros after the index, which need the second.
func TestEntries(t *testing.T) {
	random := rand.New(rand.NewPCG(4, 4))
	for precision := uint8(4); precision <= 24; precision++ {
		for n := range Batch + 1 {
			var sums Sums
			for i := range Batch {
				sums.H1[i], sums.H2[i] = random.Uint64()>>random.IntN(64), random.Uint64()>>random.IntN(64)
				if n%8 == 3 && random.IntN(20) == 0 {
					sums.H1[i] = random.Uint64() << (64 - precision)
				}
				if n%8 == 4 {
					sums.H1[i] |= 1 // none is rare
				}
			}
			for _, k := range implementations {
				got := make([]uint32, n)
				k.entries(&sums, got, precision)
				for i, e := range got {
					if want := oracleEntry(precision, sums.H1[i], sums.H2[i]); e != want {
						t.Fatalf("%s: precision %d, %d of %d, hash %x %x: got %x, want %x", k.name, precision, i, n, sums.H1[i], sums.H2[i], e, want)
					}
				}
			}
		}
	}
}
