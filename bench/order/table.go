// SPDX-License-Identifier: Apache-2.0

package main

import (
	"errors"
	"fmt"
	"math"
	"os/exec"
	"strconv"
	"strings"
)

// A contestant is a library and its results, in the order of the plans.
type contestant struct {
	name    string
	results []result
}

// A result is a digest of the united sketch and its number of ids, or an error.
type result struct {
	digest string
	number float64
	err    string
}

func newResult(digest, number string) (result, error) {
	if digest == "error" {
		return result{err: number}, nil
	}
	n, err := strconv.ParseFloat(number, 64)
	return result{digest: digest, number: n}, err
}

// output runs a program. The error of a failed one has what it wrote to standard error.
func output(program string, arguments ...string) (string, error) {
	out, err := exec.Command(program, arguments...).Output()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return "", fmt.Errorf("%s: %w\n%s", program, err, exit.Stderr)
	}
	return string(out), err
}

// table writes a scenario's results. The first of each contestant are those of the chains, the others those of the trees.
func table(title string, distinct, chains, trees int, rows []contestant) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s ids in all, %s chains and %s trees.\n\n", title, grouped(float64(distinct)), grouped(float64(chains)), grouped(float64(trees)))
	b.WriteString("| | bytes, chains | bytes, trees | numbers, chains | numbers, trees | smallest | largest | worst error, % |\n|---|---:|---:|---:|---:|---:|---:|---:|\n")
	for _, c := range rows {
		if failed := errorOf(c.results); failed != "" {
			fmt.Fprintf(&b, "| %s | %s | | | | | | |\n", c.name, failed)
			continue
		}
		low, high := span(c.results)
		worst := max(math.Abs(low-float64(distinct)), math.Abs(high-float64(distinct))) / float64(distinct) * 100
		inBytes, inNumbers := func(r result) string { return r.digest }, func(r result) string { return strconv.FormatFloat(r.number, 'g', -1, 64) }
		first, second := c.results[:chains], c.results[chains:]
		fmt.Fprintf(&b, "| %s | %d | %d | %d | %d | %s | %s | %.1f |\n", c.name, different(first, inBytes), different(second, inBytes),
			different(first, inNumbers), different(second, inNumbers), grouped(low), grouped(high), worst)
	}
	fmt.Fprintf(&b, "\nDifferent results, in bytes, of all rows named Headcount together: %d.\n\n", different(named("Headcount", rows), func(r result) string { return r.digest }))
	return b.String()
}

// named returns the results of the contestants whose names begin with a word.
func named(word string, rows []contestant) []result {
	var all []result
	for _, c := range rows {
		if strings.HasPrefix(c.name, word) {
			all = append(all, c.results...)
		}
	}
	return all
}

// errorOf returns an empty string if no result is an error, and says how many are otherwise.
func errorOf(results []result) string {
	n := 0
	for _, r := range results {
		if r.err != "" {
			n++
		}
	}
	switch n {
	case 0:
		return ""
	case len(results):
		return "error in every order"
	}
	return fmt.Sprintf("error in %d of %d orders", n, len(results))
}

func different(results []result, by func(result) string) int {
	seen := map[string]bool{}
	for _, r := range results {
		seen[by(r)] = true
	}
	return len(seen)
}

func span(results []result) (low, high float64) {
	low, high = math.Inf(1), math.Inf(-1)
	for _, r := range results {
		low, high = min(low, r.number), max(high, r.number)
	}
	return low, high
}

// grouped writes a number rounded to an integer, its digits in groups of three.
func grouped(n float64) string {
	digits := strconv.FormatInt(int64(math.Round(n)), 10)
	for at := len(digits) - 3; at > 0; at -= 3 {
		digits = digits[:at] + "," + digits[at:]
	}
	return digits
}
