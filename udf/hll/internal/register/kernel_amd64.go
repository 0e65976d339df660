// SPDX-License-Identifier: Apache-2.0

//go:build amd64 && !purego

package register

import "github.com/headcount-hll/headcount/udf/internal/cpu"

const acceleratedName = "avx2"

func accelerated() bool { return cpu.AVX2 }

func union(dst, src []byte) byte {
	if !cpu.AVX2 || len(src) < 16 {
		return genericUnion(dst, src)
	}
	return unionAVX2(&dst[0], &src[0], len(src))
}

func largest(src []byte) byte {
	if !cpu.AVX2 || len(src) < 16 {
		return genericLargest(src)
	}
	return largestAVX2(&src[0], len(src))
}

func indexAbove(src []byte, limit byte) int {
	n := len(src) &^ 31
	if !cpu.AVX2 || n == 0 {
		return genericIndexAbove(src, limit)
	}
	if i := indexAboveAVX2(&src[0], n, limit); i >= 0 || n == len(src) {
		return i
	}
	if i := genericIndexAbove(src[n:], limit); i >= 0 {
		return n + i
	}
	return -1
}

func sumBlock(src []byte) Sums {
	n := len(src) &^ 31
	if !cpu.AVX2 || n == 0 {
		return genericSumBlock(src)
	}
	smallest, largest, zeros := rangeAVX2(&src[0], n)
	var scaled uint64
	if largest-smallest <= maxSpread {
		scaled = weighAVX2(&src[0], n, smallest)
	}
	s := newSums(zeros, smallest, largest, scaled)
	if n < len(src) {
		s = s.join(genericSumBlock(src[n:]))
	}
	return s
}

func rangeBlock(src []byte) (smallest, largest byte) {
	n := len(src) &^ 31
	if !cpu.AVX2 || n == 0 {
		return genericRangeBlock(src)
	}
	smallest, largest, _ = rangeAVX2(&src[0], n)
	if n < len(src) {
		low, high := genericRangeBlock(src[n:])
		smallest, largest = min(smallest, low), max(largest, high)
	}
	return smallest, largest
}

func unionPacked(packed []byte, base byte, src []byte) byte {
	if !cpu.AVX2 || len(packed) < packedHalf {
		return genericUnionPacked(packed, base, src)
	}
	return unionPackedAVX2(&packed[0], &src[0], len(packed), base)
}

func smallestPacked(packed []byte) byte {
	n := len(packed) &^ (packedHalf - 1)
	if !cpu.AVX2 || n == 0 {
		return genericSmallestPacked(packed)
	}
	return min(smallestPackedAVX2(&packed[0], n), genericSmallestPacked(packed[n:]))
}

func unpack(dst, packed []byte, base byte) {
	if !cpu.AVX2 || len(packed) < packedHalf {
		genericUnpack(dst, packed, base)
		return
	}
	unpackAVX2(&dst[0], &packed[0], len(packed), base)
}

// unionAVX2 is Union of n registers, n >= 16.
//
//go:noescape
func unionAVX2(dst, src *byte, n int) (largest byte)

// largestAVX2 is Largest of n bytes, n >= 16.
//
//go:noescape
func largestAVX2(src *byte, n int) (largest byte)

// rangeAVX2 returns the smallest and the largest of n registers, and how many are zero. n is a multiple of
// 32, at least 32 and at most 255*32: a byte lane counts the zeros of every 32nd register.
//
//go:noescape
func rangeAVX2(src *byte, n int) (smallest, largest byte, zeros int)

// weighAVX2 returns the sum of 2^(39-(r-smallest)) over n registers r, n a multiple of 32, at least 32.
// Every r-smallest must be in 0..39.
//
//go:noescape
func weighAVX2(src *byte, n int, smallest byte) (sum uint64)

// unionPackedAVX2 is UnionPacked of n packed bytes, a multiple of 32, at least 32, without ok.
//
//go:noescape
func unionPackedAVX2(packed, src *byte, n int, base byte) (largest byte)

// smallestPackedAVX2 is SmallestPacked of n bytes, a multiple of 32, at least 32.
//
//go:noescape
func smallestPackedAVX2(packed *byte, n int) (smallest byte)

// unpackAVX2 is Unpack of n packed bytes, a multiple of 32, at least 32.
//
//go:noescape
func unpackAVX2(dst, packed *byte, n int, base byte)

// indexAboveAVX2 is IndexAbove of n bytes, a multiple of 32.
//
//go:noescape
func indexAboveAVX2(src *byte, n int, limit byte) (index int)
