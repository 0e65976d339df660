// SPDX-License-Identifier: Apache-2.0

package idhash

import (
	"encoding/binary"
	"fmt"
)

// Batch is the number of ids that are hashed before their entries are made.
const Batch = 64

// lanes is the number of ids that a kernel hashes at a time.
const lanes = 8

// Sums are the hashes of a batch, two words each.
type Sums struct{ H1, H2 [Batch]uint64 }

// Kernel returns which kernels this process uses: "avx512" or "portable".
func Kernel() string {
	if accelerated() {
		return acceleratedName
	}
	return "portable"
}

// HashAll hashes up to [Batch] ids that are not in one slice.
func (s *Sums) HashAll(ids [][]byte) {
	for i, id := range ids {
		s.H1[i], s.H2[i] = Of(id)
	}
}

// HashStrings hashes up to [Batch] byte strings: id i is data[starts[i]:][:lengths[i]].
func (s *Sums) HashStrings(data []byte, starts, lengths []int32) {
	if len(starts) != len(lengths) || len(starts) > Batch {
		panic(fmt.Sprintf("idhash: %d starts and %d lengths, of at most %d ids", len(starts), len(lengths), Batch))
	}
	hashStrings(s, data, starts, lengths)
}

// HashIntegers hashes the decimal text of up to [Batch] integers.
func (s *Sums) HashIntegers(values []int64) {
	if len(values) > Batch {
		panic(fmt.Sprintf("idhash: %d integers, at most %d", len(values), Batch))
	}
	hashIntegers(s, values)
}

// Entries sets entries to [Entry] of as many hashes.
func (s *Sums) Entries(entries []uint32, precision uint8) {
	makeEntries(entries[:min(len(entries), Batch)], s, precision)
}

// portableStrings hashes byte strings into sums, from the first on. It is faster where data has 16 bytes more after an id's last block: the tail is then
// two whole words under a mask, and no branch depends on its length.
func portableStrings(sums *Sums, first int, data []byte, starts, lengths []int32) {
	h1s, h2s := sums.H1[first:][:len(starts)], sums.H2[first:][:len(starts)]
	lengths = lengths[:len(starts)]
	for i := range starts {
		start, length := int(starts[i]), int(lengths[i])
		end := start + length&^15
		if end+16 > len(data) {
			h1s[i], h2s[i] = Of(data[start:][:length])
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
			h1s[i], h2s[i] = Of(data[start:][:length])
			continue
		}
		h1s[i], h2s[i] = finish(h1^mix1(k1), h2^mix2(k2), uint64(length)) // a word of zeros mixes to 0
	}
}

// portableIntegers hashes the decimal text of integers into sums, from the first on, faster for 0..99,999,999.
func portableIntegers(sums *Sums, first int, values []int64) {
	h1s, h2s := sums.H1[first:][:len(values)], sums.H2[first:][:len(values)]
	for i, value := range values {
		v := uint64(value)
		if v >= 1e8 {
			h1s[i], h2s[i] = OfInteger(value)
			continue
		}
		text := digits(v)
		zeros := leadingZeros(text)
		h1s[i], h2s[i] = finish(hashSeed^mix1(text>>zeros), hashSeed, uint64(8-zeros/8))
	}
}
