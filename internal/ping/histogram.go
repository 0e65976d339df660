// SPDX-License-Identifier: Apache-2.0

package ping

import (
	"strconv"

	"github.com/headcount-hll/headcount/internal/jsonwalk"
	"github.com/headcount-hll/headcount/udf/hist"
)

// Buckets sets counts, one for each bucket of a layout, from a histogram's values: an object of lower bounds and counts. Bounds
// that the layout does not have are left out. A count that is not a whole number is 0. Of a bound that occurs twice the last one counts.
func Buckets(counts []int64, layout hist.Layout, values jsonwalk.Value) {
	clear(counts)
	next := 0
	for key, value := range values.Members {
		bound, err := strconv.ParseInt(string(key), 10, 64)
		if err != nil {
			continue
		}
		if i := layout.ExactFrom(next, bound); i >= 0 {
			counts[i], _ = value.Int()
			next = i + 1
		}
	}
}
