// SPDX-License-Identifier: Apache-2.0

//go:build !amd64

package limit

// Max sets every dst[i] to max(dst[i], src[i]).
func Max(dst, src []byte) {
	check(dst, src)
	for i, s := range src {
		dst[i] = max(dst[i], s)
	}
}

// Read reads every byte of src and returns one that depends on all of them.
func Read(src []byte) (all byte) {
	for _, s := range src {
		all ^= s
	}
	return all
}
