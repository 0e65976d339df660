package main

/*
#include "const.h"
*/
import "C"

import (
	"fmt"

	"github.com/headcount-hll/headcount/udf"
	"github.com/headcount-hll/headcount/udf/hll"
)

// statusOf translates the codes of the sketch layer, once.
func statusOf(code hll.Code) C.int32_t {
	switch code {
	case hll.Malformed:
		return C.HC_MALFORMED
	case hll.PrecisionRange:
		return C.HC_PRECISION_RANGE
	case hll.PrecisionMismatch:
		return C.HC_PRECISION_MISMATCH
	case hll.TooLarge:
		return C.HC_TOO_LARGE
	case hll.Argument:
		return C.HC_ARGUMENT
	default:
		return C.HC_INTERNAL
	}
}

// report writes a refusal to the caller's error and returns its status.
func report(e *C.hc_error, refused *udf.Error) C.int32_t {
	if refused == nil {
		return C.HC_OK
	}
	return fail(e, statusOf(refused.Code), refused.Row, refused.Message)
}

func fail(e *C.hc_error, status C.int32_t, row int, message string) C.int32_t {
	if e != nil {
		e.code, e.row = status, C.int32_t(row)
		writeText(bytes(&e.message, C.int64_t(len(e.message))), message)
	}
	return status
}

// writeText copies as much of text as leaves room for the ending zero.
func writeText(out []byte, text string) {
	if len(out) > 0 {
		out[copy(out[:len(out)-1], text)] = 0
	}
}

// recovered turns a panic into HC_INTERNAL: one that left Go would end the caller's process.
func recovered(e *C.hc_error, status *C.int32_t) {
	if cause := recover(); cause != nil {
		*status = fail(e, C.HC_INTERNAL, -1, fmt.Sprintf("internal error, please report it: %v", cause))
	}
}
