// SPDX-License-Identifier: Apache-2.0

package longitudinal

import (
	"errors"
	"fmt"
	"slices"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/file"

	"github.com/headcount-hll/headcount/internal/parquetpages"
)

// A listDecoder reads a column of lists whose values are codes of a dictionary, or booleans, in one row group. It is several times as
// fast as arrow-go's reader, since it works on runs of levels and codes.
type listDecoder struct {
	of      arrow.DataType
	to      *codedLists // its offsets have no end while pages are read, and lists and values are of the first ones only
	scratch [3][]int32
}

// Definition levels of a list that may be NULL, of elements that may be NULL.
const (
	emptyLevel   = 1
	nullLevel    = 2 // the element is NULL
	elementLevel = 3
	levelBits    = 2
)

// mostListValues is how many values a column of a row group has at most: more than a table of one list has before a row group is divided.
const mostListValues = 3 * mostRowGroupValues

// firstListValues is how many values are believed before they are read.
const firstListValues = 1 << 22

// readList reads a column of a row group, whose lists have elements of a type.
func readList(in *file.RowGroupReader, leaf int, of arrow.DataType) (lists *codedLists, err error) {
	pages, err := in.GetColumnPageReader(leaf)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, pages.Close()) }()
	chunk, err := in.MetaData().ColumnChunk(leaf)
	if err != nil {
		return nil, err
	}
	d, err := newListDecoder(of)
	if err != nil {
		return nil, err
	}
	d.to.offsets = slices.Grow(d.to.offsets, 1+int(min(in.NumRows(), firstListValues)))
	d.to.codes = slices.Grow(d.to.codes, int(min(chunk.NumValues(), firstListValues)))
	for pages.Next() {
		if err := d.page(pages.Page()); err != nil {
			return nil, err
		}
	}
	if err := pages.Err(); err != nil {
		return nil, err
	}
	if int64(len(d.to.offsets)) != in.NumRows() {
		return nil, fmt.Errorf("a column has %d rows instead of %d", len(d.to.offsets), in.NumRows())
	}
	return d.end(), nil
}

func newListDecoder(of arrow.DataType) (*listDecoder, error) {
	dictionary, err := newDictionary(of, nil, 0)
	if err != nil {
		return nil, err
	}
	d := &listDecoder{of: of, to: newCodedLists(dictionary)}
	d.to.offsets = d.to.offsets[:0]
	return d, nil
}

// end returns the lists.
func (d *listDecoder) end() *codedLists {
	c := d.to
	if c.lists != nil {
		c.lists = appendTrue(c.lists, len(c.offsets)-len(c.lists))
	}
	if c.values != nil {
		c.values = appendTrue(c.values, len(c.codes)-len(c.values))
	}
	c.offsets = append(c.offsets, int32(len(c.codes)))
	return c
}

func (d *listDecoder) page(page file.Page) (err error) {
	if p, ok := page.(*file.DictionaryPage); ok {
		d.to.dictionary, err = newDictionary(d.of, p.Data(), int(p.NumValues()))
		return err
	}
	if e := parquet.Encoding(page.Encoding()); !encodesLists(d.of.ID() == arrow.BOOL, e) {
		return fmt.Errorf("a page is encoded as %s, which the file's metadata does not say", e)
	}
	switch p := page.(type) {
	case *file.DataPageV1:
		if p.DefinitionLevelEncoding() != parquet.Encodings.RLE || p.RepetitionLevelEncoding() != parquet.Encodings.RLE {
			return errors.New("levels are not encoded as runs")
		}
		return d.data(p.Data(), int(p.NumValues()))
	case *file.DataPageV2:
		return d.dataV2(p)
	}
	return errors.New("a page that is neither a dictionary nor data")
}

// dataV2 reads a page that has the lengths of its levels in its header.
func (d *listDecoder) dataV2(page *file.DataPageV2) error {
	b, repetitions, definitions := page.Data(), int(page.RepetitionLevelByteLen()), int(page.DefinitionLevelByteLen())
	if repetitions < 0 || definitions < 0 || repetitions+definitions > len(b) {
		return parquetpages.ErrRuns
	}
	levels := repetitions + definitions
	return d.levels(b[:repetitions], b[repetitions:levels], b[levels:], int(page.NumValues()))
}

// data reads a page of n levels that begins with both kinds of levels, each with its length.
func (d *listDecoder) data(b []byte, n int) error {
	repetitions, b, err := parquetpages.Cut(b)
	if err != nil {
		return err
	}
	definitions, b, err := parquetpages.Cut(b)
	if err != nil {
		return err
	}
	return d.levels(repetitions, definitions, b, n)
}

// levels reads a page of n levels and of the values b.
func (d *listDecoder) levels(repetitions, definitions, b []byte, n int) (err error) {
	if n < 0 || n > mostListValues-max(len(d.to.codes), len(d.to.offsets)) {
		return fmt.Errorf("a row group has more than %d values; write it as smaller ones, or make the table anew", mostListValues)
	}
	if !parquetpages.AllAre(definitions, levelBits, n, elementLevel) {
		return d.nulls(repetitions, definitions, b, n)
	}
	lists, at := len(d.to.offsets), len(d.to.codes)
	if d.to.offsets, err = parquetpages.DecodeZeros(d.to.offsets, repetitions, n, at); err != nil {
		return err
	}
	goesOn := n > 0 && (len(d.to.offsets) == lists || int(d.to.offsets[lists]) > at)
	if goesOn && (lists == 0 || int(d.to.offsets[lists-1]) == at) {
		return errNotBegun
	}
	d.to.codes, err = d.codes(d.to.codes, b, n)
	return err
}

var errNotBegun = errors.New("a list goes on that has not begun, or is NULL or empty")

// nulls reads a page that has NULL among its lists or elements.
func (d *listDecoder) nulls(repetitions, definitions, b []byte, n int) (err error) {
	if d.scratch[0], err = parquetpages.Decode(d.scratch[0][:0], repetitions, 1, n, 2); err != nil {
		return err
	}
	if d.scratch[1], err = parquetpages.Decode(d.scratch[1][:0], definitions, levelBits, n, 4); err != nil {
		return err
	}
	elements := 0
	for _, level := range d.scratch[1] {
		if level == elementLevel {
			elements++
		}
	}
	if d.scratch[2], err = d.codes(d.scratch[2][:0], b, elements); err != nil {
		return err
	}
	return d.join(d.scratch[0], d.scratch[1], d.scratch[2])
}

// join appends what levels and the codes of elements say.
func (d *listDecoder) join(repetitions, definitions, codes []int32) error {
	c, at, known := d.to, len(d.to.codes), len(d.to.values)
	c.codes = slices.Grow(c.codes, len(definitions))[:at+len(definitions)]
	values := slices.Grow(c.values, cap(c.codes)-known) // once for all pages
	values = appendTrue(values, at-known)               // of pages without NULL
	values = values[:len(c.codes)]
	nulls := false
	for i, level := range definitions {
		if repetitions[i] == 0 {
			c.offsets = append(c.offsets, int32(at))
			if level < emptyLevel {
				c.lists = append(appendTrue(c.lists, len(c.offsets)-1-len(c.lists)), false)
			}
		} else if level < nullLevel || len(c.offsets) == 0 || int(c.offsets[len(c.offsets)-1]) == at {
			return errNotBegun
		}
		switch level {
		case elementLevel:
			c.codes[at], codes, values[at] = codes[0], codes[1:], true
			at++
		case nullLevel:
			c.codes[at], values[at], nulls = 0, false, true
			at++
		}
	}
	c.codes = c.codes[:at]
	if nulls || known > 0 {
		c.values = values[:at]
	}
	return nil
}

// codes appends the codes of n values that are not NULL.
func (d *listDecoder) codes(to []int32, b []byte, n int) ([]int32, error) {
	if d.of.ID() == arrow.BOOL {
		if len(b) < (n+7)/8 {
			return to, parquetpages.ErrRuns
		}
		at := len(to)
		to = slices.Grow(to, n)[:at+n]
		parquetpages.Unpack(to[at:], b, 1)
		return to, nil
	}
	if n == 0 {
		return to, nil
	}
	if len(b) == 0 || b[0] > 32 {
		return to, parquetpages.ErrRuns
	}
	return parquetpages.Decode(to, b[1:], int(b[0]), n, uint32(len(d.to.dictionary.values)))
}
