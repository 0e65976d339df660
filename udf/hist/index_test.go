// SPDX-License-Identifier: Apache-2.0

package hist

import "testing"

// TestIndex_HasASlotForEachBound tries the layouts that Telemetry's histograms mostly have.
func TestIndex_HasASlotForEachBound(t *testing.T) {
	for _, kind := range []Kind{Exponential, Linear, Enumerated} {
		for _, high := range []int64{100, 1000, 10_000, 60_000, 1_000_000} {
			for n := int64(5); n <= 100; n += 5 {
				layout, err := NewLayout(kind, 1, max(high, n), n)
				if err != nil {
					t.Fatal(err)
				}
				if index := NewIndex(layout); index.few == nil {
					t.Errorf("%v to %d with %d buckets: not every bound has a slot of its own", kind, high, n)
				}
			}
		}
	}
}
