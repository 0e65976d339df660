// SPDX-License-Identifier: Apache-2.0

//go:build amd64 && !purego

package jsonwalk

import "golang.org/x/sys/cpu"

var hasAVX2 = cpu.X86.HasAVX2 && cpu.X86.HasBMI1 && cpu.X86.HasBMI2

// readPairs does what genericReadPairs does.
func readPairs(b []byte, to []Pair) (n, end int) {
	if !hasAVX2 || len(b) < longestPair || len(to) == 0 {
		return genericReadPairs(b, to)
	}
	return readPairsAVX2(&b[0], len(b), &to[0], len(to))
}

// readPairsAVX2 is genericReadPairs of at least longestPair bytes and room for a pair.
//
//go:noescape
func readPairsAVX2(b *byte, length int, to *Pair, room int) (n, end int)
