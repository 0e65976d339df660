package udf

import (
	"math"
	"strconv"
	"testing"
)

func TestDecimalIsStrconvs(t *testing.T) {
	check := func(v int64) {
		var text [20]byte
		if got, want := string(decimal(&text, v)), strconv.FormatInt(v, 10); got != want {
			t.Fatalf("got %s, want %s", got, want)
		}
	}
	check(0)
	check(math.MinInt64)
	check(math.MaxInt64)
	for v := int64(1); v < math.MaxInt64/11; v *= 10 {
		for _, near := range []int64{v - 1, v, v + 1, 2*v + 7, 9*v + 9} {
			check(near)
			check(-near)
		}
	}
	for v := range int64(100_000) {
		check(v)
	}
}
