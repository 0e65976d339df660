// SPDX-License-Identifier: Apache-2.0

package parquetpages

import (
	"encoding/binary"
	"errors"
	"math/bits"
	"slices"
)

// Reading of the runs that AppendHybrid writes.

// ErrRuns is the error of bytes that end before the values do.
var ErrRuns = errors.New("runs of levels or codes are cut short")

// nextRun returns the next run of at most n values, and what follows it. Of a repeated value packed is nil.
func nextRun(b []byte, width, n int) (count int, value uint32, packed, rest []byte, err error) {
	header, k := binary.Uvarint(b)
	if k <= 0 || header < 2 {
		return 0, 0, nil, nil, ErrRuns
	}
	b = b[k:]
	count = int(min(header>>1, uint64(n)))
	if header&1 == 0 {
		size := (width + 7) / 8
		if len(b) < size {
			return 0, 0, nil, nil, ErrRuns
		}
		for i := range size {
			value |= uint32(b[i]) << (8 * i)
		}
		return count, value, nil, b[size:], nil
	}
	groups := count // n groups have more than n values
	count = min(8*groups, n)
	if len(b) < (count*width+7)/8 {
		return 0, 0, nil, nil, ErrRuns
	}
	end := min(groups*width, len(b))
	return count, 0, b[:end], b[end:], nil
}

// ErrCode is the error of a value that is not below its limit.
var ErrCode = errors.New("a code of the table is not in its dictionary")

// Decode appends n values of a number of bits up to 32. It fails if one is not below a limit.
func Decode(to []int32, b []byte, width, n int, limit uint32) ([]int32, error) {
	if width == 0 {
		if n > 0 && limit == 0 {
			return to, ErrCode
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
				return to, ErrCode
			}
			for i := range to[at:] {
				to[at+i] = int32(value)
			}
		} else if most := Unpack(to[at:], packed, width); most >= limit {
			return to, ErrCode
		}
		b, n = rest, n-count
	}
	return to, nil
}

// Unpack fills to with packed values and returns the greatest.
func Unpack(to []int32, packed []byte, width int) (most uint32) {
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
	for ; i < len(to) && i*width/8+8 <= len(packed); i++ {
		v := uint32(binary.LittleEndian.Uint64(packed[i*width/8:]) >> (i * width % 8) & mask)
		to[i] = int32(v)
		most = max(most, v)
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

// A Reader reads values in pieces.
type Reader struct {
	rest   []byte
	width  int
	left   int // values that have not been read
	run    int // of them, those of the present run
	value  uint32
	packed []byte // the run's values, or nil for a repeated one
	at     int    // how many of packed have been read
}

// NewReader returns a reader of n values of a number of bits up to 32.
func NewReader(b []byte, width, n int) Reader { return Reader{rest: b, width: width, left: n} }

// NewBits returns a reader of n bits that are packed without runs. b has them all.
func NewBits(b []byte, n int) Reader { return Reader{width: 1, left: n, run: n, packed: b} }

// Read fills to with the next values and returns the greatest of them. It fails if there are fewer.
func (r *Reader) Read(to []int32) (most uint32, err error) {
	if len(to) > r.left {
		return 0, ErrRuns
	}
	r.left -= len(to)
	if r.width == 0 {
		clear(to)
		return 0, nil
	}
	for len(to) > 0 {
		if r.run == 0 {
			if r.run, r.value, r.packed, r.rest, err = nextRun(r.rest, r.width, r.left+len(to)); err != nil {
				return 0, err
			}
			r.at = 0
		}
		n := min(r.run, len(to))
		most = max(most, r.take(to[:n]))
		to = to[n:]
		r.run -= n
	}
	return most, nil
}

// take fills to with values of the present run.
func (r *Reader) take(to []int32) (most uint32) {
	if r.packed == nil {
		for i := range to {
			to[i] = int32(r.value)
		}
		return r.value
	}
	for ; r.at%8 != 0 && len(to) > 0; r.at++ { // up to the next whole group
		var word [8]byte
		copy(word[:], r.packed[r.at*r.width/8:])
		v := uint32(binary.LittleEndian.Uint64(word[:]) >> (r.at * r.width % 8) & (1<<r.width - 1))
		to[0], to = int32(v), to[1:]
		most = max(most, v)
	}
	if len(to) > 0 {
		most = max(most, Unpack(to, r.packed[r.at/8*r.width:], r.width))
		r.at += len(to)
	}
	return most
}

// AllOnes reports whether n values of one bit are 1.
func AllOnes(b []byte, n int) bool {
	for n > 0 {
		count, value, packed, rest, err := nextRun(b, 1, n)
		if err != nil || packed == nil && value != 1 || packed != nil && !ones(packed, count) {
			return false
		}
		b, n = rest, n-count
	}
	return true
}

// ones reports whether the first n bits are 1.
func ones(b []byte, n int) bool {
	for _, all := range b[:n/8] {
		if all != 0xff {
			return false
		}
	}
	rest := byte(1)<<(n%8) - 1
	return rest == 0 || b[n/8]&rest == rest
}

// DecodeZeros appends the places of the zeros among n values of one bit. The first has the place from.
func DecodeZeros(to []int32, b []byte, n, from int) ([]int32, error) {
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

// AllAre reports whether n values are one run of a value.
func AllAre(b []byte, width, n int, want uint32) bool {
	count, value, packed, _, err := nextRun(b, width, n)
	return err == nil && packed == nil && count == n && value == want
}

// Cut cuts off bytes that follow their length, as levels and texts do in a page.
func Cut(b []byte) (first, rest []byte, err error) {
	if len(b) < 4 || uint64(binary.LittleEndian.Uint32(b)) > uint64(len(b)-4) {
		return nil, nil, ErrRuns
	}
	end := 4 + int(binary.LittleEndian.Uint32(b))
	return b[4:end], b[end:], nil
}
