// SPDX-License-Identifier: Apache-2.0

package longitudinal

import (
	"encoding/binary"
	"errors"
	"slices"
	"sync"

	"github.com/apache/arrow-go/v18/arrow"

	"github.com/headcount-hll/headcount/internal/parquetpages"
	"github.com/headcount-hll/headcount/internal/sortkey"
)

// codedLists are a column of lists in one row group, whose values are codes of a dictionary.
type codedLists struct {
	dictionary *dictionary
	offsets    []int32 // of the lists in codes, and the end of the last
	lists      []bool  // which are not NULL; nil if none is
	codes      []int32
	values     []bool // which of the codes are not NULL; nil if none is
}

// spareLists are codedLists whose memory is used again.
var spareLists = sync.Pool{New: func() any { return &codedLists{} }}

// newCodedLists returns lists without rows.
func newCodedLists(d *dictionary) *codedLists {
	c := spareLists.Get().(*codedLists)
	*c = codedLists{dictionary: d, offsets: append(c.offsets[:0], 0), codes: c.codes[:0]}
	return c
}

// free gives the memory back.
func (c *codedLists) free() { spareLists.Put(c) }

func (c *codedLists) rows() int { return len(c.offsets) - 1 }

func (c *codedLists) isNull(row int) bool { return c.lists != nil && !c.lists[row] }

// at returns the value of a code.
func (c *codedLists) at(i int) sortkey.Value {
	if c.values != nil && !c.values[i] {
		return sortkey.Value{Null: true}
	}
	return c.dictionary.values[c.codes[i]]
}

// keep appends rows of lists with the same dictionary.
func (c *codedLists) keep(old *codedLists, from, to int) {
	if from == to {
		return
	}
	first, rows := old.offsets[from], c.rows()
	shift := c.end() - first
	for _, end := range old.offsets[from+1 : to+1] {
		c.offsets = append(c.offsets, end+shift)
	}
	c.lists = appendValid(c.lists, rows, old.lists, from, to)
	c.copy(old, first, old.offsets[to])
}

// end returns the end of the last list.
func (c *codedLists) end() int32 { return c.offsets[len(c.offsets)-1] }

// copy appends values of lists with the same dictionary to a list that is ended later.
func (c *codedLists) copy(old *codedLists, from, to int32) {
	c.values = appendValid(c.values, len(c.codes), old.values, int(from), int(to))
	c.codes = append(c.codes, old.codes[from:to]...)
}

// add appends a value to a list that is ended later.
func (c *codedLists) add(v *sortkey.Value) {
	if v.Null {
		c.values = append(allValid(c.values, len(c.codes)), false)
		c.codes = append(c.codes, 0)
		return
	}
	if c.values != nil {
		c.values = append(c.values, true)
	}
	c.codes = append(c.codes, c.dictionary.code(v))
}

// endList ends a list of the values since the last.
func (c *codedLists) endList(null bool) {
	if null {
		c.lists = allValid(c.lists, c.rows())
	}
	if c.lists != nil {
		c.lists = append(c.lists, !null)
	}
	c.offsets = append(c.offsets, int32(len(c.codes)))
}

// allValid returns which of n values are not NULL where nil says that none is.
func allValid(valid []bool, n int) []bool {
	if valid != nil {
		return valid
	}
	return appendTrue(make([]bool, 0, n+1), n)
}

// appendValid appends which of some values are not NULL to the same of n values.
func appendValid(to []bool, n int, valid []bool, from, end int) []bool {
	switch {
	case valid != nil:
		return append(allValid(to, n), valid[from:end]...)
	case to != nil:
		return appendTrue(to, end-from)
	}
	return nil
}

// A dictionary has the values of a column's codes.
type dictionary struct {
	of      arrow.Type
	plain   []byte // the values as the dictionary's page has them
	values  []sortkey.Value
	texts   map[string]int32
	numbers map[int64]int32
	last    int32 // the code that was asked for last
	read    int   // how many of values, and
	bytes   int   // of plain, the page had that was read
}

var errDictionary = errors.New("a dictionary is cut short")

// newDictionary returns the dictionary of a page of n values. Those of booleans have none.
func newDictionary(t arrow.DataType, page []byte, n int) (*dictionary, error) {
	d := &dictionary{of: t.ID()}
	switch d.of {
	case arrow.BOOL:
		d.values = []sortkey.Value{{Int: 0}, {Int: 1}}
		return d, nil
	case arrow.STRING:
		d.texts = map[string]int32{}
	default:
		d.numbers = map[int64]int32{}
	}
	d.plain = slices.Clone(page)
	page = d.plain
	for range n {
		var v sortkey.Value
		var err error
		if v, page, err = d.cut(page); err != nil {
			return nil, err
		}
		d.put(v)
	}
	d.read, d.bytes = len(d.values), len(d.plain)
	return d, nil
}

// forget takes away the values that were added since the page was read: the next row group may not have them.
func (d *dictionary) forget() {
	if d.of == arrow.BOOL {
		return
	}
	for _, v := range d.values[d.read:] {
		if d.of == arrow.STRING {
			delete(d.texts, string(v.Text))
		} else {
			delete(d.numbers, v.Int)
		}
	}
	d.values, d.plain = d.values[:d.read], d.plain[:d.bytes]
}

// cut cuts off the next value.
func (d *dictionary) cut(page []byte) (v sortkey.Value, rest []byte, err error) {
	switch {
	case d.of == arrow.STRING:
		if v.Text, rest, err = parquetpages.Cut(page); err != nil {
			err = errDictionary
		}
	case d.of == arrow.INT64 && len(page) >= 8:
		v.Int, rest = int64(binary.LittleEndian.Uint64(page)), page[8:]
	case d.of != arrow.INT64 && len(page) >= 4:
		v.Int, rest = int64(int32(binary.LittleEndian.Uint32(page))), page[4:]
	default:
		err = errDictionary
	}
	return v, rest, err
}

func (d *dictionary) put(v sortkey.Value) {
	code := int32(len(d.values))
	if d.of == arrow.STRING {
		d.texts[string(v.Text)] = code
	} else {
		d.numbers[v.Int] = code
	}
	d.values = append(d.values, v)
}

// code returns the code of a value that is not NULL, which is added if it is new.
func (d *dictionary) code(v *sortkey.Value) int32 {
	if d.of == arrow.BOOL {
		return int32(v.Int)
	}
	if int(d.last) < len(d.values) {
		if last := &d.values[d.last]; last.Int == v.Int && string(last.Text) == string(v.Text) {
			return d.last
		}
	}
	var known bool
	if d.of == arrow.STRING {
		d.last, known = d.texts[string(v.Text)]
	} else {
		d.last, known = d.numbers[v.Int]
	}
	if !known {
		d.last = int32(len(d.values))
		d.append(v)
	}
	return d.last
}

// append appends a value to the dictionary and to its page.
func (d *dictionary) append(v *sortkey.Value) {
	switch d.of {
	case arrow.STRING:
		d.plain = append(binary.LittleEndian.AppendUint32(d.plain, uint32(len(v.Text))), v.Text...)
		d.put(sortkey.Value{Text: slices.Clone(v.Text)})
	case arrow.INT64:
		d.plain = binary.LittleEndian.AppendUint64(d.plain, uint64(v.Int))
		d.put(*v)
	default:
		d.plain = binary.LittleEndian.AppendUint32(d.plain, uint32(v.Int))
		d.put(*v)
	}
}
