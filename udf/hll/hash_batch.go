// SPDX-License-Identifier: Apache-2.0

package hll

import (
	"encoding/binary"
	"math/bits"
)

// A sum is a hash of two words.
type sum struct{ h1, h2 uint64 }

// batch is the number of ids that are hashed before their entries are made.
const batch = 64

// EntriesOf sets entries to those of ids, each hashed by its bytes. Unlike EntriesOfStrings, it takes ids that are not in one
// slice.
func (p Precision) EntriesOf(entries []Entry, ids [][]byte) {
	var sums [batch]sum
	for len(entries) > 0 {
		n := min(batch, len(entries))
		for i, id := range ids[:n] {
			sums[i].h1, sums[i].h2 = hash(id)
		}
		p.entriesOf(entries[:n], sums[:n])
		entries, ids = entries[n:], ids[n:]
	}
}

// EntriesOfStrings sets entries to those of byte strings: id i is data[starts[i]:][:lengths[i]].
func (p Precision) EntriesOfStrings(entries []Entry, data []byte, starts, lengths []int32) {
	var sums [batch]sum
	for len(entries) > 0 {
		n := min(batch, len(entries))
		hashStrings(sums[:n], data, starts[:n], lengths[:n])
		p.entriesOf(entries[:n], sums[:n])
		entries, starts, lengths = entries[n:], starts[n:], lengths[n:]
	}
}

// EntriesOfIntegers sets entries to those of the decimal text of integers.
func (p Precision) EntriesOfIntegers(entries []Entry, values []int64) {
	var sums [batch]sum
	for len(entries) > 0 {
		n := min(batch, len(entries))
		hashIntegers(sums[:n], values[:n])
		p.entriesOf(entries[:n], sums[:n])
		entries, values = entries[n:], values[n:]
	}
}

// hashStrings is [hash] for many ids. It is faster where data has 16 bytes more after an id's last block: the tail is then
// two whole words under a mask, and no branch depends on its length.
func hashStrings(sums []sum, data []byte, starts, lengths []int32) {
	starts, lengths = starts[:len(sums)], lengths[:len(sums)]
	for i := range sums {
		start, length := int(starts[i]), int(lengths[i])
		end := start + length&^15
		if end+16 > len(data) {
			sums[i].h1, sums[i].h2 = hash(data[start:][:length])
			continue
		}
		h1, h2 := uint64(hashSeed), uint64(hashSeed)
		at := start
		for ; at < end; at += 16 {
			block := data[at:][:16]
			h1, h2 = mixBlock(h1, h2, binary.LittleEndian.Uint64(block), binary.LittleEndian.Uint64(block[8:]))
		}
		tail, mask := data[at:][:16], &tailMasks[length&15]
		k1, k2 := binary.LittleEndian.Uint64(tail)&mask[0], binary.LittleEndian.Uint64(tail[8:])&mask[1]
		if (k1|k2)&signBits != 0 {
			sums[i].h1, sums[i].h2 = hash(data[start:][:length])
			continue
		}
		sums[i].h1, sums[i].h2 = finish(h1^mix1(k1), h2^mix2(k2), uint64(length)) // a word of zeros mixes to 0
	}
}

// hashIntegers is hashInteger for many, faster for 0..99,999,999.
func hashIntegers(sums []sum, values []int64) {
	values = values[:len(sums)]
	for i := range sums {
		v := uint64(values[i])
		if v >= 1e8 {
			sums[i].h1, sums[i].h2 = hashInteger(int64(v))
			continue
		}
		text := digits(v)
		zeros := leadingZeros(text)
		sums[i].h1, sums[i].h2 = finish(hashSeed^mix1(text>>zeros), hashSeed, uint64(8-zeros/8))
	}
}

// entriesOf is entryOf for many, with its rare cases apart.
func (p Precision) entriesOf(entries []Entry, sums []sum) {
	sums = sums[:len(entries)]
	mask := uint32(1)<<p.bits - 1
	for i := range entries {
		h1 := sums[i].h1
		rest := h1 << (p.bits & 63)
		if rest == 0 || p.bits > 16 {
			entries[i] = entryOf(p, h1, sums[i].h2)
			continue
		}
		index := uint32(bits.Reverse16(uint16(h1>>48))) & mask
		entries[i] = entry(index<<8) | entry(bits.LeadingZeros64(rest)+1)
	}
}
