// SPDX-License-Identifier: Apache-2.0

//go:build arm64 && !purego

package register

// Every arm64 processor has NEON.

const acceleratedName = "neon"

func accelerated() bool { return true }

func union(dst, src []byte) byte {
	if len(src) < 16 {
		return genericUnion(dst, src)
	}
	return unionNEON(&dst[0], &src[0], len(src))
}

func largest(src []byte) byte {
	if len(src) < 16 {
		return genericLargest(src)
	}
	return largestNEON(&src[0], len(src))
}

func indexAbove(src []byte, limit byte) int {
	n := len(src) &^ 127
	start := 0
	if n > 0 {
		start = blockAboveNEON(&src[0], n, limit)
	}
	if i := genericIndexAbove(src[start:], limit); i >= 0 {
		return start + i
	}
	return -1
}

func sumBlock(src []byte) Sums {
	n := len(src) &^ 63
	if n == 0 {
		return genericSumBlock(src)
	}
	smallest, largest, zeros := rangeNEON(&src[0], n)
	var scaled uint64
	if largest-smallest <= maxSpread {
		scaled = weighNEON(&src[0], n, smallest)
	}
	s := newSums(zeros, smallest, largest, scaled)
	if n < len(src) {
		s = s.join(genericSumBlock(src[n:]))
	}
	return s
}

func rangeBlock(src []byte) (smallest, largest byte) {
	n := len(src) &^ 63
	if n == 0 {
		return genericRangeBlock(src)
	}
	smallest, largest, _ = rangeNEON(&src[0], n)
	if n < len(src) {
		low, high := genericRangeBlock(src[n:])
		smallest, largest = min(smallest, low), max(largest, high)
	}
	return smallest, largest
}

func unionPacked(packed []byte, base byte, src []byte) byte {
	if len(packed) < packedHalf {
		return genericUnionPacked(packed, base, src)
	}
	return unionPackedNEON(&packed[0], &src[0], len(packed), base)
}

func smallestPacked(packed []byte) byte {
	n := len(packed) &^ 63
	if n == 0 {
		return genericSmallestPacked(packed)
	}
	return min(smallestPackedNEON(&packed[0], n), genericSmallestPacked(packed[n:]))
}

func unpack(dst, packed []byte, base byte) {
	if len(packed) < packedHalf {
		genericUnpack(dst, packed, base)
		return
	}
	unpackNEON(&dst[0], &packed[0], len(packed), base)
}

// unionNEON is Union of n registers, n >= 16.
//
//go:noescape
func unionNEON(dst, src *byte, n int) (largest byte)

// largestNEON is Largest of n bytes, n >= 16.
//
//go:noescape
func largestNEON(src *byte, n int) (largest byte)

// blockAboveNEON returns where the first block of 128 of n bytes starts that has a byte above limit, or n. n is a multiple
// of 128, at least 128.
//
//go:noescape
func blockAboveNEON(src *byte, n int, limit byte) (start int)

// rangeNEON returns the smallest and the largest of n registers, and how many are zero. n is a multiple of 64, at least 64
// and at most 255*64: a byte lane counts the zeros of every 64th register.
//
//go:noescape
func rangeNEON(src *byte, n int) (smallest, largest byte, zeros int)

// weighNEON returns the sum of 2^(39-(r-smallest)) over n registers r, n a multiple of 64, at least 64 and at most
// blockSize: a lane of 16 bits adds at most 256 for each 32 registers. Every r-smallest must be in 0..39.
//
//go:noescape
func weighNEON(src *byte, n int, smallest byte) (sum uint64)

// unionPackedNEON is UnionPacked of n packed bytes, a multiple of 32, at least 32, without ok.
//
//go:noescape
func unionPackedNEON(packed, src *byte, n int, base byte) (largest byte)

// smallestPackedNEON is SmallestPacked of n bytes, a multiple of 64, at least 64.
//
//go:noescape
func smallestPackedNEON(packed *byte, n int) (smallest byte)

// unpackNEON is Unpack of n packed bytes, a multiple of 32, at least 32.
//
//go:noescape
func unpackNEON(dst, packed *byte, n int, base byte)
