// SPDX-License-Identifier: Apache-2.0

package longitudinal

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"os"
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
	"github.com/headcount-hll/headcount/internal/parquetpages"
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
	var p *plan
	if err := withFile(base, func(in *file.Reader) (err error) { p, err = l.check(in, o); return err }); err != nil {
		return err
	}
	p.path = base
	group, ctx := errgroup.WithContext(ctx)
	groups := make(chan *rowGroup)
	group.Go(func() error {
		defer close(groups)
		return withFile(base, func(in *file.Reader) error {
			stored, err := os.Open(base)
			if err != nil {
				return err
			}
			return errors.Join(p.read(ctx, in, stored, groups), stored.Close())
		})
	})
	group.Go(func() (err error) {
		defer func() {
			if r := recover(); r != nil {
				err = fmt.Errorf("%s: damaged Parquet: %v", base, r)
			}
		}()
		to, err := newAssembly(out, p.schema, fileProperties(p.schema, o))
		if err != nil {
			return err
		}
		m := newMerger(l, p, groups, to, o, counts)
		if err = clients(ctx, newRetainedHistory(l), counts, m.add); err == nil {
			err = m.end()
		}
		if err == nil {
			err = ctx.Err() // a table that could not be read ends like one that was
		}
		if err == nil {
			err = to.Close()
		}
		return err
	})
	return group.Wait()
}

// readable reports whether readList reads columns of a type.
func readable(t arrow.DataType) bool {
	if _, ok := t.(*arrow.ListType); !ok {
		return false
	}
	_, ok := keyType(elementType(t))
	return ok
}

// A plan says how an earlier table's columns are read.
type plan struct {
	path   string        // of the table, for errors
	schema *arrow.Schema // of the table
	others *arrow.Schema // of the columns that arrow-go reads, as they are in memory
	lists  map[int]int   // the places of the columns that readList reads, and their leaves
	coded  map[int]bool  // the places of the other columns that arrow-go reads as codes
}

// field returns a column as it is in memory where arrow-go reads it.
func (p *plan) field(place int) arrow.Field {
	f := p.schema.Field(place)
	if p.coded[place] {
		f.Type = textCodes
	}
	return f
}

// check fails unless a file was made alike. It returns how it is read.
func (l *layout) check(in *file.Reader, o Options) (*plan, error) {
	if err := parquetin.Columns(in.MetaData()); err != nil {
		return nil, err
	}
	said := in.MetaData().KeyValueMetadata()
	says := l.metadata(o)
	for _, key := range slices.Sorted(maps.Keys(says)) {
		want := says[key]
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
	p := &plan{schema: l.schema(o), lists: map[int]int{}, coded: map[int]bool{}}
	if err := sameColumns(schema, p.schema); err != nil {
		return nil, err
	}
	for place, leaf := range leaves(in) {
		switch {
		case place >= scalars && readable(p.schema.Field(place).Type) && allCoded(in.MetaData(), leaf, mostDictionary):
			p.lists[place] = leaf
		case place > 0 && place < scalars && p.schema.Field(place).Type.ID() == arrow.STRING:
			p.coded[place] = allCoded(in.MetaData(), leaf, mostDictionary)
		}
	}
	var others []arrow.Field
	for place := range p.schema.Fields() {
		if _, own := p.lists[place]; !own {
			others = append(others, p.field(place))
		}
	}
	p.others = arrow.NewSchema(others, nil)
	return p, nil
}

// sameColumns fails at the first column of a table that is not as an input makes it.
func sameColumns(table, input *arrow.Schema) error {
	for place := range max(table.NumFields(), input.NumFields()) {
		if place < min(table.NumFields(), input.NumFields()) {
			a, b := table.Field(place), input.Field(place)
			if a.Name == b.Name && a.Nullable == b.Nullable && arrow.TypeEqual(a.Type, b.Type) {
				continue
			}
		}
		return fmt.Errorf("the table has other columns than the input makes: column %d is %s, instead of %s; make it anew", place+1,
			columnName(table, place), columnName(input, place))
	}
	return nil
}

// columnName returns how an error names a column of a schema, which may have fewer.
func columnName(s *arrow.Schema, place int) string {
	if place >= s.NumFields() {
		return "not there"
	}
	f := s.Field(place)
	if !f.Nullable {
		return fmt.Sprintf("%s of type %s, never NULL", f.Name, f.Type)
	}
	return fmt.Sprintf("%s of type %s", f.Name, f.Type)
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

// mostDictionary is how many bytes, compressed, a dictionary has at most whose codes are copied. Larger ones may not be one's that
// a reader wants: the file's writer has to decide anew.
const mostDictionary = 256 << 10

// dictionaryPage is a type of Parquet's pages.
const dictionaryPage = 2

// encodesLists reports whether a listDecoder reads values of an encoding: codes of a dictionary, or bits of booleans.
func encodesLists(boolean bool, e parquet.Encoding) bool {
	if boolean {
		return e == parquet.Encodings.Plain
	}
	return e == parquet.Encodings.RLEDict || e == parquet.Encodings.PlainDict
}

// allCoded reports whether all values of a column are codes of dictionaries that have at most a number of bytes, or booleans. Without
// values it is not known yet.
func allCoded(m *metadata.FileMetaData, leaf int, most int64) bool {
	boolean := m.Schema.Column(leaf).PhysicalType() == parquet.Types.Boolean
	for g := range m.NumRowGroups() {
		chunk, err := m.RowGroup(g).ColumnChunk(leaf)
		if err != nil || !boolean && (!chunk.HasDictionaryPage() || chunk.DataPageOffset()-chunk.DictionaryPageOffset() > most) {
			return false
		}
		stats := chunk.EncodingStats()
		for _, s := range stats {
			if s.PageType != dictionaryPage && !encodesLists(boolean, s.Encoding) {
				return false
			}
		}
		if len(stats) == 0 {
			return false
		}
	}
	return m.NumRowGroups() > 0
}

// A rowGroup is a row group of an earlier table.
type rowGroup struct {
	rows    int
	columns []arrow.Array               // by their places; nil where there are lists
	lists   []*codedLists               // the same of lists
	stored  [scalars]parquetpages.Chunk // of storedPlaces
}

// storedPlaces are the columns that do not change where there is no new client: client ids and sample ids. No column before
// the lists is nested, so these are their leaves too.
var storedPlaces = []int{0, 3}

// release frees the columns.
func (g *rowGroup) release() {
	for i, c := range g.columns {
		if c != nil {
			c.Release()
		}
		if g.lists[i] != nil {
			g.lists[i].free()
		}
	}
	*g = rowGroup{}
}

// empty returns a row group without rows.
func (p *plan) empty() (*rowGroup, error) {
	g := &rowGroup{columns: make([]arrow.Array, p.schema.NumFields()), lists: make([]*codedLists, p.schema.NumFields())}
	rows := array.NewRecordBuilder(memory.DefaultAllocator, p.others)
	defer rows.Release()
	return g, g.fill(p, rows.NewRecordBatch(), func(place int) (*codedLists, error) {
		d, err := newListDecoder(elementType(p.schema.Field(place).Type))
		if err != nil {
			return nil, err
		}
		return d.end(), nil
	})
}

// fill takes the columns that arrow-go reads from a batch, and the lists from a function.
func (g *rowGroup) fill(p *plan, batch arrow.RecordBatch, lists func(place int) (*codedLists, error)) (err error) {
	defer batch.Release()
	next := 0
	for place, f := range p.schema.Fields() {
		if _, own := p.lists[place]; own {
			if g.lists[place], err = lists(place); err != nil {
				return fmt.Errorf("column %s: %w", f.Name, err)
			}
			continue
		}
		g.columns[place] = batch.Column(next)
		g.columns[place].Retain()
		next++
	}
	return nil
}

// read sends a table's row groups.
func (p *plan) read(ctx context.Context, in *file.Reader, stored io.ReaderAt, groups chan<- *rowGroup) error {
	properties := pqarrow.ArrowReadProperties{BatchSize: math.MaxInt32}
	own := map[int]bool{}
	for _, leaf := range p.lists {
		own[leaf] = true
	}
	var others []int
	for leaf := range in.MetaData().Schema.NumColumns() {
		if !own[leaf] {
			others = append(others, leaf)
		}
	}
	for place, leaf := range leaves(in) {
		if p.coded[place] {
			properties.SetReadDict(leaf, true)
		}
	}
	r, err := pqarrow.NewFileReader(in, properties, memory.DefaultAllocator)
	if err != nil {
		return err
	}
	for g := range in.NumRowGroups() {
		if in.RowGroup(g).NumRows() == 0 {
			continue
		}
		group, err := p.readGroup(ctx, r, g, others)
		if err != nil {
			return err
		}
		for _, place := range storedPlaces {
			if group.stored[place], err = parquetpages.ReadChunk(in.MetaData(), g, place, stored); err != nil {
				return err
			}
		}
		select {
		case groups <- group:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

// readGroup reads a row group: some columns by readList, the others by arrow-go.
func (p *plan) readGroup(ctx context.Context, r *pqarrow.FileReader, g int, others []int) (*rowGroup, error) {
	rows, err := r.GetRecordReader(ctx, others, []int{g})
	if err != nil {
		return nil, err
	}
	defer rows.Release()
	in := r.ParquetReader().RowGroup(g)
	if !rows.Next() || rows.RecordBatch().NumRows() != in.NumRows() {
		return nil, errors.Join(rows.Err(), errors.New("a row group is not whole"))
	}
	group := &rowGroup{rows: int(in.NumRows()), columns: make([]arrow.Array, p.schema.NumFields()), lists: make([]*codedLists, p.schema.NumFields())}
	rows.RecordBatch().Retain()
	err = group.fill(p, rows.RecordBatch(), func(place int) (*codedLists, error) {
		return readList(in, p.lists[place], elementType(p.schema.Field(place).Type))
	})
	return group, err
}
