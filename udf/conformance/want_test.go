// SPDX-License-Identifier: Apache-2.0

package conformance

import (
	"math"
	"testing"
)

// A matcher that takes a wrong answer makes every test above it worthless.
func TestWant_AcceptsRightAnswersOnly(t *testing.T) {
	twoEntries := fromRegisters(12, map[int]byte{1: 2, 709: 2})
	dense := "ok " + field(twoEntries.EncodeDense())
	const ascending, descending = "ok 030c010002c50202", "ok 030cc50202010002"
	value := math.Float64bits(1.5)
	for _, c := range []struct {
		name         string
		want         Want
		right, wrong []string
	}{
		{"number", Number(12), []string{"ok 12"}, []string{"ok 13", "ok 12 ", "ok", "12", "ok 012", "error unknown ok 12", ""}},
		{"nothing but ok", Exactly("ok"), []string{"ok"}, []string{"ok ", "ok null", "OK", ""}},
		{"registers in any form", Meaning{twoEntries, AnyForm},
			[]string{ascending, descending, dense, "ok 030c010009c50202010002"},
			[]string{"ok 030c010003c50202", "ok 030cc50202", "ok 030d010002c50202", "ok null", "ok -", "ok 030c010002c502",
				"ok 030C010002C50202", "030c010002c50202", "ok 030c010002c50202 ", "error malformed " + ascending}},
		{"sparse", Meaning{twoEntries, SparseForm}, []string{ascending}, []string{dense}},
		{"dense", Meaning{twoEntries, DenseForm}, []string{dense}, []string{ascending}},
		{"exact bits", Bits{value, 0}, []string{"ok 3ff8000000000000"},
			[]string{"ok 3ff8000000000001", "ok 3FF8000000000000", "ok 1.5", "ok 3ff8", "3ff8000000000000", "ok 3ff800000000000g"}},
		{"bits within one", Bits{value, 1}, []string{"ok 3ff8000000000000", "ok 3ff8000000000001", "ok 3ff7ffffffffffff"},
			[]string{"ok 3ff8000000000002", "ok 3ff7fffffffffffe", "ok bff8000000000000"}},
		{"error", Rejected{Malformed}, []string{"error malformed byte 0: type 07"},
			[]string{"error malformed", "error malformed ", "error precision_range byte 0", "ok", "error", "malformed byte 0",
				"error malformed na\u00efve", "error malformed a\ttab"}},
		{"any error", Rejected{}, []string{"error unknown sigmas 4"}, []string{"ok 0000000000000000", "error unknown"}},
	} {
		for _, answer := range c.right {
			if err := c.want.Check(answer); err != nil {
				t.Errorf("%s: %.60q is rejected: %v", c.name, answer, err)
			}
		}
		for _, answer := range c.wrong {
			if c.want.Check(answer) == nil {
				t.Errorf("%s: %.60q is taken", c.name, answer)
			}
		}
		if c.want.String() == "" {
			t.Errorf("%s: says nothing of what it wants", c.name)
		}
	}
}

func TestWant_AllowsOneUlpForLinearCountingOnly(t *testing.T) {
	for _, c := range []struct {
		name     string
		bitsHex  string
		zeros, p int
		want     uint64
	}{
		{"one id: 16 ln(16/15)", "3ff08598b59e3a06", 15, 4, 1},
		{"no zeros: alpha m m / s", "403589374bc6a7f0", 0, 4, 0},
		{"zeros, but past 2.5 m", "406589374bc564e6", 1, 4, 0},
	} {
		want, err := wantEstimate(c.bitsHex, c.zeros, c.p)
		if err != nil {
			t.Fatal(err)
		}
		if got := want.(Bits).ULPs; got != c.want {
			t.Errorf("%s: within %d ulp, want %d", c.name, got, c.want)
		}
	}
}
