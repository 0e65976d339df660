// SPDX-License-Identifier: Apache-2.0

package main

/*
#include "const.h"
*/
import "C"

import (
	"unsafe"

	"github.com/headcount-hll/headcount/udf"
)

//export hc_hll_state_merge
func hc_hll_state_merge(state *C.uint8_t, stateSize C.int64_t, slots *C.hc_const_int32, capacities *C.int32_t,
	data *C.hc_const_uint8, size C.int64_t, starts, lengths *C.hc_const_int32, rows, flags C.int32_t, progress *C.hc_progress, e *C.hc_error) (status C.int32_t) {
	defer recovered(e, &status)
	at := progressOf(progress)
	s, in, err := taken(udf.HLL, &at, state, stateSize, slots, readOnly(capacities), data, size, starts, lengths, rows, flags)
	if err != nil {
		return report(e, err)
	}
	ended, err := udf.MergeSlots(&s, &in, &at) // a direct call: of a variable it would put s, in and at on Go's heap
	return advance(progress, &at, ended, report(e, err))
}

func readOnly(p *C.int32_t) *C.hc_const_int32 { return (*C.hc_const_int32)(unsafe.Pointer(p)) }

// taken returns the slots and the byte strings of a call that takes rows into slots, from at on.
func taken(t udf.Type, at *udf.Progress, state *C.uint8_t, stateSize C.int64_t, slots, capacities *C.hc_const_int32,
	data *C.hc_const_uint8, size C.int64_t, starts, lengths *C.hc_const_int32, rows, flags C.int32_t) (s udf.Slots, in udf.Column, err error) {
	if s, err = slotsOf(at.Row, state, stateSize, slots, capacities, rows, flags); err == nil {
		in, err = bytesFrom(at.Row, t, data, size, starts, lengths, rows)
	}
	return s, in, err
}

//export hc_hll_state_add
func hc_hll_state_add(state *C.uint8_t, stateSize C.int64_t, slots *C.hc_const_int32, capacities *C.int32_t,
	data *C.hc_const_uint8, size C.int64_t, starts, lengths *C.hc_const_int32, rows C.int32_t, precision C.int64_t, flags C.int32_t,
	progress *C.hc_progress, e *C.hc_error) (status C.int32_t) {
	defer recovered(e, &status)
	ids, err := bytesFrom(progressOf(progress).Row, udf.Varchar, data, size, starts, lengths, rows)
	if err != nil {
		return report(e, err)
	}
	return add(state, stateSize, slots, readOnly(capacities), &ids, precision, flags, progress, e)
}

//export hc_hll_state_add_int64
func hc_hll_state_add_int64(state *C.uint8_t, stateSize C.int64_t, slots *C.hc_const_int32, capacities *C.int32_t,
	values *C.hc_const_int64, rows C.int32_t, precision C.int64_t, flags C.int32_t, progress *C.hc_progress, e *C.hc_error) (status C.int32_t) {
	defer recovered(e, &status)
	ids := udf.Column{Type: udf.Bigint, Rows: int(rows), Int64: elements[int64](values, rows, 1)}
	return add(state, stateSize, slots, readOnly(capacities), &ids, precision, flags, progress, e)
}

func add(state *C.uint8_t, stateSize C.int64_t, slots, capacities *C.hc_const_int32, ids *udf.Column, precision C.int64_t, flags C.int32_t,
	progress *C.hc_progress, e *C.hc_error) C.int32_t {
	at := progressOf(progress)
	s, err := slotsOf(at.Row, state, stateSize, slots, capacities, C.int32_t(ids.Rows), flags)
	if err != nil {
		return report(e, err)
	}
	ended, err := udf.AddSlots(&s, ids, int64(precision), &at)
	return advance(progress, &at, ended, report(e, err))
}

//export hc_hll_state_encode
func hc_hll_state_encode(state *C.uint8_t, stateSize C.int64_t, slots, capacities *C.hc_const_int32, rows, flags C.int32_t,
	out *C.uint8_t, capacity C.int64_t, ends *C.int32_t, progress *C.hc_progress, e *C.hc_error) (status C.int32_t) {
	defer recovered(e, &status)
	s, err := slotsOf(0, state, stateSize, slots, capacities, rows, flags)
	if err != nil {
		return report(e, err)
	}
	result := udf.Sketches{Data: bytes(out, capacity), Ends: elements[int32](ends, rows, 1)}
	at := progressOf(progress)
	ended, err := udf.EncodeSlots(&result, &s, &at)
	return advance(progress, &at, ended, report(e, err))
}
