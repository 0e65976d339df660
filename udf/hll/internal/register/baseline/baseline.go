// SPDX-License-Identifier: Apache-2.0

// Package baseline is the reference of the union benchmarks: the plain maximum, without a check.
package baseline

// MaxBytes sets every dst[i] to max(dst[i], src[i]), one byte at a time.
func MaxBytes(dst, src []byte) {
	dst = dst[:len(src)]
	for i, s := range src {
		dst[i] = max(dst[i], s)
	}
}
