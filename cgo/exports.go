// SPDX-License-Identifier: Apache-2.0

package main

/*
#include "const.h"
*/
import "C"

import (
	"fmt"
	"runtime"

	"github.com/headcount-hll/headcount/udf"
	"github.com/headcount-hll/headcount/udf/hll"
)

//export hc_abi_version
func hc_abi_version() C.int32_t { return C.HC_ABI_VERSION }

//export hc_describe
func hc_describe(out *C.char, capacity C.int32_t) C.int32_t {
	line := fmt.Sprintf("headcount %s, kernel %s, %s, %s", version, hll.Kernel(), runtime.Version(), runtime.GOARCH)
	writeText(bytes(out, C.int64_t(capacity)), line)
	return C.int32_t(len(line))
}

//export hc_hll_check
func hc_hll_check(data *C.hc_const_uint8, size C.int64_t, starts, lengths *C.hc_const_int32, rows C.int32_t, e *C.hc_error) (status C.int32_t) {
	defer recovered(e, &status)
	in, err := sketches(data, size, starts, lengths, rows)
	if err == nil {
		err = udf.Check(&in)
	}
	return report(e, err)
}

//export hc_hll_precision
func hc_hll_precision(data *C.hc_const_uint8, size C.int64_t, starts, lengths *C.hc_const_int32, rows C.int32_t, out *C.int64_t, e *C.hc_error) (status C.int32_t) {
	defer recovered(e, &status)
	in, err := sketches(data, size, starts, lengths, rows)
	if err == nil {
		err = udf.Precision(elements[int64](out, rows, 1), &in)
	}
	return report(e, err)
}

//export hc_hll_cardinality
func hc_hll_cardinality(data *C.hc_const_uint8, size C.int64_t, starts, lengths *C.hc_const_int32, rows C.int32_t, out *C.int64_t, e *C.hc_error) (status C.int32_t) {
	defer recovered(e, &status)
	in, err := sketches(data, size, starts, lengths, rows)
	if err == nil {
		err = udf.Cardinality(elements[int64](out, rows, 1), &in)
	}
	return report(e, err)
}

//export hc_hll_compatible_estimate
func hc_hll_compatible_estimate(data *C.hc_const_uint8, size C.int64_t, starts, lengths *C.hc_const_int32, rows C.int32_t, out *C.double, e *C.hc_error) (status C.int32_t) {
	defer recovered(e, &status)
	in, err := sketches(data, size, starts, lengths, rows)
	if err == nil {
		err = udf.CompatibleEstimate(elements[float64](out, rows, 1), &in)
	}
	return report(e, err)
}

//export hc_hll_estimate
func hc_hll_estimate(data *C.hc_const_uint8, size C.int64_t, starts, lengths *C.hc_const_int32, rows C.int32_t, out *C.double, e *C.hc_error) (status C.int32_t) {
	defer recovered(e, &status)
	in, err := sketches(data, size, starts, lengths, rows)
	if err == nil {
		err = udf.Estimate(elements[float64](out, rows, 1), &in)
	}
	return report(e, err)
}

//export hc_hll_bounds
func hc_hll_bounds(data *C.hc_const_uint8, size C.int64_t, starts, lengths *C.hc_const_int32, rows C.int32_t, sigmas C.int64_t, out *C.double, e *C.hc_error) (status C.int32_t) {
	defer recovered(e, &status)
	in, err := sketches(data, size, starts, lengths, rows)
	if err == nil {
		var one [1]int64
		err = udf.Bounds(elements[float64](out, rows, 2), &in, constant(&one, sigmas))
	}
	return report(e, err)
}

//export hc_hll_intersection
func hc_hll_intersection(aData *C.hc_const_uint8, aSize C.int64_t, aStarts, aLengths *C.hc_const_int32,
	bData *C.hc_const_uint8, bSize C.int64_t, bStarts, bLengths *C.hc_const_int32, rows C.int32_t,
	out *C.double, e *C.hc_error) (status C.int32_t) {
	defer recovered(e, &status)
	a, b, err := pair(udf.HLL, aData, aSize, aStarts, aLengths, bData, bSize, bStarts, bLengths, rows)
	if err != nil {
		return report(e, err)
	}
	return report(e, udf.Intersection(elements[float64](out, rows, 3), &a, &b))
}

//export hc_hll_jaccard
func hc_hll_jaccard(aData *C.hc_const_uint8, aSize C.int64_t, aStarts, aLengths *C.hc_const_int32,
	bData *C.hc_const_uint8, bSize C.int64_t, bStarts, bLengths *C.hc_const_int32, rows C.int32_t,
	out *C.double, e *C.hc_error) (status C.int32_t) {
	defer recovered(e, &status)
	a, b, err := pair(udf.HLL, aData, aSize, aStarts, aLengths, bData, bSize, bStarts, bLengths, rows)
	if err != nil {
		return report(e, err)
	}
	return report(e, udf.Jaccard(elements[float64](out, rows, 1), &a, &b))
}

//export hc_hll_create
func hc_hll_create(data *C.hc_const_uint8, size C.int64_t, starts, lengths *C.hc_const_int32, rows C.int32_t, precision C.int64_t,
	out *C.uint8_t, capacity C.int64_t, ends *C.int32_t, progress *C.hc_progress, e *C.hc_error) (status C.int32_t) {
	defer recovered(e, &status)
	ids, err := bytesOf(udf.Varchar, data, size, starts, lengths, rows)
	if err != nil {
		return report(e, err)
	}
	result := lent(out, capacity, ends, rows)
	var one [1]int64
	err = udf.Create(&result, &ids, constant(&one, precision))
	return deliver(&result, capacity, progress, report(e, err))
}

//export hc_hll_create_int64
func hc_hll_create_int64(values *C.hc_const_int64, rows C.int32_t, precision C.int64_t,
	out *C.uint8_t, capacity C.int64_t, ends *C.int32_t, progress *C.hc_progress, e *C.hc_error) (status C.int32_t) {
	defer recovered(e, &status)
	if err := checkRows(rows, values != nil); err != nil {
		return report(e, err)
	}
	ids := udf.Column{Type: udf.Bigint, Rows: int(rows), Int64: elements[int64](values, rows, 1)}
	result := lent(out, capacity, ends, rows)
	var one [1]int64
	err := udf.CreateInt64(&result, &ids, constant(&one, precision))
	return deliver(&result, capacity, progress, report(e, err))
}

//export hc_hll_empty
func hc_hll_empty(precision C.int64_t, out *C.uint8_t, capacity C.int64_t, ends *C.int32_t, progress *C.hc_progress, e *C.hc_error) (status C.int32_t) {
	defer recovered(e, &status)
	result := lent(out, capacity, ends, 1)
	var one [1]int64
	err := udf.Empty(&result, constant(&one, precision), 1)
	return deliver(&result, capacity, progress, report(e, err))
}

//export hc_hll_union
func hc_hll_union(aData *C.hc_const_uint8, aSize C.int64_t, aStarts, aLengths *C.hc_const_int32,
	bData *C.hc_const_uint8, bSize C.int64_t, bStarts, bLengths *C.hc_const_int32, rows C.int32_t,
	out *C.uint8_t, capacity C.int64_t, ends *C.int32_t, progress *C.hc_progress, e *C.hc_error) (status C.int32_t) {
	defer recovered(e, &status)
	a, b, err := pair(udf.HLL, aData, aSize, aStarts, aLengths, bData, bSize, bStarts, bLengths, rows)
	if err != nil {
		return report(e, err)
	}
	result := lent(out, capacity, ends, rows)
	return deliver(&result, capacity, progress, report(e, udf.Union(&result, &a, &b)))
}

//export hc_hll_reduce
func hc_hll_reduce(data *C.hc_const_uint8, size C.int64_t, starts, lengths *C.hc_const_int32, rows C.int32_t, precision C.int64_t,
	out *C.uint8_t, capacity C.int64_t, ends *C.int32_t, progress *C.hc_progress, e *C.hc_error) (status C.int32_t) {
	defer recovered(e, &status)
	in, err := sketches(data, size, starts, lengths, rows)
	if err != nil {
		return report(e, err)
	}
	result := lent(out, capacity, ends, rows)
	var one [1]int64
	err = udf.Reduce(&result, &in, constant(&one, precision))
	return deliver(&result, capacity, progress, report(e, err))
}
