// SPDX-License-Identifier: Apache-2.0

package udf

import (
	"slices"
	"testing"

	"github.com/headcount-hll/headcount/udf/errs"
	"github.com/headcount-hll/headcount/udf/hist"
	"github.com/headcount-hll/headcount/udf/state"
)

func TestAggregateHistograms_ReadsNullElementsAsZero(t *testing.T) {
	f, _ := Find("aggregate_histograms", BigintArray)
	column := ArraysOf([]int64{1, 2, 3, 4}, []int64{10, 20, 30})
	column.Elems.Null = []bool{false, true, false, false, true, false, false}
	groups := f.NewAccumulator()
	if err := groups.Add([]uint32{0, 0}, []Column{column}); err != nil {
		t.Fatal(err)
	}
	result := groups.Result()
	if got, want := result.Array(0), []int64{1, 0, 23, 34}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

// arraySlots has two slots of equal size in one memory.
func arraySlots(slot int) Slots {
	return Slots{Memory: make([]byte, 2*slot), Starts: []int32{0, int32(slot), 0}, Lengths: []int32{int32(slot), int32(slot), int32(slot)}}
}

func encodedArrays(arrays ...[]int64) Column {
	all := make([][]byte, len(arrays))
	for i, elements := range arrays {
		all[i] = hist.AppendArray([]byte{}, elements...)
	}
	return BytesOf(Varbinary, all...)
}

func TestSumSlots_EqualTheSumsOfTheirRows(t *testing.T) {
	slots, in := arraySlots(64), encodedArrays([]int64{1, 2}, []int64{7}, []int64{10, 20, 30})
	if status, err := SumSlots(&slots, &in, &Progress{}); err != nil || status != state.Done {
		t.Fatal(status, err)
	}
	slots.Starts, slots.Lengths = slots.Starts[:2], slots.Lengths[:2]
	out, progress := Sketches{Ends: make([]int32, 2)}, Progress{}
	if status, err := EncodeArrays(&out, &slots, &progress); err != nil || status != state.NeedSpace || progress.Need != 32 {
		t.Fatalf("status %v, error %v, need %d, want NeedSpace of 32", status, err, progress.Need)
	}
	out.Data = make([]byte, progress.Need)
	if status, err := EncodeArrays(&out, &slots, &Progress{}); err != nil || status != state.Done {
		t.Fatal(status, err)
	}
	result := out.arrays(nil)
	if !slices.Equal(result.Array(0), []int64{11, 22, 30}) || !slices.Equal(result.Array(1), []int64{7}) {
		t.Errorf("got %v and %v", result.Array(0), result.Array(1))
	}
}

func TestAggregateSlots_AskForSpaceAndNameTheRowAtFault(t *testing.T) {
	slots, in := arraySlots(32), encodedArrays([]int64{1, 2, 3}, []int64{4, 5, 6, 7}, []int64{1, 2})
	progress := Progress{}
	if status, err := AggregateSlots(&slots, &in, &progress); err != nil || status != state.NeedSpace || progress.Row != 1 || progress.Need != 40 {
		t.Errorf("status %v, error %v, progress %+v, want NeedSpace of 40 in row 1", status, err, progress)
	}
	slots, in = arraySlots(32), encodedArrays([]int64{1, 2, 3}, []int64{4})
	if _, err := AggregateSlots(&slots, &in, &Progress{}); errs.Of(err) == nil || errs.Of(err).Row != 1 || errs.Of(err).Code != errs.InvalidArgument {
		t.Errorf("error %v, want an invalid argument in row 1", err)
	}
}

func TestAddSlots_ReturnAgainAfterEnoughWork(t *testing.T) {
	array := make([]int64, 1<<15)
	in := encodedArrays(array, array, array)
	slots := arraySlots(8 + 8*len(array))
	progress := Progress{}
	if status, err := SumSlots(&slots, &in, &progress); err != nil || status != state.Again || progress.Row != 1 {
		t.Errorf("status %v, error %v, progress %+v, want Again before row 1", status, err, progress)
	}
}
