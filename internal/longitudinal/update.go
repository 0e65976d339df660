// SPDX-License-Identifier: Apache-2.0

package longitudinal

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/parquet/pqarrow"
	"golang.org/x/sync/errgroup"

	"github.com/headcount-hll/headcount/internal/extsort"
	"github.com/headcount-hll/headcount/internal/sortkey"
)

// Update writes the table of all pings of an earlier table, made with the same options from a source of the same columns, and of a
// source: what Build makes of both, in one pass over the table. Of a client with more than MostPings pings it does not know
// the documents that Build did not keep: one that comes again is taken.
func Update(ctx context.Context, out io.Writer, base string, source Source, o Options) (counts *Counts, err error) {
	counts = &Counts{}
	l, err := newLayout(source.Columns())
	if err != nil {
		return counts, err
	}
	sorter := extsort.New(extsort.Options{Memory: o.Memory, Parts: o.Threads, Dir: o.SpillDir})
	defer func() { err = errors.Join(err, sorter.Close()) }()
	if err := l.sort(ctx, sorter, source, o, counts); err != nil {
		return counts, err
	}
	counts.Spilled = sorter.Spilled()
	group, ctx := errgroup.WithContext(ctx)
	batches := make(chan arrow.RecordBatch, 2)
	group.Go(func() error {
		defer close(batches)
		return withReader(base, func(r *pqarrow.FileReader) error { return l.readTable(ctx, r, o, batches) })
	})
	group.Go(func() error {
		w, err := newWriter(out, l, o)
		if err != nil {
			return err
		}
		t := &table{layout: l, newestFirst: o.NewestFirst, batches: batches, history: newHistory(l), merged: newHistory(l)}
		err = l.clients(ctx, sorter, counts, func(h *history) error { return t.merge(h, w, counts) })
		if err == nil {
			err = t.copyBefore(nil, w, counts)
		}
		if err == nil {
			err = ctx.Err() // a table that could not be read ends like one that was
		}
		return w.close(err)
	})
	return counts, group.Wait()
}

// readTable sends a table's rows, after checking that it was made alike.
func (l *layout) readTable(ctx context.Context, r *pqarrow.FileReader, o Options, batches chan<- arrow.RecordBatch) error {
	said := r.ParquetReader().MetaData().KeyValueMetadata()
	for key, want := range metadata(o) {
		if got := said.FindValue(key); got == nil || *got != want {
			return fmt.Errorf("the table does not say that it is %s: %s; make it anew", key, want)
		}
	}
	schema, err := r.Schema()
	if err != nil {
		return err
	}
	if want := l.schema(o); !slices.EqualFunc(schema.Fields(), want.Fields(), func(a, b arrow.Field) bool { return a.Name == b.Name && arrow.TypeEqual(a.Type, b.Type) }) {
		return fmt.Errorf("the table has other columns than the input makes: %s, instead of %s; make it anew", schema, want)
	}
	rows, err := r.GetRecordReader(ctx, nil, nil)
	if err != nil {
		return err
	}
	defer rows.Release()
	for rows.Next() {
		batch := rows.RecordBatch()
		batch.Retain()
		select {
		case batches <- batch:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return rows.Err()
}

// A table gives the clients of an earlier table in order.
type table struct {
	layout      *layout
	newestFirst bool
	batches     <-chan arrow.RecordBatch
	batch       arrow.RecordBatch
	row         int
	ids         *array.String
	samples     *array.Int32
	lists       []listReader
	history     *history // the client that is next
	spare       []byte
	ready       bool // whether history has it
	merged      *history
}

// A listReader gives a column's lists.
type listReader struct {
	*array.List
	values columnReader
}

// next makes the next client's key known, and reports whether there is one.
func (t *table) next() (bool, error) {
	if t.ready {
		return true, nil
	}
	for t.batch == nil || t.row == int(t.batch.NumRows()) {
		if t.batch != nil {
			t.batch.Release()
		}
		var ok bool
		if t.batch, ok = <-t.batches; !ok {
			return false, nil
		}
		if err := t.open(); err != nil {
			return false, err
		}
	}
	if t.ids.IsNull(t.row) || t.samples.IsNull(t.row) {
		return false, errors.New("a client of the table is NULL")
	}
	key := sortkey.AppendString(append(t.spare[:0], uint8(t.samples.Value(t.row))), textBytes(t.ids.Value(t.row)))
	if bytes.Compare(t.history.client, key) >= 0 {
		return false, errors.New("the table's clients are not in order")
	}
	t.history.client, t.spare, t.ready = key, t.history.client, true
	t.row++
	return true, nil
}

// open takes a batch's columns.
func (t *table) open() error {
	t.row = 0
	var ok1, ok2 bool
	t.ids, ok1 = t.batch.Column(0).(*array.String)
	t.samples, ok2 = t.batch.Column(3).(*array.Int32)
	if !ok1 || !ok2 {
		return errors.New("the table has other columns than its schema says")
	}
	t.lists = t.lists[:0]
	for i := range t.layout.columns {
		list, ok := t.batch.Column(scalars + i).(*array.List)
		if !ok {
			return errors.New("the table has other columns than its schema says")
		}
		values, err := newColumnReader(list.ListValues(), t.layout.names[i])
		if err != nil {
			return err
		}
		t.lists = append(t.lists, listReader{list, values})
	}
	return nil
}

// pings fills the history with the client's pings.
func (t *table) pings() error {
	h, row := t.history, t.row-1
	t.ready = false
	h.spare, h.pings = append(h.spare, h.pings...), h.pings[:0]
	n := -1
	for _, l := range t.lists {
		if l.IsValid(row) {
			from, to := l.ValueOffsets(row)
			if n >= 0 && n != int(to-from) {
				return errors.New("the table has lists of different lengths")
			}
			n = int(to - from)
		}
	}
	for range n {
		var values []sortkey.Value
		if last := len(h.spare) - 1; last >= 0 {
			values, h.spare = h.spare[last][:0], h.spare[:last]
		}
		h.pings = append(h.pings, slices.Grow(values, len(t.lists))[:len(t.lists)])
	}
	for column, l := range t.lists {
		if l.IsNull(row) {
			for _, p := range h.pings {
				p[column] = sortkey.Value{Null: true}
			}
			continue
		}
		from, to := l.ValueOffsets(row)
		for i := range h.pings {
			at := int(from) + i
			if t.newestFirst {
				at = int(to) - 1 - i
			}
			h.pings[i][column] = l.values.at(at)
		}
	}
	if n < 1 {
		return errors.New("a client of the table has no pings")
	}
	return nil
}

// copyBefore writes the table's clients that come before another, or all.
func (t *table) copyBefore(client []byte, w *writer, counts *Counts) error {
	for {
		ok, err := t.next()
		if err != nil || !ok || client != nil && bytes.Compare(t.history.client, client) >= 0 {
			return err
		}
		if err := t.pings(); err != nil {
			return err
		}
		if err := w.add(t.history, counts); err != nil {
			return err
		}
	}
}

// merge writes a client with new pings, and before it all that come before it.
func (t *table) merge(h *history, w *writer, counts *Counts) error {
	if err := t.copyBefore(h.client, w, counts); err != nil {
		return err
	}
	if !t.ready || !bytes.Equal(t.history.client, h.client) {
		return w.add(h, counts)
	}
	if err := t.pings(); err != nil {
		return err
	}
	if !t.follow(h) {
		return t.sorted(h, w, counts)
	}
	old := t.history
	own := slices.Clone(old.pings)
	old.pings = append(old.pings, h.pings...)
	counts.Older += int64(old.keepNewest())
	err := w.add(old, counts)
	old.pings = own // the others' memory is not its own
	return err
}

// follow reports whether all new pings are later than the table's, and none is a document that is there already.
func (t *table) follow(h *history) bool {
	last, first := t.history.pings[len(t.history.pings)-1][0], h.pings[0][0]
	if t.layout.columns[0].Type == sortkey.Varchar && bytes.Compare(last.Text, first.Text) >= 0 ||
		t.layout.columns[0].Type != sortkey.Varchar && last.Int >= first.Int {
		return false
	}
	document := t.layout.document
	if document < 0 {
		return true
	}
	for _, p := range h.pings {
		for _, old := range t.history.pings {
			if !p[document].Null && !old[document].Null && bytes.Equal(p[document].Text, old[document].Text) {
				return false
			}
		}
	}
	return true
}

// sorted writes a client whose old and new pings are to be sorted together.
func (t *table) sorted(h *history, w *writer, counts *Counts) error {
	var rows [][]byte
	for _, p := range slices.Concat(t.history.pings, h.pings) {
		var row []byte
		for i, v := range p {
			row = appendValue(row, t.layout.columns[i].Type, v)
		}
		rows = append(rows, row)
	}
	slices.SortFunc(rows, bytes.Compare)
	t.merged.begin(h.client)
	for _, row := range rows {
		duplicate, older, err := t.merged.add(row)
		if err != nil {
			return err
		}
		if duplicate {
			counts.Duplicates++
		}
		counts.Older += int64(older)
	}
	counts.Older += int64(t.merged.keepNewest())
	return w.add(t.merged, counts)
}
