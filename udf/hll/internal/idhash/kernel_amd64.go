// SPDX-License-Identifier: Apache-2.0

//go:build amd64 && !purego

package idhash

import (
	"unsafe"

	"github.com/headcount-hll/headcount/udf/internal/cpu"
)

const acceleratedName = "avx512"

func accelerated() bool { return cpu.AVX512 }

func hashStrings(sums *Sums, data []byte, starts, lengths []int32) {
	first := 0
	for cpu.AVX512 && len(starts)-first >= lanes {
		groups := (len(starts) - first) / lanes
		first += lanes * hashStringsAVX512(&sums.H1[first], &sums.H2[first], unsafe.SliceData(data), len(data), &starts[first], &lengths[first], groups)
		if len(starts)-first < lanes {
			break
		}
		// An id of the next group is at the end of data.
		portableStrings(sums, first, data, starts[first:][:lanes], lengths[first:][:lanes])
		first += lanes
	}
	portableStrings(sums, first, data, starts[first:], lengths[first:])
}

func hashIntegers(sums *Sums, values []int64) {
	n := 0
	if cpu.AVX512 && len(values) >= lanes {
		n = len(values) &^ (lanes - 1)
		hashIntegersAVX512(&sums.H1[0], &sums.H2[0], &values[0], n/lanes)
	}
	portableIntegers(sums, n, values[n:])
}

func makeEntries(entries []uint32, sums *Sums, precision uint8) {
	n := 0
	if cpu.AVX512 && precision <= mostReversed && len(entries) >= lanes {
		n = len(entries) &^ (lanes - 1)
		if entriesAVX512(&entries[0], &sums.H1[0], n/lanes, int(precision)) {
			n = 0
		}
	}
	portableEntries(entries, sums, n, precision)
}

// hashStringsAVX512 hashes groups of eight byte strings: id i is data[starts[i]:][:lengths[i]], of size bytes of data. It
// returns the number of groups done: all, or those before the first with an id whose tail is not followed by enough bytes
// of data for 16.
//
//go:noescape
func hashStringsAVX512(h1, h2 *uint64, data *byte, size int, starts, lengths *int32, groups int) (done int)

// hashIntegersAVX512 hashes the decimal text of groups of eight integers.
//
//go:noescape
func hashIntegersAVX512(h1, h2 *uint64, values *int64, groups int)

// entriesAVX512 makes the entries of groups of eight hashes from their first words, at a precision of at most mostReversed. It
// returns whether one of them needs the second word; the entries are then undefined.
//
//go:noescape
func entriesAVX512(entries *uint32, h1 *uint64, groups int, precision int) (rare bool)
