// SPDX-License-Identifier: Apache-2.0

//go:build amd64 && !purego

// Package cpu tells which instructions the processor has.
package cpu

// AVX2 is true if the processor has AVX2 and the operating system saves the ymm registers.
var AVX2 = detectAVX2()

func detectAVX2() bool {
	const (
		osxsave = 1 << 27 // leaf 1, ecx
		avx     = 1 << 28 // leaf 1, ecx
		avx2    = 1 << 5  // leaf 7, ebx
		ymm     = 1<<1 | 1<<2
	)
	if leaves, _, _ := cpuid(0, 0); leaves < 7 {
		return false
	}
	if _, _, ecx := cpuid(1, 0); ecx&(osxsave|avx) != osxsave|avx || xgetbv()&ymm != ymm {
		return false
	}
	_, ebx, _ := cpuid(7, 0)
	return ebx&avx2 != 0
}

// cpuid returns three of the registers that the instruction CPUID sets.
func cpuid(leaf, subleaf uint32) (eax, ebx, ecx uint32)

// xgetbv returns the low half of the extended control register 0: the state that the system saves.
func xgetbv() (eax uint32)
