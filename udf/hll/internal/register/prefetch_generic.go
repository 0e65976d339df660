// SPDX-License-Identifier: Apache-2.0

//go:build !amd64 || purego

package register

// Prefetch reads the lines of memory at the offsets, without a branch on what it reads: the processor then waits for several of
// them at once. An offset outside of memory is harmless.
func Prefetch(memory []byte, offsets []int32) {
	_ = sumAt(memory, offsets)
}

// sumAt returns the sum of what it reads, so that the compiler keeps the reads.
//
//go:noinline
func sumAt(memory []byte, offsets []int32) (sum byte) {
	for _, at := range offsets {
		if uint(at) < uint(len(memory)) {
			sum += memory[at]
		}
	}
	return sum
}
