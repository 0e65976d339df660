// SPDX-License-Identifier: Apache-2.0

package api

import (
	"cmp"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/headcount-hll/headcount/rollup/partial"
	"github.com/headcount-hll/headcount/rollup/store"
	"github.com/headcount-hll/headcount/udf/hist"
)

// Limits of a view.
const (
	maxVersions = 50
	maxSeries   = 8
)

// viewPercentiles are the percentiles of a view that names none.
var viewPercentiles = []float64{0.1, 1, 5, 25, 50, 75, 95, 99, 99.9}

// A view is a request for a distribution or an evolution.
type view struct {
	kind            partial.Kind
	channel         string
	versions, dates []string
	metric          *described
	over            *described // of a ratio; nil: none
	where           []store.Condition
	compare         string // a column, "version", "date", or "" for one series
	percentiles     []float64
	few             int64 // counts below it are few
	csv             bool
}

var viewParams = []string{"channel", "version", "date", "from", "to", "metric", "over", "compare", "percentile", "few", "format"}

// readView reads the parameters of a view. Without dates it is of all dates of the versions.
func (s *server) readView(r *http.Request) (*view, error) {
	kind, err := kindOf(r)
	if err != nil {
		return nil, err
	}
	params := r.URL.Query()
	v := &view{kind: kind, channel: params.Get("channel"), versions: list(params, "version"), compare: params.Get("compare"),
		csv: params.Get("format") == "csv"}
	if v.channel == "" || len(v.versions) == 0 || params.Get("metric") == "" {
		return nil, badRequest("channel, version and metric are needed")
	}
	if len(v.versions) > maxVersions {
		return nil, badRequest(fmt.Sprintf("more than %d versions", maxVersions))
	}
	if err := s.allowed(r, v.channel); err != nil {
		return nil, err
	}
	if v.metric, err = s.describe(params.Get("metric")); err != nil {
		return nil, err
	}
	if name := params.Get("over"); name != "" {
		if v.over, err = s.describe(name); err != nil {
			return nil, err
		}
	}
	if err := s.readDimensions(r, v, params); err != nil {
		return nil, err
	}
	if v.percentiles, err = percentilesOf(list(params, "percentile"), viewPercentiles); err != nil {
		return nil, err
	}
	if v.few, err = wholeNumber(params, "few", 100); err != nil {
		return nil, err
	}
	return v, s.readDates(r, v, params)
}

func (s *server) readDimensions(r *http.Request, v *view, params url.Values) error {
	columns, err := s.Store.Columns(r.Context())
	if err != nil {
		return err
	}
	if v.where, err = conditionsOf(params, columns, viewParams); err != nil {
		return err
	}
	if v.compare != "" && v.compare != "version" && v.compare != "date" && !slices.Contains(columns, v.compare) {
		return badRequest(fmt.Sprintf("compare %.40q: must be version, date, %s", v.compare, strings.Join(columns, ", ")))
	}
	return nil
}

// readDates sets the dates to those asked for, by name or from one to another.
func (s *server) readDates(r *http.Request, v *view, params url.Values) error {
	if v.dates = list(params, "date"); len(v.dates) > maxDates {
		return badRequest("more than 1,000 dates")
	}
	if len(v.dates) > 0 {
		return nil
	}
	known, err := s.datesOf(r.Context(), v.kind, v.channel)
	if err != nil {
		return err
	}
	from, to := params.Get("from"), params.Get("to")
	found := map[string]bool{}
	for _, d := range known {
		if slices.Contains(v.versions, d.Version) && d.Date >= from && (to == "" || d.Date <= to) {
			found[d.Date] = true
		}
	}
	v.dates = slices.Sorted(maps.Keys(found))
	v.dates = v.dates[max(len(v.dates)-maxDates, 0):]
	if len(v.dates) == 0 {
		return notFound("there are no dates of these versions in this range")
	}
	return nil
}

// A cell is the sums of a series on a date.
type cell struct {
	series, date string
	metric       *described
	histogram    []int64
	sum, count   int64
}

func (c *cell) add(from *store.Sum) {
	c.histogram = hist.Sum(c.histogram, from.Histogram)
	c.sum, c.count = hist.Add(c.sum, from.Sum), hist.Add(c.count, from.Count)
}

type cellKey struct{ series, date string }

// cells returns the sums of a metric by series, and by date where byDate is set.
func (s *server) cells(r *http.Request, v *view, metric *described, byDate bool) (map[cellKey]*cell, error) {
	q := store.Query{Kind: v.kind, Channel: v.channel, Dates: v.dates, Metrics: []string{metric.stored}, Where: v.where}
	if v.compare != "" && v.compare != "version" && v.compare != "date" {
		q.GroupBy = []string{v.compare}
	}
	all := map[cellKey]*cell{}
	for _, version := range v.versions {
		q.Version = version
		sums, err := s.Store.Sums(r.Context(), &q)
		if err != nil {
			return nil, err
		}
		for i := range sums {
			key := cellKey{series: v.seriesOf(version, &sums[i])}
			if byDate {
				key.date = sums[i].Date
			}
			c := all[key]
			if c == nil {
				c = &cell{series: key.series, date: key.date, metric: metric}
				all[key] = c
			}
			c.add(&sums[i])
		}
	}
	for _, c := range all {
		c.histogram = metric.trim(c.histogram)
	}
	return all, nil
}

// seriesOf returns the name of the series to which a sum belongs.
func (v *view) seriesOf(version string, sum *store.Sum) string {
	switch v.compare {
	case "":
		return ""
	case "version":
		return version
	case "date":
		return sum.Date
	}
	return sum.Key[0]
}

// largest returns the names of the series with the largest counts, and how many are left out. Versions and dates are
// the latest, in order.
func (v *view) largest(cells map[cellKey]*cell) (names []string, more int) {
	counts := map[string]int64{}
	for key, c := range cells {
		counts[key.series] = hist.Add(counts[key.series], c.count)
	}
	ordered := v.compare == "version" || v.compare == "date"
	names = slices.SortedFunc(maps.Keys(counts), func(a, b string) int {
		if ordered {
			return compareVersions(b, a)
		}
		return cmp.Or(cmp.Compare(counts[b], counts[a]), strings.Compare(a, b))
	})
	if more = len(names) - maxSeries; more > 0 {
		names = names[:maxSeries]
	}
	if ordered {
		slices.Reverse(names)
	}
	return names, max(more, 0)
}

// compareVersions orders whole numbers by value: a longer one is larger.
func compareVersions(a, b string) int {
	return cmp.Or(cmp.Compare(len(a), len(b)), strings.Compare(a, b))
}
