// SPDX-License-Identifier: Apache-2.0

package input

import (
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/file"

	"github.com/headcount-hll/headcount/internal/parquetpages"
)

// errNotCoded is the error of pages that are left to the library's reader of columns.
var errNotCoded = errors.New("pages that are not read by codes")

// chunkPages reads the data pages of a column chunk that is not nested.
type chunkPages struct {
	pages    file.PageReader
	optional bool
	rows     int64 // of the chunk that no page has had yet

	left     int     // rows of the page that have not been read
	levels   []int32 // of them, 0 for NULL; nil if none is NULL
	encoding parquet.Encoding
	values   []byte // of the page
	present  int    // how many they are

	dictionary func(page []byte, n int) error // is told the values of a dictionary
	scratch    []int32                        // memory of levels
}

func newChunkPages(rows *file.RowGroupReader, leaf int, dictionary func(page []byte, n int) error) (*chunkPages, error) {
	pages, err := rows.GetColumnPageReader(leaf)
	if err != nil {
		return nil, err
	}
	chunk, err := rows.MetaData().ColumnChunk(leaf)
	if err != nil {
		return nil, err
	}
	optional := rows.MetaData().Schema.Column(leaf).MaxDefinitionLevel() > 0
	return &chunkPages{pages: pages, optional: optional, rows: chunk.NumValues(), dictionary: dictionary}, nil
}

func (c *chunkPages) close() error { return c.pages.Close() }

// next goes to the next page that has rows.
func (c *chunkPages) next() error {
	for c.left == 0 {
		if !c.pages.Next() {
			return errors.Join(errNotCoded, c.pages.Err())
		}
		if err := c.open(c.pages.Page()); err != nil {
			return err
		}
	}
	return nil
}

func (c *chunkPages) open(page file.Page) error {
	c.encoding = parquet.Encoding(page.Encoding())
	n := int(page.NumValues())
	if _, ok := page.(*file.DictionaryPage); !ok {
		if c.rows -= int64(n); c.rows < 0 {
			return fmt.Errorf("%w: more rows than the chunk has", errNotCoded)
		}
	}
	switch p := page.(type) {
	case *file.DictionaryPage:
		if c.encoding != parquet.Encodings.Plain && c.encoding != parquet.Encodings.PlainDict {
			return errNotCoded
		}
		return c.dictionary(p.Data(), n)
	case *file.DataPageV1:
		levels, values := []byte(nil), p.Data()
		if c.optional {
			if p.DefinitionLevelEncoding() != parquet.Encodings.RLE {
				return errNotCoded
			}
			var err error
			if levels, values, err = parquetpages.Cut(values); err != nil {
				return err
			}
		}
		return c.begin(levels, values, n)
	case *file.DataPageV2:
		b, end := p.Data(), int(p.DefinitionLevelByteLen())
		if p.RepetitionLevelByteLen() != 0 || end < 0 || end > len(b) || int(p.NumRows()) != n {
			return errNotCoded
		}
		return c.begin(b[:end], b[end:], n)
	}
	return errNotCoded
}

// begin begins a page of n rows.
func (c *chunkPages) begin(levels, values []byte, n int) (err error) {
	c.left, c.levels, c.values, c.present = n, nil, values, n
	if !c.optional || parquetpages.AllOnes(levels, n) {
		return nil
	}
	if c.scratch, err = parquetpages.Decode(c.scratch[:0], levels, 1, n, 2); err != nil {
		return err
	}
	c.levels, c.present = c.scratch, 0
	for _, level := range c.levels {
		c.present += int(level)
	}
	return nil
}

// pass passes n rows of the page and returns how many have values.
func (c *chunkPages) pass(n int) (present int) {
	c.left -= n
	if c.levels == nil {
		return n
	}
	for _, level := range c.levels[:n] {
		present += int(level)
	}
	return present
}

// isCodes reports whether values of an encoding are codes of a dictionary.
func isCodes(e parquet.Encoding) bool {
	return e == parquet.Encodings.PlainDict || e == parquet.Encodings.RLEDict
}

// codeReader returns a reader of codes, which follow the number of their bits.
func codeReader(b []byte, n int) (parquetpages.Reader, error) {
	if n == 0 {
		return parquetpages.Reader{}, nil
	}
	if len(b) == 0 || b[0] > 32 {
		return parquetpages.Reader{}, parquetpages.ErrRuns
	}
	return parquetpages.NewReader(b[1:], int(b[0]), n), nil
}

// cut makes n values of plain bytes those of the column, none of them NULL, and returns what follows them. Values of byte columns
// share the memory of b.
func (c *column) cut(b []byte, n int) (rest []byte, err error) {
	c.row, c.next, c.made, c.levels = 0, 0, c.made[:0], nil
	size := map[parquet.Type]int{
		parquet.Types.Int32: 4, parquet.Types.Int64: 8, parquet.Types.Int96: parquet.Int96SizeBytes,
		parquet.Types.FixedLenByteArray: c.descriptor.TypeLength(), parquet.Types.ByteArray: 4,
	}[c.descriptor.PhysicalType()]
	if size <= 0 || n < 0 || n > len(b)/size {
		return nil, errNotCoded
	}
	fixed := b[:n*size]
	switch c.descriptor.PhysicalType() {
	case parquet.Types.ByteArray:
		c.bytes = c.bytes[:0]
		for range n {
			var v []byte
			if v, b, err = parquetpages.Cut(b); err != nil {
				return nil, err
			}
			c.bytes = append(c.bytes, v)
		}
		return b, nil
	case parquet.Types.FixedLenByteArray:
		c.bytes = c.bytes[:0]
		for ; len(fixed) > 0; fixed = fixed[size:] {
			c.bytes = append(c.bytes, fixed[:size:size])
		}
	case parquet.Types.Int32:
		c.int32s = c.int32s[:0]
		for ; len(fixed) > 0; fixed = fixed[size:] {
			c.int32s = append(c.int32s, int32(binary.LittleEndian.Uint32(fixed)))
		}
	case parquet.Types.Int64:
		c.int64s = c.int64s[:0]
		for ; len(fixed) > 0; fixed = fixed[size:] {
			c.int64s = append(c.int64s, int64(binary.LittleEndian.Uint64(fixed)))
		}
	case parquet.Types.Int96:
		c.int96s = c.int96s[:0]
		for ; len(fixed) > 0; fixed = fixed[size:] {
			c.int96s = append(c.int96s, parquet.Int96(fixed[:size]))
		}
	}
	return b[n*size:], nil
}
