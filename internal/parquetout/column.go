// SPDX-License-Identifier: Apache-2.0

package parquetout

import (
	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/file"

	"github.com/headcount-hll/headcount/internal/sortkey"
)

// A valueColumn is the values of one column of a row group: a definition level for each row, 0 for NULL, and the values
// that are not NULL.
type valueColumn struct {
	name   string
	kind   sortkey.Type // 0 for a sketch
	levels []int16
	texts  []parquet.ByteArray
	data   []byte // memory of texts
	ints   []int64
}

func (c *valueColumn) add(v sortkey.Value) {
	switch {
	case v.Null:
		c.levels = append(c.levels, 0)
		return
	case c.kind == sortkey.Varchar || c.kind == 0:
		from := len(c.data)
		c.data = append(c.data, v.Text...)
		if c.data == nil {
			c.data = []byte{} // arrow-go 18.8.0 leaves a text that is nil out of a column's bounds (ByteArrayStatistics.minval)
		}
		c.texts = append(c.texts, c.data[from:len(c.data):len(c.data)])
	default:
		c.ints = append(c.ints, v.Int)
	}
	c.levels = append(c.levels, 1)
}

// write writes the values and removes them.
func (c *valueColumn) write(out file.ColumnChunkWriter) (err error) {
	switch out := out.(type) {
	case *file.ByteArrayColumnChunkWriter:
		_, err = out.WriteBatch(c.texts, c.levels, nil)
	case *file.Int64ColumnChunkWriter:
		_, err = out.WriteBatch(c.ints, c.levels, nil)
	case *file.Int32ColumnChunkWriter:
		_, err = out.WriteBatch(convert(c.ints, func(v int64) int32 { return int32(v) }), c.levels, nil)
	case *file.BooleanColumnChunkWriter:
		_, err = out.WriteBatch(convert(c.ints, func(v int64) bool { return v != 0 }), c.levels, nil)
	}
	c.levels, c.texts, c.data, c.ints = c.levels[:0], c.texts[:0], c.data[:0], c.ints[:0]
	return err
}

func convert[T any](values []int64, to func(int64) T) []T {
	out := make([]T, len(values))
	for i, v := range values {
		out[i] = to(v)
	}
	return out
}
