// SPDX-License-Identifier: Apache-2.0

package main

/*
#include "const.h"
*/
import "C"

import (
	"fmt"
	"unsafe"

	"github.com/headcount-hll/headcount/udf"
	"github.com/headcount-hll/headcount/udf/errs"
	"github.com/headcount-hll/headcount/udf/state"
)

// slice returns the caller's memory as a Go slice, empty for a null pointer or a negative count.
func slice[T any](p *T, n int64) []T {
	if p == nil || n <= 0 {
		return nil
	}
	return unsafe.Slice(p, n)
}

// bytes returns the caller's memory of size bytes.
func bytes[P any](p *P, size C.int64_t) []byte { return slice((*byte)(unsafe.Pointer(p)), int64(size)) }

// elements returns one of the caller's arrays: each elements per row. T is the Go type of the C type P.
func elements[T, P any](p *P, rows C.int32_t, each int64) []T {
	return slice((*T)(unsafe.Pointer(p)), int64(rows)*each)
}

// bytesOf returns the caller's column of byte strings.
func bytesOf(t udf.Type, data *C.hc_const_uint8, size C.int64_t, starts, lengths *C.hc_const_int32, rows C.int32_t) (udf.Column, error) {
	return bytesFrom(0, t, data, size, starts, lengths, rows)
}

// bytesFrom returns the same for a call that reads no row before from.
func bytesFrom(from int, t udf.Type, data *C.hc_const_uint8, size C.int64_t, starts, lengths *C.hc_const_int32, rows C.int32_t) (udf.Column, error) {
	if err := checkRows(rows, starts != nil && lengths != nil); err != nil {
		return udf.Column{}, err
	}
	return udf.NewBytesFrom(from, t, bytes(data, size), elements[int32](starts, rows, 1), elements[int32](lengths, rows, 1))
}

func sketches(data *C.hc_const_uint8, size C.int64_t, starts, lengths *C.hc_const_int32, rows C.int32_t) (udf.Column, error) {
	return bytesOf(udf.HLL, data, size, starts, lengths, rows)
}

// pair returns two columns of byte strings of a type with the same number of rows.
func pair(t udf.Type, aData *C.hc_const_uint8, aSize C.int64_t, aStarts, aLengths *C.hc_const_int32,
	bData *C.hc_const_uint8, bSize C.int64_t, bStarts, bLengths *C.hc_const_int32, rows C.int32_t) (a, b udf.Column, err error) {
	if a, err = bytesOf(t, aData, aSize, aStarts, aLengths, rows); err == nil {
		b, err = bytesOf(t, bData, bSize, bStarts, bLengths, rows)
	}
	return a, b, err
}

func checkRows(rows C.int32_t, arrays bool) error {
	if rows < 0 || rows > 0 && !arrays {
		return errs.New(errs.InvalidArgument, "%d rows without arrays that describe them", rows)
	}
	return nil
}

// slotsOf returns the caller's slots, for a call that uses none before row from.
func slotsOf(from int, state *C.uint8_t, size C.int64_t, slots, capacities *C.hc_const_int32, rows, flags C.int32_t) (udf.Slots, error) {
	c, err := bytesFrom(from, udf.Varbinary, (*C.hc_const_uint8)(state), size, slots, capacities, rows)
	if err != nil {
		e := errs.Of(err)
		return udf.Slots{}, errs.AtRow(e.Row, errs.New(e.Code, "slots: %s", e.Message))
	}
	return udf.Slots{Memory: c.Data, Starts: c.Starts, Lengths: c.Lengths, Flags: flagsOf(flags)}, nil
}

// spareUnit is the flags of HC_SPARE(64).
const spareUnit = 1 << 8

func flagsOf(flags C.int32_t) (f state.Flags) {
	if flags&C.HC_ALLOW_LONG != 0 {
		f |= state.AllowLong
	}
	if flags&C.HC_PACK_REGISTERS != 0 {
		f |= state.PackRegisters
	}
	if flags&C.HC_SET_ASIDE != 0 {
		f |= state.SetAside
	}
	if flags > spareUnit {
		f = f.WithSpare(int(flags/spareUnit) * 64)
	}
	return f
}

// constant returns a column of one number, in memory.
func constant(memory *[1]int64, precision C.int64_t) *udf.Column {
	memory[0] = int64(precision)
	return &udf.Column{Type: udf.Bigint, Rows: 1, Int64: memory[:]}
}

// lent returns the caller's memory for sketches, as an empty slice with its capacity.
func lent(out *C.uint8_t, capacity C.int64_t, ends *C.int32_t, rows C.int32_t) udf.Sketches {
	return udf.Sketches{Data: bytes(out, capacity)[:0], Ends: elements[int32](ends, rows, 1)}
}

// deliver returns the status of a call that made sketches: HC_NEED_SPACE if they did not fit the caller's memory.
func deliver(result *udf.Sketches, capacity C.int64_t, progress *C.hc_progress, status C.int32_t) C.int32_t {
	if status == C.HC_OK && len(result.Data) > int(max(capacity, 0)) {
		progress.need = C.int64_t(len(result.Data))
		return C.HC_NEED_SPACE
	}
	return status
}

func progressOf(p *C.hc_progress) udf.Progress {
	return udf.Progress{Row: max(int(p.row), 0), At: int(p.at)}
}

// advance writes the position of a call back, and returns its status.
func advance(p *C.hc_progress, at *udf.Progress, ended state.Status, status C.int32_t) C.int32_t {
	p.row, p.at, p.need = C.int32_t(at.Row), C.int64_t(at.At), C.int64_t(at.Need)
	if status != C.HC_OK {
		return status
	}
	switch ended {
	case state.Done:
		return C.HC_OK
	case state.NeedSpace:
		return C.HC_NEED_SPACE
	case state.Again:
		return C.HC_AGAIN
	case state.WouldBlock:
		return C.HC_WOULD_BLOCK
	default: // recovered makes it HC_INTERNAL, with the message
		panic(fmt.Sprintf("status %d", ended))
	}
}
