// SPDX-License-Identifier: Apache-2.0

package main

/*
#include "const.h"
*/
import "C"

import (
	"github.com/headcount-hll/headcount/udf"
	"github.com/headcount-hll/headcount/udf/state"
)

//export hc_hll_state_merge
func hc_hll_state_merge(state *C.uint8_t, stateSize C.int64_t, slots, capacities *C.hc_const_int32,
	data *C.hc_const_uint8, size C.int64_t, starts, lengths *C.hc_const_int32, rows, flags C.int32_t, progress *C.hc_progress, e *C.hc_error) (status C.int32_t) {
	defer recovered(e, &status)
	return take(udf.MergeSlots, udf.HLL, state, stateSize, slots, capacities, data, size, starts, lengths, rows, flags, progress, e)
}

// A taker takes the rows of a column into slots.
type taker func(slots *udf.Slots, in *udf.Column, progress *udf.Progress) (state.Status, error)

// take takes a column of byte strings of a type into slots.
func take(f taker, t udf.Type, state *C.uint8_t, stateSize C.int64_t, slots, capacities *C.hc_const_int32,
	data *C.hc_const_uint8, size C.int64_t, starts, lengths *C.hc_const_int32, rows, flags C.int32_t, progress *C.hc_progress, e *C.hc_error) C.int32_t {
	s, err := slotsOf(state, stateSize, slots, capacities, rows, flags)
	if err != nil {
		return report(e, err)
	}
	in, err := bytesOf(t, data, size, starts, lengths, rows)
	if err != nil {
		return report(e, err)
	}
	at := progressOf(progress)
	ended, err := f(&s, &in, &at)
	return advance(progress, &at, ended, report(e, err))
}

//export hc_hll_state_add
func hc_hll_state_add(state *C.uint8_t, stateSize C.int64_t, slots, capacities *C.hc_const_int32,
	data *C.hc_const_uint8, size C.int64_t, starts, lengths *C.hc_const_int32, rows C.int32_t, precision C.int64_t, flags C.int32_t,
	progress *C.hc_progress, e *C.hc_error) (status C.int32_t) {
	defer recovered(e, &status)
	ids, err := bytesOf(udf.Varchar, data, size, starts, lengths, rows)
	if err != nil {
		return report(e, err)
	}
	return add(state, stateSize, slots, capacities, &ids, precision, flags, progress, e)
}

//export hc_hll_state_add_int64
func hc_hll_state_add_int64(state *C.uint8_t, stateSize C.int64_t, slots, capacities *C.hc_const_int32,
	values *C.hc_const_int64, rows C.int32_t, precision C.int64_t, flags C.int32_t, progress *C.hc_progress, e *C.hc_error) (status C.int32_t) {
	defer recovered(e, &status)
	ids := udf.Column{Type: udf.Bigint, Rows: int(rows), Int64: elements[int64](values, rows, 1)}
	return add(state, stateSize, slots, capacities, &ids, precision, flags, progress, e)
}

func add(state *C.uint8_t, stateSize C.int64_t, slots, capacities *C.hc_const_int32, ids *udf.Column, precision C.int64_t, flags C.int32_t,
	progress *C.hc_progress, e *C.hc_error) C.int32_t {
	s, err := slotsOf(state, stateSize, slots, capacities, C.int32_t(ids.Rows), flags)
	if err != nil {
		return report(e, err)
	}
	at := progressOf(progress)
	ended, err := udf.AddSlots(&s, ids, int64(precision), &at)
	return advance(progress, &at, ended, report(e, err))
}

//export hc_hll_state_encode
func hc_hll_state_encode(state *C.uint8_t, stateSize C.int64_t, slots, capacities *C.hc_const_int32, rows, flags C.int32_t,
	out *C.uint8_t, capacity C.int64_t, ends *C.int32_t, progress *C.hc_progress, e *C.hc_error) (status C.int32_t) {
	defer recovered(e, &status)
	s, err := slotsOf(state, stateSize, slots, capacities, rows, flags)
	if err != nil {
		return report(e, err)
	}
	return encode(udf.EncodeSlots, &s, out, capacity, ends, rows, progress, e)
}

// An encoder writes the result of each slot.
type encoder func(out *udf.Sketches, slots *udf.Slots, progress *udf.Progress) (state.Status, error)

func encode(f encoder, s *udf.Slots, out *C.uint8_t, capacity C.int64_t, ends *C.int32_t, rows C.int32_t, progress *C.hc_progress, e *C.hc_error) C.int32_t {
	result := udf.Sketches{Data: bytes(out, capacity), Ends: elements[int32](ends, rows, 1)}
	at := progressOf(progress)
	ended, err := f(&result, s, &at)
	return advance(progress, &at, ended, report(e, err))
}
