// SPDX-License-Identifier: Apache-2.0

package hist

import (
	"math"
	"math/rand/v2"
	"testing"
)

func TestPercentileBounds_AreEdgesOfBuckets(t *testing.T) {
	bounds := []int64{0, 1, 2, 4, 8}
	lower, upper, ok, err := PercentileBounds(bounds, []int64{0, 0, 1e9, 0, 0}, 50, 1e9, 2)
	if err != nil || !ok || lower != 2 || upper != 4 {
		t.Fatalf("%v to %v, %v, %v; want 2 to 4", lower, upper, ok, err)
	}
	_, upper, _, _ = PercentileBounds(bounds, []int64{0, 0, 0, 0, 7}, 50, 7, 2)
	if !math.IsInf(upper, 1) {
		t.Errorf("the last bucket has no upper edge, got %v", upper)
	}
	if lower, upper, _, _ := PercentileBounds(bounds, []int64{0, 4, 3, 3, 0}, 95, 10, 2); lower != 4 || !math.IsInf(upper, 1) {
		t.Errorf("the 95th of 10 observations has no upper bound, got %v to %v", lower, upper)
	}
	if _, _, ok, _ := PercentileBounds(bounds, make([]int64, 5), 50, 10, 2); ok {
		t.Error("bounds without counts")
	}
	if _, _, _, err := PercentileBounds(bounds, make([]int64, 5), 101, 10, 2); err == nil {
		t.Error("percentile 101: no error")
	}
}

// The bounds at 2 sigmas hold the percentile and the mean of the source in at least 9 of 10 samples of it.
func TestBounds_HoldTheTruth(t *testing.T) {
	layout, err := NewLayout(Exponential, 1, 10000, 50)
	if err != nil {
		t.Fatal(err)
	}
	random := rand.New(rand.NewPCG(3, 4))
	for _, n := range []int{10, 100, 2000} {
		held := map[float64]int{}
		const trials = 300
		for range trials {
			counts := make([]int64, layout.Len())
			for range n {
				counts[layout.Bucket(100*random.ExpFloat64())]++
			}
			for _, p := range []float64{5, 50, 95, 99} {
				truth := -100 * math.Log(1-p/100)
				lower, upper, _, _ := PercentileBounds(layout.Bounds(), counts, p, float64(n), 2)
				if lower <= truth && truth <= upper {
					held[p]++
				}
			}
			lower, upper, _, _ := MeanBounds(layout.Bounds(), counts, float64(n), 2)
			if lower <= 100 && 100 <= upper {
				held[-1]++
			}
		}
		for p, times := range held {
			if times < trials*9/10 {
				t.Errorf("n = %d, percentile %v (-1: mean): held in %d of %d", n, p, times, trials)
			}
		}
		if len(held) != 5 {
			t.Errorf("n = %d: %v", n, held)
		}
	}
}

func TestShares_AddUpToOne(t *testing.T) {
	shares, cumulative := Shares([]int64{1, -5, 3, 0})
	if shares[0] != 0.25 || shares[1] != 0 || shares[2] != 0.75 || cumulative[3] != 1 || cumulative[1] != 0.25 {
		t.Errorf("%v, %v", shares, cumulative)
	}
	if first, last := Occupied([]int64{0, 2, -1, 3, 0}); first != 1 || last != 3 {
		t.Errorf("%d, %d, want 1, 3", first, last)
	}
	if first, last := Occupied([]int64{0, -1}); first != -1 || last != -1 {
		t.Errorf("%d, %d, want -1, -1", first, last)
	}
}
