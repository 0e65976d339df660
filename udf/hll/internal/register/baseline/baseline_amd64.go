// SPDX-License-Identifier: Apache-2.0

//go:build amd64 && !purego

package baseline

// Max is MaxBytes in AVX2, which the processor must have. The lengths must be equal multiples of 128.
func Max(dst, src []byte) {
	if len(dst) != len(src) || len(src)%128 != 0 {
		panic("baseline: lengths must be equal multiples of 128")
	}
	if len(src) > 0 {
		maxAVX2(&dst[0], &src[0], len(src))
	}
}

//go:noescape
func maxAVX2(dst, src *byte, n int)
