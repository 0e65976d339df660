// SPDX-License-Identifier: Apache-2.0

package udf

import (
	"errors"
	"slices"
	"testing"

	"github.com/headcount-hll/headcount/udf/errs"
)

// A slice of a column gives the rows of the column that it covers, whatever it is a column of.
func TestSlice_HasTheRowsOfItsColumn(t *testing.T) {
	sketches := BytesOf(HLL, []byte("a"), nil, []byte("ccc"), []byte(""), []byte("ee"))
	numbers := Int64Of(1, 2, 3, 4, 5)
	numbers.Null = []bool{false, true, false, false, false}
	lists := Column{Type: HLLArray, Rows: 3, Elems: &sketches, Ends: []int32{2, 2, 5}}

	cut := sketches.Slice(1, 4)
	if cut.Rows != 3 || !cut.IsNull(0) || string(cut.Bytes(1)) != "ccc" || string(cut.Bytes(2)) != "" {
		t.Errorf("byte strings: %+v", cut)
	}
	cut = numbers.Slice(1, 3)
	if !slices.Equal(cut.Int64, []int64{2, 3}) || !cut.IsNull(0) || cut.IsNull(1) {
		t.Errorf("bigints: %+v", cut)
	}
	cut = lists.Slice(1, 3)
	if !slices.Equal(cut.Ends, []int32{0, 3}) || cut.Elems.Rows != 3 || string(cut.Elems.Bytes(0)) != "ccc" {
		t.Errorf("lists: %+v of %+v", cut, cut.Elems)
	}
	if cut = lists.Slice(2, 2); cut.Rows != 0 || cut.Elems.Rows != 0 {
		t.Errorf("an empty slice: %+v of %+v", cut, cut.Elems)
	}
}

// Memory that is not granted is not taken, and the error has the cause.
func TestAccumulator_TakesOnlyGrantedMemory(t *testing.T) {
	f, _ := Find("hll_agg", Bigint)
	enough := errors.New("enough")
	taken := int64(0)
	a := f.NewAccumulator()
	a.Grant = func(bytes int64) error {
		if taken+bytes > 4000 {
			return enough
		}
		taken += bytes
		return nil
	}
	for i := range int64(10_000) {
		if err := a.Add([]uint32{uint32(i)}, []Column{Int64Of(i)}); err != nil {
			if !errors.Is(err, enough) {
				t.Errorf("group %d: %v", i, err)
			}
			if a.Size() != taken || a.Size() > 4000 {
				t.Errorf("%d bytes in use, %d granted", a.Size(), taken)
			}
			return
		}
	}
	t.Error("10,000 groups in 4,000 bytes")
}

// What was granted holds the rows before the one that was refused, and nothing that is in no row: a caller may take the
// results, and give the same rows to another Accumulator.
func TestAccumulator_HoldsWhatWasAddedBeforeARefusal(t *testing.T) {
	agg, _ := Find("hll_agg", Bigint)
	merge, _ := Find("merge", HLL)
	const groups = 7
	ids, sketches := refusedRows(agg)
	refusals := 0
	for most := int64(0); most < 45_000; most = most*5/4 + 30 {
		refusals += holdsWhatWasAdded(t, agg, merge, ids, groups, most)
		refusals += holdsWhatWasAdded(t, merge, merge, sketches, groups, most)
	}
	if refusals < 40 {
		t.Errorf("memory was refused %d times", refusals)
	}
}

// refusedRows returns ids, and sketches of 1 to 20,000 ids.
func refusedRows(agg *Function) (ids, sketches Column) {
	numbers := make([]int64, 30_000)
	for i := range numbers {
		numbers[i] = int64(i)
	}
	var rows [][]byte
	for i, size := 0, 1; i < 300; i, size = i+1, size*7%20_011 {
		a := agg.NewAccumulator()
		if err := a.Add(make([]uint32, size), []Column{Int64Of(numbers[:size]...)}); err != nil {
			panic(err)
		}
		result := a.Result()
		rows = append(rows, result.Bytes(0))
	}
	return Int64Of(numbers...), BytesOf(HLL, rows...)
}

func holdsWhatWasAdded(t *testing.T, f, merge *Function, rows Column, groups int, most int64) (refusals int) {
	t.Helper()
	numbers := make([]uint32, rows.Rows)
	for i := range numbers {
		numbers[i] = uint32(i % groups)
	}
	a := f.NewAccumulator()
	refused := errors.New("refused")
	a.Grant = func(bytes int64) error {
		if a.Size()+bytes > most {
			return refused
		}
		return nil
	}
	err := a.Add(numbers, []Column{rows})
	if err == nil {
		return 0
	}
	row := errs.Of(err).Row
	added := func(rowCount int) *Accumulator {
		all := f.NewAccumulator()
		all.Grow(groups)
		if err := all.Add(numbers[:rowCount], []Column{rows.Slice(0, rowCount)}); err != nil {
			t.Fatal(err)
		}
		return all
	}
	before, upTo := added(row), added(row+1)
	a.Grow(groups)
	for group := range groups {
		got := united(t, merge, a, a, group)
		if !slices.Equal(united(t, merge, a, before, group), got) {
			t.Errorf("%s, at most %d bytes, row %d refused: group %d lacks rows before", f.Name, most, row, group)
		}
		if !slices.Equal(united(t, merge, a, upTo, group), united(t, merge, upTo, upTo, group)) {
			t.Errorf("%s, at most %d bytes, row %d refused: group %d has more than its rows", f.Name, most, row, group)
		}
	}
	return 1
}

// united returns the union of a group's two sketches.
func united(t *testing.T, merge *Function, a, b *Accumulator, group int) []byte {
	t.Helper()
	both := merge.NewAccumulator()
	for _, each := range []*Accumulator{a, b} {
		if err := both.Add([]uint32{0}, []Column{each.ResultOf(group, group+1)}); err != nil {
			t.Fatal(err)
		}
	}
	result := both.Result()
	if result.IsNull(0) {
		return nil
	}
	return result.Bytes(0)
}
