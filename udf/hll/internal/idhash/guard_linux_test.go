// SPDX-License-Identifier: Apache-2.0

package idhash

import (
	"os"
	"syscall"
	"testing"
)

// TestHashStrings_ReadsNothingOutside ends the test process if a kernel reads a byte before or after data: it lies between two
// pages that must not be touched.
func TestHashStrings_ReadsNothingOutside(t *testing.T) {
	page := os.Getpagesize()
	whole, err := syscall.Mmap(-1, 0, 3*page, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_PRIVATE|syscall.MAP_ANON)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = syscall.Munmap(whole) })
	for _, fence := range [][]byte{whole[:page], whole[2*page:]} {
		if err := syscall.Mprotect(fence, syscall.PROT_NONE); err != nil {
			t.Fatal(err)
		}
	}
	inside := whole[page : 2*page]
	for length := range page/Batch + 1 {
		for _, from := range []int{0, page - Batch*length} {
			starts, lengths := make([]int32, Batch), make([]int32, Batch)
			for i := range starts {
				starts[i], lengths[i] = int32(i*length), int32(length)
			}
			lengths[from%7] /= 2 // of other blocks than the others
			checkStrings(t, inside[from:][:Batch*length], starts, lengths)
		}
	}
}
