// SPDX-License-Identifier: Apache-2.0

//go:build (!amd64 && !arm64) || purego

package register

const acceleratedName = ""

func accelerated() bool { return false }

func union(dst, src []byte) byte { return genericUnion(dst, src) }

func largest(src []byte) byte { return genericLargest(src) }

func indexAbove(src []byte, limit byte) int { return genericIndexAbove(src, limit) }

func sumBlock(src []byte) Sums { return genericSumBlock(src) }

func rangeBlock(src []byte) (smallest, largest byte) { return genericRangeBlock(src) }

func unionPacked(packed []byte, base byte, src []byte) byte {
	return genericUnionPacked(packed, base, src)
}

func smallestPacked(packed []byte) byte { return genericSmallestPacked(packed) }

func unpack(dst, packed []byte, base byte) { genericUnpack(dst, packed, base) }
