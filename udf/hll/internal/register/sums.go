// SPDX-License-Identifier: Apache-2.0

package register

import "fmt"

// Sums are the sums over a sketch's registers from which the estimate is made.
type Sums struct {
	Zeros    int  // registers that are 0
	Smallest byte // the smallest register
	Largest  byte // the largest register

	// Sum is the sum of 2^(Largest-r) over all registers r, an integer without rounding, so that the sum
	// of 2^-r is Sum / 2^Largest. It is 0 unless Exact.
	Sum uint64

	// Exact is true if Largest-Smallest is at most 39, as in every sketch of real ids. If not, the caller adds 2^-r in
	// the order that FORMAT.md gives.
	Exact bool
}

// Sum returns the sums over src, which has at most 2^24 registers; it panics if there are more. Without registers the sums
// are 0, and exact.
func Sum(src []byte) Sums {
	if len(src) > maxRegisters {
		panic(fmt.Sprintf("register: Sum of %d registers: more than %d", len(src), maxRegisters))
	}
	n := min(len(src), blockSize)
	total := sumBlock(src[:n])
	for src = src[n:]; len(src) > 0; src = src[n:] {
		n = min(len(src), blockSize)
		total = total.join(sumBlock(src[:n]))
	}
	return total
}

// newSums returns the Sums of registers whose sum of 2^(maxSpread-(r-smallest)) is scaled. scaled is used only if the
// spread is exact.
func newSums(zeros int, smallest, largest byte, scaled uint64) Sums {
	s := Sums{Zeros: zeros, Smallest: smallest, Largest: largest}
	if spread := largest - smallest; spread <= maxSpread {
		s.Sum = scaled >> (maxSpread - spread)
		s.Exact = true
	}
	return s
}

// join returns the sums over the registers of both. Both must have registers, because Smallest and Largest count.
func (s Sums) join(t Sums) Sums {
	u := Sums{
		Zeros:    s.Zeros + t.Zeros,
		Smallest: min(s.Smallest, t.Smallest),
		Largest:  max(s.Largest, t.Largest),
	}
	if u.Largest-u.Smallest <= maxSpread {
		u.Sum = s.Sum<<(u.Largest-s.Largest) + t.Sum<<(u.Largest-t.Largest)
		u.Exact = true
	}
	return u
}
