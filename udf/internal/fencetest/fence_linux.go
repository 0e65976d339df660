// SPDX-License-Identifier: Apache-2.0

// Package fencetest gives tests memory that ends the process if a kernel reads or writes one byte too many.
package fencetest

import (
	"os"
	"syscall"
	"testing"
)

// Pages returns memory of n pages between two pages that must not be touched. It is freed when the test ends.
func Pages(t *testing.T, n int) []byte {
	t.Helper()
	page := os.Getpagesize()
	whole, err := syscall.Mmap(-1, 0, (n+2)*page, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_PRIVATE|syscall.MAP_ANON)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = syscall.Munmap(whole) })
	for _, fence := range [][]byte{whole[:page], whole[(n+1)*page:]} {
		if err := syscall.Mprotect(fence, syscall.PROT_NONE); err != nil {
			t.Fatal(err)
		}
	}
	return whole[page : (n+1)*page]
}
