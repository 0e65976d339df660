// SPDX-License-Identifier: Apache-2.0

package parquetpages

import (
	"encoding/binary"
	"slices"
)

// Parquet's encoding of levels and codes: runs, each either one value repeated or values packed with a number of bits, in groups of
// eight. https://parquet.apache.org/docs/file-format/data-pages/encodings/#RLE

// leastRun is how many equal values are written as a run.
const leastRun = 8

// AppendHybrid appends the encoding of values of a number of bits up to 32.
func AppendHybrid(to []byte, values []int32, width int) []byte {
	packed := 0 // where the values begin that are not written yet
	for i := 0; i < len(values); {
		n := runLength(values[i:])
		if n < leastRun {
			i = min(i+8, len(values))
			continue
		}
		to = appendGroups(to, values[packed:i], width)
		to = AppendRun(to, values[i], n, width)
		i += n
		packed = i
	}
	return appendGroups(to, values[packed:], width)
}

// runLength returns how many of the first values are equal.
func runLength(values []int32) int {
	first := values[0]
	for i, v := range values {
		if v != first {
			return i
		}
	}
	return len(values)
}

// AppendRun appends a value that is there n times.
func AppendRun(to []byte, value int32, n, width int) []byte {
	to = binary.AppendUvarint(to, uint64(n)<<1)
	for i := 0; i < width; i += 8 {
		to = append(to, byte(uint32(value)>>i))
	}
	return to
}

// appendGroups appends packed values with their header.
func appendGroups(to []byte, values []int32, width int) []byte {
	if len(values) == 0 {
		return to
	}
	groups := (len(values) + 7) / 8
	to = AppendPacked(binary.AppendUvarint(to, uint64(groups)<<1|1), values, width)
	if rest := len(values) % 8; rest > 0 { // the last group is whole
		end := len(to) - (rest*width+7)/8 + width
		for len(to) < end {
			to = append(to, 0)
		}
	}
	return to
}

// AppendPacked appends values, each with a number of bits.
func AppendPacked(to []byte, values []int32, width int) []byte {
	if width <= 16 {
		at := len(to)
		to = slices.Grow(to, len(values)/8*width+16)
		to = to[:cap(to)]
		for ; len(values) >= 8; values = values[8:] {
			v := values[:8:8]
			low := uint64(v[0]) | uint64(v[1])<<width | uint64(v[2])<<(2*width) | uint64(v[3])<<(3*width)
			high := uint64(v[4]) | uint64(v[5])<<width | uint64(v[6])<<(2*width) | uint64(v[7])<<(3*width)
			binary.LittleEndian.PutUint64(to[at:], low|high<<(4*width))
			binary.LittleEndian.PutUint64(to[at+8:], high>>(64-4*width))
			at += width
		}
		to = to[:at]
	}
	word, have := uint64(0), 0
	for _, v := range values {
		word |= uint64(uint32(v)) << have
		for have += width; have >= 8; have -= 8 {
			to = append(to, byte(word))
			word >>= 8
		}
	}
	if have > 0 {
		to = append(to, byte(word))
	}
	return to
}
