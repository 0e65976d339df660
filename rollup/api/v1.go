package api

import (
	"encoding/csv"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/headcount-hll/headcount/rollup/store"
	"github.com/headcount-hll/headcount/udf/hist"
)

// Limits of a request to /v1/.
const (
	maxMetrics     = 50
	maxPercentiles = 20
	maxSums        = 100_000
)

var defaultPercentiles = []float64{5, 25, 50, 75, 95, 99}

// A v1Request is a request to /v1/{kind}/sums or /v1/{kind}/sql.
type v1Request struct {
	store.Query
	metrics     map[string]*described // by stored name
	percentiles []float64
	csv         bool
}

// v1Metrics lists the definitions.
func (s *server) v1Metrics(r *http.Request) (*answer, error) {
	type metric struct {
		Name        string `json:"name"`
		Kind        string `json:"kind"`
		Description string `json:"description"`
		Buckets     any    `json:"buckets"`
	}
	all := []metric{}
	for _, name := range s.Definitions.Names() {
		if d, err := s.describe(name); err == nil {
			all = append(all, metric{name, d.Kind.String(), d.Description, d.buckets()})
		}
	}
	return s.json(r, all, true)
}

// read1 reads the parameters of /v1/. Every parameter takes several values, repeated or separated by commas; those of columns
// are repeated only, since values can have commas.
func (s *server) read1(r *http.Request) (*v1Request, error) {
	kind, err := kindOf(r)
	if err != nil {
		return nil, err
	}
	columns, err := s.Store.Columns(r.Context())
	if err != nil {
		return nil, err
	}
	params := r.URL.Query()
	req := &v1Request{metrics: map[string]*described{}, csv: params.Get("format") == "csv"}
	req.Query = store.Query{Kind: kind, Channel: params.Get("channel"), Version: params.Get("version"), Dates: list(params, "date")}
	if req.Channel == "" || req.Version == "" || len(req.Dates) == 0 || params.Get("metric") == "" {
		return nil, badRequest("channel, version, date and metric are needed")
	}
	if err := s.allowed(r, req.Channel); err != nil {
		return nil, err
	}
	if len(req.Dates) > maxDates {
		return nil, badRequest("more than 1,000 dates")
	}
	if err := s.readMetrics(req, list(params, "metric")); err != nil {
		return nil, err
	}
	if err := readColumns(req, params, columns); err != nil {
		return nil, err
	}
	req.percentiles, err = percentilesOf(list(params, "percentile"), defaultPercentiles)
	return req, err
}

func list(params url.Values, name string) (all []string) {
	for _, value := range params[name] {
		for part := range strings.SplitSeq(value, ",") {
			if part != "" {
				all = append(all, part)
			}
		}
	}
	return all
}

func (s *server) readMetrics(req *v1Request, names []string) error {
	if len(names) > maxMetrics {
		return badRequest(fmt.Sprintf("more than %d metrics", maxMetrics))
	}
	for _, name := range names {
		d, err := s.describe(name)
		if err != nil {
			return err
		}
		req.metrics[d.stored] = d
		req.Metrics = append(req.Metrics, d.stored)
	}
	return nil
}

// v1Params are the parameters that are no columns.
var v1Params = []string{"channel", "version", "date", "metric", "group", "percentile", "format"}

func readColumns(req *v1Request, params url.Values, columns []string) (err error) {
	if req.Where, err = conditionsOf(params, columns, v1Params); err != nil {
		return err
	}
	for _, name := range list(params, "group") {
		if !slices.Contains(columns, name) {
			return badRequest(fmt.Sprintf("there is no column %.40q to group by; columns are %s", name, strings.Join(columns, ", ")))
		}
		if !slices.Contains(req.GroupBy, name) {
			req.GroupBy = append(req.GroupBy, name)
		}
	}
	return nil
}

// conditionsOf returns the conditions of the parameters that are columns. others are the names of all other parameters.
func conditionsOf(params url.Values, columns, others []string) (where []store.Condition, err error) {
	for name, values := range params {
		if slices.Contains(others, name) {
			continue
		}
		if !slices.Contains(columns, name) {
			return nil, badRequest(fmt.Sprintf("there is no parameter %.40q; columns are %s", name, strings.Join(columns, ", ")))
		}
		where = append(where, store.Condition{Column: name, Values: values})
	}
	slices.SortFunc(where, func(a, b store.Condition) int { return strings.Compare(a.Column, b.Column) })
	return where, nil
}

// percentilesOf reads percentiles; without any they are those of missing.
func percentilesOf(texts []string, missing []float64) (all []float64, err error) {
	if len(texts) == 0 {
		return missing, nil
	}
	if len(texts) > maxPercentiles {
		return nil, badRequest(fmt.Sprintf("more than %d percentiles", maxPercentiles))
	}
	for _, text := range texts {
		p, err := strconv.ParseFloat(text, 64)
		if err != nil || !(p >= 0 && p <= 100) {
			return nil, badRequest(fmt.Sprintf("percentile %.40q: must be 0 to 100", text))
		}
		all = append(all, p)
	}
	return all, nil
}

// A v1Sum is a sum with what is computed of it. Mean and percentiles are null where there are no samples, and for categorical metrics.
type v1Sum struct {
	Date        string              `json:"date"`
	Metric      string              `json:"metric"`
	Group       map[string]string   `json:"group"`
	Histogram   []int64             `json:"histogram"`
	Sum         int64               `json:"sum"`
	Count       int64               `json:"count"`
	Samples     float64             `json:"samples"`
	Mean        *float64            `json:"mean"`
	Percentiles map[string]*float64 `json:"percentiles"`
}

func (s *server) v1Sums(r *http.Request) (*answer, error) {
	req, err := s.read1(r)
	if err != nil {
		return nil, err
	}
	found, err := s.Store.Sums(r.Context(), &req.Query)
	if err != nil {
		return nil, err
	}
	if len(found) > maxSums {
		return nil, badRequest(fmt.Sprintf("the answer has %d rows, more than %d: group by fewer columns", len(found), maxSums))
	}
	sums := make([]v1Sum, len(found))
	for i := range found {
		if sums[i], err = req.sum(&found[i]); err != nil {
			return nil, err
		}
	}
	if req.csv {
		return req.table(sums)
	}
	buckets := map[string]any{}
	for _, d := range req.metrics {
		buckets[d.name] = d.buckets()
	}
	return s.json(r, map[string]any{"kind": req.Kind.String(), "buckets": buckets, "data": sums}, true)
}

func (req *v1Request) sum(from *store.Sum) (v1Sum, error) {
	d := req.metrics[from.Metric]
	out := v1Sum{
		Date: from.Date, Metric: d.name, Group: map[string]string{}, Histogram: d.trim(from.Histogram), Sum: from.Sum, Count: from.Count,
		Percentiles: map[string]*float64{},
	}
	for i, name := range req.GroupBy {
		out.Group[name] = from.Key[i]
	}
	out.Samples = hist.Total(out.Histogram)
	if d.Kind == hist.Categorical {
		return out, nil
	}
	bounds := d.Layout.Bounds()[:d.length]
	mean, ok, err := hist.Mean(bounds, out.Histogram)
	if err != nil {
		return out, err
	}
	if ok {
		out.Mean = &mean
	}
	for _, p := range req.percentiles {
		value, ok, err := hist.Percentile(bounds, out.Histogram, p)
		if err != nil {
			return out, err
		}
		name := strconv.FormatFloat(p, 'g', -1, 64)
		if out.Percentiles[name] = nil; ok {
			out.Percentiles[name] = &value
		}
	}
	return out, nil
}

// table returns the sums as CSV, a line each. The histogram is one field: counts separated by spaces.
func (req *v1Request) table(sums []v1Sum) (*answer, error) {
	var body strings.Builder
	w := csv.NewWriter(&body)
	head := slices.Concat([]string{"date", "metric"}, req.GroupBy, []string{"count", "sum", "samples", "mean"})
	for _, p := range req.percentiles {
		head = append(head, "p"+strconv.FormatFloat(p, 'g', -1, 64))
	}
	w.Write(append(head, "histogram"))
	for i := range sums {
		w.Write(req.line(&sums[i]))
	}
	w.Flush()
	return &answer{contentType: "text/csv; charset=utf-8", body: []byte(body.String()), tag: tag([]byte(body.String())), cacheable: true}, w.Error()
}

func (req *v1Request) line(s *v1Sum) []string {
	line := []string{s.Date, s.Metric}
	for _, name := range req.GroupBy {
		line = append(line, guard(s.Group[name]))
	}
	line = append(line, strconv.FormatInt(s.Count, 10), strconv.FormatInt(s.Sum, 10), decimal(&s.Samples), decimal(s.Mean))
	for _, p := range req.percentiles {
		line = append(line, decimal(s.Percentiles[strconv.FormatFloat(p, 'g', -1, 64)]))
	}
	return append(line, strings.Trim(fmt.Sprint(s.Histogram), "[]"))
}

// guard keeps a spreadsheet from reading text as a formula.
func guard(text string) string {
	if text != "" && strings.ContainsRune("=+-@\t\r", rune(text[0])) {
		return "'" + text
	}
	return text
}

func decimal(v *float64) string {
	if v == nil {
		return ""
	}
	return strconv.FormatFloat(*v, 'g', -1, 64)
}
