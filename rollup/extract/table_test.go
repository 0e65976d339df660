package extract

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/headcount-hll/headcount/internal/jsonwalk"
	"github.com/headcount-hll/headcount/rollup/definitions"
)

// TestTable_AddsWhatBucketsCannotHold adds numbers around the limits of what a bucket holds, and compares with exact sums.
func TestTable_AddsWhatBucketsCannotHold(t *testing.T) {
	set, err := definitions.Read(strings.NewReader(`{"LIN":{"kind":"linear","high":10,"n_buckets":5}}`))
	if err != nil {
		t.Fatal(err)
	}
	random := rand.New(rand.NewPCG(1, 2))
	numbers := []int64{0, 1, 2, 1 << 15, 1<<16 - 2, 1<<16 - 1, 1 << 16, 1<<32 - 1, 1 << 32, 1 << 40, -1, -1 << 16, -1 << 40}
	table := newTable(set)
	metric, reason := table.metric([]byte("LIN"))
	if reason != "" {
		t.Fatal(reason)
	}
	table.segments.all = make([]segment, 1)
	i := table.at(entryKey{metric: metric})
	bounds := table.metrics.all[metric].layout.Bounds()
	want := make([]int64, len(bounds))
	sum, fraction := int64(0), 0.0
	for round := range 10_000 {
		bucket, n := random.IntN(len(bounds)), numbers[random.IntN(len(numbers))]
		if round%2 == 0 {
			table.addPairs(i, []jsonwalk.Pair{{Key: bounds[bucket], N: n}})
		} else {
			table.addBucket(i, bucket, n)
		}
		want[bucket] += n
		part := number{whole: int64(round), fraction: float64(round%4) / 4}
		table.add(i, part)
		sum, fraction = sum+part.whole, fraction+part.fraction
		e := table.entry(i, nil)
		whole := int64(fraction)
		if !slices.Equal(e.buckets, want) || e.sum != sum+whole || e.fraction != fraction-float64(whole) || e.count != int64(round+1) {
			t.Fatalf("round %d: %+v, want buckets %v and sum %d + %v", round, e, want, sum+whole, fraction-float64(whole))
		}
	}
}
