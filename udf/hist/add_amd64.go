// SPDX-License-Identifier: Apache-2.0

//go:build amd64 && !purego

package hist

import "github.com/headcount-hll/headcount/udf/internal/cpu"

// addWords adds each element of an encoded array to that of another with as many elements.
func addWords(into, other []byte) {
	if !cpu.AVX512 || len(into) < wordSize || len(other) < len(into) {
		addByVectors(into, other)
		return
	}
	addAVX512(&into[0], &other[0], len(into)&^(wordSize-1))
}

// addAVX512 is addWords of n bytes, a multiple of 8, at least 8.
//
//go:noescape
func addAVX512(into, other *byte, n int)

// addVectors adds vectors of four elements of an encoded array, of at least the same length, to those of another, up to
// the first vector with a sum outside int64. It returns the number of bytes done, and ignores elements after the last
// whole vector.
func addVectors(into, other []byte) int {
	n := len(into) &^ (vectorSize - 1)
	if !cpu.AVX2 || n == 0 || len(other) < n {
		return genericAddVectors(into, other)
	}
	return addAVX2(&into[0], &other[0], n)
}

// addAVX2 is addVectors of n bytes, a multiple of 32, at least 32.
//
//go:noescape
func addAVX2(into, other *byte, n int) (done int)
