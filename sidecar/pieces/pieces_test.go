package pieces

import (
	"context"
	"errors"
	"slices"
	"testing"

	"github.com/headcount-hll/headcount/udf"
)

// sizes returns the rows of each piece.
func sizes(t *testing.T, rows int, args ...udf.Column) (all []int) {
	t.Helper()
	end := 0
	err := Each(t.Context(), rows, Sizes(args), func(from, to int) error {
		if from != end || to <= from {
			t.Errorf("rows %d to %d after %d", from, to, end)
		}
		end = to
		all = append(all, to-from)
		return nil
	})
	if err != nil || end != rows {
		t.Errorf("%d rows of %d: %v", end, rows, err)
	}
	return all
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
		{"none", sizes(t, 0), nil},
		{"no arguments", sizes(t, mostRows+1), []int{mostRows, 1}},
		{"bytes", sizes(t, 5, strings), []int{2, 1, 2}},
		{"elements", sizes(t, 3, lists), []int{1, 2}},
	} {
		if !slices.Equal(c.got, c.want) {
			t.Errorf("%s: %v, want %v", c.what, c.got, c.want)
		}
	}
}

func TestNothingIsEvaluatedForWhoHasGone(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	calls := 0
	err := Each(ctx, 10*mostRows, Sizes(nil), func(int, int) error {
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
	if err := Each(t.Context(), 1, Sizes(nil), func(int, int) error { return refused }); !errors.Is(err, refused) {
		t.Error(err)
	}
}
