// SPDX-License-Identifier: Apache-2.0

package api

import (
	"net/http"
	"slices"
)

// An evolutionPoint is the sum of the rows of a series on a date. Few is whether its count is below the threshold or
// below 1 percent of the largest count of the series. Changed are the percentiles that moved by more than their bounds
// since the last point that is not few.
type evolutionPoint struct {
	Date    string    `json:"date"`
	Few     bool      `json:"few"`
	Changed []float64 `json:"changed"`
	Ratio   *figure   `json:"ratio,omitempty"`
	summary
}

type evolutionSeries struct {
	Name   string           `json:"name"`
	Points []evolutionPoint `json:"points"`
}

type evolutionAnswer struct {
	Metric  metricAnswer      `json:"metric"`
	Over    *metricAnswer     `json:"over"`
	Compare string            `json:"compare"`
	Dates   []string          `json:"dates"`
	Few     int64             `json:"few"`
	Series  []evolutionSeries `json:"series"`
	More    int               `json:"more"`
}

// evolution answers with the figures of a metric on each date, for each series.
func (s *server) evolution(r *http.Request) (*answer, error) {
	v, err := s.readView(r)
	if err != nil {
		return nil, err
	}
	if v.compare == "date" {
		return nil, badRequest("an evolution is by date; compare by version or a column")
	}
	cells, err := s.cells(r, v, v.metric, true)
	if err != nil {
		return nil, err
	}
	if len(cells) == 0 {
		return nil, notFound("nothing was found for these dates and dimensions")
	}
	names, more := v.largest(cells)
	out := evolutionAnswer{Metric: v.metric.answer(), Compare: v.compare, Dates: v.dates, Few: v.few, More: more}
	over := map[cellKey]*cell{}
	if v.over != nil {
		answer := v.over.answer()
		out.Over = &answer
		if over, err = s.cells(r, v, v.over, true); err != nil {
			return nil, err
		}
	}
	for _, name := range names {
		one := evolutionSeries{Name: name}
		if one.Points, err = v.points(name, cells, over); err != nil {
			return nil, err
		}
		out.Series = append(out.Series, one)
	}
	if v.csv {
		return out.table()
	}
	return s.json(r, out, true)
}

// points returns the points of a series in the order of dates.
func (v *view) points(name string, cells, over map[cellKey]*cell) ([]evolutionPoint, error) {
	points := []evolutionPoint{}
	var largest int64
	for _, date := range slices.Sorted(slices.Values(v.dates)) {
		c := cells[cellKey{name, date}]
		if c == nil {
			continue
		}
		p := evolutionPoint{Date: date, Changed: []float64{}}
		var err error
		if p.summary, err = c.summary(v.percentiles); err != nil {
			return nil, err
		}
		if v.over != nil {
			if p.Ratio, err = ratio(c, over[cellKey{name, date}]); err != nil {
				return nil, err
			}
		}
		largest = max(largest, p.Count)
		points = append(points, p)
	}
	v.mark(points, largest)
	return points, nil
}

// mark sets Few and Changed.
func (v *view) mark(points []evolutionPoint, largest int64) {
	var before *evolutionPoint
	for i := range points {
		p := &points[i]
		if p.Few = p.Count < v.few || float64(p.Count) < float64(largest)/100; p.Few {
			continue
		}
		if before != nil && len(before.Percentiles) == len(p.Percentiles) {
			for at := range p.Percentiles {
				if p.Percentiles[at].differs(&before.Percentiles[at].figure) {
					p.Changed = append(p.Changed, p.Percentiles[at].P)
				}
			}
		}
		before = p
	}
}
