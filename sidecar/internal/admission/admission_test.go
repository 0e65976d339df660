// SPDX-License-Identifier: Apache-2.0

package admission

import (
	"errors"
	"strings"
	"testing"
)

// limited asserts that an error is a LimitError that names a flag.
func limited(t *testing.T, err error, flag string) {
	t.Helper()
	if limit := (*LimitError)(nil); !errors.As(err, &limit) || !strings.Contains(err.Error(), flag) {
		t.Errorf("%v, want a limit of %s", err, flag)
	}
}

func usage(t *testing.T, b *Budget, calls, bytes int64) {
	t.Helper()
	if b.Open() != calls || b.Used() != bytes {
		t.Errorf("%d calls with %d bytes, want %d with %d", b.Open(), b.Used(), calls, bytes)
	}
}

func TestBudget_LimitsCallsAndMemory(t *testing.T) {
	b := NewBudget(2, 100)
	first, err := b.Admit(60)
	if err != nil {
		t.Fatal(err)
	}
	_, err = b.Admit(41)
	limited(t, err, "--max-memory")
	usage(t, b, 1, 60)
	second, err := b.Admit(40)
	if err != nil {
		t.Fatal(err)
	}
	_, err = b.Admit(0)
	limited(t, err, "--max-calls")
	usage(t, b, 2, 100)
	first.Release()
	second.Release()
	usage(t, b, 0, 0)
}

func TestAccount_ReservesAllOrNothing(t *testing.T) {
	b := NewBudget(1, 100)
	a, err := b.Admit(10)
	if err != nil {
		t.Fatal(err)
	}
	limited(t, a.Reserve(91), "--max-memory")
	usage(t, b, 1, 10)
	if err := errors.Join(a.Reserve(90), a.Reserve(-50)); err != nil {
		t.Error(err)
	}
	usage(t, b, 1, 50)
	a.Release()
	usage(t, b, 0, 0)
}

func TestAccount_StaysOpenUntilTheLastRelease(t *testing.T) {
	b := NewBudget(1, 100)
	a, err := b.Admit(10)
	if err != nil {
		t.Fatal(err)
	}
	a.Share()
	a.Release()
	usage(t, b, 1, 10)
	a.Release()
	usage(t, b, 0, 0)
}
