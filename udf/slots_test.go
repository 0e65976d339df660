package udf

import (
	"testing"

	"github.com/headcount-hll/headcount/udf/hll"
)

// TestShortCallsAreShort shows that a call over many rows stops before it holds up others for long, and
// goes on where it stopped: sparse rows, which cost most for their bytes, and dense ones.
func TestShortCallsAreShort(t *testing.T) {
	p, _ := hll.NewPrecision(12)
	sparse := hll.NewBuilder(p)
	for i := range 200 {
		sparse.Add([]byte{byte(i)})
	}
	dense := make([]byte, 2+1<<12)
	dense[0], dense[1], dense[9] = 2, 12, 3
	for _, c := range []struct {
		name   string
		sketch []byte
		rows   int
		least  int // calls
		atMost int
		flags  hll.Flags
	}{
		{"sparse", sparse.Append(nil), 256, 5, 20, 0},
		{"dense", dense, 256, 1, 3, 0},
		{"long", sparse.Append(nil), 256, 1, 1, hll.Long},
	} {
		t.Run(c.name, func(t *testing.T) {
			in := BytesOf(HLL, c.sketch)
			in.Rows, in.Starts, in.Lengths = c.rows, make([]int32, c.rows), make([]int32, c.rows)
			slots := Slots{Memory: make([]byte, 8192), Starts: make([]int32, c.rows), Lengths: make([]int32, c.rows), Flags: c.flags}
			for i := range c.rows {
				in.Lengths[i], slots.Lengths[i] = int32(len(c.sketch)), 8192
			}
			var progress Progress
			calls := 0
			for status := hll.Again; status == hll.Again; calls++ {
				var refused *Error
				if status, refused = MergeSlots(&slots, &in, &progress); refused != nil {
					t.Fatal(refused)
				}
			}
			if progress.Row != c.rows || calls < c.least || calls > c.atMost {
				t.Errorf("%d rows in %d calls, want %d to %d", progress.Row, calls, c.least, c.atMost)
			}
			want, _ := hll.Decode(c.sketch)
			got, err := hll.Decode(slots.at(0).Append(nil))
			if err != nil || string(got.Registers()) != string(want.Registers()) {
				t.Errorf("the union of a sketch with itself is another (%v)", err)
			}
		})
	}
}
