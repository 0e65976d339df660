package input

import (
	"fmt"
	"strconv"

	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/file"

	"github.com/headcount-hll/headcount/internal/sortkey"
)

// A column is some rows of a column chunk: a definition level for each row, and the values of those that are
// not NULL.
type column struct {
	chunk  file.ColumnChunkReader
	levels []int16 // 0 is NULL; nil for a column without NULLs
	row    int     // the next row
	next   int     // the next value

	bytes  []parquet.ByteArray
	int32s []int32
	int64s []int64
	bools  []bool
	digits []byte // memory of the decimal texts of ids
	kept   []byte // memory of values that are not in the current page

	fixed *Fixed // of all rows, instead
}

func newColumn(chunk file.ColumnChunkReader) *column {
	c := &column{chunk: chunk}
	if chunk.Descriptor().MaxDefinitionLevel() > 0 {
		c.levels = make([]int16, batchRows)
	}
	switch chunk.(type) {
	case *file.ByteArrayColumnChunkReader:
		c.bytes = make([]parquet.ByteArray, batchRows)
	case *file.Int32ColumnChunkReader:
		c.int32s = make([]int32, batchRows)
	case *file.Int64ColumnChunkReader:
		c.int64s = make([]int64, batchRows)
	case *file.BooleanColumnChunkReader:
		c.bools = make([]bool, batchRows)
	}
	return c
}

// fill reads the next rows of the chunk. Values of byte columns are valid until the next fill.
func (c *column) fill(rows int) error {
	c.row, c.next, c.digits, c.kept = 0, 0, c.digits[:0], c.kept[:0]
	if c.fixed != nil {
		return nil
	}
	copied := 0
	for row, value := 0, 0; row < rows; {
		if row > 0 { // reading the next page reuses the memory of this one
			c.keep(copied, value)
			copied = value
		}
		n, values, err := c.read(row, value, rows-row)
		if err != nil {
			return fmt.Errorf("column %s: %w", c.chunk.Descriptor().Name(), err)
		}
		if n == 0 {
			return fmt.Errorf("column %s has fewer rows than its row group", c.chunk.Descriptor().Name())
		}
		row, value = row+int(n), value+values
	}
	return nil
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
	case *file.Int32ColumnChunkReader:
		return chunk.ReadBatchInPage(int64(n), c.int32s[value:], levels, nil)
	case *file.Int64ColumnChunkReader:
		return chunk.ReadBatchInPage(int64(n), c.int64s[value:], levels, nil)
	case *file.BooleanColumnChunkReader:
		return chunk.ReadBatchInPage(int64(n), c.bools[value:], levels, nil)
	}
	return 0, 0, fmt.Errorf("of type %s", c.chunk.Type())
}

// isNull reports whether the next row is NULL.
func (c *column) isNull() bool {
	if c.fixed != nil {
		return c.fixed.Text == ""
	}
	return c.levels != nil && c.levels[c.row] == 0
}

// date returns the next row's date, which is not NULL.
func (c *column) date() int32 {
	if c.fixed != nil {
		return c.fixed.days
	}
	return c.int32s[c.next]
}

// step passes the next row. It returns the place of its value, or -1 for NULL.
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
func (c *column) appendNext(key []byte) []byte {
	if c.fixed != nil {
		return append(key, c.fixed.key...)
	}
	at := c.step()
	switch {
	case at < 0:
		return sortkey.AppendNull(key)
	case c.bytes != nil:
		return sortkey.AppendString(key, c.bytes[at])
	case c.int32s != nil:
		return sortkey.AppendInt32(key, c.int32s[at])
	case c.int64s != nil:
		return sortkey.AppendInt64(key, c.int64s[at])
	default:
		return sortkey.AppendBool(key, c.bools[at])
	}
}

// nextValue returns the next row's bytes, or the decimal text of its number; nil for NULL.
func (c *column) nextValue() []byte {
	at := c.step()
	var number int64
	switch {
	case at < 0:
		return nil
	case c.bytes != nil:
		if c.bytes[at] == nil { // an empty string of a dictionary may be nil
			return []byte{}
		}
		return c.bytes[at]
	case c.int32s != nil:
		number = int64(c.int32s[at])
	default:
		number = c.int64s[at]
	}
	from := len(c.digits)
	c.digits = strconv.AppendInt(c.digits, number, 10)
	return c.digits[from:len(c.digits):len(c.digits)]
}
