// SPDX-License-Identifier: Apache-2.0

package longitudinal

import (
	"bytes"
	"errors"
	"slices"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/file"

	"github.com/headcount-hll/headcount/internal/parquetpages"
	"github.com/headcount-hll/headcount/internal/sortkey"
)

// A mergedOutput writes row groups of a merger, column by column.
type mergedOutput struct {
	layout      *layout
	plan        *plan
	to          *assembly
	properties  *parquet.WriterProperties
	newestFirst bool
	sinks       []sink // of the columns that arrow-go reads, by their places; nil of the others
	offsets     []int32
	valid       []bool
}

func newMergedOutput(l *layout, p *plan, to *assembly, o Options) *mergedOutput {
	out := &mergedOutput{layout: l, plan: p, to: to, properties: fileProperties(p.schema, o), newestFirst: o.NewestFirst}
	for place := range p.schema.Fields() {
		if _, own := p.lists[place]; own {
			out.sinks = append(out.sinks, nil)
		} else {
			out.sinks = append(out.sinks, newSink(elementType(p.field(place).Type)))
		}
	}
	return out
}

// write writes what the ops make of a merger's row group.
func (out *mergedOutput) write(m *merger) (err error) {
	clients, pings := m.size()
	made := &rowGroup{rows: clients, columns: make([]arrow.Array, len(out.sinks)), lists: make([]*codedLists, len(out.sinks))}
	defer made.release()
	m.counts.Clients.Add(int64(clients))
	// A row group that has grown to 2.5 times of what a new table's have becomes several.
	parts := max(1, pings*4/(out.layout.rowGroupPings()*5), clients*4/(rowGroupClients*5))
	if parts == 1 && clients == m.group.rows && !slices.ContainsFunc(m.ops, op.isNew) {
		made.stored = m.group.stored
	}
	for i, s := range out.sinks {
		switch {
		case s == nil: // part makes it
		case i >= scalars:
			made.columns[i], err = out.list(m, i-scalars, s)
		case made.stored[i].Empty():
			made.columns[i], err = out.scalar(m, i, s)
		}
		if err != nil {
			return err
		}
	}
	for i := range parts {
		if err := out.part(m, made, clients*i/parts, clients*(i+1)/parts); err != nil {
			return err
		}
	}
	return nil
}

// part writes some rows as a row group. Coded lists are made one after the other, and kept only if later parts need them too.
func (out *mergedOutput) part(m *merger, made *rowGroup, from, to int) error {
	encoded, err := out.encode(made, from, to)
	if err != nil {
		return err
	}
	out.to.Begin(to - from)
	for leaf := range out.to.Schema.NumColumns() {
		place := out.to.Schema.Root().FieldIndexByField(out.to.Schema.ColumnRoot(leaf))
		switch {
		case out.sinks[place] == nil:
			if made.lists[place] == nil {
				made.lists[place] = out.coded(m, place-scalars)
			}
			if err = out.to.lists(made.lists[place], from, to); to == made.rows {
				made.lists[place].free()
				made.lists[place] = nil
			}
		case place < scalars && !made.stored[place].Empty():
			err = out.to.Copy(made.stored[place])
		default:
			err = out.to.Copy(encoded[0])
			encoded = encoded[1:]
		}
		if err != nil {
			return err
		}
	}
	return out.to.End()
}

// encode returns the chunks of all columns but lists and stored ones, which arrow-go makes.
func (out *mergedOutput) encode(made *rowGroup, from, to int) (chunks []parquetpages.Chunk, err error) {
	var fields []arrow.Field
	var columns []arrow.Array
	for place, c := range made.columns {
		if c == nil {
			continue
		}
		field := out.plan.field(place)
		c = array.NewSlice(c, int64(from), int64(to))
		defer c.Release()
		if coded, ok := c.(*array.Dictionary); ok && hasEmptyText(coded) {
			field.Type = arrow.BinaryTypes.String
			if c, err = plainTexts(coded, field.Name); err != nil {
				return nil, err
			}
			defer c.Release()
		}
		fields, columns = append(fields, field), append(columns, c)
	}
	rows := array.NewRecordBatch(arrow.NewSchema(fields, nil), columns, int64(to-from))
	defer rows.Release()
	var encoded bytes.Buffer
	w, err := newFile(&encoded, rows.Schema(), out.properties)
	if err != nil {
		return nil, err
	}
	if err := errors.Join(w.Write(rows), w.Close()); err != nil {
		return nil, err
	}
	stored := bytes.NewReader(encoded.Bytes())
	in, err := file.NewParquetReader(stored)
	if err != nil {
		return nil, err
	}
	for leaf := range in.MetaData().Schema.NumColumns() {
		c, err := parquetpages.ReadChunk(in.MetaData(), 0, leaf, stored)
		if err != nil {
			return nil, err
		}
		chunks = append(chunks, c)
	}
	return chunks, nil
}

// hasEmptyText reports whether a dictionary has the empty text. arrow-go 18.8.0 leaves it out of the bounds of a column that is made of
// codes (it is nil there: ByteArrayStatistics.minval), and readers would skip its rows.
func hasEmptyText(coded *array.Dictionary) bool {
	texts := coded.Dictionary().(*array.String)
	for i := range texts.Len() {
		if texts.ValueLen(i) == 0 {
			return true
		}
	}
	return false
}

// plainTexts returns the texts of codes.
func plainTexts(coded *array.Dictionary, name string) (arrow.Array, error) {
	old, err := newColumnReader(coded, name)
	if err != nil {
		return nil, err
	}
	plain := &builderSink{old: old, to: array.NewStringBuilder(memory.DefaultAllocator)}
	plain.copy(0, coded.Len())
	return plain.finish()
}

// scalar returns one of the columns that are not lists.
func (out *mergedOutput) scalar(m *merger, place int, s sink) (arrow.Array, error) {
	old, err := newColumnReader(m.group.columns[place], out.plan.schema.Field(place).Name)
	if err == nil {
		err = s.begin(old)
	}
	if err != nil {
		return nil, err
	}
	for i := range m.ops {
		o := &m.ops[i]
		s.copy(o.from, o.to)
		if o.pings == nil {
			continue
		}
		var v sortkey.Value
		switch place {
		case 0:
			v.Text = o.id
		case 3:
			v.Int = int64(o.sample)
		default:
			v.Null = true
			if from := []int{out.layout.os, out.layout.channel}[place-1]; from >= 0 {
				v = o.pings[len(o.pings)-1][from]
			}
		}
		if err := s.add(v); err != nil {
			return nil, err
		}
	}
	return s.finish()
}

// isNew reports whether an op is a client that the earlier table does not have.
func (o op) isNew() bool { return o.pings != nil && !o.own }

// coded returns a column of coded lists.
func (out *mergedOutput) coded(m *merger, column int) *codedLists {
	old := m.lists[column].coded
	to := newCodedLists(old.dictionary)
	for i := range m.ops {
		o := &m.ops[i]
		to.keep(old, o.from, o.to)
		if o.pings != nil {
			some := out.join(m, o, column, func(from, end int) { to.copy(old, int32(from), int32(end)) }, to.add)
			to.endList(!some)
		}
	}
	return to
}

var nullValue = sortkey.Value{Null: true}

// join gives the list of a client in the table's order: where its earlier values are to old, and its other values to add. It gives
// nothing and returns false if the list would contain only NULL.
func (out *mergedOutput) join(m *merger, o *op, column int, old func(from, to int), add func(v *sortkey.Value)) bool {
	l := &m.lists[column]
	had := o.row >= 0 && !l.isNull(o.row)
	if !had && !hasValue(o.pings, column) {
		return false
	}
	if out.newestFirst {
		for i := range o.pings {
			add(&o.pings[len(o.pings)-1-i][column])
		}
	}
	switch {
	case had:
		old(l.offsets(o.row))
	case o.row >= 0:
		for range m.length(o.row) {
			add(&nullValue)
		}
	}
	if !out.newestFirst {
		for _, p := range o.pings {
			add(&p[column])
		}
	}
	return true
}

// list returns a column of lists.
func (out *mergedOutput) list(m *merger, column int, s sink) (arrow.Array, error) {
	l := &m.lists[column]
	if err := s.begin(l.values); err != nil {
		return nil, err
	}
	offsets, valid := append(out.offsets[:0], 0), out.valid[:0]
	for i := range m.ops {
		o := &m.ops[i]
		last := offsets[len(offsets)-1]
		if o.to > o.from {
			first, _ := l.offsets(o.from)
			var end int
			for row := o.from; row < o.to; row++ {
				_, end = l.offsets(row)
				offsets, valid = append(offsets, last+int32(end-first)), append(valid, !l.isNull(row))
			}
			s.copy(first, end)
		}
		if o.pings == nil {
			continue
		}
		n, err := out.client(m, o, column, s)
		if err != nil {
			return nil, err
		}
		offsets, valid = append(offsets, last+int32(n)), append(valid, n > 0)
	}
	out.offsets, out.valid = offsets, valid
	values, err := s.finish()
	if err != nil {
		return nil, err
	}
	defer values.Release()
	bits, nulls := bitmap(valid)
	buffers := []*memory.Buffer{bits, memory.NewBufferBytes(append([]byte{}, arrow.GetBytes(offsets)...))}
	data := array.NewData(out.plan.schema.Field(scalars+column).Type, len(valid), buffers, []arrow.ArrayData{values.Data()}, nulls, 0)
	defer data.Release()
	return array.NewListData(data), nil
}

// client gives a sink the list of a client, and returns its length: 0 if it would contain only NULL.
func (out *mergedOutput) client(m *merger, o *op, column int, s sink) (n int, err error) {
	out.join(m, o, column, func(from, to int) {
		s.copy(from, to)
		n += to - from
	}, func(v *sortkey.Value) {
		if err == nil {
			err = s.add(*v)
		}
		n++
	})
	return n, err
}
