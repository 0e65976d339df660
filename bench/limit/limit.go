// SPDX-License-Identifier: Apache-2.0

// Package limit has lower bounds for a union of dense registers: loops without checks and without a format.
// They show the speed of the machine. On amd64 they need AVX2.
package limit

// check panics if the loops do not support the lengths.
func check(dst, src []byte) {
	if len(dst) != len(src) || len(src) == 0 || len(src)%128 != 0 {
		panic("limit: lengths must be equal and a multiple of 128")
	}
}
