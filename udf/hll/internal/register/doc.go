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
package register
