// SPDX-License-Identifier: Apache-2.0

package hll

import (
	"math"

	"github.com/headcount-hll/headcount/udf/hll/internal/fp"
	"github.com/headcount-hll/headcount/udf/hll/internal/register"
)

// Cardinality returns the number of distinct ids exactly as spark-hyperloglog's hll_cardinality: the
// [Sketch.CompatibleEstimate] truncated toward zero, at most 2^63 - 1 (Java's conversion saturates). Only crafted registers
// reach that limit.
func (s Sketch) Cardinality() int64 {
	e := s.CompatibleEstimate()
	if e >= 1<<63 {
		return math.MaxInt64
	}
	return int64(e)
}

// CompatibleEstimate returns Algebird's estimate, in ids: Flajolet et al. 2007, figure 3, with linear
// counting below 2.5 m and no correction of large ranges. FORMAT.md, "Estimate".
func (s Sketch) CompatibleEstimate() float64 {
	zeros, sum := s.zerosAndSum()
	m := float64(s.precision.Registers())
	e := float64(float64(float64(alpha(s.precision)*m)*m) * float64(1.0/sum))
	if zeros != 0 && e <= 2.5*m {
		return float64(m * fp.Log(float64(m/float64(zeros))))
	}
	return e
}

// alpha is the bias constant of Flajolet et al. 2007, figure 3.
func alpha(p Precision) float64 {
	switch p.bits {
	case 4:
		return 0.673
	case 5:
		return 0.697
	case 6:
		return 0.709
	default:
		return float64(0.7213 / float64(1+float64(1.079/float64(p.Registers()))))
	}
}

// zerosAndSum returns the number of registers that are 0, and the sum of 2^-register over all registers, with the same bits
// as the original's order of additions.
func (s Sketch) zerosAndSum() (zeros int, sum float64) {
	if s.form == denseForm {
		sums := register.Sum(s.body)
		if sums.Exact && sums.Sum <= maxExact {
			return sums.Zeros, scale(sums.Sum, sums.Largest)
		}
		return sums.Zeros, sumInOrder(s.body)
	}
	return s.sparseZerosAndSum()
}

// maxExact is 2^53. A sum of at most 2^53 units has no partial sum that rounds, in any order.
const maxExact = 1 << 53

// scale returns units * 2^-largest, exactly.
func scale(units uint64, largest byte) float64 {
	return float64(units) * math.Float64frombits(uint64(1023-int(largest))<<52)
}

// sumInOrder adds 2^-register in index order, as the original does for a dense sketch. The order matters only if a partial
// sum rounds, which takes crafted registers.
func sumInOrder(registers []byte) float64 {
	var sum float64
	for _, r := range registers {
		sum += scale(1, r)
	}
	return sum
}

func (s Sketch) sparseZerosAndSum() (zeros int, sum float64) {
	var kept [smallEntries]entry
	list := s.appendEntries(kept[:0])
	zeros = s.precision.Registers() - len(list)
	var largest uint8
	for _, e := range list {
		largest = max(largest, e.rho())
	}
	// A zero adds 2^largest units. At most 2^53 units are exact.
	if largest <= 53-s.precision.bits {
		units := uint64(zeros) << largest
		for _, e := range list {
			units += 1 << (largest - e.rho())
		}
		return zeros, scale(units, largest)
	}
	sum = float64(zeros)
	for _, e := range s.mapOrder() {
		sum += scale(1, e.rho())
	}
	return zeros, sum
}

// smallEntries is the most entries that are handled without allocation: those of a sketch of precision 12 that this
// package writes.
const smallEntries = 256
