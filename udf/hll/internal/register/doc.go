// Package register holds the kernels over dense HyperLogLog registers, one byte each: union by maximum
// with the check fused in, the largest register, and the sums that the estimate needs.
//
// Each kernel exists twice, in AVX2 assembly (amd64) and in portable Go (every other machine, amd64
// without AVX2, and the build tag purego), and both give the same bits. The choice is made once, at
// start-up. Nothing here allocates, and nothing here knows the sketch's format.
//
// Every length and alignment is served, and a kernel touches no byte outside the slices it is given, so
// they may lie in another runtime's memory. Lengths that are multiples of 32 are the fast ones. Slices
// given to one call are either the same memory or do not overlap.
//
// # Packed registers
//
// A state in memory can keep its registers in half a byte each, as differences from a base that no register
// is below. Of 2^p registers in 2^p/2 bytes, block k of 64 registers is bytes 32k to 32k+31:
//
//	byte 32k+i, i in 0..31:   low half   register 64k+i
//	                          high half  register 64k+32+i
//
// Fewer than 64 registers are one block of their size, with register i in the low half of byte i and
// register 2^p/2+i in its high half. A half, or nibble, v below 15 says that the register is base+v. 15 says
// that it is base+15 or more, and that its value is among the exceptions, which the caller keeps by index.
// In the sketches of real ids they are a handful. Unions stay exact:
//
//	largest, ok := UnionPacked(packed, base, src)
//	if largest > 128-p, refuse src and give up the state
//	if !ok, for every src[i] > base+14 (IndexAbove finds them): exceptions[i] = max(exceptions[i], src[i])
//
// and, now and then, so that exceptions stay few, the base follows the smallest register:
//
//	by := SmallestPacked(packed); Raise(packed, by); base += by
//	for every exception r of index i that is base+14 or less: SetNibble(packed, i, r-base), and drop it
package register
