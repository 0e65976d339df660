// SPDX-License-Identifier: Apache-2.0

package report

import (
	"cmp"
	"slices"
	"strings"
)

// Figures returns the data of plots, as pages have them.
func (e *Engagement) Figures() (any, error) {
	if e.Totals != nil {
		return e.totalFigures()
	}
	return e.dailyFigures()
}

// A Value is a value of the one dimension of totals, as a condition of --where names it.
type Value struct {
	Value   string `json:"value"`
	Clients int64  `json:"clients"`
}

// Values returns the values of the first dimension of totals, those with the most clients first.
func (e *Engagement) Values() ([]Value, error) {
	all := []Value{}
	for _, total := range e.Totals {
		row, err := e.segmentOf(total.Segment)
		if err != nil {
			return nil, err
		}
		text := plain(row[0])
		switch {
		case row[0] == nil:
			text = "NULL"
		case text == "NULL" || strings.HasPrefix(text, "'"):
			text = "'" + text + "'"
		}
		all = append(all, Value{text, total.Clients.Clients})
	}
	slices.SortStableFunc(all, func(a, b Value) int { return cmp.Compare(b.Clients, a.Clients) })
	return all, nil
}
