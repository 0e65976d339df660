// SPDX-License-Identifier: Apache-2.0

package state

import (
	"errors"
	"slices"
	"testing"

	"github.com/headcount-hll/headcount/udf/errs"
)

func TestRun_DoesWhatEachStatusAsks(t *testing.T) {
	steps := []Step{{Status: Again, At: 7}, {Status: NeedSpace, Need: 100}, {Status: Again, At: 9}, {Status: Done}}
	var positions, needs []int
	err := Run(func(at int) (Step, error) {
		positions = append(positions, at)
		return steps[len(positions)-1], nil
	}, func(need int) error {
		needs = append(needs, need)
		return nil
	})
	if err != nil || !slices.Equal(positions, []int{0, 7, 7, 9}) || !slices.Equal(needs, []int{100}) {
		t.Errorf("positions %v, needs %v, error %v", positions, needs, err)
	}
}

func TestRun_ReturnsErrorsAtOnce(t *testing.T) {
	failed := errors.New("failed")
	if err := Run(func(int) (Step, error) { return Step{}, failed }, nil); !errors.Is(err, failed) {
		t.Errorf("of a call: %v", err)
	}
	calls := 0
	needing := func(int) (Step, error) { calls++; return Step{Status: NeedSpace}, nil }
	if err := Run(needing, func(int) error { return failed }); !errors.Is(err, failed) || calls != 1 {
		t.Errorf("of grow: %v after %d calls", err, calls)
	}
}

func TestRun_RejectsOtherStatuses(t *testing.T) {
	for _, s := range []Status{0, WouldBlock, 200} {
		if err := Run(func(int) (Step, error) { return Step{Status: s}, nil }, nil); errs.Of(err).Code != errs.Internal {
			t.Errorf("status %d: %v", s, err)
		}
	}
}

func TestRun_AllocatesNothing(t *testing.T) {
	memory := make([]byte, 8)
	allocs := testing.AllocsPerRun(100, func() {
		calls := 0
		Run(func(at int) (Step, error) {
			if calls++; calls < 3 {
				return Step{Status: NeedSpace, Need: at + len(memory)}, nil
			}
			return Step{Status: Done}, nil
		}, func(need int) error {
			clear(memory[:need])
			return nil
		})
	})
	if allocs != 0 {
		t.Errorf("%v allocations", allocs)
	}
}
