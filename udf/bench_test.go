// SPDX-License-Identifier: Apache-2.0

package udf

import (
	"fmt"
	"testing"

	"github.com/headcount-hll/headcount/udf/hll"
	"github.com/headcount-hll/headcount/udf/state"
)

// BenchmarkAddSlots is a batch of 256 ids into one dense state, a row's share being the time divided by 256.
func BenchmarkAddSlots(b *testing.B) {
	const rows = 256
	var uuids, short [][]byte
	numbers := make([]int64, rows)
	for i := range rows {
		uuids = append(uuids, fmt.Appendf(nil, "%08x-0000-4000-8000-%012x", uint32(i)*2654435761, i))
		short = append(short, fmt.Append(nil, 1_000_000+i))
		numbers[i] = int64(1_000_000 + i)
	}
	for _, c := range []struct {
		name string
		ids  Column
	}{{"uuid", BytesOf(Varchar, uuids...)}, {"short", BytesOf(Varchar, short...)}, {"bigint", Int64Of(numbers...)}} {
		b.Run(c.name, func(b *testing.B) {
			slots := Slots{Memory: make([]byte, 8192), Starts: make([]int32, rows), Lengths: make([]int32, rows)}
			for i := range rows {
				slots.Lengths[i] = 8192
			}
			p, _ := hll.NewPrecision(12)
			full := hll.NewBuilder(p)
			for i := range 50_000 {
				full.Add(fmt.Append(nil, i))
			}
			sketch := full.Append(nil)
			in := BytesOf(HLL, sketch)
			one := slots
			one.Starts, one.Lengths = slots.Starts[:1], slots.Lengths[:1]
			if status, err := MergeSlots(&one, &in, &Progress{}); status != state.Done || err != nil {
				b.Fatal(status, err)
			}
			b.ReportAllocs()
			for b.Loop() {
				if status, err := AddSlots(&slots, &c.ids, 12, &Progress{}); status != state.Done || err != nil {
					b.Fatal(status, err)
				}
			}
		})
	}
}
