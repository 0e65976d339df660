// SPDX-License-Identifier: Apache-2.0

package longitudinal

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"slices"
	"unsafe"

	"github.com/apache/arrow-go/v18/arrow/array"

	"github.com/headcount-hll/headcount/internal/sortkey"
)

// A merger writes the clients of an earlier table with the pings of others that come in the same order. It decides by client what
// becomes of a row, and then copies column by column.
type merger struct {
	layout *layout
	counts *Counts
	groups <-chan *rowGroup
	out    *mergedOutput

	group   *rowGroup // nil before the first
	ended   bool      // after the last: the group is empty
	row     int       // the next
	done    int       // the first row without an op
	ids     *array.String
	samples *array.Int32
	lists   []listReader
	ops     []op
	pings   int // new ones of the ops
	most    int // of pings before they are written

	lastSample int32 // of the last row of the row group before, or -1
	lastID     []byte
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

// A listReader gives a column's lists: either arrow-go's, or coded ones.
type listReader struct {
	list   *array.List
	values columnReader
	coded  *codedLists
}

// offsets returns where a row's list begins and ends.
func (l *listReader) offsets(row int) (from, to int) {
	if l.coded != nil {
		return int(l.coded.offsets[row]), int(l.coded.offsets[row+1])
	}
	begin, end := l.list.ValueOffsets(row)
	return int(begin), int(end)
}

func (l *listReader) isNull(row int) bool {
	if l.coded != nil {
		return l.coded.isNull(row)
	}
	return l.list.IsNull(row)
}

// at returns a value of the lists.
func (l *listReader) at(i int) sortkey.Value {
	if l.coded != nil {
		return l.coded.at(i)
	}
	return l.values.at(i)
}

func newMerger(l *layout, p *plan, groups <-chan *rowGroup, to *assembly, o Options, counts *Counts) *merger {
	return &merger{layout: l, counts: counts, groups: groups, out: newMergedOutput(l, p, to, o), most: l.newPings(o), lastSample: -1}
}

// newPings returns how many new pings are held at most before they are written: as many as a thread's memory has room for, or a row group.
func (l *layout) newPings(o Options) int {
	size := int64(len(l.columns)) * int64(unsafe.Sizeof(sortkey.Value{}))
	room := o.Memory / int64(max(1, o.Threads)) / size
	return min(l.rowGroupPings(), max(MostPings, int(room)))
}

// more makes sure that there is a next row. It returns false after the table's last row.
func (m *merger) more() (bool, error) {
	for !m.ended && (m.group == nil || m.row == m.group.rows) {
		if err := m.emit(); err != nil {
			return false, err
		}
		var ok bool
		if m.group, ok = <-m.groups; !ok {
			m.ended = true
			var err error
			if m.group, err = m.out.plan.empty(); err != nil {
				return false, err
			}
		}
		if err := m.open(); err != nil {
			return false, fmt.Errorf("%s: %w", m.out.plan.path, err)
		}
	}
	return !m.ended, nil
}

// open takes a row group's columns and checks the order of its clients.
func (m *merger) open() (err error) {
	m.row, m.done = 0, 0
	var ok1, ok2 bool
	m.ids, ok1 = m.group.columns[0].(*array.String)
	m.samples, ok2 = m.group.columns[3].(*array.Int32)
	if !ok1 || !ok2 {
		return errOtherColumns
	}
	if m.ids.NullN() > 0 || m.samples.NullN() > 0 {
		return errors.New("a client of the table is NULL")
	}
	m.lists = m.lists[:0]
	for i, name := range m.layout.names {
		l := listReader{coded: m.group.lists[scalars+i]}
		if l.coded == nil {
			if l.list, ok1 = m.group.columns[scalars+i].(*array.List); !ok1 {
				return errOtherColumns
			}
			if l.values, err = newColumnReader(l.list.ListValues(), name); err != nil {
				return err
			}
		}
		m.lists = append(m.lists, l)
	}
	m.ops = slices.Grow(m.ops, m.group.rows)
	if err := m.checkOrder(); err != nil {
		return err
	}
	return m.checkLengths()
}

// checkOrder fails unless the row group's clients come in order, after those of the row group before.
func (m *merger) checkOrder() error {
	sample, id := m.lastSample, m.lastID
	for row := range m.ids.Len() {
		if m.compare(row, sample, id) <= 0 {
			return errors.New("the table's clients are not in order")
		}
		sample, id = m.samples.Value(row), textBytes(m.ids.Value(row))
	}
	m.lastSample, m.lastID = sample, bytes.Clone(id)
	return nil
}

var errOtherColumns = errors.New("the table has other columns than its schema says")

// checkLengths fails unless all lists of a row have one length.
func (m *merger) checkLengths() error {
	for row := range m.group.rows {
		if m.length(row) < 1 {
			return errors.New("a client of the table has no pings")
		}
	}
	first := m.lists[0].coded
	for i := range m.lists {
		l := &m.lists[i]
		if first != nil && l.coded != nil && slices.Equal(first.offsets, l.coded.offsets) {
			continue
		}
		for row := range m.group.rows {
			if from, to := l.offsets(row); to-from != m.length(row) && (to != from || !l.isNull(row)) {
				return errors.New("the table has lists of different lengths")
			}
		}
	}
	return nil
}

// length returns how many pings a row has. The time is never NULL.
func (m *merger) length(row int) int {
	from, to := m.lists[0].offsets(row)
	return to - from
}

// compare compares a row's client with another.
func (m *merger) compare(row int, sample int32, id []byte) int {
	return cmp.Or(cmp.Compare(m.samples.Value(row), sample), bytes.Compare(textBytes(m.ids.Value(row)), id))
}

// add takes the next client with new pings.
func (m *merger) add(h *history) error {
	id, err := h.id()
	if err != nil {
		return err
	}
	isNew := func() error {
		m.counts.Older.Add(int64(h.keepNewest(MostPings)))
		return m.client(op{row: -1, sample: h.sample(), id: bytes.Clone(id), pings: h.pings})
	}
	for {
		ok, err := m.more()
		if err != nil {
			return err
		}
		if !ok {
			return isNew()
		}
		switch c := m.compare(m.row, int32(h.sample()), id); {
		case c < 0:
			m.row++
			continue
		case c > 0:
			return isNew()
		}
		return m.join(h)
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
	if m.pings += len(o.pings); m.pings > m.most {
		return m.flush()
	}
	return nil
}

// join appends pings to those of the next row.
func (m *merger) join(h *history) error {
	o := op{row: m.row, own: true, sample: h.sample(), id: textBytes(m.ids.Value(m.row)), pings: h.pings}
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
	from, to := m.lists[0].offsets(m.row)
	newest := to - 1
	if m.out.newestFirst {
		newest = from
	}
	last, first := m.lists[0].at(newest), pings[0][0]
	if m.layout.columns[0].Type == sortkey.Varchar && bytes.Compare(last.Text, first.Text) >= 0 ||
		m.layout.columns[0].Type != sortkey.Varchar && last.Int >= first.Int {
		return false
	}
	document := m.layout.document
	if document < 0 || m.lists[document].isNull(m.row) {
		return true
	}
	documents := &m.lists[document]
	from, to = documents.offsets(m.row)
	for i := from; i < to; i++ {
		id := documents.at(i)
		if !id.Null && slices.ContainsFunc(pings, func(p []sortkey.Value) bool { return !p[document].Null && bytes.Equal(p[document].Text, id.Text) }) {
			return false
		}
	}
	return true
}

// value returns a value of a ping of the next row, counted from the oldest.
func (m *merger) value(column, ping int) sortkey.Value {
	l := &m.lists[column]
	if l.isNull(m.row) {
		return sortkey.Value{Null: true}
	}
	from, to := l.offsets(m.row)
	if m.out.newestFirst {
		return l.at(to - 1 - ping)
	}
	return l.at(from + ping)
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
	m.counts.Older.Add(int64(merged.keepNewest(MostPings)))
	return merged, nil
}

// size returns how many clients and pings the ops make.
func (m *merger) size() (clients, pings int) {
	for i := range m.ops {
		o := &m.ops[i]
		if clients += o.to - o.from; o.to > o.from {
			from, _ := m.lists[0].offsets(o.from)
			_, to := m.lists[0].offsets(o.to - 1)
			pings += to - from
		}
		if o.pings != nil {
			clients++
			pings += len(o.pings)
		}
		if o.row >= 0 {
			pings += m.length(o.row)
		}
	}
	return clients, pings
}

// end writes all rows that are left.
func (m *merger) end() error {
	for {
		ok, err := m.more()
		if err != nil || !ok {
			return errors.Join(err, m.emit())
		}
		m.row = m.group.rows
	}
}

// emit writes what becomes of the rest of the row group.
func (m *merger) emit() error {
	if m.group == nil {
		return nil
	}
	m.keep()
	err := m.flush()
	m.group.release()
	m.group = nil
	return err
}

// flush writes the ops.
func (m *merger) flush() error {
	if len(m.ops) == 0 {
		return nil
	}
	err := m.out.write(m)
	for i := range m.lists {
		if c := m.lists[i].coded; c != nil {
			c.dictionary.forget()
		}
	}
	clear(m.ops)
	m.ops, m.pings = m.ops[:0], 0
	return err
}
