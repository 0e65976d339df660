// SPDX-License-Identifier: Apache-2.0

package longitudinal

import (
	"bytes"
	"cmp"
	"errors"
	"slices"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet/pqarrow"

	"github.com/headcount-hll/headcount/internal/sortkey"
)

// A merger writes the clients of an earlier table with the pings of others that come in the same order. It decides by client what
// becomes of a row, and then copies column by column.
type merger struct {
	layout  *layout
	counts  *Counts
	batches <-chan arrow.RecordBatch
	out     *mergedOutput

	batch   arrow.RecordBatch // nil before the first
	ended   bool              // after the last: the batch is empty
	row     int               // the next
	done    int               // the first row without an op
	ids     *array.String
	samples *array.Int32
	scalars []columnReader // os, channel
	lists   []listReader
	ops     []op
	pings   int // of the ops
}

// An op is either a range of rows of the earlier table that are kept, or one client: the pings of its row there, unless row is -1,
// and then its new pings.
type op struct {
	from, to int // rows that are kept
	row      int
	own      bool // the next row is the client's
	sample   uint8
	id       []byte
	pings    [][]sortkey.Value
}

// A listReader gives a column's lists.
type listReader struct {
	*array.List
	values columnReader
}

func newMerger(l *layout, schema *arrow.Schema, batches <-chan arrow.RecordBatch, to *pqarrow.FileWriter, o Options, counts *Counts) *merger {
	return &merger{layout: l, counts: counts, batches: batches, out: newMergedOutput(l, schema, to, o)}
}

// more makes sure that there is a next row. It returns false after the table's last row.
func (m *merger) more() (bool, error) {
	for !m.ended && (m.batch == nil || m.row == m.ids.Len()) {
		if err := m.emit(); err != nil {
			return false, err
		}
		var ok bool
		if m.batch, ok = <-m.batches; !ok {
			m.ended = true
			b := array.NewRecordBuilder(memory.DefaultAllocator, m.out.schema)
			defer b.Release()
			m.batch = b.NewRecordBatch()
		}
		if err := m.open(); err != nil {
			return false, err
		}
	}
	return !m.ended, nil
}

// open takes a batch's columns and checks the order of its clients.
func (m *merger) open() (err error) {
	m.row, m.done = 0, 0
	var ok1, ok2 bool
	m.ids, ok1 = m.batch.Column(0).(*array.String)
	m.samples, ok2 = m.batch.Column(3).(*array.Int32)
	if !ok1 || !ok2 {
		return errors.New("the table has other columns than its schema says")
	}
	if m.ids.NullN() > 0 || m.samples.NullN() > 0 {
		return errors.New("a client of the table is NULL")
	}
	m.scalars = m.scalars[:0]
	for _, at := range []int{1, 2} {
		c, err := newColumnReader(m.batch.Column(at), m.batch.ColumnName(at))
		if err != nil {
			return err
		}
		m.scalars = append(m.scalars, c)
	}
	m.lists = m.lists[:0]
	for i, name := range m.layout.names {
		list, ok := m.batch.Column(scalars + i).(*array.List)
		if !ok {
			return errors.New("the table has other columns than its schema says")
		}
		values, err := newColumnReader(list.ListValues(), name)
		if err != nil {
			return err
		}
		m.lists = append(m.lists, listReader{list, values})
	}
	for row := 1; row < m.ids.Len(); row++ {
		if m.compare(row, uint8(m.samples.Value(row-1)), textBytes(m.ids.Value(row-1))) <= 0 {
			return errors.New("the table's clients are not in order")
		}
	}
	return m.checkLengths()
}

// checkLengths fails unless all lists of a row have one length.
func (m *merger) checkLengths() error {
	for row := range m.ids.Len() {
		n := m.length(row)
		for _, l := range m.lists {
			if from, to := l.ValueOffsets(row); int(to-from) != n && (l.IsValid(row) || to != from) {
				return errors.New("the table has lists of different lengths")
			}
		}
		if n < 1 {
			return errors.New("a client of the table has no pings")
		}
	}
	return nil
}

// length returns how many pings a row has. The time is never NULL.
func (m *merger) length(row int) int {
	from, to := m.lists[0].ValueOffsets(row)
	return int(to - from)
}

// compare compares a row's client with another.
func (m *merger) compare(row int, sample uint8, id []byte) int {
	return cmp.Or(cmp.Compare(m.samples.Value(row), int32(sample)), bytes.Compare(textBytes(m.ids.Value(row)), id))
}

// add takes the next client with new pings.
func (m *merger) add(h *history) error {
	id, err := h.id()
	if err != nil {
		return err
	}
	id = bytes.Clone(id)
	for {
		ok, err := m.more()
		if err != nil {
			return err
		}
		if !ok {
			return m.client(op{row: -1, sample: h.sample(), id: id, pings: h.pings})
		}
		switch c := m.compare(m.row, h.sample(), id); {
		case c < 0:
			m.row++
			continue
		case c > 0:
			return m.client(op{row: -1, sample: h.sample(), id: id, pings: h.pings})
		}
		return m.join(h, id)
	}
}

// keep appends an op for the rows before the next that have none.
func (m *merger) keep() {
	if m.row > m.done {
		m.ops = append(m.ops, op{from: m.done, to: m.row, row: -1})
		m.done = m.row
	}
}

// client appends an op for one client. The rows before the next that have none are kept.
func (m *merger) client(o op) error {
	m.keep()
	m.ops = append(m.ops, o)
	if o.own {
		m.row++
		m.done = m.row
	}
	if m.pings += len(o.pings); m.pings > m.layout.rowGroupPings() {
		return m.flush()
	}
	return nil
}

// join appends pings to those of the next row.
func (m *merger) join(h *history, id []byte) error {
	o := op{row: m.row, own: true, sample: h.sample(), id: id, pings: h.pings}
	if m.length(m.row)+len(h.pings) > MostPings || !m.follow(h.pings) {
		merged, err := m.sorted(h)
		if err != nil {
			return err
		}
		o.row, o.pings = -1, merged.pings
	}
	return m.client(o)
}

// follow reports whether all new pings are later than the row's, and none is a document that is there already.
func (m *merger) follow(pings [][]sortkey.Value) bool {
	from, to := m.lists[0].ValueOffsets(m.row)
	newest := int(to) - 1
	if m.out.newestFirst {
		newest = int(from)
	}
	last, first := m.lists[0].values.at(newest), pings[0][0]
	if m.layout.columns[0].Type == sortkey.Varchar && bytes.Compare(last.Text, first.Text) >= 0 ||
		m.layout.columns[0].Type != sortkey.Varchar && last.Int >= first.Int {
		return false
	}
	document := m.layout.document
	if document < 0 || m.lists[document].IsNull(m.row) {
		return true
	}
	documents := &m.lists[document].values
	for i := int(from); i < int(to); i++ {
		id := documents.at(i)
		if !id.Null && slices.ContainsFunc(pings, func(p []sortkey.Value) bool { return !p[document].Null && bytes.Equal(p[document].Text, id.Text) }) {
			return false
		}
	}
	return true
}

// value returns a value of a ping of the next row, counted from the oldest.
func (m *merger) value(column, ping int) sortkey.Value {
	l := m.lists[column]
	if l.IsNull(m.row) {
		return sortkey.Value{Null: true}
	}
	from, to := l.ValueOffsets(m.row)
	if m.out.newestFirst {
		return l.values.at(int(to) - 1 - ping)
	}
	return l.values.at(int(from) + ping)
}

// sorted returns the pings of the next row and new ones, sorted together.
func (m *merger) sorted(h *history) (*history, error) {
	rows := make([][]byte, 0, m.length(m.row)+len(h.pings))
	encode := func(value func(column int) sortkey.Value) {
		var row []byte
		for column, c := range m.layout.columns {
			row = appendValue(row, c.Type, value(column))
		}
		rows = append(rows, row)
	}
	for i := range m.length(m.row) {
		encode(func(column int) sortkey.Value { return m.value(column, i) })
	}
	for _, p := range h.pings {
		encode(func(column int) sortkey.Value { return p[column] })
	}
	slices.SortFunc(rows, bytes.Compare)
	merged := newHistory(m.layout)
	merged.begin(h.client)
	for _, row := range rows {
		duplicate, older, err := merged.add(row)
		if err != nil {
			return nil, err
		}
		if duplicate {
			m.counts.Duplicates.Add(1)
		}
		m.counts.Older.Add(int64(older))
	}
	m.counts.Older.Add(int64(merged.keepNewest()))
	return merged, nil
}

// end writes all rows that are left.
func (m *merger) end() error {
	for {
		ok, err := m.more()
		if err != nil || !ok {
			return errors.Join(err, m.emit())
		}
		m.row = m.ids.Len()
	}
}

// emit writes what becomes of the rest of the batch.
func (m *merger) emit() error {
	if m.batch == nil {
		return nil
	}
	m.keep()
	err := m.flush()
	m.batch.Release()
	m.batch = nil
	return err
}

// flush writes the ops.
func (m *merger) flush() error {
	if len(m.ops) == 0 {
		return nil
	}
	err := m.out.write(m)
	clear(m.ops)
	m.ops, m.pings = m.ops[:0], 0
	return err
}
