// SPDX-License-Identifier: Apache-2.0

package longitudinal

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/file"
	"github.com/apache/arrow-go/v18/parquet/pqarrow"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/headcount-hll/headcount/internal/parquetin/parquettest"
	"github.com/headcount-hll/headcount/internal/sortkey"
)

// baseTable builds a table of pings and returns its file.
func baseTable(t *testing.T, pings memorySource, o Options) (path string) {
	t.Helper()
	var base bytes.Buffer
	_, err := Build(t.Context(), &base, pings, o)
	require.NoError(t, err)
	path = filepath.Join(t.TempDir(), "base.parquet")
	require.NoError(t, os.WriteFile(path, base.Bytes(), 0o600))
	return path
}

// updated builds a table of some pings, updates it with others, and returns its rows.
func updated(t *testing.T, first, second memorySource, o Options) ([]map[string]any, error) {
	t.Helper()
	var out bytes.Buffer
	path := baseTable(t, first, o)
	if _, err := Update(context.Background(), &out, path, second, o); err != nil {
		return nil, err
	}
	return read(t, out.Bytes()), nil
}

// TestUpdate_EqualsRebuild updates with later pings, with late ones, with documents that come again and with clients that are new, in
// both orders of the lists.
func TestUpdate_EqualsRebuild(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 6))
	make := func(n, clients, days, firstDay int) (pings memorySource) {
		for range n {
			pings = append(pings, testPing{fmt.Sprintf("client-%d", random.IntN(clients)), []any{fmt.Sprint("doc", random.IntN(9000)),
				[]any{"Linux", nil}[random.IntN(2)], fmt.Sprintf("2016-11-%02d", firstDay+random.IntN(days)), []any{random.IntN(5), nil}[random.IntN(2)],
				random.IntN(3), []any{true, nil, nil, nil}[random.IntN(4)], 17000, "beta"}})
		}
		return pings
	}
	for name, second := range map[string]memorySource{"a day later": make(300, 600, 1, 21), "late": make(1500, 500, 25, 1), "no new client": make(900, 400, 1, 21), "nothing": {}, "new clients": make(50, 9999, 1, 1)} {
		first := make(5000, 500, 20, 1)
		for _, newestFirst := range []bool{false, true} {
			o := Options{Threads: 2, Memory: 1 << 20, SpillDir: t.TempDir(), From: 3, To: 90, MaxIgnored: 0.005, NewestFirst: newestFirst}
			got, err := updated(t, first, second, o)
			require.NoError(t, err, name)
			want, _ := build(t, append(append(memorySource{}, first...), second...), func(c *Options) { *c = o })
			assert.Equal(t, len(want), len(got), name)
			for i := range want {
				require.Equal(t, want[i], got[i], "%s, row %d", name, i)
			}
		}
	}
}

// TestBounds_HaveTheEmptyText makes and updates a table of clients some of which have an empty os.
func TestBounds_HaveTheEmptyText(t *testing.T) {
	ping := func(client, os string, day int) testPing {
		return testPing{client, []any{fmt.Sprint(client, day), os, fmt.Sprintf("2016-11-%02d", day), 1, 1, nil, 17000 + day, "beta"}}
	}
	o := Options{Threads: 2, Memory: 64 << 20, SpillDir: t.TempDir(), To: 99}
	path := baseTable(t, memorySource{ping("a", "", 1), ping("b", "Linux", 1), ping("c", "", 1), ping("d", "Darwin", 1)}, o)
	made, err := file.OpenParquetFile(path, false)
	require.NoError(t, err)
	defer func() { require.NoError(t, made.Close()) }()
	assert.Equal(t, [2]string{"", "Linux"}, parquettest.Bounds(t, made, osName))
	var out bytes.Buffer
	_, err = Update(t.Context(), &out, path, memorySource{ping("d", "Linux", 2), ping("bb", "Windows_NT", 2)}, o)
	require.NoError(t, err)
	in, table := readTable(t, out.Bytes())
	defer table.Release()
	place := table.Schema().FieldIndices(osName)[0]
	assert.Equal(t, `["" "Linux" "Windows_NT" "" "Linux"]`, table.Column(place).Data().Chunk(0).String())
	assert.Equal(t, [2]string{"", "Windows_NT"}, parquettest.Bounds(t, in, osName))
}

// TestUpdate_DividesRowGroups updates a table with one row group, which is far larger than row groups are written.
func TestUpdate_DividesRowGroups(t *testing.T) {
	o := Options{Threads: 1, Memory: 1 << 20, SpillDir: t.TempDir(), To: 99}
	first, second := folderPings(1, 300), folderPings(2, 7)
	var out bytes.Buffer
	path := baseTable(t, first, o)
	want, _ := build(t, append(append(memorySource{}, first...), second...), func(c *Options) { *c = o })
	rowGroupValues = 100 * len(keys)
	defer func() { rowGroupValues = mostRowGroupValues }()
	_, err := Update(context.Background(), &out, path, second, o)
	require.NoError(t, err)
	in, err := file.NewParquetReader(bytes.NewReader(out.Bytes()))
	require.NoError(t, err)
	assert.Equal(t, 2, in.NumRowGroups())
	assert.Equal(t, want, read(t, out.Bytes()))
}

// TestUpdate_FarMorePingsThanTheTable writes new pings as row groups that fit into memory, each with a dictionary of its own values.
func TestUpdate_FarMorePingsThanTheTable(t *testing.T) {
	o := Options{Threads: 1, Memory: 1 << 20, SpillDir: t.TempDir(), To: 99}
	first, second := folderPings(1, 10), folderPings(2, 20_000)
	var out bytes.Buffer
	path := baseTable(t, first, o)
	_, err := Update(t.Context(), &out, path, second, o)
	require.NoError(t, err)
	in, err := file.NewParquetReader(bytes.NewReader(out.Bytes()))
	require.NoError(t, err)
	documents := in.MetaData().Schema.ColumnIndexByName("document_id.list.element")
	sizes := map[bool]int64{} // of a value, in the row group before the last or not
	for g := range in.NumRowGroups() {
		chunk, err := in.MetaData().RowGroup(g).ColumnChunk(documents)
		require.NoError(t, err)
		last := g == in.NumRowGroups()-2
		sizes[last] = max(sizes[last], chunk.TotalUncompressedSize()/chunk.NumValues())
	}
	assert.Greater(t, in.NumRowGroups(), 4)
	assert.LessOrEqual(t, sizes[true], sizes[false])
	want, _ := build(t, append(append(memorySource{}, first...), second...), func(c *Options) { *c = o })
	assert.Equal(t, want, read(t, out.Bytes()))
}

func TestUpdate_NewestThousand(t *testing.T) {
	ping := func(i int) testPing {
		return testPing{"c", []any{fmt.Sprint(i), "x", fmt.Sprintf("%06d", i), i, i, nil, 1, nil}}
	}
	var all memorySource
	for i := range 1600 {
		all = append(all, ping(i))
	}
	o := Options{Threads: 1, Memory: 1 << 20, SpillDir: t.TempDir(), To: 99}
	got, err := updated(t, all[:1200], all[1200:], o)
	require.NoError(t, err)
	want, _ := build(t, all, func(c *Options) { *c = o })
	assert.Equal(t, want, got)
}

func TestUpdate_TablesMadeOtherwise(t *testing.T) {
	o := Options{Threads: 1, Memory: 1 << 20, SpillDir: t.TempDir(), To: 99}
	var base bytes.Buffer
	source := memorySource{{"c", []any{"d", "x", "2016", 1, 1, nil, 1, nil}}}
	_, err := Build(context.Background(), &base, source, o)
	require.NoError(t, err)
	path := filepath.Join(t.TempDir(), "base.parquet")
	require.NoError(t, os.WriteFile(path, base.Bytes(), 0o600))
	update := func(path string, source Source, o Options) error {
		_, err := Update(context.Background(), &bytes.Buffer{}, path, source, o)
		return err
	}
	require.NoError(t, update(path, source, o))
	other := o
	other.NewestFirst = true
	assert.ErrorContains(t, update(path, source, other), "headcount.order: newest first")
	other = o
	other.To = 9
	assert.ErrorContains(t, update(path, source, other), "headcount.samples: 0-9")
	assert.ErrorContains(t, update(path, fewer{source}, o), "other columns")
	require.NoError(t, os.WriteFile(path, base.Bytes()[:base.Len()-20], 0o600))
	assert.Error(t, update(path, source, o))
}

// fewer is a source without its last column.
type fewer struct{ memorySource }

func (f fewer) Columns() []Column { return f.memorySource.Columns()[:len(keys)-1] }

// TestUpdate_DuplicatesAmongMoreThanThousand adds more than MostPings pings to a client. The table already has some of them.
func TestUpdate_DuplicatesAmongMoreThanThousand(t *testing.T) {
	ping := func(document, day, i int) testPing {
		return testPing{"c", []any{fmt.Sprint(document), "x", fmt.Sprintf("%d-%06d", day, i), i, i, nil, 1, nil}}
	}
	var first, second memorySource
	for i := range 10 {
		first = append(first, ping(i, 1, i))
	}
	for i := range 1005 {
		second = append(second, ping(100+i, 2, i))
	}
	for i := range first {
		second = append(second, ping(i, 3, i))
	}
	o := Options{Threads: 1, Memory: 1 << 20, SpillDir: t.TempDir(), To: 99}
	for _, first := range []memorySource{first, {}} {
		got, err := updated(t, first, second, o)
		require.NoError(t, err)
		want, _ := build(t, append(append(memorySource{}, first...), second...), func(c *Options) { *c = o })
		assert.Equal(t, want, got)
	}
}

// rewritten writes the rows of a table again, with row groups that are given as their first row and their end.
func rewritten(t *testing.T, base []byte, schema *arrow.Schema, groups [][2]int64, properties ...parquet.WriterProperty) string {
	t.Helper()
	_, table := readTable(t, base)
	defer table.Release()
	var columns []arrow.Array
	for i := range schema.NumFields() {
		columns = append(columns, table.Column(i).Data().Chunk(0))
	}
	path := filepath.Join(t.TempDir(), "rewritten.parquet")
	out, err := os.Create(path)
	require.NoError(t, err)
	to, err := pqarrow.NewFileWriter(schema, out, parquet.NewWriterProperties(properties...), pqarrow.DefaultWriterProps())
	require.NoError(t, err)
	rows := array.NewRecordBatch(schema, columns, table.NumRows())
	defer rows.Release()
	for _, g := range groups {
		require.NoError(t, to.Write(rows.NewSlice(g[0], g[1])))
	}
	require.NoError(t, to.Close())
	return path
}

// TestUpdate_TablesThatWereWrittenAgain updates tables that another writer has written, with the same metadata.
func TestUpdate_TablesThatWereWrittenAgain(t *testing.T) {
	o := Options{Threads: 1, Memory: 1 << 20, SpillDir: t.TempDir(), To: 99}
	first, second := folderPings(1, 300), folderPings(2, 9)
	var base bytes.Buffer
	_, err := Build(t.Context(), &base, first, o)
	require.NoError(t, err)
	want, _ := build(t, append(append(memorySource{}, first...), second...), func(c *Options) { *c = o })
	l, err := newLayout(first.Columns())
	require.NoError(t, err)
	schema := l.schema(o)
	required := func(place int) *arrow.Schema {
		fields, says := schema.Fields(), schema.Metadata()
		fields[place].Nullable = false
		return arrow.NewSchema(fields, &says)
	}
	update := func(path string, o Options) ([]map[string]any, error) {
		var out bytes.Buffer
		if _, err := Update(t.Context(), &out, path, second, o); err != nil {
			return nil, err
		}
		return read(t, out.Bytes()), nil
	}
	for name, path := range map[string]string{
		"pages of version 2": rewritten(t, base.Bytes(), schema, [][2]int64{{0, 300}}, parquet.WithDataPageVersion(parquet.DataPageV2)),
		"an empty row group": rewritten(t, base.Bytes(), schema, [][2]int64{{0, 0}, {0, 7}, {7, 7}, {7, 300}}),
		"without dictionary": rewritten(t, base.Bytes(), schema, [][2]int64{{0, 300}}, parquet.WithDictionaryDefault(false)),
	} {
		got, err := update(path, o)
		require.NoError(t, err, name)
		assert.Equal(t, want, got, name)
	}
	disordered := rewritten(t, base.Bytes(), schema, [][2]int64{{200, 300}, {0, 200}})
	_, err = update(disordered, o)
	assert.ErrorContains(t, err, disordered+": the table's clients are not in order")
	_, err = update(rewritten(t, base.Bytes(), schema, [][2]int64{{0, 7}, {6, 300}}), o)
	assert.ErrorContains(t, err, "the table's clients are not in order")
	_, err = update(rewritten(t, base.Bytes(), required(0), [][2]int64{{0, 300}}), o)
	assert.ErrorContains(t, err, "column 1 is client_id of type utf8, never NULL, instead of client_id of type utf8; make it anew")
	_, err = update(rewritten(t, base.Bytes(), required(scalars), [][2]int64{{0, 300}}), o)
	assert.ErrorContains(t, err, "never NULL")
}

// A duplicate would keep the memory of a thousand other pings.
func TestRetainedHistory_KeepsNothingOfDuplicates(t *testing.T) {
	l, err := newLayout(memorySource{}.Columns())
	require.NoError(t, err)
	h := newRetainedHistory(l)
	h.begin([]byte{0})
	var row []byte
	for _, c := range l.columns {
		row = appendValue(row, c.Type, sortkey.Value{Text: []byte("x")})
	}
	for i := range 3 {
		duplicate, _, err := h.add(row)
		require.NoError(t, err)
		require.Equal(t, i > 0, duplicate)
	}
	assert.Len(t, h.pings, 1)
	assert.Empty(t, h.spare)
}
