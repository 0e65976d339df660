// SPDX-License-Identifier: Apache-2.0

package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/headcount-hll/headcount/bench/section"
)

const estimates = `=== RUN   TestX

Precision 12, 100 sets a size

| n | RMS, % of n | RMS / se(n) | bias, % | compatible RMS, % | bias, % | 1 sigma | 2 | 3 |
|---|---|---|---|---|---|---|---|---|
| 1 | 0.012 | 0.010 | 0.012 | 0.012 | 0.012 | 100.000 | 100.000 | 100.000 |
| 10000000 | 1.552 | 0.960 | -0.018 | 1.552 | -0.051 | 71.000 | 97.000 | 100.000 |

--- PASS: TestX (0.34s)

Other precisions

| precision | n | RMS / se(n) |
|---|---|---|
| 4 | 4 | 0.990 |
`

const intersections = `
Precision 12, 100 pairs a case

| sizes | shared | inclusion-exclusion, clipped | joint | ratio |
|---|---|---|---|---|
| 1000000 / 1000000 | 1000 | 19850.235 | 4788.353 | 4.146 |
| 1000000 / 1000000 | 500000 | 16041.156 | 11352.000 | 1.413 |
| 10 / 20 | 10 | 0.100 | 0.100 | 1.000 |
`

func run(t *testing.T, printed string) (string, error) {
	t.Helper()
	docs := t.TempDir()
	printedTo := filepath.Join(docs, "printed.txt")
	document := filepath.Join(docs, "figures.md")
	var parts strings.Builder
	for _, part := range []string{"bench-compare", "accuracy", "precisions", "intersections"} {
		parts.WriteString("<!-- " + part + " -->\n<!-- end of " + part + " -->\n")
	}
	for file, text := range map[string]string{printedTo: printed, document: parts.String()} {
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return docs, figures(docs, printedTo, "", "")
}

func TestTablesAndCurvesOfARun(t *testing.T) {
	docs, err := run(t, estimates+intersections+"ok  \thll 1s\n")
	if err != nil {
		t.Fatal(err)
	}
	document, _ := os.ReadFile(filepath.Join(docs, "figures.md"))
	for _, row := range []string{
		"| 10000000 | 1.552 | 0.960 | -0.018 | 1.552 | -0.051 | 71 | 97 | 100 |",
		"| 1000000 / 1000000 | 1000 | 19850 | 4788 | 4.146 |",
		"| 4 | 4 | 0.990 |",
	} {
		if !strings.Contains(string(document), row) {
			t.Errorf("no %q in\n%s", row, document)
		}
	}
	for _, file := range []string{"error.svg", "bias.svg", "coverage.svg", "intersection.svg"} {
		drawn, err := os.ReadFile(filepath.Join(docs, "figures", file))
		if err != nil || !strings.Contains(string(drawn), "</svg>") {
			t.Errorf("%s is no drawing (%v)", file, err)
		}
	}
}

func TestTheSummaryAloneGoesIntoTheReadme(t *testing.T) {
	folder := t.TempDir()
	const part = "<!-- bench-compare -->\n<!-- end of bench-compare -->"
	write := func(name, text string) string {
		file := filepath.Join(folder, name)
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		return file
	}
	document, readme := write("figures.md", part), write("README.md", "a\n"+part+"\nb\n")
	if err := figures(folder, "", write("compare.md", "summary\n"+section.EndOfSummary+"rest\n"), readme); err != nil {
		t.Fatal(err)
	}
	for file, want := range map[string]string{
		document: "<!-- bench-compare -->\nsummary\n" + section.EndOfSummary + "rest\n<!-- end of bench-compare -->",
		readme:   "a\n<!-- bench-compare -->\nsummary\n<!-- end of bench-compare -->\nb\n",
	} {
		if got, _ := os.ReadFile(file); string(got) != want {
			t.Errorf("%s: %q, want %q", filepath.Base(file), got, want)
		}
	}
}

func TestPassed_RejectsFailedRuns(t *testing.T) {
	for name, printed := range map[string]string{
		"failed":            estimates + intersections + "--- FAIL: TestX (0.1s)\nFAIL\n",
		"cut short":         estimates + intersections,
		"without a table":   estimates + "ok  \thll 1s\n",
		"not of numbers":    strings.Replace(estimates, "1.552", "?", 1) + intersections + "ok  \thll 1s\n",
		"with a row short":  strings.Replace(estimates, "| 97.000 | 100.000 |", "|", 1) + intersections + "ok  \thll 1s\n",
		"without any table": "ok  \thll 1s\n",
	} {
		if _, err := run(t, printed); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}
