// SPDX-License-Identifier: Apache-2.0

package main

/*
#include "const.h"
*/
import "C"

import (
	"fmt"

	"github.com/headcount-hll/headcount/udf/errs"
)

// statusOf is the one translation of the codes of package errs.
func statusOf(code errs.Code) C.int32_t {
	switch code {
	case errs.Malformed:
		return C.HC_MALFORMED
	case errs.PrecisionRange:
		return C.HC_PRECISION_RANGE
	case errs.PrecisionMismatch:
		return C.HC_PRECISION_MISMATCH
	case errs.TooLarge:
		return C.HC_TOO_LARGE
	case errs.InvalidArgument:
		return C.HC_ARGUMENT
	default:
		return C.HC_INTERNAL
	}
}

// report writes an error to the caller's hc_error and returns its status, HC_OK for nil.
func report(e *C.hc_error, err error) C.int32_t {
	if err == nil {
		return C.HC_OK
	}
	cause := errs.Of(err)
	return fail(e, statusOf(cause.Code), cause.Row, cause.Message)
}

func fail(e *C.hc_error, status C.int32_t, row int, message string) C.int32_t {
	if e != nil {
		e.code, e.row = status, C.int32_t(row)
		writeText(bytes(&e.message, C.int64_t(len(e.message))), message)
	}
	return status
}

// writeText copies text, truncated to leave space for the terminating zero.
func writeText(out []byte, text string) {
	if len(out) > 0 {
		out[copy(out[:len(out)-1], text)] = 0
	}
}

// recovered turns a panic into HC_INTERNAL. A panic that leaves Go ends the caller's process.
func recovered(e *C.hc_error, status *C.int32_t) {
	if cause := recover(); cause != nil {
		*status = fail(e, C.HC_INTERNAL, -1, fmt.Sprintf("internal error, please report it: %v", cause))
	}
}
