// SPDX-License-Identifier: Apache-2.0

package input

import (
	"errors"
	"io"
	"slices"

	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/file"
	"github.com/apache/arrow-go/v18/parquet/metadata"

	"github.com/headcount-hll/headcount/internal/parquetpages"
	"github.com/headcount-hll/headcount/internal/sortkey"
)

// codedRows returns the largest number of rows of a batch whose keys are given by combinations. Groups are visited once a batch, so
// that many rows are better; memory limits them.
func (f *parquetFile) codedRows() int64 {
	const most, memoryOfRow = 1 << 17, 64
	return max(batchRows, min(most, f.options.Memory/int64(memoryOfRow*max(1, f.options.Threads))))
}

// codedCursor reads a row group by the codes of its dictionaries. What it does not read, damaged pages among it, it leaves to a
// parquetCursor, from the batch on that it could not read: so its errors are those of that one.
type codedCursor struct {
	file      *parquetFile
	selection Selection
	all       []wanted
	group     int
	first     int64 // number of the first row
	row       int64 // of the next row

	columns []*codedColumn
	ids     *idColumn
	again   bool           // the codes have been reset for this row group
	plain   *parquetCursor // reads what is left
}

// codes reports whether the columns of a row group can be read by codes, as far as its metadata says.
func (f *parquetFile) codes(group int, sel *Selection, all []wanted) bool {
	if sel.Combinations == 0 || sel.Kind != ID || len(sel.Filter) > 0 || sel.CountDays {
		return false
	}
	meta := f.reader.MetaData().RowGroup(group)
	for _, w := range all {
		if w.constant != nil {
			continue
		}
		chunk, err := meta.ColumnChunk(w.column)
		if err != nil || !readsEncodings(chunk) || meta.Schema.Column(w.column).MaxRepetitionLevel() > 0 {
			return false
		}
	}
	return true
}

func readsEncodings(chunk *metadata.ColumnChunkMetaData) bool {
	return !slices.ContainsFunc(chunk.Encodings(), func(e parquet.Encoding) bool {
		switch e {
		case parquet.Encodings.Plain, parquet.Encodings.PlainDict, parquet.Encodings.RLEDict, parquet.Encodings.RLE,
			parquet.Encodings.BitPacked: // of repetition levels that no page has
			return false
		}
		return true
	})
}

func (f *parquetFile) openCoded(group int, firstRow int64, sel Selection, all []wanted) (Cursor, error) {
	return &codedCursor{file: f, selection: sel, all: all, group: group, first: firstRow, row: firstRow}, nil
}

func (c *codedCursor) Close() error {
	err := c.closePages()
	if c.plain != nil {
		err = errors.Join(err, c.plain.Close())
	}
	return err
}

func (c *codedCursor) closePages() (err error) {
	for _, column := range c.columns {
		if column.pages != nil {
			err = errors.Join(err, column.pages.close())
		}
	}
	if c.ids != nil && c.ids.pages != nil {
		err = errors.Join(err, c.ids.pages.close())
	}
	c.columns, c.ids = nil, nil
	return err
}

func (c *codedCursor) Next(b *Batch) error {
	if c.plain == nil {
		n, err := c.read(b)
		if err == nil || errors.Is(err, io.EOF) {
			c.row += int64(n)
			return err
		}
		_ = c.closePages() // they were only read
		if err := c.fallBack(); err != nil {
			return err
		}
	}
	return c.plain.Next(b)
}

// fallBack goes on with the library's reader of columns.
func (c *codedCursor) fallBack() error {
	cursor, err := c.file.open(c.group, c.first, c.selection, c.all)
	if err != nil {
		return err
	}
	c.plain = cursor.(*parquetCursor)
	return c.plain.skip(c.row - c.first)
}

// read reads the next rows and returns how many.
func (c *codedCursor) read(b *Batch) (n int, err error) {
	defer recovered(&err)
	b.reset()
	if b.coding == nil {
		b.coding = newCoding(&c.selection)
	}
	most := c.file.codedRows()
	if b.coding.full { // keys take more memory
		most = batchRows
	}
	n = int(min(most, c.first+c.file.reader.MetaData().RowGroups[c.group].NumRows-c.row))
	if n == 0 {
		return 0, io.EOF
	}
	if c.ids == nil {
		if err := c.open(b.coding); err != nil {
			return 0, err
		}
	}
	if n, err = c.ids.read(b, n); err != nil {
		return 0, err
	}
	for _, column := range c.columns {
		if err := column.read(n); err != nil {
			return 0, err
		}
	}
	b.Read, b.first = int64(n), c.row
	switch {
	case b.coding.arrange():
		c.combine(b, n)
	case !c.again && c.row == c.first: // the values of earlier row groups may be too many
		c.again = true
		b.coding.reset()
		if err := c.closePages(); err != nil {
			return 0, err
		}
		return c.read(b)
	default:
		return n, c.spell(b, n)
	}
	return n, nil
}

func (c *codedCursor) open(coding *Coding) error {
	rows := c.file.reader.RowGroup(c.group)
	last := len(c.all) - 1
	for i, w := range c.all[:last] {
		column := &codedColumn{codes: &coding.columns[i], isDay: i == c.selection.date()}
		c.columns = append(c.columns, column)
		if w.constant != nil {
			var ok bool
			if column.constant, ok = column.codes.code(w.constant.key); !ok || column.isDay && w.constant.null {
				return errNotCoded
			}
			continue
		}
		if err := column.open(rows, w); err != nil {
			return err
		}
	}
	c.ids = &idColumn{}
	return c.ids.open(rows, c.all[last])
}

// combine gives the rows' combinations.
func (c *codedCursor) combine(b *Batch, n int) {
	b.Combinations = slices.Grow(b.Combinations[:0], n)[:n]
	constant := int32(0)
	for _, column := range c.columns {
		if column.pages == nil {
			constant += column.constant * column.codes.stride
		}
	}
	for i := range b.Combinations {
		b.Combinations[i] = constant
	}
	for _, column := range c.columns {
		if column.pages == nil {
			continue
		}
		stride := column.codes.stride
		to := b.Combinations[:len(column.numbers)]
		for i, number := range column.numbers {
			to[i] += number * stride
		}
	}
}

// spell gives the rows' keys, of more combinations than there may be.
func (c *codedCursor) spell(b *Batch, n int) error {
	for row := range n {
		if len(b.keys) > batchBytes {
			return errNotCoded // the other cursor has smaller batches
		}
		for _, column := range c.columns {
			number := column.constant
			if column.pages != nil {
				number = column.numbers[row]
			}
			b.keys = append(b.keys, column.codes.parts[number]...)
		}
		b.keys = append(b.keys, c.selection.Suffix...)
		b.ends = append(b.ends, len(b.keys))
	}
	b.finish()
	if len(b.Values) == 0 {
		for i, start := range b.Starts {
			b.Values = append(b.Values, b.Data[start:start+b.Lengths[i]])
		}
	}
	return nil
}

// codedColumn reads a column of a key as numbers of its values.
type codedColumn struct {
	pages    *chunkPages // nil for a constant
	constant int32
	codes    *codes
	values   *column // one value after another, for parts of keys
	isDay    bool

	numbers []int32 // of the batch

	ofCodes []int32 // the numbers of the dictionary's codes
	reader  parquetpages.Reader
	scratch []byte
}

func (c *codedColumn) open(rows *file.RowGroupReader, w wanted) (err error) {
	c.values = valuesOf(rows.MetaData().Schema.Column(w.column), w)
	c.pages, err = newChunkPages(rows, w.column, c.setDictionary)
	return err
}

// setDictionary numbers the values of a dictionary.
func (c *codedColumn) setDictionary(page []byte, n int) error {
	if n > mostCodes {
		return errNotCoded
	}
	if _, err := c.values.cut(page, n); err != nil {
		return err
	}
	c.ofCodes = slices.Grow(c.ofCodes[:0], n)[:n]
	return c.number(c.ofCodes)
}

// number numbers the next values of the column.
func (c *codedColumn) number(to []int32) (err error) {
	for i := range to {
		if c.isDay {
			var days int32
			days, err = c.values.nextDay()
			c.scratch = sortkey.AppendInt32(c.scratch[:0], days)
		} else {
			c.scratch, err = c.values.appendNext(c.scratch[:0])
		}
		if err != nil {
			return err
		}
		var ok bool
		if to[i], ok = c.codes.code(c.scratch); !ok {
			return errNotCoded
		}
	}
	return nil
}

// read reads the numbers of n rows.
func (c *codedColumn) read(n int) error {
	if c.pages == nil {
		return nil
	}
	c.numbers = slices.Grow(c.numbers[:0], n)[:n]
	for to := c.numbers; len(to) > 0; {
		if c.pages.left == 0 {
			if err := c.nextPage(); err != nil {
				return err
			}
		}
		rows := min(c.pages.left, len(to))
		levels := c.pages.levels
		present := c.pages.pass(rows)
		if err := c.readPresent(to[:present]); err != nil {
			return err
		}
		if levels != nil {
			if err := c.spread(to[:rows], levels[:rows], present); err != nil {
				return err
			}
			c.pages.levels = levels[rows:]
		}
		to = to[rows:]
	}
	return nil
}

func (c *codedColumn) nextPage() (err error) {
	if err := c.pages.next(); err != nil {
		return err
	}
	p := c.pages
	switch {
	case isCodes(p.encoding):
		c.reader, err = codeReader(p.values, p.present)
		return err
	case c.values.descriptor.PhysicalType() == parquet.Types.Boolean:
		return c.booleans()
	case p.encoding == parquet.Encodings.Plain:
		return nil
	}
	return errNotCoded
}

// booleans begins a page of booleans, which are numbered as if they were codes.
func (c *codedColumn) booleans() error {
	p := c.pages
	switch p.encoding {
	case parquet.Encodings.Plain:
		if len(p.values) < (p.present+7)/8 {
			return parquetpages.ErrRuns
		}
		c.reader = parquetpages.NewBits(p.values, p.present)
	case parquet.Encodings.RLE:
		runs, _, err := parquetpages.Cut(p.values)
		if err != nil {
			return err
		}
		c.reader = parquetpages.NewReader(runs, 1, p.present)
	default:
		return errNotCoded
	}
	c.values.row, c.values.next, c.values.bools = 0, 0, []bool{false, true}
	c.ofCodes = slices.Grow(c.ofCodes[:0], 2)[:2]
	return c.number(c.ofCodes)
}

// readPresent reads numbers of rows that are not NULL.
func (c *codedColumn) readPresent(to []int32) (err error) {
	if len(to) == 0 {
		return nil
	}
	if c.values.bools == nil && !isCodes(c.pages.encoding) {
		if c.pages.values, err = c.values.cut(c.pages.values, len(to)); err != nil {
			return err
		}
		return c.number(to)
	}
	most, err := c.reader.Read(to)
	if err != nil {
		return err
	}
	if uint64(most) >= uint64(len(c.ofCodes)) {
		return parquetpages.ErrCode
	}
	for i, code := range to {
		to[i] = c.ofCodes[code]
	}
	return nil
}

// spread moves the numbers of the rows that are not NULL, which come first, to their rows.
func (c *codedColumn) spread(to, levels []int32, present int) error {
	if present == len(to) {
		return nil
	}
	null, ok := c.codes.code(sortkey.AppendNull(c.scratch[:0]))
	if !ok || c.isDay {
		return errNotCoded
	}
	for row := len(to) - 1; row >= 0; row-- {
		if levels[row] == 0 {
			to[row] = null
		} else {
			present--
			to[row] = to[present]
		}
	}
	return nil
}

// idColumn reads a column of ids.
type idColumn struct {
	pages  *chunkPages
	values *column // of ids that are not bytes or text
	reader parquetpages.Reader

	dictionary      []byte // its page
	starts, lengths []int32
	at              int // of the next id in the page
	codes           []int32
}

func (c *idColumn) open(rows *file.RowGroupReader, w wanted) (err error) {
	c.values = valuesOf(rows.MetaData().Schema.Column(w.column), w)
	c.pages, err = newChunkPages(rows, w.column, c.setDictionary)
	return err
}

// isText reports whether ids are hashed where they lie in pages.
func (c *idColumn) isText() bool {
	return c.values.form == formText && c.values.descriptor.PhysicalType() == parquet.Types.ByteArray
}

func (c *idColumn) setDictionary(page []byte, n int) (err error) {
	if !c.isText() {
		return errNotCoded
	}
	if n < 0 || n > len(page)/4 {
		return parquetpages.ErrRuns
	}
	c.dictionary = page
	c.starts, c.lengths, _, err = cutTexts(c.starts[:0], c.lengths[:0], page, 0, n)
	return err
}

// read reads the ids of at most n rows of one page, and returns how many.
func (c *idColumn) read(b *Batch, n int) (int, error) {
	if c.pages.left == 0 {
		if err := c.pages.next(); err != nil {
			return 0, err
		}
		c.at = 0
		if isCodes(c.pages.encoding) {
			var err error
			if c.reader, err = codeReader(c.pages.values, c.pages.present); err != nil {
				return 0, err
			}
		}
	}
	if c.pages.levels != nil {
		return 0, errNotCoded // a NULL, which is an error
	}
	n = c.pages.pass(min(n, c.pages.left))
	switch {
	case isCodes(c.pages.encoding):
		return n, c.readCodes(b, n)
	case c.pages.encoding != parquet.Encodings.Plain:
		return 0, errNotCoded
	case c.isText():
		b.Data = c.pages.values
		var err error
		b.Starts, b.Lengths, c.at, err = cutTexts(b.Starts[:0], b.Lengths[:0], b.Data, c.at, n)
		return n, err
	}
	var err error
	if c.pages.values, err = c.values.cut(c.pages.values, n); err != nil {
		return 0, err
	}
	for range n {
		b.Values = append(b.Values, c.values.nextValue())
	}
	return n, nil
}

// readCodes reads ids that are codes of the dictionary.
func (c *idColumn) readCodes(b *Batch, n int) error {
	c.codes = slices.Grow(c.codes[:0], n)[:n]
	most, err := c.reader.Read(c.codes)
	if err != nil {
		return err
	}
	if uint64(most) >= uint64(len(c.starts)) {
		return parquetpages.ErrCode
	}
	b.Data = c.dictionary
	b.Starts, b.Lengths = slices.Grow(b.Starts[:0], n)[:n], slices.Grow(b.Lengths[:0], n)[:n]
	for i, code := range c.codes {
		b.Starts[i], b.Lengths[i] = c.starts[code], c.lengths[code]
	}
	return nil
}

// cutTexts appends the places of n texts in a page from a place on, each after its length, and returns where they end.
func cutTexts(starts, lengths []int32, page []byte, at, n int) ([]int32, []int32, int, error) {
	from := len(starts)
	starts, lengths = slices.Grow(starts, n)[:from+n], slices.Grow(lengths, n)[:from+n]
	for i := from; i < from+n; i++ {
		if at > len(page)-4 {
			return starts, lengths, at, parquetpages.ErrRuns
		}
		length := int(uint32(page[at]) | uint32(page[at+1])<<8 | uint32(page[at+2])<<16 | uint32(page[at+3])<<24)
		at += 4
		if length > len(page)-at {
			return starts, lengths, at, parquetpages.ErrRuns
		}
		starts[i], lengths[i] = int32(at), int32(length)
		at += length
	}
	return starts, lengths, at, nil
}
