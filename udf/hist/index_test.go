// SPDX-License-Identifier: Apache-2.0

package hist

import "testing"

// TestIndex_HasNoCollisions tries the layouts that Telemetry's histograms mostly have.
func TestIndex_HasNoCollisions(t *testing.T) {
	for _, kind := range []Kind{Exponential, Linear, Enumerated} {
		for _, high := range []int64{100, 1000, 10_000, 60_000, 1_000_000} {
			for n := int64(5); n <= 100; n += 5 {
				layout, err := NewLayout(kind, 1, max(high, n), n)
				if err != nil {
					t.Fatal(err)
				}
				index := NewIndex(layout)
				for i, bound := range layout.bounds {
					if got := index.slots[index.home(bound)]; got != int32(i+1) && layout.Exact(bound) == i {
						t.Errorf("%v to %d with %d buckets: the first slot of %d is that of bucket %d, want %d", kind, high, n, bound, got-1, i)
					}
				}
			}
		}
	}
}
