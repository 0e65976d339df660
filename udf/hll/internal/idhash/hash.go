// SPDX-License-Identifier: Apache-2.0

package idhash

import (
	"encoding/binary"
	"math/bits"
)

// hashSeed is the seed of both lanes of the hash, as in Algebird's HyperLogLog.hash.
const hashSeed = 12345678

const (
	murmurC1 = 0x87c37b91114253d5
	murmurC2 = 0x4cf5ad432745937f
)

// Of is MurmurHash3 x64 128 (Appleby) of id with Algebird's difference: the bytes of the tail (length mod 16) are
// sign-extended before they are shifted into place. udf/hll/FORMAT.md, "Hash".
func Of(id []byte) (h1, h2 uint64) {
	h1, h2 = hashSeed, hashSeed
	n := uint64(len(id))
	for len(id) >= 16 {
		h1, h2 = mixBlock(h1, h2, binary.LittleEndian.Uint64(id), binary.LittleEndian.Uint64(id[8:]))
		id = id[16:]
	}
	if len(id) > 8 {
		h2 ^= mix2(tailWord(id[8:]))
		h1 ^= mix1(tailWord(id[:8]))
	} else if len(id) > 0 {
		h1 ^= mix1(tailWord(id))
	}
	return finish(h1, h2, n)
}

// mixBlock mixes 16 bytes into the lanes.
func mixBlock(h1, h2, k1, k2 uint64) (uint64, uint64) {
	h1 = (bits.RotateLeft64(h1^mix1(k1), 27)+h2)*5 + 0x52dce729
	h2 = (bits.RotateLeft64(h2^mix2(k2), 31)+h1)*5 + 0x38495ab5
	return h1, h2
}

// finish returns the hash of n bytes from the lanes.
func finish(h1, h2, n uint64) (uint64, uint64) {
	h1, h2 = h1^n, h2^n
	h1 += h2
	h2 += h1
	h1, h2 = avalanche(h1), avalanche(h2)
	h1 += h2
	return h1, h2 + h1
}

// tailMasks has the masks of a tail of each length, in two words.
var tailMasks = func() (masks [16][2]uint64) {
	for length := range masks {
		masks[length] = [2]uint64{1<<(8*min(length, 8)) - 1, 1<<(8*max(length-8, 0)) - 1}
	}
	return masks
}()

func mix1(k uint64) uint64 { return bits.RotateLeft64(k*murmurC1, 31) * murmurC2 }
func mix2(k uint64) uint64 { return bits.RotateLeft64(k*murmurC2, 33) * murmurC1 }

// signBits has the high bit of each byte.
const signBits = 0x8080808080808080

// tailWord returns up to eight bytes as a little-endian word, each sign-extended over those after it.
func tailWord(tail []byte) uint64 {
	k := loadTail(tail)
	if k&signBits == 0 { // ASCII: nothing to extend
		return k
	}
	k = 0
	for i, b := range tail {
		k ^= uint64(int64(int8(b))) << (8 * i)
	}
	return k
}

// loadTail returns 1 to 8 bytes as a little-endian word without reading past them.
func loadTail(b []byte) uint64 {
	switch n := len(b); {
	case n == 8:
		return binary.LittleEndian.Uint64(b)
	case n >= 4:
		low := uint64(binary.LittleEndian.Uint32(b))
		high := uint64(binary.LittleEndian.Uint32(b[n-4:]))
		return low | high<<(8*(n-4))
	default:
		k := uint64(b[0])
		if n > 1 {
			k |= uint64(b[1]) << 8
		}
		if n > 2 {
			k |= uint64(b[2]) << 16
		}
		return k
	}
}

func avalanche(k uint64) uint64 {
	k ^= k >> 33
	k *= 0xff51afd7ed558ccd
	k ^= k >> 33
	k *= 0xc4ceb9fe1a85ec53
	return k ^ k>>33
}
