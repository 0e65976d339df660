// SPDX-License-Identifier: Apache-2.0

package api

import (
	"net/http"

	"github.com/headcount-hll/headcount/udf/hist"
)

// A metricAnswer is what a view says of its metric.
type metricAnswer struct {
	Name        string `json:"name"`
	Kind        string `json:"kind"`
	Description string `json:"description"`
}

func (d *described) answer() metricAnswer {
	return metricAnswer{d.name, d.Kind.String(), d.Description}
}

// A distributionSeries is the sum of the rows of a series. First and last are the first and the last bucket with a count,
// -1 where there is none.
type distributionSeries struct {
	Name       string    `json:"name"`
	Histogram  []int64   `json:"histogram"`
	Shares     []float64 `json:"shares"`
	Cumulative []float64 `json:"cumulative"`
	First      int       `json:"first"`
	Last       int       `json:"last"`
	summary
}

type distributionAnswer struct {
	Metric  metricAnswer         `json:"metric"`
	Buckets any                  `json:"buckets"` // lower bounds, or labels of a categorical metric
	Compare string               `json:"compare"`
	Dates   []string             `json:"dates"`
	Few     int64                `json:"few"`
	Series  []distributionSeries `json:"series"`
	More    int                  `json:"more"` // series that are left out
}

// distribution answers with the histogram of a metric, added up over versions and dates, for each series.
func (s *server) distribution(r *http.Request) (*answer, error) {
	v, err := s.readView(r)
	if err != nil {
		return nil, err
	}
	cells, err := s.cells(r, v, v.metric, false)
	if err != nil {
		return nil, err
	}
	if len(cells) == 0 {
		return nil, notFound("nothing was found for these dates and dimensions")
	}
	names, more := v.largest(cells)
	out := distributionAnswer{Metric: v.metric.answer(), Buckets: v.metric.buckets(), Compare: v.compare, Dates: v.dates, Few: v.few, More: more}
	for _, name := range names {
		c := cells[cellKey{series: name}]
		one := distributionSeries{Name: name, Histogram: c.histogram}
		one.Shares, one.Cumulative = hist.Shares(c.histogram)
		one.First, one.Last = hist.Occupied(c.histogram)
		if one.summary, err = c.summary(v.percentiles); err != nil {
			return nil, err
		}
		out.Series = append(out.Series, one)
	}
	if v.csv {
		return out.table()
	}
	return s.json(r, out, true)
}
