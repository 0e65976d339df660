// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// A table is a Markdown table below a title line.
type table struct {
	title string
	head  []string
	rows  [][]string
}

type tables []*table

// readTables returns the tables in a text and ignores the rest.
func readTables(text string) (all tables) {
	var title string
	var t *table
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		switch {
		case !strings.HasPrefix(line, "|"):
			t = nil
			if line != "" {
				title = line
			}
		case t == nil:
			t = &table{title: title, head: cells(line)}
			all = append(all, t)
		case !strings.HasPrefix(line, "|--"):
			t.rows = append(t.rows, cells(line))
		}
	}
	return all
}

func cells(line string) []string {
	all := strings.Split(strings.Trim(line, "|"), "|")
	for i := range all {
		all[i] = strings.TrimSpace(all[i])
	}
	return all
}

// titled returns the first table whose title matches.
func (all tables) titled(pattern string) (*table, error) {
	for _, t := range all {
		if regexp.MustCompile(pattern).MatchString(t.title) {
			return t, nil
		}
	}
	return nil, fmt.Errorf("no table is titled %q", pattern)
}

// column returns the numbers of a column, counted from 0. A value that is not a number is an error.
func (t *table) column(i int) ([]float64, error) {
	values := make([]float64, len(t.rows))
	for row, cells := range t.rows {
		if i >= len(cells) {
			return nil, fmt.Errorf("table %q, row %d: %d columns, want more than %d", t.title, row+1, len(cells), i)
		}
		value, err := strconv.ParseFloat(cells[i], 64)
		if err != nil {
			return nil, fmt.Errorf("table %q, row %d: %w", t.title, row+1, err)
		}
		values[row] = value
	}
	return values, nil
}

// String returns the table in Markdown, below its title.
func (t *table) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s:\n\n| %s |\n|%s\n", t.title, strings.Join(t.head, " | "), strings.Repeat("---:|", len(t.head)))
	for _, row := range t.rows {
		short := make([]string, len(row))
		for i, cell := range row {
			short[i] = shorter(cell)
		}
		fmt.Fprintf(&b, "| %s |\n", strings.Join(short, " | "))
	}
	return b.String()
}

// shorter removes decimals without information: large numbers and 100 % get 0 decimals.
func shorter(cell string) string {
	value, err := strconv.ParseFloat(cell, 64)
	whole, decimals, _ := strings.Cut(cell, ".")
	switch {
	case err != nil || decimals == "":
		return cell
	case value >= 1000 || value <= -1000:
		return strconv.FormatFloat(value, 'f', 0, 64)
	case strings.Trim(decimals, "0") == "":
		return whole
	case value >= 10 || value <= -10:
		return strconv.FormatFloat(value, 'f', 1, 64)
	}
	return cell
}
