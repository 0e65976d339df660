// SPDX-License-Identifier: Apache-2.0

package longitudinal

import (
	"encoding/binary"
	"math/bits"

	"github.com/apache/arrow-go/v18/arrow"
)

// pageLevels is how many levels a page has at most, unless it is one list.
const pageLevels = 1 << 19

// A pageEncoder encodes pages of codedLists: repetition levels, definition levels, and codes as runs. Its memory is used again for
// the next page.
type pageEncoder struct {
	page        []byte
	repetitions []int32
	definitions []int32
	codes       []int32
}

// pages gives the pages of some rows: of each its number of levels and its bytes, which are valid until the function returns.
func (e *pageEncoder) pages(c *codedLists, from, to int, use func(levels int, page []byte) error) error {
	for from < to {
		end := from + 1
		for end < to && int(c.offsets[end+1]-c.offsets[from])+end+1-from <= pageLevels {
			end++
		}
		if err := use(e.encode(c, from, end), e.page); err != nil {
			return err
		}
		from = end
	}
	return nil
}

// encode makes a page of rows and returns its number of levels.
func (e *pageEncoder) encode(c *codedLists, from, to int) (levels int) {
	codes := c.codes[c.offsets[from]:c.offsets[to]]
	e.page = e.page[:0]
	if levels = len(codes); c.lists == nil && c.values == nil && !c.hasEmpty(from, to) {
		e.page = appendStarts(e.page, c.offsets[from:to], levels)
		e.page = appendLength(e.page, func(b []byte) []byte { return appendRun(b, elementLevel, levels, levelBits) })
	} else {
		levels = e.encodeLevels(c, from, to)
		codes = e.codes
	}
	if c.dictionary.of == arrow.BOOL {
		e.page = appendPacked(e.page, codes, 1)
	} else {
		width := c.dictionary.width()
		e.page = appendHybrid(append(e.page, byte(width)), codes, width)
	}
	return levels
}

// width returns how many bits a code has.
func (d *dictionary) width() int { return max(1, bits.Len(uint(max(1, len(d.values))-1))) }

// hasEmpty reports whether a list has no values.
func (c *codedLists) hasEmpty(from, to int) bool {
	for row := from; row < to; row++ {
		if c.offsets[row] == c.offsets[row+1] {
			return true
		}
	}
	return false
}

// encodeLevels appends the repetition and definition levels of rows whose lists or values may be NULL. It collects the codes of
// the values that are not NULL.
func (e *pageEncoder) encodeLevels(c *codedLists, from, to int) (levels int) {
	repetitions, definitions := e.repetitions[:0], e.definitions[:0]
	e.codes = e.codes[:0]
	for row := from; row < to; row++ {
		first, end := c.offsets[row], c.offsets[row+1]
		repetitions = append(repetitions, 0)
		if first == end {
			level := int32(emptyLevel)
			if c.isNull(row) {
				level = 0
			}
			definitions = append(definitions, level)
			continue
		}
		for i := first; i < end; i++ {
			if i > first {
				repetitions = append(repetitions, 1)
			}
			if c.values != nil && !c.values[i] {
				definitions = append(definitions, nullLevel)
			} else {
				definitions = append(definitions, elementLevel)
				e.codes = append(e.codes, c.codes[i])
			}
		}
	}
	e.repetitions, e.definitions = repetitions, definitions
	e.page = appendLength(e.page, func(b []byte) []byte { return appendHybrid(b, repetitions, 1) })
	e.page = appendLength(e.page, func(b []byte) []byte { return appendHybrid(b, definitions, levelBits) })
	return len(repetitions)
}

// appendLength appends bytes and, before them, how many they are.
func appendLength(to []byte, with func([]byte) []byte) []byte {
	at := len(to)
	to = with(append(to, 0, 0, 0, 0))
	binary.LittleEndian.PutUint32(to[at:], uint32(len(to)-at-4))
	return to
}

// appendStarts appends repetition levels, with their length: 0 where a list starts, and 1 for all other values.
func appendStarts(to []byte, starts []int32, n int) []byte {
	return appendLength(to, func(b []byte) []byte {
		groups := (n + 7) / 8
		b = binary.AppendUvarint(b, uint64(groups)<<1|1)
		at := len(b)
		b = append(b, make([]byte, groups)...)
		ones := b[at:]
		for i := range ones {
			ones[i] = 0xff
		}
		for _, start := range starts {
			i := start - starts[0]
			ones[i/8] &^= 1 << (i % 8)
		}
		return b
	})
}
