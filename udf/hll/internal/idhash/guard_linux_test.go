// SPDX-License-Identifier: Apache-2.0

package idhash

import (
	"testing"

	"github.com/headcount-hll/headcount/udf/internal/fencetest"
)

// TestHashStrings_ReadsNothingOutside ends the test process if a kernel reads a byte before or after data: it lies between two
// pages that must not be touched.
func TestHashStrings_ReadsNothingOutside(t *testing.T) {
	inside := fencetest.Pages(t, 1)
	page := len(inside)
	for length := range page/Batch + 1 {
		for _, from := range []int{0, page - Batch*length} {
			starts, lengths := make([]int32, Batch), make([]int32, Batch)
			for i := range starts {
				starts[i], lengths[i] = int32(i*length), int32(length)
			}
			lengths[from%7] /= 2 // of other blocks than the others
			checkStrings(t, inside[from:][:Batch*length], starts, lengths)
		}
	}
}
