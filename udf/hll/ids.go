// SPDX-License-Identifier: Apache-2.0

package hll

import (
	"unsafe"

	"github.com/headcount-hll/headcount/udf/hll/internal/idhash"
)

// An entry is a register's index and its rho in one word: index<<8 | rho. Entries of one precision sort
// by index, then rho.
type entry uint32

func (e entry) index() uint32 { return uint32(e) >> 8 }
func (e entry) rho() uint8    { return uint8(e) }

// entryOf returns the entry of an id's hash.
func entryOf(p Precision, h1, h2 uint64) entry { return entry(idhash.Entry(p.bits, h1, h2)) }

// EntriesOf sets entries to those of ids, each hashed by its bytes. Unlike EntriesOfStrings, it takes ids that are not in one
// slice.
func (p Precision) EntriesOf(entries []Entry, ids [][]byte) {
	var sums idhash.Sums
	for len(entries) > 0 {
		n := min(idhash.Batch, len(entries))
		sums.HashAll(ids[:n])
		sums.Entries(words(entries[:n]), p.bits)
		entries, ids = entries[n:], ids[n:]
	}
}

// EntriesOfStrings sets entries to those of byte strings: id i is data[starts[i]:][:lengths[i]].
func (p Precision) EntriesOfStrings(entries []Entry, data []byte, starts, lengths []int32) {
	var sums idhash.Sums
	for len(entries) > 0 {
		n := min(idhash.Batch, len(entries))
		sums.HashStrings(data, starts[:n], lengths[:n])
		sums.Entries(words(entries[:n]), p.bits)
		entries, starts, lengths = entries[n:], starts[n:], lengths[n:]
	}
}

// EntriesOfIntegers sets entries to those of the decimal text of integers.
func (p Precision) EntriesOfIntegers(entries []Entry, values []int64) {
	var sums idhash.Sums
	for len(entries) > 0 {
		n := min(idhash.Batch, len(entries))
		sums.HashIntegers(values[:n])
		sums.Entries(words(entries[:n]), p.bits)
		entries, values = entries[n:], values[n:]
	}
}

// words returns entries as the words that they are.
func words(entries []entry) []uint32 {
	return unsafe.Slice((*uint32)(unsafe.SliceData(entries)), len(entries))
}
