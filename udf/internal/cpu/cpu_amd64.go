// SPDX-License-Identifier: Apache-2.0

//go:build amd64 && !purego

// Package cpu tells which instructions the processor has.
package cpu

var (
	// AVX2 is true if the processor has AVX2 and the operating system saves the ymm registers.
	AVX2 = has(avx2, ymm)
	// AVX512 is true if the processor has AVX-512 F, DQ, CD, BW and VL, and the operating system saves the zmm registers.
	AVX512 = has(avx512, ymm|zmm)
)

// Bits of leaf 7, ebx, and of the state that the system saves.
const (
	avx2   = 1 << 5
	avx512 = 1<<16 | 1<<17 | 1<<28 | 1<<30 | 1<<31
	ymm    = 1<<1 | 1<<2
	zmm    = 1<<5 | 1<<6 | 1<<7
)

// has reports whether the processor has all instructions, and the system saves all of the state.
func has(instructions, saved uint32) bool {
	const (
		osxsave = 1 << 27 // leaf 1, ecx
		avx     = 1 << 28 // leaf 1, ecx
	)
	if leaves, _, _ := cpuid(0, 0); leaves < 7 {
		return false
	}
	if _, _, ecx := cpuid(1, 0); ecx&(osxsave|avx) != osxsave|avx || xgetbv()&saved != saved {
		return false
	}
	_, ebx, _ := cpuid(7, 0)
	return ebx&instructions == instructions
}

// cpuid returns three of the registers that the instruction CPUID sets.
func cpuid(leaf, subleaf uint32) (eax, ebx, ecx uint32)

// xgetbv returns the low half of the extended control register 0: the state that the system saves.
func xgetbv() (eax uint32)
