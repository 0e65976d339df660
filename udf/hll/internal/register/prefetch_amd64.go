// SPDX-License-Identifier: Apache-2.0

//go:build amd64 && !purego

package register

// Prefetch asks for the lines of memory at the offsets, and does not wait for them. An offset outside of memory is harmless.
func Prefetch(memory []byte, offsets []int32) {
	if len(memory) > 0 && len(offsets) > 0 {
		prefetch(&memory[0], &offsets[0], len(offsets))
	}
}

//go:noescape
func prefetch(memory *byte, offsets *int32, n int)
