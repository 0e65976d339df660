// SPDX-License-Identifier: Apache-2.0

package idhash

import "math/bits"

// Entry returns the register's index and the rho of an id's hash at a precision, as index<<8 | rho. udf/hll/FORMAT.md, "Register index and rho", describes it with h1 reversed; here h1 is
// not reversed. The index is the first p bits of h1 in reverse order, and rho is 1 plus the number of zeros after them. A
// hash whose other bits are all 0 (one in 2^(128-p); the original throws) has the largest rho.
func Entry(precision uint8, h1, h2 uint64) uint32 {
	index := uint32(bits.Reverse16(uint16(h1 >> 48)))
	if precision > 16 {
		index = bits.Reverse32(uint32(h1 >> 32))
	}
	index &= 1<<precision - 1
	rho := 1
	if rest := h1 << precision; rest != 0 {
		rho += bits.LeadingZeros64(rest)
	} else {
		rho += 64 - int(precision) + min(bits.LeadingZeros64(h2), 63)
	}
	return index<<8 | uint32(rho)
}

// portableEntries is Entry for many, from the first on, with its rare cases apart.
func portableEntries(entries []uint32, sums *Sums, first int, precision uint8) {
	mask := uint32(1)<<precision - 1
	for i := first; i < len(entries); i++ {
		h1 := sums.H1[i&(Batch-1)]
		rest := h1 << (precision & 63)
		if rest == 0 || precision > mostReversed {
			entries[i] = Entry(precision, h1, sums.H2[i&(Batch-1)])
			continue
		}
		index := uint32(bits.Reverse16(uint16(h1>>48))) & mask
		entries[i] = index<<8 | uint32(bits.LeadingZeros64(rest)+1)
	}
}

// mostReversed is the largest precision whose indexes are in the first 16 bits of a hash.
const mostReversed = 16
