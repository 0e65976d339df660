// SPDX-License-Identifier: Apache-2.0

package hist_test

import (
	"math"
	"math/big"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/headcount-hll/headcount/udf/hist"
)

func TestParseKind_RejectsOtherNames(t *testing.T) {
	for _, name := range []string{"", "Exponential", "exponential ", "keyed", "Kind(0)"} {
		if kind, err := hist.ParseKind(name); err == nil {
			t.Errorf("ParseKind(%q) = %v, expected an error", name, kind)
		}
	}
}

func TestNewLayout_RejectsArgumentsOutOfRange(t *testing.T) {
	for _, c := range []struct {
		kind         hist.Kind
		low, high, n int64
	}{
		{0, 1, 10, 5}, {99, 1, 10, 5},
		{hist.Linear, 1, 10, 2}, {hist.Linear, 0, 10, 5}, {hist.Linear, 10, 10, 5}, {hist.Linear, -1, 10, 5},
		{hist.Linear, 1, 10, hist.MaxBuckets + 1}, {hist.Linear, 1, 1<<32 + 1, 5},
		{hist.Exponential, 1, 10, 0}, {hist.Exponential, 1, 10, math.MaxInt64}, {hist.Exponential, 1, math.MaxInt64, 5},
		{hist.Enumerated, 0, 0, 1}, {hist.Enumerated, 0, 0, -1}, {hist.Enumerated, 0, 0, hist.MaxBuckets},
		{hist.Categorical, 0, 0, 0}, {hist.Categorical, 0, 0, math.MinInt64},
	} {
		if layout, err := hist.NewLayout(c.kind, c.low, c.high, c.n); err == nil || layout.Len() != 0 {
			t.Errorf("NewLayout(%v, %d, %d, %d) = %d buckets, %v; expected an error", c.kind, c.low, c.high, c.n, layout.Len(), err)
		}
	}
}

// TestLayout_BoundsAscend also finds the bucket of every bound and of its neighbours.
func TestLayout_BoundsAscend(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 500 {
		kind := []hist.Kind{hist.Linear, hist.Exponential}[random.IntN(2)]
		low := 1 + random.Int64N(1000)
		n := 3 + random.Int64N(100)
		layout, err := hist.NewLayout(kind, low, low+n+random.Int64N(1<<31), n)
		if err != nil {
			t.Fatal(err)
		}
		for i, bound := range layout.Bounds() {
			if i > 0 && bound <= layout.Bounds()[i-1] {
				t.Fatalf("%v: bounds %v do not ascend at %d", kind, layout.Bounds(), i)
			}
			if got := layout.Bucket(float64(bound)); got != i || layout.Exact(bound) != i {
				t.Fatalf("%v: the bucket of %d is %d and %d, want %d", kind, bound, got, layout.Exact(bound), i)
			}
			if got := layout.Bucket(float64(bound) - 0.5); got != max(i-1, 0) {
				t.Fatalf("%v: the bucket of %d - 0.5 is %d, want %d", kind, bound, got, max(i-1, 0))
			}
		}
	}
}

// TestLayout_ExactFromAndIndexEqualExact includes layouts whose bounds repeat, and every place to begin.
func TestLayout_ExactFromAndIndexEqualExact(t *testing.T) {
	for _, c := range []struct {
		kind         hist.Kind
		low, high, n int64
	}{{hist.Linear, 1, 10, 40}, {hist.Linear, 1, 1000, 20}, {hist.Exponential, 1, 10000, 50}, {hist.Boolean, 0, 0, 0}} {
		layout, err := hist.NewLayout(c.kind, c.low, c.high, c.n)
		if err != nil {
			t.Fatal(err)
		}
		index := hist.NewIndex(layout)
		for from := -1; from <= layout.Len()+1; from++ {
			for bound := int64(-2); bound <= c.high+2; bound++ {
				if got, want := layout.ExactFrom(from, bound), layout.Exact(bound); got != want || index.Exact(bound) != want {
					t.Fatalf("%v: ExactFrom(%d, %d) = %d and Index.Exact = %d, want %d", c, from, bound, got, index.Exact(bound), want)
				}
			}
		}
	}
}

// TestIndex_EqualsExactOfLargeBoundsAndOfMany: those above 32 bits, and more than a byte counts.
func TestIndex_EqualsExactOfLargeBoundsAndOfMany(t *testing.T) {
	for _, c := range []struct{ high, n int64 }{{1<<32 - 1, 20}, {1 << 32, 20}, {10000, 150}, {10000, 151}, {10000, 255}, {100000, 1000}} {
		layout, err := hist.NewLayout(hist.Exponential, 1, c.high, c.n)
		if err != nil {
			t.Fatal(err)
		}
		index := hist.NewIndex(layout)
		for _, bound := range layout.Bounds() {
			for _, asked := range []int64{bound - 1, bound, bound + 1, bound + 1<<32, -bound, math.MaxInt64, math.MinInt64} {
				if got, want := index.Exact(asked), layout.Exact(asked); got != want {
					t.Fatalf("%v: Index.Exact(%d) = %d, want %d", c, asked, got, want)
				}
			}
		}
	}
}

func TestIndex_BucketEqualsThatOfTheLayout(t *testing.T) {
	for _, c := range []struct {
		kind         hist.Kind
		low, high, n int64
	}{
		{hist.Exponential, 1, 10000, 100}, {hist.Exponential, 1, 30000, 50}, {hist.Exponential, 1, 10000, 300}, {hist.Exponential, 1, 1 << 32, 30},
		{hist.Linear, 1, 1000, 100}, {hist.Linear, 1, 10, 40}, {hist.Boolean, 0, 0, 0},
	} {
		layout, err := hist.NewLayout(c.kind, c.low, c.high, c.n)
		if err != nil {
			t.Fatal(err)
		}
		index := hist.NewIndex(layout)
		values := []int64{1<<33 + 1, 1<<53 - 1, math.MaxInt64}
		for value := range int64(40_000) {
			values = append(values, value)
		}
		for _, bound := range layout.Bounds() {
			values = append(values, max(bound-1, 0), bound, bound+1)
		}
		for _, value := range values {
			if got, want := index.Bucket(value), layout.Bucket(float64(value)); got != want {
				t.Fatalf("%v: Index.Bucket(%d) = %d, want %d", c, value, got, want)
			}
		}
	}
}

func TestLayout_PutsValuesOutsideIntoTheEnds(t *testing.T) {
	layout, err := hist.NewLayout(hist.Exponential, 1, 10000, 50)
	if err != nil {
		t.Fatal(err)
	}
	for value, want := range map[float64]int{-1: 0, math.Inf(-1): 0, math.Inf(1): 49, 1e300: 49, 10000: 49, 0.5: 0} {
		if got := layout.Bucket(value); got != want {
			t.Errorf("Bucket(%v) = %d, want %d", value, got, want)
		}
	}
	if got := layout.Bucket(math.NaN()); got != 0 {
		t.Errorf("Bucket(NaN) = %d, want 0", got)
	}
	if got := layout.Exact(9); got != -1 {
		t.Errorf("Exact(9) = %d, want -1: no bucket begins there", got)
	}
}

func TestAdd_SaturatesAtBothLimits(t *testing.T) {
	edges := []int64{math.MinInt64, math.MinInt64 + 1, -2, -1, 0, 1, 2, math.MaxInt64 - 1, math.MaxInt64, 1 << 62, -(1 << 62)}
	for _, a := range edges {
		for _, b := range edges {
			want := new(big.Int).Add(big.NewInt(a), big.NewInt(b))
			if want.Cmp(big.NewInt(math.MaxInt64)) > 0 {
				want.SetInt64(math.MaxInt64)
			}
			if want.Cmp(big.NewInt(math.MinInt64)) < 0 {
				want.SetInt64(math.MinInt64)
			}
			if got := hist.Add(a, b); got != want.Int64() {
				t.Errorf("Add(%d, %d) = %d, want %d", a, b, got, want)
			}
		}
	}
}

func TestSumHistograms_RejectsArraysWithoutSumAndCount(t *testing.T) {
	for _, array := range [][]int64{nil, {}, {1}} {
		into := []int64{1, 2, 3}
		if got, err := hist.SumHistograms(into, array); err == nil || !slices.Equal(got, []int64{1, 2, 3}) {
			t.Errorf("SumHistograms(%v) = %v, %v; expected an error and the array unchanged", array, got, err)
		}
	}
}

// TestSumHistograms_IsTheSameInAnyOrder holds for arrays without negative numbers.
func TestSumHistograms_RejectsASumWithoutSumAndCount(t *testing.T) {
	into := []int64{5}
	for _, other := range [][]int64{{1, 2}, {1, 2, 3}} {
		if sum, err := hist.SumHistograms(into, other); err == nil || !slices.Equal(sum, []int64{5}) {
			t.Errorf("%v and %v are %v, %v", into, other, sum, err)
		}
	}
}

func TestSumHistograms_IsTheSameInAnyOrder(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	for range 300 {
		arrays := make([][]int64, 2+random.IntN(5))
		for i := range arrays {
			arrays[i] = make([]int64, 2+random.IntN(6))
			for j := range arrays[i] {
				arrays[i][j] = random.Int64N(math.MaxInt64) >> random.IntN(60)
			}
		}
		want := sumAll(t, arrays)
		left, right := sumAll(t, arrays[:1]), sumAll(t, arrays[1:])
		if got, err := hist.SumHistograms(left, right); err != nil || !slices.Equal(got, want) {
			t.Fatalf("the sum of partial sums of %v is %v, %v; want %v", arrays, got, err, want)
		}
		random.Shuffle(len(arrays), func(i, j int) { arrays[i], arrays[j] = arrays[j], arrays[i] })
		if got := sumAll(t, arrays); !slices.Equal(got, want) {
			t.Fatalf("the sum of %v is %v in another order, want %v", arrays, got, want)
		}
	}
}

func sumAll(t *testing.T, arrays [][]int64) (sum []int64) {
	t.Helper()
	for _, array := range arrays {
		var err error
		if sum, err = hist.SumHistograms(sum, array); err != nil {
			t.Fatal(err)
		}
	}
	return sum
}

func TestSumHistograms_AllocatesNothingIntoALongerArray(t *testing.T) {
	into, other := make([]int64, 102), make([]int64, 52)
	if n := testing.AllocsPerRun(100, func() { into, _ = hist.SumHistograms(into, other) }); n != 0 {
		t.Errorf("%v allocations a call, want 0", n)
	}
}

func TestPercentile_RejectsInvalidArguments(t *testing.T) {
	bounds, counts := []int64{0, 1, 2}, []int64{1, 1, 1}
	for _, p := range []float64{-0.1, 100.1, math.NaN(), math.Inf(1)} {
		if _, _, err := hist.Percentile(bounds, counts, p); err == nil {
			t.Errorf("Percentile(%v): expected an error", p)
		}
	}
	if _, _, err := hist.Percentile(bounds, counts[:2], 50); err == nil {
		t.Error("two counts with three bounds: expected an error")
	}
	if _, _, err := hist.Mean([]int64{0, 5, 2}, counts); err == nil {
		t.Error("bounds that descend: expected an error")
	}
}

// TestPercentile_RisesWithP also keeps every percentile and the mean within the bounds.
func TestPercentile_RisesWithP(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 6))
	layout, err := hist.NewLayout(hist.Exponential, 1, 10000, 30)
	if err != nil {
		t.Fatal(err)
	}
	for range 200 {
		counts := make([]int64, layout.Len())
		for i := range counts {
			counts[i] = random.Int64N(1<<62) >> random.IntN(63)
		}
		counts[random.IntN(len(counts))]++
		last := math.Inf(-1)
		for p := 0.0; p <= 100; p += 0.25 {
			value, ok, err := hist.Percentile(layout.Bounds(), counts, p)
			if err != nil || !ok || value < last || value < 0 || value > 10000 {
				t.Fatalf("percentile %v of %v is %v, %v, %v after %v", p, counts, value, ok, err, last)
			}
			last = value
		}
		if mean, ok, err := hist.Mean(layout.Bounds(), counts); err != nil || !ok || mean < 0 || mean > 10000 {
			t.Fatalf("the mean of %v is %v, %v, %v", counts, mean, ok, err)
		}
	}
}
