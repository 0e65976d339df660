package hll

import "math/bits"

// hashInteger is [hash] of v's decimal text, without the text: its at most 20 bytes are made and hashed as
// words, with no branch on how many digits there are but at 8 and 16.
func hashInteger(v int64) (h1, h2 uint64) {
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
		return hashDigits(shifted(middle, low, zeros), low>>zeros, 0, 128-zeros, sign)
	default:
		top, middle := digits(high/group), digits(high%group)
		zeros := leadingZeros(top)
		return hashDigits(shifted(top, middle, zeros), shifted(middle, low, zeros), low>>zeros, 192-zeros, sign)
	}
}

// shifted returns the lower word of two shifted down by less than 64 bits.
func shifted(low, high uint64, by uint) uint64 {
	return low>>(by&63) | high<<1<<(63-by&63) // two steps, as Go's shift by 64 costs a comparison
}

// hashDigits is the hash of a text of as many bits in three words, with a minus before it if sign is 8
// and not 0.
func hashDigits(w0, w1, w2 uint64, size, sign uint) (h1, h2 uint64) {
	w2 = w2<<(sign&63) | w1>>1>>(63-sign&63)
	w1 = w1<<(sign&63) | w0>>1>>(63-sign&63)
	w0 = w0<<(sign&63) | '-'&(1<<(sign&63)-1)
	h1, h2 = hashSeed, hashSeed
	n := uint64(size+sign) / 8
	if n >= 16 {
		h1, h2 = mixBlock(h1, h2, w0, w1)
		w0, w1 = w2, 0
	}
	// Digits and the sign are ASCII: none is extended. A word of zeros mixes to 0.
	return finish(h1^mix1(w0), h2^mix2(w1), n)
}

// digits returns the eight digits of v < 10^8, first digit in the lowest byte, as text: pairs of pairs of
// pairs are divided side by side in one word.
func digits(v uint64) uint64 {
	v = v/10_000 | v%10_000<<32
	hundreds := v * 10_486 >> 20 & 0x7f_0000_007f // v / 100 for v < 10,000
	v = hundreds | (v-100*hundreds)<<16
	tens := v * 103 >> 10 & 0x000f_000f_000f_000f // v / 10 for v < 100
	v = tens | (v-10*tens)<<8
	return v | 0x3030_3030_3030_3030
}

// leadingZeros returns how many bits of text digits return hold zeros before the first other digit, 56 of
// "00000000".
func leadingZeros(text uint64) uint {
	return uint(bits.TrailingZeros64(text&0x0f0f_0f0f_0f0f_0f0f|1<<56)) & 56
}
