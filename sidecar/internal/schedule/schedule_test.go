// SPDX-License-Identifier: Apache-2.0

package schedule

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/headcount-hll/headcount/udf"
)

// all makes one chunk of all rows.
func all(_, most int) int { return most }

// sizes returns the number of rows of each chunk.
func sizes(t *testing.T, s Scheduler, rows int, args ...udf.Column) (found []int) {
	t.Helper()
	end := 0
	size := Sizes(args)
	next := func(from, most int) int { return Fill(from, most, size) }
	err := s.Run(t.Context(), rows, next, func(from, to int) error {
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

func TestChunks_AreLimitedByRowsAndBytes(t *testing.T) {
	large := make([]byte, chunkBytes)
	strings := udf.BytesOf(udf.HLL, []byte("a"), large, large, []byte("b"), []byte("c"))
	lists := udf.Column{Type: udf.HLLArray, Rows: 3, Elems: &strings, Ends: []int32{2, 2, 5}}
	for _, c := range []struct {
		what string
		got  []int
		want []int
	}{
		{"0 rows", sizes(t, Scheduler{}, 0), nil},
		{"no arguments", sizes(t, Scheduler{}, 8), []int{1, 2, 4, 1}},
		{"byte strings", sizes(t, Scheduler{rows: 8}, 5, strings), []int{2, 1, 2}},
		{"arrays", sizes(t, Scheduler{rows: 8}, 3, lists), []int{1, 2}},
	} {
		if !slices.Equal(c.got, c.want) {
			t.Errorf("%s: %v, want %v", c.what, c.got, c.want)
		}
	}
}

func TestScheduler_AdaptsToTheTimeOfARow(t *testing.T) {
	for _, c := range []struct {
		what  string
		rows  int
		took  time.Duration
		want  int
		start int
	}{
		{"a row of 30 ms", 64, 64 * 30 * time.Millisecond, 1, 64},
		{"a row of 0.5 ms", 64, 32 * time.Millisecond, 10, 64},
		{"a row of 50 ns", 64, 64 * 50, 128, 64},
		{"half of the time allowed", 64, maxTime / 2, 64, 64},
		{"the last rows of a batch", 3, 3 * 50, 64, 64},
		{"the maximum of rows", maxRows, 1, maxRows, maxRows},
	} {
		s := Scheduler{rows: c.start}
		if s.adapt(c.rows, c.took); s.rows != c.want {
			t.Errorf("%s: %d rows, want %d", c.what, s.rows, c.want)
		}
	}
}

func TestScheduler_StopsWhenCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	calls := 0
	err := new(Scheduler).Run(ctx, 10, all, func(int, int) error {
		calls++
		cancel()
		return nil
	})
	if calls != 1 || !errors.Is(err, context.Canceled) {
		t.Errorf("%d chunks, %v", calls, err)
	}
}

func TestScheduler_StopsAtTheFirstError(t *testing.T) {
	failed := errors.New("failed")
	if err := new(Scheduler).Run(t.Context(), 1, all, func(int, int) error { return failed }); !errors.Is(err, failed) {
		t.Error(err)
	}
}
