// SPDX-License-Identifier: Apache-2.0

package input

import (
	"encoding/hex"
	"fmt"
	"math/big"
	"strconv"
	"unicode/utf8"

	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/file"
	"github.com/apache/arrow-go/v18/parquet/schema"

	"github.com/headcount-hll/headcount/internal/sortkey"
)

// A column is a batch of rows of a column chunk: a definition level for each row, and the values that are not NULL.
type column struct {
	chunk      file.ColumnChunkReader // nil if values are set by cut
	descriptor *schema.Column
	form       form
	wide       bool // integers are bigints in a key
	bare       bool // bytes whose type does not say that they are text
	instants   instants
	levels     []int16 // 0 is NULL; nil for a column without NULLs
	rows       int     // how many of the batch have been read
	row        int     // the next row
	next       int     // the next value

	bytes  []parquet.ByteArray
	fixed  []parquet.FixedLenByteArray
	int32s []int32
	int64s []int64
	int96s []parquet.Int96
	bools  []bool
	made   []byte // memory of texts made from values
	kept   []byte // memory of values that are not in the current page

	constant *constant // one value for all rows, in place of a chunk
	day      struct {  // the last text that was parsed as a day
		text string
		days int32
	}
}

// A constant is the one value of a column in all rows of a file: of a folder's name, or NULL.
type constant struct {
	null bool
	key  []byte
	days int32 // of a date
}

// valuesOf returns a column whose values are set by cut.
func valuesOf(d *schema.Column, w wanted) *column {
	return &column{descriptor: d, form: w.form, wide: w.wide, bare: isBare(d), instants: w.instants}
}

func newColumn(chunk file.ColumnChunkReader, w wanted) *column {
	c := valuesOf(chunk.Descriptor(), w)
	c.chunk = chunk
	if chunk.Descriptor().MaxDefinitionLevel() > 0 {
		c.levels = make([]int16, batchRows)
	}
	switch chunk.(type) {
	case *file.ByteArrayColumnChunkReader:
		c.bytes = make([]parquet.ByteArray, batchRows)
	case *file.FixedLenByteArrayColumnChunkReader:
		c.fixed = make([]parquet.FixedLenByteArray, batchRows)
		c.bytes = make([]parquet.ByteArray, batchRows)
	case *file.Int32ColumnChunkReader:
		c.int32s = make([]int32, batchRows)
	case *file.Int64ColumnChunkReader:
		c.int64s = make([]int64, batchRows)
	case *file.Int96ColumnChunkReader:
		c.int96s = make([]parquet.Int96, batchRows)
	case *file.BooleanColumnChunkReader:
		c.bools = make([]bool, batchRows)
	}
	return c
}

// fill reads the next rows of the chunk, at most a number of them, and fewer if their values are long. Values of byte columns are
// valid until the next fill.
func (c *column) fill(rows int) error {
	c.rows, c.row, c.next, c.made, c.kept = rows, 0, 0, c.made[:0], c.kept[:0]
	copied := 0
	for row, value := 0, 0; row < rows; {
		if row > 0 { // reading the next page reuses the memory of this one
			if c.size(copied, value)+len(c.kept) > batchBytes {
				c.rows = row
				return nil
			}
			c.keep(copied, value)
			copied = value
		}
		n, values, err := c.read(row, value, rows-row)
		if err != nil {
			return fmt.Errorf("column %s: %w", c.descriptor.Name(), advised(err))
		}
		if n == 0 {
			return fmt.Errorf("column %s has fewer rows than its row group", c.descriptor.Name())
		}
		row, value = row+int(n), value+values
	}
	return nil
}

// size returns how many bytes keep would copy.
func (c *column) size(from, to int) (n int) {
	if c.bytes != nil {
		for _, v := range c.bytes[from:to] {
			n += len(v)
		}
	}
	return n
}

// keep copies the byte values from (inclusive) to (exclusive) to memory of the column.
func (c *column) keep(from, to int) {
	if c.bytes == nil {
		return
	}
	for i, v := range c.bytes[from:to] {
		at := len(c.kept)
		c.kept = append(c.kept, v...)
		c.bytes[from+i] = c.kept[at:len(c.kept):len(c.kept)]
	}
}

// read reads up to n rows of one page. Definition levels start at row, values at value.
func (c *column) read(row, value, n int) (rows int64, values int, err error) {
	var levels []int16
	if c.levels != nil {
		levels = c.levels[row : row+n]
	}
	switch chunk := c.chunk.(type) {
	case *file.ByteArrayColumnChunkReader:
		return chunk.ReadBatchInPage(int64(n), c.bytes[value:], levels, nil)
	case *file.FixedLenByteArrayColumnChunkReader:
		rows, values, err = chunk.ReadBatchInPage(int64(n), c.fixed[value:], levels, nil)
		for i, v := range c.fixed[value : value+values] {
			c.bytes[value+i] = parquet.ByteArray(v)
		}
		return rows, values, err
	case *file.Int32ColumnChunkReader:
		return chunk.ReadBatchInPage(int64(n), c.int32s[value:], levels, nil)
	case *file.Int64ColumnChunkReader:
		return chunk.ReadBatchInPage(int64(n), c.int64s[value:], levels, nil)
	case *file.Int96ColumnChunkReader:
		return chunk.ReadBatchInPage(int64(n), c.int96s[value:], levels, nil)
	case *file.BooleanColumnChunkReader:
		return chunk.ReadBatchInPage(int64(n), c.bools[value:], levels, nil)
	}
	return 0, 0, fmt.Errorf("type %s is not supported", c.chunk.Type())
}

// isNull reports whether the next row is NULL.
func (c *column) isNull() bool {
	if c.constant != nil {
		return c.constant.null
	}
	return c.levels != nil && c.levels[c.row] == 0
}

// step passes the next row. It returns the index of its value, or -1 for NULL.
func (c *column) step() int {
	null := c.isNull()
	c.row++
	if null {
		return -1
	}
	c.next++
	return c.next - 1
}

// appendNext appends the next row's value to a key.
func (c *column) appendNext(key []byte) ([]byte, error) {
	switch {
	case c.constant != nil:
		return append(key, c.constant.key...), nil
	case c.isNull():
		c.step()
		return sortkey.AppendNull(key), nil
	case c.form > formDate:
		days, err := c.nextDay()
		return sortkey.AppendInt32(key, days), err
	}
	at := c.step()
	if c.bare && !utf8.Valid(c.bytes[at]) {
		return key, fmt.Errorf("%s: %q is not UTF-8, so the column cannot be read as text", c.descriptor.Name(), c.bytes[at])
	}
	return c.appendValue(key, at), nil
}

func (c *column) appendValue(key []byte, at int) []byte {
	switch c.form {
	case formText:
		return sortkey.AppendString(key, c.bytes[at])
	case formUUID:
		return sortkey.AppendString(key, c.text(at))
	case formBool:
		return sortkey.AppendBool(key, c.bools[at])
	case formDate:
		return sortkey.AppendInt32(key, c.int32s[at])
	}
	if !c.wide {
		return sortkey.AppendInt32(key, c.int32s[at])
	}
	return sortkey.AppendInt64(key, c.integer(at))
}

// integer returns an integer of up to 64 bits.
func (c *column) integer(at int) int64 {
	switch {
	case c.form == formUint32:
		return int64(uint32(c.int32s[at]))
	case c.int32s != nil:
		return int64(c.int32s[at])
	case c.int64s != nil:
		return c.int64s[at]
	default: // a decimal of up to 18 digits
		return twosComplement(c.bytes[at]).Int64()
	}
}

// nextDay returns the next row's day, in days since 1970-01-01. The row is not NULL.
func (c *column) nextDay() (int32, error) {
	if c.constant != nil {
		return c.constant.days, nil
	}
	at := c.step()
	switch c.form {
	case formDate:
		return c.int32s[at], nil
	case formInstant:
		return c.instants.day(c.int64s[at]), nil
	case formInt96:
		return c.instants.dayOfInt96(c.int96s[at]), nil
	case formNumberedDay:
		return dayOfNumber(c.integer(at))
	}
	if text := c.bytes[at]; c.day.text == "" || string(text) != c.day.text {
		days, err := parseDay(string(text), c.instants.zone)
		if err != nil {
			return 0, err
		}
		c.day.text, c.day.days = string(text), days
	}
	return c.day.days, nil
}

// nextValue returns the next row's bytes or text; nil for NULL.
func (c *column) nextValue() []byte {
	at := c.step()
	switch {
	case at < 0:
		return nil
	case c.form != formText:
		return c.text(at)
	case c.bytes[at] == nil: // an empty string of a dictionary may be nil
		return []byte{}
	}
	return c.bytes[at]
}

// text returns the text of a value that is not text itself.
func (c *column) text(at int) []byte {
	from := len(c.made)
	switch {
	case c.form == formUUID:
		c.made = appendUUID(c.made, c.bytes[at])
	case c.form == formDate:
		c.made = append(c.made, sortkey.FormatDate(c.int32s[at])...)
	case c.form == formUint64:
		c.made = strconv.AppendUint(c.made, uint64(c.int64s[at]), 10)
	case c.form == formDecimal && c.bytes != nil:
		c.made = twosComplement(c.bytes[at]).Append(c.made, 10)
	default:
		c.made = strconv.AppendInt(c.made, c.integer(at), 10)
	}
	return c.made[from:len(c.made):len(c.made)]
}

// appendUUID appends 16 bytes as 8-4-4-4-12 lower-case hexadecimal digits.
func appendUUID(to, id []byte) []byte {
	start := 0
	for _, end := range [...]int{4, 6, 8, 10} {
		to = append(hex.AppendEncode(to, id[start:end]), '-')
		start = end
	}
	return hex.AppendEncode(to, id[start:])
}

// twosComplement reads a big-endian integer, as Parquet stores a DECIMAL in bytes.
func twosComplement(b []byte) *big.Int {
	n := new(big.Int).SetBytes(b)
	if len(b) > 0 && b[0]&0x80 != 0 {
		n.Sub(n, new(big.Int).Lsh(big.NewInt(1), uint(8*len(b))))
	}
	return n
}
