// SPDX-License-Identifier: Apache-2.0

package register

import (
	"fmt"
	"iter"
)

const (
	// maxRegisters is 2^24, the largest sketch. Sum relies on it: 2^24 * 2^maxSpread fits 64 bits.
	maxRegisters = 1 << 24

	// maxSpread is the largest difference of two registers that Sum adds up exactly.
	maxSpread = 39

	// blockSize is the number of registers that Sum adds at a time. A block stays in the first-level
	// cache for the second pass, and its zeros, counted in byte lanes, cannot overflow.
	blockSize = 4096
)

// Kernel returns which kernels this process uses: "avx2", "neon" or "portable".
func Kernel() string {
	if accelerated() {
		return acceleratedName
	}
	return "portable"
}

// Union sets every dst[i] to max(dst[i], src[i]) and returns the largest byte of src, unsigned; 0 when src
// is empty. It panics if the lengths differ.
//
// The result validates src in the same pass: src is invalid if it is above 128-p. dst is united with src anyway, and is
// then invalid too.
func Union(dst, src []byte) (largest byte) {
	if len(dst) != len(src) {
		panic(fmt.Sprintf("register: Union of %d registers with %d: lengths differ", len(dst), len(src)))
	}
	return union(dst, src)
}

// Largest returns the largest byte of src, unsigned; 0 when src is empty.
func Largest(src []byte) byte {
	return largest(src)
}

// Range returns the smallest and the largest byte of src, unsigned, in one pass; 0 and 0 when src is empty.
func Range(src []byte) (smallest, largest byte) {
	if len(src) == 0 {
		return 0, 0
	}
	smallest = 255
	for len(src) > 0 {
		n := min(len(src), blockSize)
		low, high := rangeBlock(src[:n])
		smallest, largest = min(smallest, low), max(largest, high)
		src = src[n:]
	}
	return smallest, largest
}

// IndexAbove returns the index of the first byte of src that is above limit, unsigned, or -1.
func IndexAbove(src []byte, limit byte) int { return indexAbove(src, limit) }

// Above yields the index and the value of each byte of src above limit, in order.
func Above(src []byte, limit byte) iter.Seq2[int, byte] {
	return func(yield func(int, byte) bool) {
		for i := 0; ; i++ {
			next := indexAbove(src[i:], limit)
			if next < 0 {
				return
			}
			i += next
			if !yield(i, src[i]) {
				return
			}
		}
	}
}

// Histogram adds to counts[r] the number of registers of src that are r. It does not count bytes of 128 and more, which
// are not valid registers.
func Histogram(src []byte, counts *[128]uint32) {
	if len(src) < 256 {
		for _, r := range src {
			if r < 128 {
				counts[r]++
			}
		}
		return
	}
	// Adjacent registers are often equal, and an increment depends on the one before in the same cell. With four tables,
	// four increments run in parallel.
	var t [4][256]uint32
	for ; len(src) >= 4; src = src[4:] {
		t[0][src[0]]++
		t[1][src[1]]++
		t[2][src[2]]++
		t[3][src[3]]++
	}
	for _, r := range src {
		t[0][r]++
	}
	for r := range counts {
		counts[r] += t[0][r] + t[1][r] + t[2][r] + t[3][r]
	}
}
