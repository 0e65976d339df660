// SPDX-License-Identifier: Apache-2.0

package report

import (
	"github.com/headcount-hll/headcount/cmd/headcount/internal/engagement"
	"github.com/headcount-hll/headcount/internal/sortkey"
)

// Engagement is the figures of a report.
type Engagement struct {
	Segments []sortkey.Column // the dimensions
	Date     string           // name of the day's column
	Subtitle string           // one line about the source of the figures
	Points   []engagement.Point
	Totals   []engagement.Total // clients over all days, in place of Points
	Bounds   bool               // show the bounds
	Short    bool               // the points have no MAU and ER
	// The exact figures, by segment and day, and by segment; nil if they are not known.
	Exact       map[string]map[int32]engagement.ExactPoint
	ExactTotals map[string]int64
}

// Table returns the figures as a table.
func (e *Engagement) Table() (*Table, error) {
	if e.Totals != nil {
		return e.totals()
	}
	t := &Table{Header: append(sortkey.Names(e.Segments), e.Date, "dau", "wau", "mau", "er")}
	if e.Bounds {
		for _, name := range []string{"dau", "wau", "mau", "er"} {
			t.Header = append(t.Header, name+"_lower", name+"_upper")
		}
	}
	if e.Exact != nil {
		t.Header = append(t.Header, "exact_dau", "exact_wau", "exact_mau", "exact_er")
	}
	for _, p := range e.Points {
		row, err := e.segmentOf(p.Segment)
		if err != nil {
			return nil, err
		}
		row = append(row, sortkey.FormatDate(p.Date), p.DAU.Clients, clients(p.WAU), clients(p.MAU), ratio(p.ER))
		if e.Bounds {
			row = append(append(row, bounds(&p.DAU, p.WAU, p.MAU)...), ratioBounds(p.ER)...)
		}
		if e.Exact != nil {
			row = append(row, exact(e.Exact[string(p.Segment)], p)...)
		}
		t.Rows = append(t.Rows, row)
	}
	return t, nil
}

func (e *Engagement) totals() (*Table, error) {
	t := &Table{Header: append(sortkey.Names(e.Segments), "cardinality")}
	if e.Bounds {
		t.Header = append(t.Header, "cardinality_lower", "cardinality_upper")
	}
	if e.ExactTotals != nil {
		t.Header = append(t.Header, "exact_clients")
	}
	for _, total := range e.Totals {
		row, err := e.segmentOf(total.Segment)
		if err != nil {
			return nil, err
		}
		row = append(row, total.Clients.Clients)
		if e.Bounds {
			row = append(row, bounds(&total.Clients)...)
		}
		if e.ExactTotals != nil {
			row = append(row, e.ExactTotals[string(total.Segment)])
		}
		t.Rows = append(t.Rows, row)
	}
	return t, nil
}

// segmentOf returns the values of a segment's key.
func (e *Engagement) segmentOf(key []byte) (row []any, err error) {
	values, err := sortkey.Decode(nil, key, e.Segments)
	for i, v := range values {
		row = append(row, v.Any(e.Segments[i].Type))
	}
	return row, err
}

func clients(c *engagement.Count) any {
	if c == nil {
		return nil
	}
	return c.Clients
}

func bounds(counts ...*engagement.Count) (row []any) {
	for _, c := range counts {
		if c == nil {
			row = append(row, nil, nil)
		} else {
			row = append(row, c.Lower, c.Upper)
		}
	}
	return row
}

func ratio(r *engagement.Ratio) any {
	if r == nil {
		return nil
	}
	return r.Value
}

func ratioBounds(r *engagement.Ratio) []any {
	if r == nil {
		return []any{nil, nil}
	}
	return []any{r.Lower, r.Upper}
}

// exact returns the exact DAU, WAU, MAU and ER of a point; nil where the point has no figure.
func exact(days map[int32]engagement.ExactPoint, of engagement.Point) []any {
	row := make([]any, 4)
	p, ok := days[of.Date]
	if !ok {
		return row
	}
	row[0] = p.DAU
	if of.WAU != nil {
		row[1] = p.WAU
	}
	if of.MAU != nil {
		row[2], row[3] = p.MAU, p.ER()
	}
	return row
}
