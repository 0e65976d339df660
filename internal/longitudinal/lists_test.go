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
)

// listsOf returns columns of lists: some constant, some of few or many values, with the shares of NULL lists and elements given.
func listsOf(random *rand.Rand, rows int, nullLists, nullElements float64) arrow.RecordBatch {
	types := []arrow.DataType{arrow.BinaryTypes.String, arrow.PrimitiveTypes.Int32, arrow.PrimitiveTypes.Int64, arrow.FixedWidthTypes.Date32}
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
		to, err := newFile(&out, rows.Schema(), Options{})
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
			list := rows.Schema().Field(place).Type.(*arrow.ListType)
			if list.Elem().ID() == arrow.STRING {
				list = arrow.ListOfField(arrow.Field{Name: "element", Type: textCodes, Nullable: true})
			}
			got, err := readList(in.RowGroup(0), leaf, list)
			require.NoError(t, err)
			want := rows.Column(place).(*array.List)
			require.Equal(t, want.Len(), got.Len())
			for row := range want.Len() { // as text, since the elements of one are codes
				require.Equal(t, want.ValueStr(row), got.ValueStr(row), "%v: column %d, row %d", shares, place, row)
			}
		}
		assert.Positive(t, coded)
	}
}

func TestReadList_RejectsOtherNumbersOfRows(t *testing.T) {
	d := &listDecoder{dictionary: []byte{1, 0, 0, 0}, entries: 1}
	page := func(repetitions ...byte) []byte {
		levels := append([]byte{byte(len(repetitions)), 0, 0, 0}, repetitions...)
		return append(levels, 2, 0, 0, 0, 4, elementLevel, 0)
	}
	assert.Error(t, d.data(page(4, 1), 2), "a page that begins within a list")
	assert.ErrorIs(t, d.data(page(2, 0), 2), errRuns, "one repetition level of two")
	assert.ErrorIs(t, d.data(nil, 1), errRuns)
	assert.Error(t, (&listDecoder{}).data(page(4, 0), mostListValues+1))
}

func FuzzListDecoder(f *testing.F) {
	f.Add([]byte{2, 0, 0, 0, 4, 0, 2, 0, 0, 0, 4, 3, 1, 3, 2}, 2)
	f.Add([]byte{2, 0, 0, 0, 3, 5, 3, 0, 0, 0, 3, 255, 255, 1, 3, 2}, 8)
	f.Fuzz(func(t *testing.T, page []byte, n int) {
		d := &listDecoder{dictionary: []byte{1, 0, 0, 0, 2, 0, 0, 0}, entries: 2}
		if d.data(page, n%(1<<16)) != nil {
			return
		}
		if lists, err := d.array(arrow.ListOfField(arrow.Field{Name: "element", Type: arrow.PrimitiveTypes.Int32, Nullable: true})); err == nil {
			_ = lists.String()
			lists.Release()
		}
	})
}
