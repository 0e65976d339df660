// SPDX-License-Identifier: Apache-2.0

package parquetpages

import (
	"encoding/binary"
	"math/bits"
)

// PageLevels is how many levels a page of lists has at most, unless it is one list.
const PageLevels = 1 << 19

// Lists are rows of a column of lists.
type Lists struct {
	Offsets []int32 // of the lists in Values, and the end of the last
	Lists   []bool  // which are not NULL; nil if none is
	Codes   []int32 // of the values in a dictionary
	Values  []bool  // which of the values are not NULL; nil if none is
	Element int32   // the definition level of a value that is not NULL: 3 in lists with NULLs, 2 in those without
}

// Definition levels of a column of lists that may be NULL. That of a NULL value is Lists.Element - 1.
const (
	nullLevel  = 0
	emptyLevel = 1
	levelBits  = 2
)

// rows returns where a page of rows that begins with from ends.
func (l *Lists) rows(from, to int) int {
	end := from + 1
	for end < to && int(l.Offsets[end+1]-l.Offsets[from])+end+1-from <= PageLevels {
		end++
	}
	return end
}

// hasEmpty reports whether a list has no values.
func (l *Lists) hasEmpty(from, to int) bool {
	for row := from; row < to; row++ {
		if l.Offsets[row] == l.Offsets[row+1] {
			return true
		}
	}
	return false
}

// An Encoder encodes levels of lists. Its memory is used again.
type Encoder struct {
	repetitions []int32
	definitions []int32
	codes       []int32
}

// Pages gives the pages of some rows: of each its number of levels, the levels as they begin the page, and the codes of the values that
// are not NULL. They are valid until the function returns.
func (e *Encoder) Pages(l *Lists, from, to int, page []byte, use func(levels int, page []byte, codes []int32) error) error {
	for from < to {
		end := l.rows(from, to)
		if err := use(e.Levels(page[:0], l, from, end)); err != nil {
			return err
		}
		from = end
	}
	return nil
}

// Levels appends the levels of some rows to a page: repetition levels, then definition levels. It returns how many of each there are, the
// page, and the codes of the values that are not NULL.
func (e *Encoder) Levels(page []byte, l *Lists, from, to int) (levels int, with []byte, codes []int32) {
	codes = l.Codes[l.Offsets[from]:l.Offsets[to]]
	if l.Lists != nil || l.Values != nil || l.hasEmpty(from, to) {
		return e.mixed(page, l, from, to)
	}
	page = appendStarts(page, l.Offsets[from:to], len(codes))
	page = AppendLength(page, func(b []byte) []byte { return AppendRun(b, l.Element, len(codes), levelBits) })
	return len(codes), page, codes
}

// mixed is Levels of rows whose lists or values may be NULL.
func (e *Encoder) mixed(page []byte, l *Lists, from, to int) (levels int, with []byte, codes []int32) {
	repetitions, definitions := e.repetitions[:0], e.definitions[:0]
	e.codes = e.codes[:0]
	for row := from; row < to; row++ {
		first, end := l.Offsets[row], l.Offsets[row+1]
		repetitions = append(repetitions, 0)
		if first == end {
			level := int32(emptyLevel)
			if l.Lists != nil && !l.Lists[row] {
				level = nullLevel
			}
			definitions = append(definitions, level)
			continue
		}
		for i := first; i < end; i++ {
			if i > first {
				repetitions = append(repetitions, 1)
			}
			if l.Values != nil && !l.Values[i] {
				definitions = append(definitions, l.Element-1)
			} else {
				definitions = append(definitions, l.Element)
				e.codes = append(e.codes, l.Codes[i])
			}
		}
	}
	e.repetitions, e.definitions = repetitions, definitions
	page = AppendLength(page, func(b []byte) []byte { return AppendHybrid(b, repetitions, 1) })
	page = AppendLength(page, func(b []byte) []byte { return AppendHybrid(b, definitions, levelBits) })
	return len(repetitions), page, e.codes
}

// AppendCodes appends codes as a page of a column with a dictionary of so many values has them.
func AppendCodes(to []byte, codes []int32, values int) []byte {
	width := max(1, bits.Len(uint(max(1, values))-1))
	return AppendHybrid(append(to, byte(width)), codes, width)
}

// AppendLength appends bytes and, before them, how many they are.
func AppendLength(to []byte, with func([]byte) []byte) []byte {
	at := len(to)
	to = with(append(to, 0, 0, 0, 0))
	binary.LittleEndian.PutUint32(to[at:], uint32(len(to)-at-4))
	return to
}

// appendStarts appends repetition levels, with their length: 0 where a list starts, and 1 for all other values.
func appendStarts(to []byte, starts []int32, n int) []byte {
	return AppendLength(to, func(b []byte) []byte {
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
