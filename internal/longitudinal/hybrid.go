// SPDX-License-Identifier: Apache-2.0

package longitudinal

import (
	"encoding/binary"
	"errors"
	"math/bits"
	"slices"
)

// Reading of the runs that parquetpages.AppendHybrid writes.

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
