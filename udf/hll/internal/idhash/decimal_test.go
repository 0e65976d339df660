// SPDX-License-Identifier: Apache-2.0

package idhash

import (
	"math"
	"math/rand/v2"
	"strconv"
	"testing"
)

func TestOfInteger_IsTheHashOfItsText(t *testing.T) {
	check := func(v int64) {
		h1, h2 := OfInteger(v)
		if want1, want2 := Of(strconv.AppendInt(nil, v, 10)); h1 != want1 || h2 != want2 {
			t.Fatalf("%d: got %x %x, want %x %x", v, h1, h2, want1, want2)
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
	random := rand.New(rand.NewPCG(1, 2))
	for range 100_000 {
		check(int64(random.Uint64()) >> random.IntN(64)) // of every length
	}
}
