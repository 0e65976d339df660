// SPDX-License-Identifier: Apache-2.0

package prestopage

import (
	"encoding/binary"
	"fmt"
	"math"

	"github.com/headcount-hll/headcount/udf"
)

func appendInt(dst []byte, n int) []byte { return binary.LittleEndian.AppendUint32(dst, uint32(n)) }

func appendName(dst []byte, name string) []byte { return append(appendInt(dst, len(name)), name...) }

func rowsOf(parts []udf.Column) (rows int) {
	for i := range parts {
		rows += parts[i].Rows
	}
	return rows
}

// appendBlock appends the rows of the parts as one block.
func appendBlock(dst []byte, t udf.Type, parts []udf.Column) ([]byte, error) {
	switch {
	case t.IsBytes():
		return appendBytes(dst, parts)
	case t.Kind == udf.KindBigint || t.Kind == udf.KindDouble:
		return appendLongs(dst, parts), nil
	case t.Kind == udf.KindArray:
		return appendArrays(dst, t, parts)
	case t.Kind == udf.KindRow:
		return appendRows(dst, t, parts)
	default:
		return nil, fmt.Errorf("presto page: results of type %s are not supported", t)
	}
}

func appendBytes(dst []byte, parts []udf.Column) ([]byte, error) {
	dst = appendInt(appendName(dst, variableWidth), rowsOf(parts))
	end := 0
	for _, part := range parts {
		for i := range part.Rows {
			if !part.IsNull(i) {
				end += int(part.Lengths[i])
			}
			dst = appendInt(dst, end)
		}
	}
	if end > math.MaxInt32 {
		return nil, fmt.Errorf("presto page: %d bytes of sketches: the maximum is 2^31-1", end)
	}
	dst = appendInt(appendNulls(dst, parts), end)
	for _, part := range parts {
		for i := range part.Rows {
			if !part.IsNull(i) {
				dst = append(dst, part.Bytes(i)...)
			}
		}
	}
	return dst, nil
}

func appendLongs(dst []byte, parts []udf.Column) []byte {
	dst = appendNulls(appendInt(appendName(dst, longArray), rowsOf(parts)), parts)
	for _, part := range parts {
		for i := range part.Rows {
			if part.IsNull(i) {
				continue
			}
			var bits uint64
			if part.Type.Kind == udf.KindBigint {
				bits = uint64(part.Int64[i])
			} else {
				bits = math.Float64bits(part.Float64[i])
			}
			dst = binary.LittleEndian.AppendUint64(dst, bits)
		}
	}
	return dst
}

// appendArrays appends a block of an array type: the elements of all rows, and the offset of each row.
func appendArrays(dst []byte, t udf.Type, parts []udf.Column) ([]byte, error) {
	elements := make([]udf.Column, len(parts))
	for i := range parts {
		elements[i] = *parts[i].Elems
	}
	dst, err := appendBlock(appendName(dst, array), *t.Elem, elements)
	if err != nil {
		return nil, err
	}
	dst = appendInt(appendInt(dst, rowsOf(parts)), 0)
	before := 0
	for i := range parts {
		for _, end := range parts[i].Ends {
			dst = appendInt(dst, before+int(end))
		}
		before += parts[i].Elems.Rows
	}
	if before > math.MaxInt32 {
		return nil, fmt.Errorf("presto page: %d elements of arrays: the maximum is 2^31-1", before)
	}
	return appendNulls(dst, parts), nil
}

// appendRows appends a block of a row type. Its fields hold only the rows that are not NULL.
func appendRows(dst []byte, t udf.Type, parts []udf.Column) ([]byte, error) {
	dst = appendInt(appendName(dst, row), len(t.Fields))
	for f, field := range t.Fields {
		var present []udf.Column
		for _, part := range parts {
			present = append(present, withoutNulls(&part.Parts[f], &part))
		}
		var err error
		if dst, err = appendBlock(dst, field.Type, present); err != nil {
			return nil, err
		}
	}
	dst = appendInt(appendInt(dst, rowsOf(parts)), 0)
	at := 0
	for _, part := range parts {
		for i := range part.Rows {
			if !part.IsNull(i) {
				at++
			}
			dst = appendInt(dst, at)
		}
	}
	return appendNulls(dst, parts), nil
}

// withoutNulls returns a field of doubles without the rows that are NULL in the column of the row type.
func withoutNulls(field, rows *udf.Column) udf.Column {
	out := udf.Column{Type: field.Type}
	for i, v := range field.Float64 {
		if !rows.IsNull(i) {
			out.Float64 = append(out.Float64, v)
		}
	}
	out.Rows = len(out.Float64)
	return out
}

// appendNulls appends the null flags of the rows.
func appendNulls(dst []byte, parts []udf.Column) []byte {
	some := false
	for i := range parts {
		some = some || parts[i].Null != nil
	}
	if !some {
		return append(dst, 0)
	}
	dst = append(dst, 1)
	at := 0
	for _, part := range parts {
		for i := range part.Rows {
			if at%8 == 0 {
				dst = append(dst, 0)
			}
			if part.IsNull(i) {
				dst[len(dst)-1] |= 0x80 >> (at % 8)
			}
			at++
		}
	}
	return dst
}

// Size returns the approximate size of a column in a page, in bytes.
func Size(c *udf.Column) int {
	size := c.Rows
	for _, n := range c.Lengths {
		size += 4 + int(n)
	}
	for i := range c.Parts {
		size += Size(&c.Parts[i])
	}
	if c.Elems != nil {
		size += Size(c.Elems) + 4*len(c.Ends)
	}
	return size + 8*len(c.Int64) + 8*len(c.Float64)
}
