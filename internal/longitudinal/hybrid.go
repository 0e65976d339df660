// SPDX-License-Identifier: Apache-2.0

package longitudinal

import (
	"encoding/binary"
	"errors"
	"math/bits"
	"slices"
)

// Parquet's encoding of levels and codes: runs, each either one value repeated or values packed with a number of bits, in groups of
// eight. https://parquet.apache.org/docs/file-format/data-pages/encodings/#RLE

var errRuns = errors.New("runs of levels or codes are cut short")

// nextRun returns the next run of at most n values, and what follows it. Of a repeated value packed is nil.
func nextRun(b []byte, width, n int) (count int, value uint32, packed, rest []byte, err error) {
	header, k := binary.Uvarint(b)
	if k <= 0 || header < 2 {
		return 0, 0, nil, nil, errRuns
	}
	b = b[k:]
	count = int(min(header>>1, uint64(n)))
	if header&1 == 0 {
		size := (width + 7) / 8
		if len(b) < size {
			return 0, 0, nil, nil, errRuns
		}
		for i := range size {
			value |= uint32(b[i]) << (8 * i)
		}
		return count, value, nil, b[size:], nil
	}
	groups := count // n groups have more than n values
	count = min(8*groups, n)
	if len(b) < (count*width+7)/8 {
		return 0, 0, nil, nil, errRuns
	}
	end := min(groups*width, len(b))
	return count, 0, b[:end], b[end:], nil
}

var errCode = errors.New("a code of the table is not in its dictionary")

// appendValues appends n values of a number of bits up to 32. It fails if one is not below a limit.
func appendValues(to []int32, b []byte, width, n int, limit uint32) ([]int32, error) {
	if width == 0 {
		if n > 0 && limit == 0 {
			return to, errCode
		}
		return append(to, make([]int32, n)...), nil
	}
	for n > 0 {
		count, value, packed, rest, err := nextRun(b, width, n)
		if err != nil {
			return to, err
		}
		at := len(to)
		to = slices.Grow(to, count)[:at+count]
		if packed == nil {
			if value >= limit {
				return to, errCode
			}
			for i := range to[at:] {
				to[at+i] = int32(value)
			}
		} else if most := unpack(to[at:], packed, width); most >= limit {
			return to, errCode
		}
		b, n = rest, n-count
	}
	return to, nil
}

// unpack fills to with packed values and returns the greatest.
func unpack(to []int32, packed []byte, width int) (most uint32) {
	mask := uint64(1)<<width - 1
	i := 0
	if width <= 8 {
		for ; i+8 <= len(to) && i/8*width+8 <= len(packed); i += 8 {
			word := binary.LittleEndian.Uint64(packed[i/8*width:])
			for k := range to[i : i+8 : i+8] {
				v := uint32(word & mask)
				to[i+k] = int32(v)
				most = max(most, v)
				word >>= width
			}
		}
	}
	for ; i < len(to); i++ {
		var last [8]byte
		copy(last[:], packed[i*width/8:])
		v := uint32(binary.LittleEndian.Uint64(last[:]) >> (i * width % 8) & mask)
		to[i] = int32(v)
		most = max(most, v)
	}
	return most
}

// appendZeros appends the places of the zeros among n values of one bit. The first has the place from.
func appendZeros(to []int32, b []byte, n, from int) ([]int32, error) {
	for n > 0 {
		count, value, packed, rest, err := nextRun(b, 1, n)
		if err != nil {
			return to, err
		}
		switch {
		case packed != nil:
			for i := 0; i < count; i += 8 {
				zeros := ^packed[i/8]
				if count-i < 8 {
					zeros &= 1<<(count-i) - 1
				}
				for ; zeros != 0; zeros &= zeros - 1 {
					to = append(to, int32(from+i+bits.TrailingZeros8(zeros)))
				}
			}
		case value == 0:
			for i := range count {
				to = append(to, int32(from+i))
			}
		}
		b, n, from = rest, n-count, from+count
	}
	return to, nil
}

// allAre reports whether n values are one run of a value.
func allAre(b []byte, width, n int, want uint32) bool {
	count, value, packed, _, err := nextRun(b, width, n)
	return err == nil && packed == nil && count == n && value == want
}

// leastRun is how many equal values are written as a run.
const leastRun = 8

// appendHybrid appends the encoding of values of a number of bits up to 32.
func appendHybrid(to []byte, values []int32, width int) []byte {
	packed := 0 // where the values begin that are not written yet
	for i := 0; i < len(values); {
		n := runLength(values[i:])
		if n < leastRun {
			i = min(i+8, len(values))
			continue
		}
		to = appendGroups(to, values[packed:i], width)
		to = appendRun(to, values[i], n, width)
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

// appendRun appends a value that is there n times.
func appendRun(to []byte, value int32, n, width int) []byte {
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
	to = appendPacked(binary.AppendUvarint(to, uint64(groups)<<1|1), values, width)
	if rest := len(values) % 8; rest > 0 { // the last group is whole
		end := len(to) - (rest*width+7)/8 + width
		for len(to) < end {
			to = append(to, 0)
		}
	}
	return to
}

// appendPacked appends values, each with a number of bits.
func appendPacked(to []byte, values []int32, width int) []byte {
	if width <= 8 {
		for ; len(values) >= 8; values = values[8:] {
			v := values[:8:8]
			word := uint64(v[0]) | uint64(v[1])<<width | uint64(v[2])<<(2*width) | uint64(v[3])<<(3*width) |
				uint64(v[4])<<(4*width) | uint64(v[5])<<(5*width) | uint64(v[6])<<(6*width) | uint64(v[7])<<(7*width)
			to = binary.LittleEndian.AppendUint64(to, word)
			to = to[:len(to)-8+width]
		}
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
