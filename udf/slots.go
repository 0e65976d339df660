package udf

import "github.com/headcount-hll/headcount/udf/hll"

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

// AddSlots adds ids to the slots, whose sketches have one precision.
func AddSlots(slots *Slots, ids *Column, precision int64, progress *Progress) (hll.Status, *Error) {
	p, err := hll.NewPrecision(precision)
	if err != nil {
		return hll.Done, at(progress.Row, err)
	}
	return progress.step(ids.Rows, slots.Flags, func(i, _ int) (hll.Step, int, error) {
		if ids.IsNull(i) {
			return hll.Step{}, 0, nil
		}
		step, err := addID(slots.at(i), p, ids, i, slots.Flags)
		return step, idWork(ids, i), err
	})
}

func idWork(ids *Column, i int) int {
	if ids.Type.Kind == KindBigint {
		return 8 * idWeight
	}
	return int(ids.Lengths[i]) * idWeight
}

// addID adds row i, the bytes of a string or the decimal text of a bigint.
func addID(s hll.State, p hll.Precision, ids *Column, i int, flags hll.Flags) (hll.Step, error) {
	if ids.Type.Kind == KindBigint {
		var text [20]byte
		return s.Add(p, decimal(&text, ids.Int64[i]), flags)
	}
	return s.Add(p, ids.Bytes(i), flags)
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
