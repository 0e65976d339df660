// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"
)

// The numbers of orders are n!, those of binary trees over an order Catalan's numbers.
func TestPlans_AreAllAndDiffer(t *testing.T) {
	for _, c := range []struct{ n, chains, trees int }{{1, 1, 1}, {2, 2, 2}, {3, 6, 12}, {4, 24, 120}, {5, 120, 1680}} {
		for name, got := range map[string][]plan{"chains": chains(c.n), "trees": trees(c.n)} {
			want := map[string]int{"chains": c.chains, "trees": c.trees}[name]
			seen := map[string]bool{}
			for _, p := range got {
				seen[p.String()] = true
				for i := range c.n {
					if strings.Count(p.String(), fmt.Sprint(i)) != 1 {
						t.Errorf("%s of %d: %s does not have %d once", name, c.n, p, i)
					}
				}
			}
			if len(got) != want || len(seen) != want {
				t.Errorf("%d %s of %d sketches, %d different; want %d", len(got), name, c.n, len(seen), want)
			}
		}
	}
}

// The steps, evaluated by depth, give the same results as the plans.
func TestSteps_GiveTheResultsOfThePlans(t *testing.T) {
	all := append(chains(4), trees(4)...)
	found, results := steps(all, 4)
	texts := map[int]string{0: "0", 1: "1", 2: "2", 3: "3"}
	for depth := range 4 {
		for _, s := range found {
			if s.depth != depth {
				continue
			}
			var parts []string
			for _, part := range s.parts {
				text, ok := texts[part]
				if !ok {
					t.Fatalf("step %+v needs %d, which has no smaller depth", s, part)
				}
				parts = append(parts, text)
			}
			if _, twice := texts[s.united]; twice {
				t.Fatalf("step %+v: the number is taken", s)
			}
			texts[s.united] = "[" + strings.Join(parts, ",") + "]"
		}
	}
	for i, p := range all {
		if got := texts[results[i]]; got != p.String() {
			t.Errorf("plan %s: result %q", p, got)
		}
	}
	// 12 unions of two leaves, 48 trees of three, 120 of four, 24 chains.
	if len(found) != 12+48+120+24 {
		t.Errorf("%d steps", len(found))
	}
}

// words unites by joining, so its result depends on the order alone.
type words struct{}

func (words) build(set int, _ [][]byte, _ int) ([]byte, error) { return fmt.Append(nil, set), nil }

func (words) unite(sketches [][]byte) ([]byte, error) {
	if string(sketches[0]) == "2" {
		return nil, errors.New("no union begins with 2")
	}
	return append(append([]byte("("), bytes.Join(sketches, nil)...), ')'), nil
}

func (words) count(sketch []byte) (float64, error) { return float64(len(sketch)), nil }

func TestEvaluate_KeepsTheErrorOfEachPlan(t *testing.T) {
	s := scenario{"words", []set{{12, 0, 2}, {12, 1, 3}, {12, 3, 4}}}
	all := append(chains(3), trees(3)...)
	results, err := evaluate(words{}, s, all, itself)
	if err != nil {
		t.Fatal(err)
	}
	for i, p := range all {
		if fails := strings.Contains(p.String(), "[2"); fails != (results[i].err != "") {
			t.Errorf("%s: %+v", p, results[i])
		}
	}
}

func TestTable_CountsResultsErrorsAndTheWorst(t *testing.T) {
	text := table("words", 1000, 3, 2, []contestant{
		{"two", []result{{"a", 900, ""}, {"b", 900, ""}, {"a", 900, ""}, {"a", 1050, ""}, {"c", 1000, ""}}},
		{"one", []result{{"a", 0, ""}, {"", 0, "no"}, {"a", 0, ""}, {"a", 0, ""}, {"a", 0, ""}}},
		{"Headcount here", []result{{"x", 1, ""}, {"x", 1, ""}, {"x", 1, ""}, {"x", 1, ""}, {"x", 1, ""}}},
		{"Headcount there", []result{{"x", 1, ""}, {"x", 1, ""}, {"x", 1, ""}, {"x", 1, ""}, {"y", 1, ""}}},
	})
	for _, want := range []string{
		"words: 1,000 ids in all, 3 chains and 2 trees.",
		"| two | 2 | 2 | 1 | 2 | 900 | 1,050 | 10.0 |",
		"| one | error in 1 of 5 orders |",
		"all rows named Headcount together: 2.",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in\n%s", want, text)
		}
	}
}

func TestParse_RejectsWhatIsNoResultOfAllPlans(t *testing.T) {
	for _, text := range []string{"", "a\t0\tdigest\n", "a\t1\tdigest\t5\n", "a\t0\tdigest\tmany\n", "a\t0\tdigest\t5\n"} {
		if got, err := parse(2, text); err == nil {
			t.Errorf("%q: %+v", text, got)
		}
	}
	got, err := parse(2, "a\t0\td\t5\na\t1\terror\tno\nb\t0\td\t1\nb\t1\td\t2\n")
	if err != nil || len(got) != 2 || got[0].results[1].err != "no" || got[1].results[1].number != 2 {
		t.Errorf("%+v, %v", got, err)
	}
}
