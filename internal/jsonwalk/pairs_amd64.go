// SPDX-License-Identifier: Apache-2.0

//go:build amd64 && !purego

package jsonwalk

import "golang.org/x/sys/cpu"

var hasAVX2 = cpu.X86.HasAVX2 && cpu.X86.HasBMI1 && cpu.X86.HasBMI2

// vectorPair is how many bytes readPairsAVX2 looks at.
const vectorPair = 64

// readPairs does what genericReadPairs does.
func readPairs(b []byte, to []Pair) (n, end int) {
	if !hasAVX2 || len(b) < vectorPair || len(to) == 0 {
		return genericReadPairs(b, to)
	}
	n, end = readPairsAVX2(&b[0], len(b), &to[0], len(to))
	if len(b)-end > 2*vectorPair || n == len(to) {
		return n, end
	}
	return lastPairs(b, to, n, end)
}

// lastPairs reads the pairs in the last bytes of b, behind n pairs that end at a place.
func lastPairs(b []byte, to []Pair, n, end int) (all, allEnd int) {
	next := 0
	if n > 0 {
		if next = end + 1; b[end] != ',' {
			return n, end
		}
		if b[next] == ' ' {
			next++
		}
		if b[next] != '"' {
			return n, end
		}
	}
	more, moreEnd := genericReadPairs(b[next:], to[n:])
	if more == 0 {
		return n, end
	}
	return n + more, next + moreEnd
}

// readPairsAVX2 is genericReadPairs of at least vectorPair bytes and room for a pair. It stops before a pair of which b has fewer bytes.
//
//go:noescape
func readPairsAVX2(b *byte, length int, to *Pair, room int) (n, end int)
