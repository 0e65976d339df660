// SPDX-License-Identifier: Apache-2.0

package arrowcheck

import "math"

// Fields of the table DictionaryBatch.
const (
	dictionaryBatchID    = 0
	dictionaryBatchData  = 1
	dictionaryBatchDelta = 2
)

// A dictionary holds the values of dictionary-encoded columns, copied from the dictionary batches with one id.
type dictionary struct {
	values Column
	data   []byte // the bytes of values.Data
	held   int64  // bytes reserved
}

// readDictionary reads a dictionary batch, and replaces or extends the dictionary with its id.
func (r *Reader) readDictionary(m message, body *Body) error {
	id, delta := m.header.int64At(dictionaryBatchID), m.header.byteAt(dictionaryBatchDelta) != 0
	t, ok := m.header.tableAt(dictionaryBatchData)
	value := findDictionary(r.Schema.Fields, id)
	switch {
	case m.header.err != nil:
		return m.header.err
	case !ok:
		return errorf("dictionary batch %d without data", id)
	case value == nil:
		return errorf("dictionary batch %d: no field of the schema has this dictionary", id)
	case value.Kind != Int64 && !value.Kind.IsBinary() && !value.Kind.IsText():
		return errorf("dictionary batch %d: a dictionary of type %s", id, value.Type())
	}
	b, rows := r.newBatchReader(t, m.bodyLength, body)
	columns, err := b.columns([]Field{*value}, rows)
	if err != nil {
		return err
	}
	if r.dictionaries == nil {
		r.dictionaries = map[int64]*dictionary{}
	}
	d := r.dictionaries[id]
	if d == nil || !delta {
		if d != nil {
			if err := r.Reserve(-d.held); err != nil {
				return err
			}
		}
		d = &dictionary{values: Column{Field: value, scattered: true}}
		r.dictionaries[id] = d
	}
	return d.extend(&columns[0], r.Reserve)
}

// findDictionary returns the type of the values of a dictionary, or nil.
func findDictionary(fields []Field, id int64) *Field {
	for i := range fields {
		if d := fields[i].dictionary; d != nil && d.id == id {
			return &d.value
		}
		if elem := fields[i].Elem; elem != nil {
			if d := elem.dictionary; d != nil && d.id == id {
				return &d.value
			}
		}
	}
	return nil
}

// extend appends copies of the rows of a column.
func (d *dictionary) extend(c *Column, reserve func(int64) error) error {
	size := int64(0)
	for _, length := range c.Lengths {
		size += int64(length)
	}
	if int64(len(d.data))+size > math.MaxInt32 || int64(d.values.Rows)+int64(c.Rows) > math.MaxInt32 {
		return errorf("a dictionary of more than %d bytes or values", math.MaxInt32)
	}
	// A slice has up to twice the capacity that it needs.
	n := 2 * (size + 9*int64(c.Rows))
	if err := reserve(n); err != nil {
		return err
	}
	d.held += n
	if v := &d.values; c.Null != nil || v.Null != nil {
		v.Null = append(v.Null, make([]bool, v.Rows-len(v.Null)+c.Rows)...)
		copy(v.Null[v.Rows:], c.Null)
	}
	d.values.Int64 = append(d.values.Int64, c.Int64...)
	var scratch []byte
	for i, length := range c.Lengths {
		start := int(c.Starts[i])
		d.values.Starts = append(d.values.Starts, int32(len(d.data)))
		d.values.Lengths = append(d.values.Lengths, length)
		d.data = append(d.data, c.Data.Bytes(start, start+int(length), &scratch)...)
	}
	d.values.Rows += c.Rows
	d.values.Data = NewBody(d.data)
	return nil
}

// dictionaryRows reads the indexes of a dictionary-encoded column, and returns the rows as references to the values. A
// dictionary that was not sent is empty: a column of NULLs needs none.
func (r *batchReader) dictionaryRows(c *Column) {
	of := c.Field.dictionary
	indexes := r.integers(&of.index, c.Rows)
	values := &Column{Field: &of.value}
	if d := r.dictionaries[of.id]; d != nil {
		values = &d.values
	}
	if values.Field.Kind != of.value.Kind {
		r.fail("dictionary %d has values of type %s for a field of type %s", of.id, values.Field.Type(), of.value.Type())
	}
	if !r.reserve(9 * c.Rows) {
		return
	}
	if c.Field.Kind == Int64 {
		c.Int64 = make([]int64, c.Rows)
	} else {
		c.Starts, c.Lengths = make([]int32, c.Rows), make([]int32, c.Rows)
		c.Data, c.scattered = values.Data, true
	}
	for row, index := range indexes {
		if c.Null != nil && c.Null[row] {
			continue // the index of a NULL may be anything
		}
		if index < 0 || index >= int64(values.Rows) {
			r.fail("row %d is value %d of a dictionary of %d values", row, index, values.Rows)
			return
		}
		switch {
		case values.Null != nil && values.Null[index]:
			if c.Null == nil {
				c.Null = make([]bool, c.Rows)
			}
			c.Null[row] = true
		case c.Field.Kind == Int64:
			c.Int64[row] = values.Int64[index]
		default:
			c.Starts[row], c.Lengths[row] = values.Starts[index], values.Lengths[index]
		}
	}
}
