package udf

import (
	"math"

	"github.com/headcount-hll/headcount/udf/hll"
)

// Slots are the states of an aggregation's groups in memory that the caller lends: the one of row i is
// Memory[Starts[i]:][:Lengths[i]]. Several rows may name the same slot.
type Slots struct {
	Memory          []byte
	Starts, Lengths []int32
	Flags           hll.Flags
}

func (s *Slots) at(i int) hll.State {
	start, end := s.Starts[i], s.Starts[i]+s.Lengths[i]
	return hll.State(s.Memory[start:end:end])
}

// Progress is how far a call over rows came. It is zero before the first call, and passed on unchanged
// to the next while the status is not Done.
type Progress struct {
	Row  int // rows before it are done
	At   int // how far that row is
	Need int // with hll.Room: bytes
}

// A short call ends with hll.Again when it has done this much work, counted in bytes of dense sketches:
// some twenty microseconds in cache, a hundred out of memory.
const shortWork = 1 << 20

// How much more a byte of these costs than a byte of a dense sketch.
const (
	sparseWeight = 64
	idWeight     = 16
	rowWeight    = 512 // what a row costs before its first byte
)

// step runs rows from progress on until one does not end as Done, or the work weighed is enough for one
// call.
func (progress *Progress) step(rows int, flags hll.Flags, f func(i, at int) (step hll.Step, work int, err error)) (hll.Status, *Error) {
	for spent := 0; progress.Row < rows; progress.Row++ {
		if spent >= shortWork && flags&hll.Long == 0 {
			return hll.Again, nil
		}
		step, work, err := f(progress.Row, progress.At)
		if err != nil {
			return hll.Done, at(progress.Row, err)
		}
		if step.Status != hll.Done {
			progress.Need = step.Need
			if step.Status == hll.Again {
				progress.At = step.At
			}
			return step.Status, nil
		}
		spent += work + rowWeight
		progress.At = 0
	}
	return hll.Done, nil
}

// MergeSlots unites the sketches of in into their slots.
func MergeSlots(slots *Slots, in *Column, progress *Progress) (hll.Status, *Error) {
	return progress.step(in.Rows, slots.Flags, func(i, at int) (hll.Step, int, error) {
		if in.IsNull(i) {
			return hll.Step{}, 0, nil
		}
		sketch := in.Bytes(i)
		work := len(sketch)
		if hll.IsSparse(sketch) {
			work *= sparseWeight
		}
		step, err := slots.at(i).Merge(sketch, at, slots.Flags)
		return step, work, err
	})
}

// addBatch is how many ids are hashed at a time, before their entries go into the slots.
const addBatch = 64

// AddSlots adds ids to the slots, whose sketches have one precision: the bytes of strings, or the decimal
// text of bigints.
func AddSlots(slots *Slots, ids *Column, precision int64, progress *Progress) (hll.Status, *Error) {
	p, err := hll.NewPrecision(precision)
	if err != nil {
		return hll.Done, at(progress.Row, err)
	}
	limit := shortWork
	if slots.Flags&hll.Long != 0 {
		limit = math.MaxInt
	}
	var entries [addBatch]hll.Entry
	for spent := 0; progress.Row < ids.Rows; {
		if spent >= limit {
			return hll.Again, nil
		}
		first, n := progress.Row, 0
		for ; n < min(addBatch, ids.Rows-first) && spent < limit; n++ {
			spent += idWork(ids, first+n) + rowWeight
		}
		entriesOf(entries[:n], p, ids, first)
		if step, refused := slots.add(p, entries[:n], ids, progress); refused != nil || step.Status != hll.Done {
			progress.Need = step.Need
			return step.Status, refused
		}
	}
	return hll.Done, nil
}

func entriesOf(entries []hll.Entry, p hll.Precision, ids *Column, first int) {
	if ids.Type.Kind == KindBigint {
		p.EntriesOfIntegers(entries, ids.Int64[first:])
	} else {
		p.EntriesOfStrings(entries, ids.Data, ids.Starts[first:], ids.Lengths[first:])
	}
}

// add puts the entries of the rows from progress on into their slots.
func (s *Slots) add(p hll.Precision, entries []hll.Entry, ids *Column, progress *Progress) (hll.Step, *Error) {
	for len(entries) > 0 {
		if ids.IsNull(progress.Row) {
			entries = entries[1:]
			progress.Row++
			continue
		}
		done, step, err := s.at(progress.Row).AddEntries(p, entries[:s.run(progress.Row, len(entries), ids)], s.Flags)
		entries = entries[done:]
		progress.Row += done
		if err != nil {
			return step, at(progress.Row, err)
		}
		if step.Status != hll.Done {
			return step, nil
		}
	}
	return hll.Step{}, nil
}

// run returns how many of n rows from row on, itself included, name the same slot and are not NULL.
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

// EncodeSlots writes the sketch of each slot to out, whose Data is memory that the caller lends: its
// length is what may be written. It asks for Room once, for all the slots.
func EncodeSlots(out *Sketches, slots *Slots, progress *Progress) (hll.Status, *Error) {
	used, missing := 0, 0
	for i := range out.Ends {
		n, step := slots.at(i).Encode(out.Data[min(used, len(out.Data)):], slots.Flags)
		switch step.Status {
		case hll.Room:
			n, missing = step.Need, 1
		case hll.Heavy:
			progress.Row = i
			return hll.Heavy, nil
		}
		used += n
		if out.Ends[i] = int32(used); int(out.Ends[i]) != used {
			return hll.Done, &Error{Code: hll.TooLarge, Row: i, Message: "the sketches of one call are larger than 2^31 - 1 bytes: encode fewer groups"}
		}
	}
	if missing > 0 {
		progress.Need = used
		return hll.Room, nil
	}
	return hll.Done, nil
}
