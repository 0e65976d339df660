// SPDX-License-Identifier: Apache-2.0

//go:build !amd64 || purego

package baseline

// Max is MaxBytes. The lengths must be equal multiples of 128.
func Max(dst, src []byte) { MaxBytes(dst, src) }
