// SPDX-License-Identifier: Apache-2.0

package udf

import (
	"math"

	"github.com/headcount-hll/headcount/udf/errs"
	"github.com/headcount-hll/headcount/udf/hll"
	"github.com/headcount-hll/headcount/udf/state"
)

// Slots are the states of an aggregation's groups in memory that the caller lends. The slot of row i is
// Memory[Starts[i]:][:Lengths[i]]. Several rows may have the same slot.
type Slots struct {
	Memory          []byte
	Starts, Lengths []int32
	Flags           state.Flags
}

func (s *Slots) memory(i int) []byte {
	start, end := s.Starts[i], s.Starts[i]+s.Lengths[i]
	return s.Memory[start:end:end]
}

func (s *Slots) state(i int) hll.State { return hll.State(s.memory(i)) }

// Progress is the position of a call over rows. It is zero before the first call, and passed unchanged to the next while
// the status is not [state.Done].
type Progress struct {
	Row  int // the rows before it are done
	At   int // the position in that row
	Need int // with state.NeedSpace: bytes
}

// shortWork is the work after which a call without AllowLong returns state.Again, in bytes of dense sketches: about 20
// microseconds in the cache, and 100 out of it.
const shortWork = 1 << 20

// The work of other input, in bytes of dense sketches.
const (
	sparseWeight = 64  // of a byte of a sparse sketch
	idWeight     = 16  // of a byte of an id
	rowWeight    = 512 // of a row, whatever its length
)

// step calls f for the rows from progress on, until a row is not Done or the work is enough for one call. f gets the
// position in its row, and returns its work.
func (progress *Progress) step(rows int, flags state.Flags, f func(i, at int) (step state.Step, work int, err error)) (state.Status, error) {
	for spent := 0; progress.Row < rows; progress.Row++ {
		if spent >= shortWork && flags&state.AllowLong == 0 {
			return state.Again, nil
		}
		step, work, err := f(progress.Row, progress.At)
		if err != nil {
			return 0, errs.AtRow(progress.Row, err)
		}
		if step.Status != state.Done {
			progress.Need = step.Need
			if step.Status == state.Again {
				progress.At = step.At
			}
			return step.Status, nil
		}
		spent += work + rowWeight
		progress.At = 0
	}
	return state.Done, nil
}

// MergeSlots unites each row of in with its slot.
func MergeSlots(slots *Slots, in *Column, progress *Progress) (state.Status, error) {
	limit := slots.workLimit()
	near := 0 // the memory of the rows before it was asked for
	for spent := 0; progress.Row < in.Rows; progress.Row++ {
		i := progress.Row
		if spent >= limit {
			return state.Again, nil
		}
		if i >= near {
			near = min(i+mergeBatch, in.Rows)
			if starts := slots.Starts[i:near]; starts[0] != starts[len(starts)-1] { // not all of one group
				hll.PrefetchStarts(slots.Memory, starts)
				hll.PrefetchStarts(in.Data, in.Starts[i:near])
			}
		}
		if in.IsNull(i) {
			continue
		}
		sketch := in.Bytes(i)
		step, err := slots.state(i).Merge(sketch, progress.At, slots.Flags)
		if err != nil {
			return 0, errs.AtRow(i, err)
		}
		if step.Status != state.Done && !slots.setAside(i, step) {
			progress.Need, progress.At = step.Need, max(progress.At, step.At)
			return step.Status, nil
		}
		work := len(sketch)
		if hll.IsSparse(sketch) {
			work *= sparseWeight
		}
		spent += work + rowWeight
		progress.At = 0
	}
	return state.Done, nil
}

func (s *Slots) workLimit() int {
	if s.Flags&state.AllowLong != 0 {
		return math.MaxInt
	}
	return shortWork
}

// setAside sets row i aside if its slot is too small and the caller allows it. It returns whether it did.
func (s *Slots) setAside(i int, step state.Step) bool {
	if step.Status != state.NeedSpace || s.Flags&state.SetAside == 0 {
		return false
	}
	s.Lengths[i] = int32(-step.Need)
	return true
}

// mergeBatch is the number of slots whose memory is asked for at a time.
const mergeBatch = 16

// addBatch is the number of ids that are hashed at a time, before their entries are added to the slots.
const addBatch = 64

// AddSlots adds each id to its slot, at one precision. It hashes the bytes of strings, and the decimal text of bigints.
func AddSlots(slots *Slots, ids *Column, precision int64, progress *Progress) (state.Status, error) {
	p, err := hll.NewPrecision(precision)
	if err != nil {
		return 0, errs.AtRow(progress.Row, err)
	}
	limit := slots.workLimit()
	var entries [addBatch]hll.Entry
	var near [2 * addBatch]int32
	for spent := 0; progress.Row < ids.Rows; {
		if spent >= limit {
			return state.Again, nil
		}
		first, n := progress.Row, 0
		for ; n < min(addBatch, ids.Rows-first) && spent < limit; n++ {
			spent += idWork(ids, first+n) + rowWeight
		}
		entriesOf(entries[:n], p, ids, first)
		if starts := slots.Starts[first:][:n]; starts[0] != starts[n-1] { // not all of one group
			hll.Prefetch(p, slots.Memory, starts, slots.Lengths[first:], entries[:n], near[:])
		}
		if step, err := slots.add(p, entries[:n], ids, progress); err != nil || step.Status != state.Done {
			progress.Need = step.Need
			return step.Status, err
		}
	}
	return state.Done, nil
}

func entriesOf(entries []hll.Entry, p hll.Precision, ids *Column, first int) {
	if ids.Type.Kind == KindBigint {
		p.EntriesOfIntegers(entries, ids.Int64[first:])
	} else {
		p.EntriesOfStrings(entries, ids.Data, ids.Starts[first:], ids.Lengths[first:])
	}
}

// add adds the entries of the rows from progress on to their slots.
func (s *Slots) add(p hll.Precision, entries []hll.Entry, ids *Column, progress *Progress) (state.Step, error) {
	for len(entries) > 0 {
		row := progress.Row
		if ids.IsNull(row) {
			entries = entries[1:]
			progress.Row++
			continue
		}
		slot := s.state(row)
		if slot.AddPacked(p, entries[0]) {
			entries = entries[1:]
			progress.Row++
			continue
		}
		done, step, err := slot.AddEntries(p, entries[:s.run(row, len(entries), ids)], s.Flags)
		entries = entries[done:]
		progress.Row += done
		if err != nil {
			return state.Step{}, errs.AtRow(progress.Row, err)
		}
		if step.Status != state.Done {
			if !s.setAside(progress.Row, step) {
				return step, nil
			}
			entries = entries[1:]
			progress.Row++
		}
	}
	return state.Step{Status: state.Done}, nil
}

// run returns how many of n rows, from row on, have the slot of row and are not NULL.
func (s *Slots) run(row, n int, ids *Column) int {
	starts, lengths := s.Starts[row:][:n], s.Lengths[row:][:n]
	i := 1
	for i < n && starts[i] == starts[0] && lengths[i] == lengths[0] && !ids.IsNull(row+i) {
		i++
	}
	return i
}

func idWork(ids *Column, i int) int {
	if ids.Type.Kind == KindBigint {
		return 8 * idWeight
	}
	return int(ids.Lengths[i]) * idWeight
}

// EncodeSlots writes the sketch of each slot to out.Data, memory of a fixed length that the caller lends. NeedSpace is
// about out.Data, and for all slots.
func EncodeSlots(out *Sketches, slots *Slots, progress *Progress) (state.Status, error) {
	return out.encode(progress, func(i int, into []byte) (int, state.Step) {
		if i%mergeBatch == 0 {
			hll.PrefetchStarts(slots.Memory, slots.Starts[i:min(i+mergeBatch, len(slots.Starts))])
		}
		return slots.state(i).Encode(into, slots.Flags)
	})
}

// encode calls f for each row, with what is left of out.Data. f writes the row and returns its length, or NeedSpace with
// the length that it has.
func (o *Sketches) encode(progress *Progress, f func(i int, into []byte) (int, state.Step)) (state.Status, error) {
	used, fits := 0, true
	for i := range o.Ends {
		n, step := f(i, o.Data[min(used, len(o.Data)):])
		switch step.Status {
		case state.NeedSpace:
			n, fits = step.Need, false
		case state.WouldBlock:
			progress.Row = i
			return state.WouldBlock, nil
		}
		used += n
		if o.Ends[i] = int32(used); int(o.Ends[i]) != used {
			return 0, errs.AtRow(i, errs.New(errs.TooLarge, "the results of one call are larger than 2^31 - 1 bytes: encode fewer groups"))
		}
	}
	if !fits {
		progress.Need = used
		return state.NeedSpace, nil
	}
	return state.Done, nil
}
