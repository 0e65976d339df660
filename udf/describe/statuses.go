// SPDX-License-Identifier: Apache-2.0

package main

import (
	"regexp"
	"strings"

	"github.com/headcount-hll/headcount/udf/errs"
)

// An errorCode is an error of enum hc_status.
type errorCode struct {
	Symbol, Value, Doc string
	Word               string // error_code in the sidecar's protocol; "" if the protocol has none
}

// Constant returns the name of the Java constant.
func (e errorCode) Constant() string { return strings.TrimPrefix(e.Symbol, "HC_") }

// An error has a value of one digit, or 15; the other values of hc_status ask the caller for something.
var errorStatus = regexp.MustCompile(`(?m)^    (HC_[A-Z_]+) = ([1-9]|15), +/\* (.*) \*/$`)

// errorsOf returns the errors that a header declares, in their order.
func errorsOf(header string) (all []errorCode) {
	for _, m := range errorStatus.FindAllStringSubmatch(header, -1) {
		e := errorCode{Symbol: m[1], Value: m[2], Doc: m[3]}
		for c := errs.Malformed; c < errs.Internal; c++ {
			if strings.HasSuffix(strings.ToUpper(c.String()), e.Constant()) {
				e.Word = c.String()
			}
		}
		all = append(all, e)
	}
	return all
}
