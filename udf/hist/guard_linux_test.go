// SPDX-License-Identifier: Apache-2.0

package hist

import (
	"testing"

	"github.com/headcount-hll/headcount/udf/internal/fencetest"
)

// TestKernels_TouchNothingOutside ends the test process if a kernel reads or writes one byte too many.
func TestKernels_TouchNothingOutside(t *testing.T) {
	into, other := fencetest.Pages(t, 1), fencetest.Pages(t, 1)
	for n := 0; n <= 100*wordSize; n += wordSize {
		for _, add := range kernels {
			add(into[:n], other[:n])
			add(into[len(into)-n:], other[len(other)-n:])
		}
	}
}
