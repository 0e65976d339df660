// SPDX-License-Identifier: Apache-2.0

package udf

import (
	"errors"
	"slices"
	"testing"
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
