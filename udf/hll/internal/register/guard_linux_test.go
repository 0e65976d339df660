// SPDX-License-Identifier: Apache-2.0

package register

import (
	"testing"

	"github.com/headcount-hll/headcount/udf/internal/fencetest"
)

// TestKernels_TouchNothingOutside ends the test process if a kernel reads or writes one byte too many, which
// guard bytes show only for writes.
func TestKernels_TouchNothingOutside(t *testing.T) {
	dst, src := fencetest.Pages(t, 2), fencetest.Pages(t, 2)
	var counts [128]uint32
	for n := range 600 {
		for _, slices := range [][2][]byte{
			{dst[:n], src[:n]},
			{dst[len(dst)-n:], src[len(src)-n:]},
		} {
			d, s := slices[0], slices[1]
			for _, k := range implementations {
				k.union(d, s)
				k.largest(s)
				k.span(s)
				k.sum(s)
			}
			Histogram(s, &counts)
			IndexAbove(s, 254)
			for _, k := range packedImplementations {
				k.smallest(s)
				if n%2 == 0 && (n < 64 || n%64 == 0) {
					k.union(d[:n/2], 1, s)
					k.union(d[n-n/2:], 1, s)
				}
			}
		}
	}
}
