// Package register holds the kernels over dense HyperLogLog registers, one byte each: union by maximum
// with the check fused in, the largest register, and the sums that the estimate needs.
//
// Each kernel exists twice, in AVX2 assembly (amd64) and in portable Go (every other machine, amd64
// without AVX2, and the build tag purego), and both give the same bits. The choice is made once, at
// start-up. Nothing here allocates, and nothing here knows the sketch's format.
package register
