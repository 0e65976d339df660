// SPDX-License-Identifier: Apache-2.0

package idhash

import "math/bits"

// OfInteger returns the hash of v's decimal text. It makes the text, at most 20 bytes, in up to three little-endian
// words and hashes these. Its only branches on the value are at 8 and 16 digits and at the sign.
func OfInteger(v int64) (h1, h2 uint64) {
	const group = 1e8
	magnitude, sign := uint64(v), uint(0)
	if v < 0 {
		magnitude, sign = -magnitude, 8
	}
	high, low := magnitude/group, digits(magnitude%group)
	switch {
	case high == 0:
		zeros := leadingZeros(low)
		return hashDigits(low>>zeros, 0, 0, 64-zeros, sign)
	case high < group:
		middle := digits(high)
		zeros := leadingZeros(middle)
		return hashDigits(dropped(middle, low, zeros), low>>zeros, 0, 128-zeros, sign)
	default:
		top, middle := digits(high/group), digits(high%group)
		zeros := leadingZeros(top)
		return hashDigits(dropped(top, middle, zeros), dropped(middle, low, zeros), low>>zeros, 192-zeros, sign)
	}
}

// dropped returns the first eight bytes of the text first, next without its first n bits, n < 64. The first byte of a text
// is the lowest of its word. Two shifts, by 1 and by 63-n, make one by 64-n: Go's shift by 64 would cost a comparison.
func dropped(first, next uint64, n uint) uint64 {
	return first>>(n&63) | next<<1<<(63-n&63)
}

// hashDigits returns the hash of a text of size bits in three words. sign is 8 for a minus before the text, or 0. A minus
// moves the text up by a byte:
//
//	w0                w1                w2
//	d0 d1 .. d7       d8 d9 .. d15      d16 .. d18
//	-  d0 .. d6       d7 d8 .. d14      d15 .. d18
func hashDigits(w0, w1, w2 uint64, size, sign uint) (h1, h2 uint64) {
	w2 = w2<<(sign&63) | w1>>1>>(63-sign&63) // as in dropped
	w1 = w1<<(sign&63) | w0>>1>>(63-sign&63)
	w0 = w0<<(sign&63) | '-'&(1<<(sign&63)-1)
	h1, h2 = hashSeed, hashSeed
	n := uint64(size+sign) / 8
	if n >= 16 {
		h1, h2 = mixBlock(h1, h2, w0, w1)
		w0, w1 = w2, 0
	}
	// The text is ASCII: no byte is sign-extended. A word of zeros mixes to 0.
	return finish(h1^mix1(w0), h2^mix2(w1), n)
}

// digits returns the text of the eight digits of v < 10^8, the first digit in the lowest byte. It divides the halves of
// the number in one word, then the quarters, then the eighths.
func digits(v uint64) uint64 {
	v = v/10_000 | v%10_000<<32
	hundreds := v * 10_486 >> 20 & 0x7f_0000_007f // v / 100 for v < 10,000
	v = hundreds | (v-100*hundreds)<<16
	tens := v * 103 >> 10 & 0x000f_000f_000f_000f // v / 10 for v < 100
	v = tens | (v-10*tens)<<8
	return v | 0x3030_3030_3030_3030
}

// leadingZeros returns the number of bits of the zeros before the first other digit: 56 for "00000000", whose last zero is
// a digit.
func leadingZeros(text uint64) uint {
	return uint(bits.TrailingZeros64(text&0x0f0f_0f0f_0f0f_0f0f|1<<56)) & 56
}
