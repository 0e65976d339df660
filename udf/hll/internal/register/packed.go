// SPDX-License-Identifier: Apache-2.0

package register

import "fmt"

const (
	// packedHalf is the number of bytes of a packed block, and of registers in each half of it.
	packedHalf = 32

	// saturated is the nibble of a register that is an exception.
	saturated = 15

	// maxBase is the largest base: base+15 is a byte.
	maxBase = 255 - saturated
)

// UnionPacked unites packed registers with src: it sets the nibble of register i to the larger of itself and src[i]-base,
// limited to 0..15. It returns the largest byte of src, unsigned; ok is true if that is at most base+14.
//
// If ok, the union is complete and the exceptions are unchanged: they are larger than every src[i]. If not, the nibbles are
// correct, and the caller has to raise the exception of every src[i] above base+14. Both steps are idempotent and
// independent of order.
//
// As in Union, packed is written even if src is invalid by its largest byte. UnionPacked panics if the lengths do not fit each other or the layout, or base is above 240.
func UnionPacked(packed []byte, base byte, src []byte) (largest byte, ok bool) {
	checkPacked("UnionPacked", packed, base, len(src))
	largest = unionPacked(packed, base, src)
	return largest, largest < base+saturated
}

// Pack sets packed to the registers of src, none of them below base. It returns how many have the nibble 15: the
// exceptions. It panics like UnionPacked.
func Pack(packed []byte, src []byte, base byte) (exceptions int) {
	checkPacked("Pack", packed, base, len(src))
	clear(packed)
	if unionPacked(packed, base, src) < base+saturated {
		return 0
	}
	for range Above(src, base+saturated-1) {
		exceptions++
	}
	return exceptions
}

// Unpack sets every dst[i] to base plus the nibble of register i. An exception is base+15 until the caller sets it. It
// panics like UnionPacked.
func Unpack(dst []byte, packed []byte, base byte) {
	checkPacked("Unpack", packed, base, len(dst))
	unpack(dst, packed, base)
}

// SmallestPacked returns the smallest nibble: the amount by which the base can be raised. Without registers it is 15.
func SmallestPacked(packed []byte) byte {
	return smallestPacked(packed)
}

// Raise subtracts by, at most SmallestPacked, from every nibble except 15, for a base that is higher by as much. A nibble
// below by becomes 0.
func Raise(packed []byte, by byte) {
	var table [16]byte
	for v := range table {
		table[v] = byte(v) - min(byte(v), by)
	}
	table[saturated] = saturated
	for i, b := range packed {
		packed[i] = table[b&15] | table[b>>4]<<4
	}
}

// SetNibble sets the nibble of register i to v, at most 15.
func SetNibble(packed []byte, i int, v byte) {
	at, shift := place(packed, i)
	packed[at] = packed[at]&^(15<<shift) | v<<shift
}

// RaiseNibble sets the nibble of register i to the larger of itself and v, at most 15. packed has whole blocks, 64 or more
// registers. It has no branch on the data.
func RaiseNibble(packed []byte, i uint32, v byte) {
	at, shift := i>>1&^31|i&31, i>>3&4
	b := packed[at]
	packed[at] = b&^(15<<shift) | max(b>>shift&15, v)<<shift
}

// NibbleAt returns the byte that RaiseNibble changes.
func NibbleAt(i uint32) uint32 { return i>>1&^31 | i&31 }

// place returns the byte of register i and the shift of its nibble.
func place(packed []byte, i int) (at int, shift uint) {
	if len(packed) < packedHalf {
		return placeInPart(len(packed), i)
	}
	u := uint(i)
	return int(u/(2*packedHalf)*packedHalf + u%packedHalf), u / packedHalf % 2 * 4
}

// placeInPart is place in a block of fewer than 64 registers.
func placeInPart(half, i int) (at int, shift uint) {
	if i < half {
		return i, 0
	}
	return i - half, 4
}

// checkPacked panics unless packed holds n registers over base.
func checkPacked(what string, packed []byte, base byte, n int) {
	if n == 2*len(packed) && (n < 2*packedHalf || n%(2*packedHalf) == 0) && base <= maxBase {
		return
	}
	panicPacked(what, len(packed), base, n)
}

// panicPacked is a function of its own so that checkPacked is inlined.
func panicPacked(what string, packed int, base byte, n int) {
	if base > maxBase {
		panic(fmt.Sprintf("register: %s over base %d: above %d", what, base, maxBase))
	}
	if n != 2*packed {
		panic(fmt.Sprintf("register: %s of %d registers and %d packed bytes: want half as many bytes", what, n, packed))
	}
	panic(fmt.Sprintf("register: %s of %d registers: want fewer than 64, or a multiple of it", what, n))
}
