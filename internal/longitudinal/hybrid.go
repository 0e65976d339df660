// SPDX-License-Identifier: Apache-2.0

package longitudinal

import (
	"encoding/binary"
	"errors"
	"math/bits"
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

// appendValues appends n values of a number of bits up to 32.
func appendValues(to []int32, b []byte, width, n int) ([]int32, error) {
	if width == 0 {
		return append(to, make([]int32, n)...), nil
	}
	for n > 0 {
		count, value, packed, rest, err := nextRun(b, width, n)
		if err != nil {
			return to, err
		}
		if packed == nil {
			for range count {
				to = append(to, int32(value))
			}
		} else {
			to = appendPacked(to, packed, width, count)
		}
		b, n = rest, n-count
	}
	return to, nil
}

func appendPacked(to []int32, packed []byte, width, count int) []int32 {
	mask := uint64(1)<<width - 1
	i := 0
	for ; i < count && i*width/8+8 <= len(packed); i++ {
		word := binary.LittleEndian.Uint64(packed[i*width/8:])
		to = append(to, int32(word>>(i*width%8)&mask))
	}
	for ; i < count; i++ {
		var last [8]byte
		copy(last[:], packed[i*width/8:])
		to = append(to, int32(binary.LittleEndian.Uint64(last[:])>>(i*width%8)&mask))
	}
	return to
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
