// SPDX-License-Identifier: Apache-2.0

package udf

import (
	"bytes"
	"math/rand/v2"
	"strconv"
	"testing"

	"github.com/headcount-hll/headcount/udf/hll"
	"github.com/headcount-hll/headcount/udf/state"
)

// TestMergeSlots_StopsShortCalls shows that a call over many rows stops before it holds up others for long, and
// goes on where it stopped: sparse rows, which cost most for their bytes, and dense ones.
func TestMergeSlots_StopsShortCalls(t *testing.T) {
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
		flags  state.Flags
	}{
		{"sparse", sparse.Append(nil), 256, 5, 20, 0},
		{"dense", dense, 256, 1, 3, 0},
		{"long", sparse.Append(nil), 256, 1, 1, state.AllowLong},
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
			for status := state.Again; status == state.Again; calls++ {
				var err error
				if status, err = MergeSlots(&slots, &in, &progress); err != nil {
					t.Fatal(err)
				}
			}
			if progress.Row != c.rows || calls < c.least || calls > c.atMost {
				t.Errorf("%d rows in %d calls, want %d to %d", progress.Row, calls, c.least, c.atMost)
			}
			want, _ := hll.Decode(c.sketch)
			got, err := hll.Decode(slots.state(0).Append(nil))
			if err != nil || string(got.Registers()) != string(want.Registers()) {
				t.Errorf("the union of a sketch with itself is another (%v)", err)
			}
		})
	}
}

// TestAddSlots_EqualsAddingOneByOne shows that ids taken in batches, over slots that grow and calls that stop, make
// the sketches that they make one by one, in Go.
func TestAddSlots_EqualsAddingOneByOne(t *testing.T) {
	const groups, room = 3, 1 << 13
	for _, rows := range []int{1, 63, 64, 65, 3000} {
		for _, length := range []int{0, 7, 700} { // of a string, on average; 0 for integers
			for _, flags := range []state.Flags{
				0, state.AllowLong, state.PackRegisters, state.SetAside, state.PackRegisters | state.SetAside,
				state.PackRegisters.WithSpare(1 << 12), (state.PackRegisters | state.SetAside).WithSpare(1 << 12),
			} {
				random := rand.New(rand.NewPCG(uint64(rows), uint64(length)))
				ids, texts := randomIDs(random, rows, length)
				slots := Slots{Memory: make([]byte, groups*room), Flags: flags}
				var want [groups]*hll.Builder
				p, _ := hll.NewPrecision(12)
				for i := range rows {
					group := random.IntN(groups)
					if i < rows/2 {
						group = 0
					}
					slots.Starts, slots.Lengths = append(slots.Starts, int32(group*room)), append(slots.Lengths, 0)
					if ids.IsNull(i) {
						continue
					}
					if want[group] == nil {
						want[group] = hll.NewBuilder(p)
					}
					want[group].Add(texts[i])
				}
				takeAll(t, &slots, &ids, func(slots *Slots, in *Column, progress *Progress) (state.Status, error) {
					return AddSlots(slots, in, 12, progress)
				})
				for group := range want {
					var expected []byte
					if want[group] != nil {
						expected = want[group].Append(nil)
					}
					got := hll.State(slots.Memory[group*room:][:room]).Append(nil)
					if !bytes.Equal(got, expected) {
						t.Errorf("%d rows of length %d, flags %d, group %d: %d bytes differ from %d", rows, length, flags, group, len(got), len(expected))
					}
				}
			}
		}
	}
}

// randomIDs returns a column with some NULLs, and the bytes that each id is hashed by.
func randomIDs(random *rand.Rand, rows, length int) (Column, [][]byte) {
	texts := make([][]byte, rows)
	numbers := make([]int64, rows)
	var null []bool
	for i := range texts {
		null = append(null, random.IntN(10) == 0)
		if length == 0 {
			numbers[i] = int64(random.Uint64()) >> random.IntN(64)
			texts[i] = strconv.AppendInt(nil, numbers[i], 10)
			continue
		}
		texts[i] = make([]byte, random.IntN(2*length))
		for j := range texts[i] {
			texts[i][j] = byte(random.IntN(128 + 2*i/rows)) // the second half is not all ASCII
		}
	}
	ids := BytesOf(Varbinary, texts...)
	if length == 0 {
		ids = Int64Of(numbers...)
	}
	ids.Null = null
	return ids, texts
}

// TestMergeSlots_EqualsMergingOneByOne shows the same of sketches, sparse and dense, of several sizes.
func TestMergeSlots_EqualsMergingOneByOne(t *testing.T) {
	const groups, room, rows = 5, 1 << 13, 400
	p, _ := hll.NewPrecision(12)
	for _, flags := range []state.Flags{
		0, state.PackRegisters, state.SetAside, state.PackRegisters | state.SetAside,
		(state.PackRegisters | state.SetAside).WithSpare(1 << 11), (state.PackRegisters | state.SetAside).WithSpare(1 << 12),
	} {
		random := rand.New(rand.NewPCG(uint64(flags), 5))
		var sketches [][]byte
		slots := Slots{Memory: make([]byte, groups*room), Flags: flags}
		want := make([]*hll.Builder, groups)
		for group := range want {
			want[group] = hll.NewBuilder(p)
		}
		for range rows {
			sketch := hll.NewBuilder(p)
			for range 1 << random.IntN(3*(1+len(sketches)/100)) {
				sketch.Add(strconv.AppendUint(nil, random.Uint64()>>44, 10))
			}
			group := random.IntN(groups)
			sketches = append(sketches, sketch.Append(nil))
			if err := want[group].Merge(sketches[len(sketches)-1]); err != nil {
				t.Fatal(err)
			}
			slots.Starts, slots.Lengths = append(slots.Starts, int32(group*room)), append(slots.Lengths, 0)
		}
		in := BytesOf(HLL, sketches...)
		takeAll(t, &slots, &in, MergeSlots)
		for group := range want {
			if got := hll.State(slots.Memory[group*room:][:room]).Append(nil); !bytes.Equal(got, want[group].Append(nil)) {
				t.Errorf("flags %d, group %d: %d bytes differ", flags, group, len(got))
			}
		}
	}
}

// takeAll calls as an engine does. It grows slots within their reserved ranges, and takes rows that were set aside again.
func takeAll(t *testing.T, slots *Slots, in *Column, take func(*Slots, *Column, *Progress) (state.Status, error)) {
	t.Helper()
	for progress := (Progress{}); ; {
		status, err := take(slots, in, &progress)
		if err != nil {
			t.Fatal(err)
		}
		switch status {
		case state.Done:
			if slots.Flags&state.SetAside == 0 {
				return
			}
			if slots, in = setAside(slots, in); in.Rows == 0 {
				return
			}
			progress = Progress{}
		case state.NeedSpace:
			if slots.Flags&state.SetAside != 0 {
				t.Fatal("a row whose slot is too small was not set aside")
			}
			for i, start := range slots.Starts {
				if start == slots.Starts[progress.Row] {
					slots.Lengths[i] = int32(progress.Need)
				}
			}
		case state.WouldBlock:
			t.Fatal("sketches of precision 12 are never heavy")
		}
	}
}

// setAside returns the rows that were set aside, with slots as large as they need.
func setAside(slots *Slots, in *Column) (*Slots, *Column) {
	wanted := map[int32]int32{}
	for i, length := range slots.Lengths {
		wanted[slots.Starts[i]] = max(wanted[slots.Starts[i]], length, -length)
	}
	again, rows := Slots{Memory: slots.Memory, Flags: slots.Flags}, Column{Type: in.Type, Data: in.Data}
	for i, length := range slots.Lengths {
		if length >= 0 {
			continue
		}
		again.Starts, again.Lengths = append(again.Starts, slots.Starts[i]), append(again.Lengths, wanted[slots.Starts[i]])
		rows.Rows++
		if in.Type.IsBytes() {
			rows.Starts, rows.Lengths = append(rows.Starts, in.Starts[i]), append(rows.Lengths, in.Lengths[i])
		} else {
			rows.Int64 = append(rows.Int64, in.Int64[i])
		}
	}
	return &again, &rows
}
