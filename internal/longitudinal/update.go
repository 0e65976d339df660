// SPDX-License-Identifier: Apache-2.0

package longitudinal

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/file"
	"github.com/apache/arrow-go/v18/parquet/metadata"
	"github.com/apache/arrow-go/v18/parquet/pqarrow"
	"golang.org/x/sync/errgroup"

	"github.com/headcount-hll/headcount/internal/parquetin"
)

// Update writes the table of all pings of an earlier table, made with the same options from a source of the same columns, and of a
// source: what Build makes of both, in one pass over the table. Of a client with more than MostPings pings it does not know
// the documents that Build did not keep: one that comes again is taken.
func Update(ctx context.Context, out io.Writer, base string, source Source, o Options) (counts *Counts, err error) {
	l, pings, counts, err := sortSource(ctx, source, o)
	defer func() { err = errors.Join(err, pings.close()) }()
	if err != nil {
		return counts, err
	}
	return counts, l.update(ctx, out, base, o, counts, pings.clients)
}

// update writes a file of an earlier table's file and of clients, which are those of the file's samples.
func (l *layout) update(ctx context.Context, out io.Writer, base string, o Options, counts *Counts,
	clients func(context.Context, *history, *Counts, func(*history) error) error,
) error {
	var coded map[int]bool
	if err := withFile(base, func(in *file.Reader) (err error) { coded, err = l.check(in, o); return err }); err != nil {
		return err
	}
	schema := l.schema(o, coded)
	group, ctx := errgroup.WithContext(ctx)
	batches := make(chan arrow.RecordBatch)
	group.Go(func() error {
		defer close(batches)
		return withFile(base, func(in *file.Reader) error { return readGroups(ctx, in, schema, coded, batches) })
	})
	group.Go(func() (err error) {
		defer func() {
			if r := recover(); r != nil {
				err = fmt.Errorf("%s: damaged Parquet: %v", base, r)
			}
		}()
		to, err := newFile(out, schema, o)
		if err != nil {
			return err
		}
		m := newMerger(l, schema, batches, to, o, counts)
		h := newHistory(l)
		h.retained = true
		if err = clients(ctx, h, counts, m.add); err == nil {
			err = m.end()
		}
		if err == nil {
			err = ctx.Err() // a table that could not be read ends like one that was
		}
		return errors.Join(err, to.Close())
	})
	return group.Wait()
}

// check fails unless a file was made alike. It returns the places of the columns whose values are codes of small dictionaries.
func (l *layout) check(in *file.Reader, o Options) (coded map[int]bool, err error) {
	if err := parquetin.Columns(in.MetaData()); err != nil {
		return nil, err
	}
	said := in.MetaData().KeyValueMetadata()
	for key, want := range l.metadata(o) {
		if got := said.FindValue(key); got == nil || *got != want {
			return nil, fmt.Errorf("the table does not say that it is %s: %s; make it anew", key, want)
		}
	}
	r, err := pqarrow.NewFileReader(in, pqarrow.ArrowReadProperties{}, memory.DefaultAllocator)
	if err != nil {
		return nil, err
	}
	schema, err := r.Schema()
	if err != nil {
		return nil, err
	}
	if want := l.schema(o, nil); !slices.EqualFunc(schema.Fields(), want.Fields(), func(a, b arrow.Field) bool { return a.Name == b.Name && arrow.TypeEqual(a.Type, b.Type) }) {
		return nil, fmt.Errorf("the table has other columns than the input makes: %s, instead of %s; make it anew", schema, want)
	}
	coded = map[int]bool{}
	for place, leaf := range textLeaves(in) {
		coded[place] = place > 0 && elementType(schema.Field(place).Type).ID() == arrow.STRING && allCoded(in.MetaData(), leaf, mostDictionary)
	}
	return coded, nil
}

// elementType returns the type of a list's elements, and any other type itself.
func elementType(t arrow.DataType) arrow.DataType {
	if list, ok := t.(*arrow.ListType); ok {
		return list.Elem()
	}
	return t
}

// leaves returns of each column that is not nested, or a list of such, its place in the file.
func leaves(in *file.Reader) map[int]int {
	all := map[int]int{}
	root := in.MetaData().Schema
	for leaf := range root.NumColumns() {
		if column := root.Column(leaf); column.MaxRepetitionLevel() <= 1 && column.MaxDefinitionLevel() <= elementLevel {
			all[root.Root().FieldIndexByField(root.ColumnRoot(leaf))] = leaf
		}
	}
	return all
}

// textLeaves returns of each column that is text or a list of text its place in the file.
func textLeaves(in *file.Reader) map[int]int {
	all := map[int]int{}
	root := in.MetaData().Schema
	for leaf := range root.NumColumns() {
		if root.Column(leaf).PhysicalType() == parquet.Types.ByteArray {
			all[root.Root().FieldIndexByField(root.ColumnRoot(leaf))] = leaf
		}
	}
	return all
}

// mostDictionary is how many bytes, compressed, a dictionary has at most whose codes are copied. Larger ones may not be one's that
// a reader wants: the file's writer has to decide anew.
const mostDictionary = 256 << 10

// Types of Parquet's pages.
const (
	dataPageV1     = 0
	dictionaryPage = 2
)

// allCoded reports whether all values of a column are codes of dictionaries that have at most a number of bytes.
func allCoded(m *metadata.FileMetaData, leaf int, most int64) bool {
	for g := range m.NumRowGroups() {
		chunk, err := m.RowGroup(g).ColumnChunk(leaf)
		if err != nil || !chunk.HasDictionaryPage() || chunk.DataPageOffset()-chunk.DictionaryPageOffset() > most {
			return false
		}
		stats := chunk.EncodingStats()
		for _, s := range stats {
			if s.PageType != dictionaryPage && (s.PageType != dataPageV1 || s.Encoding != parquet.Encodings.RLEDict && s.Encoding != parquet.Encodings.PlainDict) {
				return false
			}
		}
		if len(stats) == 0 {
			return false
		}
	}
	return true
}

// readGroups sends a table's row groups.
func readGroups(ctx context.Context, in *file.Reader, schema *arrow.Schema, coded map[int]bool, batches chan<- arrow.RecordBatch) error {
	properties := pqarrow.ArrowReadProperties{BatchSize: math.MaxInt32}
	for place, leaf := range textLeaves(in) {
		properties.SetReadDict(leaf, coded[place])
	}
	r, err := pqarrow.NewFileReader(in, properties, memory.DefaultAllocator)
	if err != nil {
		return err
	}
	lists := map[int]int{} // places of the columns that readList reads
	own := map[int]bool{}  // their leaves
	for place, leaf := range leaves(in) {
		if readable(schema.Field(place).Type) && allCoded(in.MetaData(), leaf, math.MaxInt64) {
			lists[place], own[leaf] = leaf, true
		}
	}
	var others []int
	for leaf := range in.MetaData().Schema.NumColumns() {
		if !own[leaf] {
			others = append(others, leaf)
		}
	}
	for g := range in.NumRowGroups() {
		batch, err := readGroup(ctx, r, g, schema, lists, others)
		if err != nil {
			return err
		}
		select {
		case batches <- batch:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

// readable reports whether readList reads columns of a type.
func readable(t arrow.DataType) bool {
	if _, ok := t.(*arrow.ListType); !ok {
		return false
	}
	switch elementType(t).ID() {
	case arrow.DICTIONARY, arrow.INT32, arrow.INT64, arrow.DATE32:
		return true
	}
	return false
}

// readGroup reads a row group: some columns by readList, the others by arrow-go.
func readGroup(ctx context.Context, r *pqarrow.FileReader, group int, schema *arrow.Schema, lists map[int]int, others []int) (arrow.RecordBatch, error) {
	rows, err := r.GetRecordReader(ctx, others, []int{group})
	if err != nil {
		return nil, err
	}
	defer rows.Release()
	in := r.ParquetReader().RowGroup(group)
	if !rows.Next() || rows.RecordBatch().NumRows() != in.NumRows() {
		return nil, errors.Join(rows.Err(), errors.New("a row group is not whole"))
	}
	columns := make([]arrow.Array, schema.NumFields())
	defer func() {
		for _, c := range columns {
			if c != nil {
				c.Release()
			}
		}
	}()
	next := 0
	for place, f := range schema.Fields() {
		if leaf, own := lists[place]; own {
			if columns[place], err = readList(in, leaf, f.Type.(*arrow.ListType)); err != nil {
				return nil, fmt.Errorf("column %s: %w", f.Name, err)
			}
			continue
		}
		columns[place] = rows.RecordBatch().Column(next)
		columns[place].Retain()
		next++
	}
	return array.NewRecordBatch(schema, columns, in.NumRows()), nil
}
