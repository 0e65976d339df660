// SPDX-License-Identifier: Apache-2.0

package main

/*
#include "const.h"
*/
import "C"

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"time"
	"unsafe"

	"github.com/apache/arrow-go/v18/arrow/cdata"
	"github.com/apache/arrow-go/v18/arrow/memory/mallocator"

	"github.com/headcount-hll/headcount/udf/hist"
)

//export hc_pings_abi_version
func hc_pings_abi_version() C.int32_t { return C.HC_PINGS_ABI_VERSION }

//export hc_pings_open
func hc_pings_open(request *C.hc_const_uint8, size C.int64_t, reader *C.int64_t, e *C.hc_error) (status C.int32_t) {
	defer recovered(e, &status)
	number, err := open(unsafe.Slice((*byte)(unsafe.Pointer(request)), size))
	*reader = C.int64_t(number)
	return report(e, err)
}

//export hc_pings_next
func hc_pings_next(reader C.int64_t, milliseconds C.int32_t, data **C.hc_const_uint8, size *C.int64_t, e *C.hc_error) (status C.int32_t) {
	defer recovered(e, &status)
	*data, *size = nil, 0
	h, err := find(int64(reader))
	if err != nil {
		return report(e, err)
	}
	h.pinner.Unpin()
	array, more, err := h.Next(duration(milliseconds))
	if err != nil {
		return report(e, err)
	}
	if array == nil && more {
		return C.HC_AGAIN
	}
	*data, *size = (*C.hc_const_uint8)(unsafe.Pointer(h.lend(array))), C.int64_t(len(array))
	return C.HC_OK
}

//export hc_pings_table
func hc_pings_table(reader C.int64_t, milliseconds C.int32_t, stream *C.struct_ArrowArrayStream, e *C.hc_error) (status C.int32_t) {
	defer recovered(e, &status)
	h, err := find(int64(reader))
	if err != nil {
		return report(e, err)
	}
	more, err := h.Collect(duration(milliseconds))
	if err != nil {
		return report(e, err)
	}
	if more {
		return C.HC_AGAIN
	}
	// Buffers of C's memory: Go's may not be kept by C.
	table := h.Table(mallocator.NewMallocator())
	defer table.Release()
	cdata.ExportRecordReader(table, (*cdata.CArrowArrayStream)(unsafe.Pointer(stream)))
	return C.HC_OK
}

//export hc_pings_counts
func hc_pings_counts(reader C.int64_t, data **C.hc_const_uint8, size *C.int64_t, e *C.hc_error) (status C.int32_t) {
	defer recovered(e, &status)
	h, err := find(int64(reader))
	if err != nil {
		return report(e, err)
	}
	h.pinner.Unpin()
	text, err := json.Marshal(h.Counts())
	*data, *size = (*C.hc_const_uint8)(unsafe.Pointer(h.lend(text))), C.int64_t(len(text))
	return report(e, err)
}

//export hc_pings_close
func hc_pings_close(reader C.int64_t, e *C.hc_error) (status C.int32_t) {
	defer recovered(e, &status)
	return report(e, remove(int64(reader)))
}

//export hc_pings_percentiles
func hc_pings_percentiles(bounds, counts *C.hc_const_int64, n C.int32_t, percentiles *C.hc_const_double, rows C.int32_t, out *C.double,
	e *C.hc_error) (status C.int32_t) {
	defer recovered(e, &status)
	if n < 0 || rows < 0 {
		return report(e, errors.New("pings: a negative number of buckets or percentiles"))
	}
	b, c := unsafe.Slice((*int64)(unsafe.Pointer(bounds)), n), unsafe.Slice((*int64)(unsafe.Pointer(counts)), n)
	results := unsafe.Slice((*float64)(unsafe.Pointer(out)), rows)
	for i, p := range unsafe.Slice((*float64)(unsafe.Pointer(percentiles)), rows) {
		value, ok, err := hist.Percentile(b, c, p)
		if err != nil {
			return report(e, err)
		}
		if !ok {
			value = math.NaN()
		}
		results[i] = value
	}
	return C.HC_OK
}

func duration(milliseconds C.int32_t) time.Duration {
	return time.Duration(max(milliseconds, 0)) * time.Millisecond
}

// report writes an error to the caller's hc_error and returns its status, HC_OK for nil.
func report(e *C.hc_error, err error) C.int32_t {
	if err == nil {
		return C.HC_OK
	}
	return fail(e, C.HC_ARGUMENT, err.Error())
}

func fail(e *C.hc_error, status C.int32_t, message string) C.int32_t {
	if e != nil {
		e.code, e.row = status, -1
		text := unsafe.Slice((*byte)(unsafe.Pointer(&e.message)), len(e.message))
		text[copy(text[:len(text)-1], message)] = 0
	}
	return status
}

// recovered turns a panic into HC_INTERNAL. A panic that leaves Go ends the caller's process.
func recovered(e *C.hc_error, status *C.int32_t) {
	if cause := recover(); cause != nil {
		*status = fail(e, C.HC_INTERNAL, fmt.Sprintf("internal error, please report it: %v", cause))
	}
}
