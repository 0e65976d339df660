// SPDX-License-Identifier: Apache-2.0

package longitudinal

import (
	"io"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/parquet"

	"github.com/headcount-hll/headcount/internal/parquetpages"
)

// An assembly is a table's file to which codedLists are written, and chunks of other files.
type assembly struct {
	*parquetpages.File
	encoder          parquetpages.Encoder
	page, compressed []byte
}

// newAssembly begins a file of a schema. It does not close what is written to.
func newAssembly(out io.Writer, of *arrow.Schema, properties *parquet.WriterProperties) (*assembly, error) {
	to, err := parquetpages.New(out, of, properties, codedLevel)
	return &assembly{File: to}, err
}

// lists writes some rows of lists as the next column.
func (a *assembly) lists(c *codedLists, from, to int) error {
	column := parquetpages.Column{Coded: c.dictionary.of != arrow.BOOL, Dictionary: c.dictionary.plain, Values: len(c.dictionary.values)}
	rows := parquetpages.Lists{Offsets: c.offsets, Lists: c.lists, Codes: c.codes, Values: c.values, Element: elementLevel}
	return a.Write(column, func(write func(parquetpages.Page) error) error {
		return a.encoder.Pages(&rows, from, to, a.page, func(levels int, page []byte, codes []int32) error {
			made := parquetpages.Page{Levels: levels, Encoding: parquet.Encodings.Plain}
			if column.Coded {
				made.Encoding = parquet.Encodings.RLEDict
				page = parquetpages.AppendCodes(page, codes, column.Values)
			} else {
				page = parquetpages.AppendPacked(page, codes, 1)
			}
			a.page, a.compressed = page, a.Compress(a.compressed, page)
			made.Size, made.Compressed = len(page), a.compressed
			return write(made)
		})
	})
}
