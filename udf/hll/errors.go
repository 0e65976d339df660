// SPDX-License-Identifier: Apache-2.0

package hll

import "github.com/headcount-hll/headcount/udf/errs"

// invalid returns an [errs.Error] of this package.
func invalid(code errs.Code, format string, args ...any) error {
	return errs.New(code, "hll: "+format, args...)
}

func mismatch(a, b Precision) error {
	return invalid(errs.PrecisionMismatch, "union of precision %d with %d: precisions differ; "+
		"bring the larger down with hll_reduce(sketch, %d)", a.bits, b.bits, min(a.bits, b.bits))
}
