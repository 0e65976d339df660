// SPDX-License-Identifier: Apache-2.0

package limit

// Max sets every dst[i] to max(dst[i], src[i]), unsigned: the plain maximum, with AVX2.
func Max(dst, src []byte) {
	check(dst, src)
	maxAVX2(&dst[0], &src[0], len(src))
}

// Read reads every byte of src, with AVX2, and returns one that depends on all of them.
func Read(src []byte) byte {
	check(src, src)
	return readAVX2(&src[0], len(src))
}

//go:noescape
func maxAVX2(dst, src *byte, n int)

//go:noescape
func readAVX2(src *byte, n int) byte
