package pieces

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/headcount-hll/headcount/udf"
)

// all makes one piece of what there is.
func all(_, most int) int { return most }

// sizes returns the rows of each piece by a cutter.
func sizes(t *testing.T, c Cutter, rows int, args ...udf.Column) (found []int) {
	t.Helper()
	end := 0
	size := Sizes(args)
	next := func(from, most int) int { return Fill(from, most, size) }
	err := c.Each(t.Context(), rows, next, func(from, to int) error {
		if from != end || to <= from {
			t.Errorf("rows %d to %d after %d", from, to, end)
		}
		end = to
		found = append(found, to-from)
		return nil
	})
	if err != nil || end != rows {
		t.Errorf("%d rows of %d: %v", end, rows, err)
	}
	return found
}

func TestPiecesAreBoundedByRowsAndBytes(t *testing.T) {
	large := make([]byte, mostBytes)
	strings := udf.BytesOf(udf.HLL, []byte("a"), large, large, []byte("b"), []byte("c"))
	lists := udf.Column{Type: udf.HLLArray, Rows: 3, Elems: &strings, Ends: []int32{2, 2, 5}}
	for _, c := range []struct {
		what string
		got  []int
		want []int
	}{
		{"none", sizes(t, Cutter{}, 0), nil},
		{"no arguments", sizes(t, Cutter{}, 8), []int{1, 2, 4, 1}},
		{"bytes", sizes(t, Cutter{rows: 8}, 5, strings), []int{2, 1, 2}},
		{"elements", sizes(t, Cutter{rows: 8}, 3, lists), []int{1, 2}},
	} {
		if !slices.Equal(c.got, c.want) {
			t.Errorf("%s: %v, want %v", c.what, c.got, c.want)
		}
	}
}

// Rows that take long come in small pieces, and those that do not in large ones.
func TestWhoWaitsIsAskedForEveryFewMilliseconds(t *testing.T) {
	for _, c := range []struct {
		what  string
		rows  int
		took  time.Duration
		want  int
		start int
	}{
		{"a row of 30 ms", 64, 64 * 30 * time.Millisecond, 1, 64},
		{"rows of half a millisecond", 64, 32 * time.Millisecond, 10, 64},
		{"rows of some nanoseconds", 64, 64 * 50, 128, 64},
		{"as they should be", 64, longest / 2, 64, 64},
		{"the last few of a batch", 3, 3 * 50, 64, 64},
		{"the fastest", mostRows, 1, mostRows, mostRows},
	} {
		cutter := Cutter{rows: c.start}
		if cutter.adapt(c.rows, c.took); cutter.rows != c.want {
			t.Errorf("%s: %d rows, want %d", c.what, cutter.rows, c.want)
		}
	}
}

func TestNothingIsEvaluatedForWhoHasGone(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	calls := 0
	err := new(Cutter).Each(ctx, 10, all, func(int, int) error {
		calls++
		cancel()
		return nil
	})
	if calls != 1 || !errors.Is(err, context.Canceled) {
		t.Errorf("%d pieces, %v", calls, err)
	}
}

func TestTheFirstErrorEndsIt(t *testing.T) {
	refused := errors.New("refused")
	if err := new(Cutter).Each(t.Context(), 1, all, func(int, int) error { return refused }); !errors.Is(err, refused) {
		t.Error(err)
	}
}
