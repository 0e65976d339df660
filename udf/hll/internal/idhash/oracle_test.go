// SPDX-License-Identifier: Apache-2.0

package idhash

import (
	"math/big"
	"math/bits"
)

// oracleHash is the hash as udf/hll/FORMAT.md describes it, a byte at a time.
func oracleHash(id []byte) (h1, h2 uint64) {
	const c1, c2 = 0x87c37b91114253d5, 0x4cf5ad432745937f
	h1, h2 = 12345678, 12345678
	n := uint64(len(id))
	for ; len(id) >= 16; id = id[16:] {
		var k1, k2 uint64
		for i := range 8 {
			k1 |= uint64(id[i]) << (8 * i)
			k2 |= uint64(id[8+i]) << (8 * i)
		}
		h1 ^= bits.RotateLeft64(k1*c1, 31) * c2
		h1 = (bits.RotateLeft64(h1, 27)+h2)*5 + 0x52dce729
		h2 ^= bits.RotateLeft64(k2*c2, 33) * c1
		h2 = (bits.RotateLeft64(h2, 31)+h1)*5 + 0x38495ab5
	}
	var k [2]uint64
	for i, b := range id {
		k[i/8] ^= uint64(int64(int8(b))) << (8 * (i % 8))
	}
	h1 ^= bits.RotateLeft64(k[0]*c1, 31) * c2
	h2 ^= bits.RotateLeft64(k[1]*c2, 33) * c1
	h1, h2 = h1^n, h2^n
	h1 += h2
	h2 += h1
	mix := func(k uint64) uint64 {
		k = (k ^ k>>33) * 0xff51afd7ed558ccd
		k = (k ^ k>>33) * 0xc4ceb9fe1a85ec53
		return k ^ k>>33
	}
	h1, h2 = mix(h1), mix(h2)
	h1 += h2
	return h1, h2 + h1
}

// oracleEntry reads the index and the rho off the hash bit by bit.
func oracleEntry(p uint8, h1, h2 uint64) uint32 {
	hash := new(big.Int).SetUint64(bits.Reverse64(h2))
	hash.Lsh(hash, 64).Or(hash, new(big.Int).SetUint64(bits.Reverse64(h1)))
	index, rho := uint32(0), 1
	for i := range int(p) {
		index |= uint32(hash.Bit(i)) << i
	}
	for int(p)+rho-1 < 127 && hash.Bit(int(p)+rho-1) == 0 {
		rho++
	}
	return index<<8 | uint32(rho)
}
