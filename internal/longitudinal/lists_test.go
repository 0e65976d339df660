// SPDX-License-Identifier: Apache-2.0

package longitudinal

import (
	"bytes"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet/file"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/headcount-hll/headcount/internal/parquetpages"
	"github.com/headcount-hll/headcount/internal/sortkey"
)

// listsOf returns columns of lists: some constant, some of few or many values, with the shares of NULL lists and elements given.
func listsOf(random *rand.Rand, rows int, nullLists, nullElements float64) arrow.RecordBatch {
	types := []arrow.DataType{arrow.BinaryTypes.String, arrow.PrimitiveTypes.Int32, arrow.PrimitiveTypes.Int64, arrow.FixedWidthTypes.Date32,
		arrow.FixedWidthTypes.Boolean}
	var fields []arrow.Field
	for i, t := range types {
		list := arrow.ListOfField(arrow.Field{Name: "element", Type: t, Nullable: true})
		fields = append(fields, arrow.Field{Name: fmt.Sprint("c", i), Type: list, Nullable: true})
	}
	b := array.NewRecordBuilder(memory.DefaultAllocator, arrow.NewSchema(fields, nil))
	defer b.Release()
	for range rows {
		for i := range types {
			to := b.Field(i).(*array.ListBuilder)
			if random.Float64() < nullLists {
				to.AppendNull()
				continue
			}
			to.Append(true)
			n := random.IntN(1 << (i + 2))
			for range n {
				v := random.Int64N(int64(rows/50)) * random.Int64N(2)
				if random.Float64() < nullElements {
					to.ValueBuilder().AppendNull()
					continue
				}
				switch to := to.ValueBuilder().(type) {
				case *array.StringBuilder:
					to.Append(fmt.Sprint("text ", v))
				case *array.Int32Builder:
					to.Append(int32(-v))
				case *array.Int64Builder:
					to.Append(v << 40)
				case *array.Date32Builder:
					to.Append(arrow.Date32(v))
				case *array.BooleanBuilder:
					to.Append(v%2 == 0)
				}
			}
		}
	}
	return b.NewRecordBatch()
}

func TestReadList_EqualsArrow(t *testing.T) {
	random := rand.New(rand.NewPCG(18, 1))
	for _, shares := range [][2]float64{{0, 0}, {0.1, 0}, {0, 0.2}, {0.3, 0.3}, {1, 0}, {0, 1}} {
		rows := listsOf(random, 20_000, shares[0], shares[1])
		var out bytes.Buffer
		to, err := newFile(&out, rows.Schema(), fileProperties(rows.Schema(), Options{}))
		require.NoError(t, err)
		require.NoError(t, to.Write(rows))
		require.NoError(t, to.Close())
		in, err := file.NewParquetReader(bytes.NewReader(out.Bytes()))
		require.NoError(t, err)
		coded := 0
		for place, leaf := range leaves(in) {
			if !allCoded(in.MetaData(), leaf, math.MaxInt64) {
				continue
			}
			coded++
			got, err := readList(in.RowGroup(0), leaf, elementType(rows.Schema().Field(place).Type))
			require.NoError(t, err)
			requireLists(t, rows.Column(place).(*array.List), got)
			requireReadBack(t, got, elementType(rows.Schema().Field(place).Type))
			got.free()
		}
		assert.Positive(t, coded)
	}
}

// requireLists fails unless lists are those of an array.
func requireLists(t *testing.T, want *array.List, got *codedLists) {
	t.Helper()
	values, err := newColumnReader(want.ListValues(), "")
	require.NoError(t, err)
	require.Equal(t, want.Len(), got.rows())
	for row := range want.Len() {
		from, to := want.ValueOffsets(row)
		begin, end := got.offsets[row], got.offsets[row+1]
		if want.IsNull(row) != got.isNull(row) || int32(to-from) != end-begin {
			t.Fatalf("row %d: %d values and NULL is %v, want %d and %v", row, end-begin, got.isNull(row), to-from, want.IsNull(row))
		}
		for i := range int(to - from) {
			w, g := values.at(int(from)+i), got.at(int(begin)+i)
			if w.Null != g.Null || w.Int != g.Int || !bytes.Equal(w.Text, g.Text) {
				t.Fatalf("row %d, value %d: %v, want %v", row, i, g, w)
			}
		}
	}
}

func TestReadList_RejectsOtherNumbersOfRows(t *testing.T) {
	decoder := func() *listDecoder {
		d, err := newListDecoder(arrow.PrimitiveTypes.Int32)
		require.NoError(t, err)
		d.to.dictionary, err = newDictionary(d.of, []byte{1, 0, 0, 0}, 1)
		require.NoError(t, err)
		return d
	}
	page := func(repetitions ...byte) []byte {
		levels := append([]byte{byte(len(repetitions)), 0, 0, 0}, repetitions...)
		return append(levels, 2, 0, 0, 0, 4, elementLevel, 0)
	}
	assert.Error(t, decoder().data(page(4, 1), 2), "a page that begins within a list")
	assert.ErrorIs(t, decoder().data([]byte{2, 0, 0, 0, 3, 0b10, 2, 0, 0, 0, 3, 0b1100, 1, 2, 0}, 2), errNotBegun, "a NULL list that goes on")
	assert.ErrorIs(t, decoder().data(page(2, 0), 2), parquetpages.ErrRuns, "one repetition level of two")
	assert.ErrorIs(t, decoder().data(nil, 1), parquetpages.ErrRuns)
	assert.ErrorIs(t, decoder().data(page(2, 0), mostRowGroupValues*5/2), parquetpages.ErrRuns, "as many as a table of one list may have")
	assert.ErrorContains(t, decoder().data(page(4, 0), mostListValues+1), "more than 50331648 values")
}

// written returns a file of one column of lists, from a row on.
func written(t *testing.T, lists *codedLists, of arrow.DataType, from int) []byte {
	t.Helper()
	list := arrow.ListOfField(arrow.Field{Name: "element", Type: of, Nullable: true})
	schema := arrow.NewSchema([]arrow.Field{{Name: "c", Type: list, Nullable: true}}, nil)
	var out bytes.Buffer
	to, err := newAssembly(&out, schema, fileProperties(schema, Options{}))
	require.NoError(t, err)
	to.Begin(lists.rows() - from)
	require.NoError(t, to.lists(lists, from, lists.rows()))
	require.NoError(t, to.End())
	require.NoError(t, to.Close())
	return out.Bytes()
}

// TestAssembly_RowsFromTheMiddle writes the later rows of lists, also where they are many pages.
func TestAssembly_RowsFromTheMiddle(t *testing.T) {
	random := rand.New(rand.NewPCG(18, 2))
	for _, nulls := range []bool{false, true} {
		lists := randomLists(t, random, 300, nulls)
		in, err := file.NewParquetReader(bytes.NewReader(written(t, lists, arrow.PrimitiveTypes.Int64, 100)))
		require.NoError(t, err)
		got, err := readList(in.RowGroup(0), 0, arrow.PrimitiveTypes.Int64)
		require.NoError(t, err)
		require.Equal(t, 200, got.rows())
		pages, err := in.RowGroup(0).GetColumnPageReader(0)
		require.NoError(t, err)
		n := 0
		for pages.Next() {
			n++
		}
		require.Greater(t, n, 2, "a dictionary and some pages")
		for row := range 200 {
			require.Equal(t, lists.isNull(100+row), got.isNull(row))
			require.Equal(t, valuesOf(lists, 100+row), valuesOf(got, row))
		}
	}
}

// randomLists returns long lists of numbers of a dictionary of up to 600.
func randomLists(t *testing.T, random *rand.Rand, rows int, nulls bool) *codedLists {
	t.Helper()
	d, err := newDictionary(arrow.PrimitiveTypes.Int64, nil, 0)
	require.NoError(t, err)
	c := newCodedLists(d)
	for range rows {
		n := random.IntN(800)
		some := false
		for range n {
			v := sortkey.Value{Int: random.Int64N(600) * random.Int64N(2), Null: nulls && random.IntN(5) == 0}
			for range min(n, 1<<random.IntN(7)) {
				c.add(&v)
				some = true
			}
		}
		c.endList(!some && random.IntN(2) == 0)
	}
	return c
}

// valuesOf returns a row's values.
func valuesOf(c *codedLists, row int) (values []sortkey.Value) {
	for i := c.offsets[row]; i < c.offsets[row+1]; i++ {
		values = append(values, c.at(int(i)))
	}
	return values
}

// requireReadBack writes lists and reads them by arrow-go and by readList.
func requireReadBack(t *testing.T, lists *codedLists, of arrow.DataType) {
	t.Helper()
	in, table := readTable(t, written(t, lists, of, 0))
	defer table.Release()
	group := in.MetaData().RowGroup(0)
	require.Equal(t, int64(len(parquetpages.Magic)), group.FileOffset())
	require.Equal(t, int64(lists.rows()), group.NumRows())
	if lists.rows() == 0 {
		return
	}
	require.Len(t, table.Column(0).Data().Chunks(), 1)
	requireLists(t, table.Column(0).Data().Chunk(0).(*array.List), lists)
	require.True(t, allCoded(in.MetaData(), 0, mostDictionary))
	again, err := readList(in.RowGroup(0), 0, of)
	require.NoError(t, err)
	requireLists(t, table.Column(0).Data().Chunk(0).(*array.List), again)
}

func FuzzListDecoder(f *testing.F) {
	f.Add([]byte{2, 0, 0, 0, 4, 0, 2, 0, 0, 0, 4, 3, 1, 3, 2}, 2)
	f.Add([]byte{2, 0, 0, 0, 3, 5, 3, 0, 0, 0, 3, 255, 255, 1, 3, 2}, 8)
	f.Add([]byte("\x02\x00\x00\x0012\x03\x00\x00\x00180"), 2) // a list that is NULL goes on
	f.Fuzz(func(t *testing.T, page []byte, n int) {
		d, err := newListDecoder(arrow.PrimitiveTypes.Int32)
		require.NoError(t, err)
		if d.to.dictionary, err = newDictionary(d.of, []byte{1, 0, 0, 0, 2, 0, 0, 0}, 2); err != nil || d.data(page, n%(1<<16)) != nil {
			return
		}
		lists := d.end()
		requireReadBack(t, lists, arrow.PrimitiveTypes.Int32)
		lists.free()
	})
}
