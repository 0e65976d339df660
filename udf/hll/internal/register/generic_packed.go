// SPDX-License-Identifier: Apache-2.0

package register

import "encoding/binary"

const (
	lowNibbles = 0x0F0F0F0F0F0F0F0F // the low half of every lane

	// maxLaneBase is the largest base with which a lane holds base+15 in its 7 bits.
	maxLaneBase = 127 - saturated
)

// minLanes returns the smaller of each lane of a and b, whose lanes are at most 127.
func minLanes(a, b uint64) uint64 {
	return a + b - maxLanes(a, b)
}

func genericUnionPacked(packed []byte, base byte, src []byte) (largest byte) {
	half := min(packedHalf, len(packed))
	lanes := 0 // the bytes of a block that are processed eight at a time
	if base <= maxLaneBase {
		lanes = half &^ 7
	}
	bases := uint64(base) * everyLane
	ceiling := uint64(topBits) // the smaller of base+14 and the largest so far, and the top bits
	for start := 0; start < len(packed); start += half {
		block := packed[start : start+half : start+half]
		low := src[2*start : 2*start+half : 2*start+half]
		high := src[2*start+half : 2*start+2*half : 2*start+2*half]
		for i := 0; i < lanes; i += 8 {
			b, l, h := block[i:i+8:i+8], low[i:i+8:i+8], high[i:i+8:i+8]
			s0, s1 := binary.LittleEndian.Uint64(l), binary.LittleEndian.Uint64(h)
			if (s0|s1|^((ceiling-s0)&(ceiling-s1)))&topBits != 0 {
				largest = max(largest, unionPackedBytes(b, base, l, h))
				ceiling = uint64(min(largest, base+saturated-1))*everyLane | topBits
				continue
			}
			w := binary.LittleEndian.Uint64(b)
			r0 := maxLanes(w&lowNibbles+bases, s0) - bases
			r1 := maxLanes(w>>4&lowNibbles+bases, s1) - bases
			binary.LittleEndian.PutUint64(b, r0|r1<<4)
		}
		largest = max(largest, unionPackedBytes(block[lanes:], base, low[lanes:], high[lanes:]))
	}
	return largest
}

// unionPackedBytes unites one packed byte at a time: low with the low nibbles, high with the high ones.
func unionPackedBytes(packed []byte, base byte, low, high []byte) (largest byte) {
	low, high = low[:len(packed)], high[:len(packed)]
	for i, b := range packed {
		l, h := low[i], high[i]
		largest = max(largest, l, h)
		packed[i] = max(b&15, nibbleOf(l, base)) | max(b>>4, nibbleOf(h, base))<<4
	}
	return largest
}

// nibbleOf returns r-base, limited to 0..15.
func nibbleOf(r, base byte) byte {
	return min(max(r, base)-base, saturated)
}

func genericUnpack(dst []byte, packed []byte, base byte) {
	half := min(packedHalf, len(packed))
	lanes := half &^ 7
	bases := uint64(base) * everyLane
	for start := 0; start < len(packed); start += half {
		block := packed[start : start+half : start+half]
		low := dst[2*start : 2*start+half : 2*start+half]
		high := dst[2*start+half : 2*start+2*half : 2*start+2*half]
		for i := 0; i < lanes; i += 8 {
			w := binary.LittleEndian.Uint64(block[i : i+8 : i+8])
			binary.LittleEndian.PutUint64(low[i:i+8:i+8], w&lowNibbles+bases)
			binary.LittleEndian.PutUint64(high[i:i+8:i+8], w>>4&lowNibbles+bases)
		}
		for i := lanes; i < half; i++ {
			low[i], high[i] = block[i]&15+base, block[i]>>4+base
		}
	}
}

func genericSmallestPacked(packed []byte) byte {
	smallest := uint64(lowNibbles)
	i := 0
	for ; i+8 <= len(packed); i += 8 {
		w := binary.LittleEndian.Uint64(packed[i : i+8 : i+8])
		smallest = minLanes(smallest, minLanes(w&lowNibbles, w>>4&lowNibbles))
	}
	for _, b := range packed[i:] {
		smallest = minLanes(smallest, uint64(min(b&15, b>>4))*everyLane)
	}
	return saturated - largestLane(lowNibbles-smallest)
}
