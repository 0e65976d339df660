// SPDX-License-Identifier: Apache-2.0

package register

import (
	"encoding/binary"
	"math/bits"
)

// The portable kernels work on eight registers at a time, each in a byte lane of a 64-bit word. Registers need 7 bits; the
// lane's top bit is for the carry of a comparison. Bytes of 128 and more are detected and handled one by one.
const (
	everyLane = 0x0101010101010101 // 1 in every lane
	topBits   = 0x8080808080808080 // the top bit of every lane
)

// maxLanes returns the larger of each lane of a and b, whose lanes are at most 127.
func maxLanes(a, b uint64) uint64 {
	difference := (a | topBits) - b // a - b, and the top bit set, where a >= b
	atLeast := difference & topBits
	return b + difference&(atLeast-atLeast>>7)
}

// largestLane returns the largest lane of w, whose lanes are at most 127.
func largestLane(w uint64) byte {
	w = maxLanes(w, w>>32)
	w = maxLanes(w, w>>16)
	return byte(maxLanes(w, w>>8))
}

func genericUnion(dst, src []byte) (largest byte) {
	dst = dst[:len(src)]
	i := 0
	ceiling := uint64(topBits) // the largest so far in every lane, and the top bits
	for ; i+32 <= len(src); i += 32 {
		s, d := src[i:i+32:i+32], dst[i:i+32:i+32]
		s0, s1 := binary.LittleEndian.Uint64(s), binary.LittleEndian.Uint64(s[8:])
		s2, s3 := binary.LittleEndian.Uint64(s[16:]), binary.LittleEndian.Uint64(s[24:])
		d0, d1 := binary.LittleEndian.Uint64(d), binary.LittleEndian.Uint64(d[8:])
		d2, d3 := binary.LittleEndian.Uint64(d[16:]), binary.LittleEndian.Uint64(d[24:])
		if (s0|s1|s2|s3|d0|d1|d2|d3)&topBits != 0 {
			largest = max(largest, unionBytes(d, s))
			ceiling = uint64(largest)*everyLane | topBits
			continue
		}
		// The largest changes a few times in a sketch, and never more than 127 times.
		if (ceiling-s0)&(ceiling-s1)&(ceiling-s2)&(ceiling-s3)&topBits != topBits {
			largest = max(largest, largestLane(maxLanes(maxLanes(s0, s1), maxLanes(s2, s3))))
			ceiling = uint64(largest)*everyLane | topBits
		}
		binary.LittleEndian.PutUint64(d, maxLanes(d0, s0))
		binary.LittleEndian.PutUint64(d[8:], maxLanes(d1, s1))
		binary.LittleEndian.PutUint64(d[16:], maxLanes(d2, s2))
		binary.LittleEndian.PutUint64(d[24:], maxLanes(d3, s3))
	}
	return max(largest, unionBytes(dst[i:], src[i:]))
}

// unionBytes is genericUnion one byte at a time.
func unionBytes(dst, src []byte) (largest byte) {
	dst = dst[:len(src)]
	for i, s := range src {
		dst[i] = max(dst[i], s)
		largest = max(largest, s)
	}
	return largest
}

func genericLargest(src []byte) (largest byte) {
	i := 0
	ceiling := uint64(topBits)
	for ; i+32 <= len(src); i += 32 {
		s := src[i : i+32 : i+32]
		s0, s1 := binary.LittleEndian.Uint64(s), binary.LittleEndian.Uint64(s[8:])
		s2, s3 := binary.LittleEndian.Uint64(s[16:]), binary.LittleEndian.Uint64(s[24:])
		above := ^((ceiling - s0) & (ceiling - s1) & (ceiling - s2) & (ceiling - s3))
		if (above|s0|s1|s2|s3)&topBits != 0 {
			largest = max(largest, largestByte(s))
			ceiling = uint64(largest)*everyLane | topBits
		}
	}
	return max(largest, largestByte(src[i:]))
}

// largestByte is genericLargest one byte at a time.
func largestByte(src []byte) (largest byte) {
	for _, s := range src {
		largest = max(largest, s)
	}
	return largest
}

// weights[r] is the weight of register r in a block: 2^(nearest-r) in the bits below zeroShift, 1 above them for an unset
// register, and only far for an r above nearest. The fields are wide enough for a block.
var weights = func() (w [256]uint64) {
	for r := range w {
		w[r] = far
		if r <= nearest {
			w[r] = 1 << (nearest - r)
		}
	}
	w[0] |= 1 << zeroShift
	return w
}()

const (
	nearest   = 37               // the largest register that weights adds up
	zeroShift = nearest + 12 + 1 // blockSize * 2^nearest fits below
	far       = 1 << 63          // zeroShift + 12 + 1, so that blockSize zeros fit between
)

// genericRangeBlock returns the smallest and the largest byte of at most blockSize registers, at least one.
func genericRangeBlock(src []byte) (smallest, largest byte) {
	s := genericSumBlock(src)
	return s.Smallest, s.Largest
}

// genericSumBlock returns the Sums of at most blockSize registers.
func genericSumBlock(src []byte) Sums {
	if len(src) == 0 {
		return Sums{Exact: true}
	}
	// One look-up gives the weight of a register and, by bitwise or, the smallest and the largest.
	var sum0, sum1, seen0, seen1 uint64
	table, i := &weights, 0
	for ; i+4 <= len(src); i += 4 {
		four := src[i : i+4 : i+4]
		w0, w1 := table[four[0]], table[four[1]]
		sum0, seen0 = sum0+w0, seen0|w0
		sum1, seen1 = sum1+w1, seen1|w1
		w2, w3 := table[four[2]], table[four[3]]
		sum0, seen0 = sum0+w2, seen0|w2
		sum1, seen1 = sum1+w3, seen1|w3
	}
	for _, r := range src[i:] {
		sum0 += table[r]
		seen0 |= table[r]
	}
	sum, seen := sum0+sum1, seen0|seen1
	if seen&far != 0 {
		return farSumBlock(src)
	}
	const below = 1<<zeroShift - 1
	largest := nearest - bits.TrailingZeros64(seen)
	return Sums{
		Zeros:    int(sum >> zeroShift),
		Smallest: byte(nearest + 1 - bits.Len64(seen&below)),
		Largest:  byte(largest),
		Sum:      sum & below >> (nearest - largest),
		Exact:    true,
	}
}

// farSumBlock is genericSumBlock for any registers.
func farSumBlock(src []byte) Sums {
	s := Sums{Smallest: src[0], Largest: src[0]}
	for _, r := range src {
		s.Smallest = min(s.Smallest, r)
		s.Largest = max(s.Largest, r)
		if r == 0 {
			s.Zeros++
		}
	}
	s.Exact = s.Largest-s.Smallest <= maxSpread
	if s.Exact {
		for _, r := range src {
			s.Sum += 1 << (s.Largest - r)
		}
	}
	return s
}

func genericIndexAbove(src []byte, limit byte) int {
	const step = 256
	for start := 0; start < len(src); start += step {
		part := src[start:min(start+step, len(src))]
		if genericLargest(part) <= limit {
			continue
		}
		for i, r := range part {
			if r > limit {
				return start + i
			}
		}
	}
	return -1
}
