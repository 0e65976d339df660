// SPDX-License-Identifier: Apache-2.0

package longitudinal

import (
	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet/pqarrow"

	"github.com/headcount-hll/headcount/internal/sortkey"
)

// A mergedOutput writes batches of a merger, column by column.
type mergedOutput struct {
	layout      *layout
	schema      *arrow.Schema
	to          *pqarrow.FileWriter
	newestFirst bool
	sinks       []sink // of the columns
	offsets     []int32
	valid       []bool
}

func newMergedOutput(l *layout, schema *arrow.Schema, to *pqarrow.FileWriter, o Options) *mergedOutput {
	out := &mergedOutput{layout: l, schema: schema, to: to, newestFirst: o.NewestFirst}
	for i, f := range schema.Fields() {
		t := f.Type
		if i >= scalars {
			t = t.(*arrow.ListType).Elem()
		}
		out.sinks = append(out.sinks, newSink(t))
	}
	return out
}

// write writes what the ops make of a merger's batch.
func (out *mergedOutput) write(m *merger) error {
	columns := make([]arrow.Array, len(out.sinks))
	defer func() {
		for _, c := range columns {
			if c != nil {
				c.Release()
			}
		}
	}()
	var err error
	for i, s := range out.sinks {
		if i < scalars {
			columns[i], err = out.scalar(m, i, s)
		} else {
			columns[i], err = out.list(m, i-scalars, s)
		}
		if err != nil {
			return err
		}
	}
	clients, pings := columns[0].Len(), columns[scalars].(*array.List).ListValues().Len()
	m.counts.Clients.Add(int64(clients))
	batch := array.NewRecordBatch(out.schema, columns, int64(clients))
	defer batch.Release()
	// A row group that has grown too large becomes several.
	parts := max(1, pings*4/(out.layout.rowGroupPings()*5), clients*4/(rowGroupClients*5))
	for i := range parts {
		part := batch.NewSlice(int64(clients*i/parts), int64(clients*(i+1)/parts))
		err := out.to.Write(part)
		part.Release()
		if err != nil {
			return err
		}
	}
	return nil
}

// scalar returns one of the columns that are not lists.
func (out *mergedOutput) scalar(m *merger, place int, s sink) (arrow.Array, error) {
	old, err := newColumnReader(m.batch.Column(place), m.batch.ColumnName(place))
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

// list returns a column of lists.
func (out *mergedOutput) list(m *merger, column int, s sink) (arrow.Array, error) {
	l := m.lists[column]
	if err := s.begin(l.values); err != nil {
		return nil, err
	}
	offsets, valid := append(out.offsets[:0], 0), out.valid[:0]
	for i := range m.ops {
		o := &m.ops[i]
		last := offsets[len(offsets)-1]
		if o.to > o.from {
			first, _ := l.ValueOffsets(o.from)
			var end int64
			for row := o.from; row < o.to; row++ {
				_, end = l.ValueOffsets(row)
				offsets, valid = append(offsets, last+int32(end-first)), append(valid, l.IsValid(row))
			}
			s.copy(int(first), int(end))
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
	data := array.NewData(out.schema.Field(scalars+column).Type, len(valid), buffers, []arrow.ArrayData{values.Data()}, nulls, 0)
	defer data.Release()
	return array.NewListData(data), nil
}

// client gives a sink the list of a client, and returns its length: 0 if it would contain only NULL.
func (out *mergedOutput) client(m *merger, o *op, column int, s sink) (n int, err error) {
	l := m.lists[column]
	some := o.row >= 0 && l.IsValid(o.row)
	for _, p := range o.pings {
		some = some || !p[column].Null
	}
	if !some {
		return 0, nil
	}
	add := func(v sortkey.Value) {
		if err == nil {
			err = s.add(v)
		}
		n++
	}
	old := func() {
		switch {
		case o.row < 0:
		case l.IsNull(o.row):
			for range m.length(o.row) {
				add(sortkey.Value{Null: true})
			}
		default:
			from, to := l.ValueOffsets(o.row)
			s.copy(int(from), int(to))
			n += int(to - from)
		}
	}
	if out.newestFirst {
		for i := range o.pings {
			add(o.pings[len(o.pings)-1-i][column])
		}
		old()
		return n, err
	}
	old()
	for _, p := range o.pings {
		add(p[column])
	}
	return n, err
}
