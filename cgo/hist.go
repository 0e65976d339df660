// SPDX-License-Identifier: Apache-2.0

package main

/*
#include "const.h"
*/
import "C"

import "github.com/headcount-hll/headcount/udf"

//export hc_hist_state_aggregate
func hc_hist_state_aggregate(state *C.uint8_t, stateSize C.int64_t, slots, capacities *C.hc_const_int32,
	data *C.hc_const_uint8, size C.int64_t, starts, lengths *C.hc_const_int32, rows, flags C.int32_t, progress *C.hc_progress, e *C.hc_error) (status C.int32_t) {
	defer recovered(e, &status)
	at := progressOf(progress)
	s, in, err := taken(udf.Varbinary, &at, state, stateSize, slots, capacities, data, size, starts, lengths, rows, flags)
	if err != nil {
		return report(e, err)
	}
	ended, err := udf.AggregateSlots(&s, &in, &at)
	return advance(progress, &at, ended, report(e, err))
}

//export hc_hist_state_sum
func hc_hist_state_sum(state *C.uint8_t, stateSize C.int64_t, slots, capacities *C.hc_const_int32,
	data *C.hc_const_uint8, size C.int64_t, starts, lengths *C.hc_const_int32, rows, flags C.int32_t, progress *C.hc_progress, e *C.hc_error) (status C.int32_t) {
	defer recovered(e, &status)
	at := progressOf(progress)
	s, in, err := taken(udf.Varbinary, &at, state, stateSize, slots, capacities, data, size, starts, lengths, rows, flags)
	if err != nil {
		return report(e, err)
	}
	ended, err := udf.SumSlots(&s, &in, &at)
	return advance(progress, &at, ended, report(e, err))
}

//export hc_hist_state_encode
func hc_hist_state_encode(state *C.uint8_t, stateSize C.int64_t, slots, capacities *C.hc_const_int32, rows, flags C.int32_t,
	out *C.uint8_t, capacity C.int64_t, ends *C.int32_t, progress *C.hc_progress, e *C.hc_error) (status C.int32_t) {
	defer recovered(e, &status)
	s, err := slotsOf(0, state, stateSize, slots, capacities, rows, flags)
	if err != nil {
		return report(e, err)
	}
	result := udf.Sketches{Data: bytes(out, capacity), Ends: elements[int32](ends, rows, 1)}
	at := progressOf(progress)
	ended, err := udf.EncodeArrays(&result, &s, &at)
	return advance(progress, &at, ended, report(e, err))
}

//export hc_hist_mean
func hc_hist_mean(aData *C.hc_const_uint8, aSize C.int64_t, aStarts, aLengths *C.hc_const_int32,
	bData *C.hc_const_uint8, bSize C.int64_t, bStarts, bLengths *C.hc_const_int32, rows C.int32_t,
	out *C.double, e *C.hc_error) (status C.int32_t) {
	defer recovered(e, &status)
	a, b, err := pair(udf.Varbinary, aData, aSize, aStarts, aLengths, bData, bSize, bStarts, bLengths, rows)
	if err != nil {
		return report(e, err)
	}
	return report(e, udf.HistogramMean(elements[float64](out, rows, 1), &a, &b))
}

//export hc_hist_percentile
func hc_hist_percentile(aData *C.hc_const_uint8, aSize C.int64_t, aStarts, aLengths *C.hc_const_int32,
	bData *C.hc_const_uint8, bSize C.int64_t, bStarts, bLengths *C.hc_const_int32, rows C.int32_t,
	percents *C.hc_const_double, out *C.double, e *C.hc_error) (status C.int32_t) {
	defer recovered(e, &status)
	a, b, err := pair(udf.Varbinary, aData, aSize, aStarts, aLengths, bData, bSize, bStarts, bLengths, rows)
	if err == nil {
		err = checkRows(rows, percents != nil)
	}
	if err != nil {
		return report(e, err)
	}
	wanted := udf.Column{Type: udf.Double, Rows: int(rows), Float64: elements[float64](percents, rows, 1)}
	return report(e, udf.HistogramPercentile(elements[float64](out, rows, 1), &a, &b, &wanted))
}

//export hc_hist_buckets
func hc_hist_buckets(data *C.hc_const_uint8, size C.int64_t, starts, lengths *C.hc_const_int32, rows C.int32_t,
	sizes *C.hc_const_int64, out *C.uint8_t, capacity C.int64_t, ends *C.int32_t, progress *C.hc_progress, e *C.hc_error) (status C.int32_t) {
	defer recovered(e, &status)
	kinds, err := bytesOf(udf.Varchar, data, size, starts, lengths, rows)
	if err == nil {
		err = checkRows(rows, sizes != nil)
	}
	if err != nil {
		return report(e, err)
	}
	result := lent(out, capacity, ends, rows)
	return deliver(&result, capacity, progress, report(e, udf.HistogramBuckets(&result, &kinds, elements[int64](sizes, rows, 3))))
}
