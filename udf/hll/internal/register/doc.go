// SPDX-License-Identifier: Apache-2.0

// Package register has the kernels over dense HyperLogLog registers, one byte each: union by maximum, which also returns
// the largest register; the largest register; and the sums for the estimate.
//
// Each kernel exists in AVX2 assembly (amd64), in NEON assembly (arm64) and in portable Go (every other machine, amd64 without
// AVX2, and the build tag purego). All return the same bits. The choice is made at start-up. The package does not allocate, and
// does not know the format of sketches.
//
// Slices may have any length and alignment. Lengths that are multiples of 32 are fast. A kernel reads and writes no byte
// outside the slices, so they may be memory of another runtime. The slices of one call are the same memory or do not
// overlap.
//
// # Packed registers
//
// A state can store each register in half a byte, as its difference from a base that is at most the smallest register. 2^p
// registers take 2^p/2 bytes. Block k of 64 registers is bytes 32k to 32k+31:
//
//	byte 32k+i, i in 0..31:   low half   register 64k+i
//	                          high half  register 64k+32+i
//
// Fewer than 64 registers are one block of their size, with register i in the low half of byte i and
// register 2^p/2+i in its high half. A half, or nibble, v below 15 means that the register is base+v. 15 means
// that it is base+15 or more, and that its value is an exception, which the caller stores by index. Sketches of real ids
// have a handful. Unions stay exact:
//
//	largest, ok := UnionPacked(packed, base, src)
//	if largest > 128-p: src is invalid, and so is the state now
//	if !ok: for every src[i] > base+14 (IndexAbove finds them): exceptions[i] = max(exceptions[i], src[i])
//
// To keep exceptions few, the base is raised to the smallest register from time to time:
//
//	by := SmallestPacked(packed); Raise(packed, by); base += by
//	for every exception r of index i that is base+14 or less: SetNibble(packed, i, r-base), and remove it
package register
