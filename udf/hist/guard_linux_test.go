// SPDX-License-Identifier: Apache-2.0

package hist

import (
	"os"
	"syscall"
	"testing"
)

// fenced returns a page between two that must not be touched.
func fenced(t *testing.T) []byte {
	t.Helper()
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
	return whole[page : 2*page]
}

// TestKernels_TouchNothingOutside ends the test process if a kernel reads or writes one byte too many.
func TestKernels_TouchNothingOutside(t *testing.T) {
	into, other := fenced(t), fenced(t)
	for n := 0; n <= 100*wordSize; n += wordSize {
		for _, add := range kernels {
			add(into[:n], other[:n])
			add(into[len(into)-n:], other[len(other)-n:])
		}
	}
}
