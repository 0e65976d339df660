package api

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/headcount-hll/headcount/rollup/definitions"
	"github.com/headcount-hll/headcount/rollup/partial"
	"github.com/headcount-hll/headcount/rollup/store"
)

// The API of the original service.

func kindOf(r *http.Request) (partial.Kind, error) {
	kind, ok := partial.ParseKind(r.PathValue("kind"))
	if !ok {
		return 0, notFound("aggregates are by build_id or submission_date")
	}
	return kind, nil
}

func (s *server) channels(r *http.Request) (*answer, error) {
	kind, err := kindOf(r)
	if err != nil {
		return nil, err
	}
	channels, err := s.Store.Channels(r.Context(), kind)
	if err != nil {
		return nil, err
	}
	return s.json(r, channels, false)
}

func (s *server) dates(r *http.Request) (*answer, error) {
	kind, err := kindOf(r)
	if err != nil {
		return nil, err
	}
	channel := r.PathValue("channel")
	if err := s.allowed(r, channel); err != nil {
		return nil, err
	}
	dates, err := s.Store.Dates(r.Context(), kind, channel)
	if err != nil {
		return nil, err
	}
	if len(dates) == 0 {
		return nil, notFound("nothing is known of this channel")
	}
	return s.json(r, dates, false)
}

func (s *server) filters(r *http.Request) (*answer, error) {
	query := r.URL.Query()
	channel, version := query.Get("channel"), query.Get("version")
	if channel == "" || version == "" {
		return nil, notFound("channel and version are needed")
	}
	if err := s.allowed(r, channel); err != nil {
		return nil, err
	}
	v, err := s.Store.Values(r.Context(), channel, version)
	if err != nil {
		return nil, err
	}
	if len(v.Metrics) == 0 {
		return nil, notFound("nothing is known of this channel and version")
	}
	out := struct {
		Metric       []string `json:"metric"`
		Application  []string `json:"application"`
		Architecture []string `json:"architecture"`
		OS           []string `json:"os"`
		Child        []string `json:"child"`
	}{Metric: []string{}, Application: v.Applications, Architecture: v.Architectures, Child: []string{}}
	for _, metric := range v.Metrics {
		if name := strings.TrimPrefix(metric, definitions.CountPrefix); !s.withheld(name) {
			out.Metric = append(out.Metric, name)
		}
	}
	slices.Sort(out.Metric)
	out.Metric = slices.Compact(out.Metric)
	for _, os := range v.OS {
		out.OS = append(out.OS, os[0]+","+os[1])
	}
	for _, process := range []string{"parent", "content", "gpu"} {
		if slices.Contains(v.Processes, process) {
			out.Child = append(out.Child, process)
		}
	}
	return s.json(r, out, false)
}

// columnOf are the columns that a request can choose by, by parameter.
var columnOf = map[string]string{
	"application": "application", "architecture": "architecture", "os": "os", "osVersion": "os_version", "label": "label", "child": "process",
}

// processOf are the values of the parameter child.
var processOf = map[string]string{"true": "content", "content": "content", "false": "parent", "parent": "parent", "gpu": "gpu"}

// maxDates is the largest number of dates in a request.
const maxDates = 1000

func (s *server) aggregates(r *http.Request) (*answer, error) {
	kind, err := kindOf(r)
	if err != nil {
		return nil, err
	}
	params := r.URL.Query()
	if err := checkParams(r, params); err != nil {
		return nil, err
	}
	q := &store.Query{Kind: kind, Channel: r.PathValue("channel"), Version: params.Get("version"), GroupBy: []string{"label"}}
	if err := s.allowed(r, q.Channel); err != nil {
		return nil, err
	}
	if q.Version == "" || params.Get("dates") == "" || params.Get("metric") == "" {
		return nil, notFound("version, dates and metric are needed")
	}
	if q.Dates = strings.Split(params.Get("dates"), ","); len(q.Dates) > maxDates {
		return nil, badRequest("more than 1,000 dates")
	}
	metric, err := s.describe(params.Get("metric"))
	if err != nil {
		return nil, err
	}
	q.Metrics = []string{metric.stored}
	if q.Where, err = conditions(params); err != nil {
		return nil, err
	}
	sums, err := s.Store.Sums(r.Context(), q)
	if err != nil {
		return nil, err
	}
	if len(sums) == 0 {
		return nil, notFound("nothing was found for these dates and dimensions")
	}
	if err := s.subtract(r, q, metric, sums); err != nil {
		return nil, err
	}
	return s.json(r, aggregatesOf(metric, sums), true)
}

// checkParams returns a 405 if there are parameters that are not known, with the URL without them in Allow.
func checkParams(r *http.Request, params url.Values) error {
	right := url.Values{}
	for name, values := range params {
		if columnOf[name] != "" || name == "version" || name == "dates" || name == "metric" {
			right[name] = values
		}
	}
	if len(right) == len(params) {
		return nil
	}
	allow := url.URL{Scheme: "http", Host: r.Host, Path: r.URL.Path, RawQuery: right.Encode()}
	if r.TLS != nil {
		allow.Scheme = "https"
	}
	return &httpError{code: http.StatusMethodNotAllowed, text: "a parameter is not known", allow: allow.String()}
}

func conditions(params url.Values) ([]store.Condition, error) {
	var where []store.Condition
	for name, column := range columnOf {
		if !params.Has(name) {
			continue
		}
		value := params.Get(name)
		if name == "child" {
			if value = processOf[value]; value == "" {
				return nil, notFound("child is true, false, content, parent or gpu")
			}
		}
		where = append(where, store.Condition{Column: column, Values: []string{value}})
	}
	slices.SortFunc(where, func(a, b store.Condition) int { return strings.Compare(a.Column, b.Column) })
	return where, nil
}

// subtract sets the false count of a use counter to how many documents or pages there were, less the trues.
func (s *server) subtract(r *http.Request, q *store.Query, metric *described, sums []store.Sum) error {
	total := metric.total()
	if total == "" {
		return nil
	}
	all := *q
	all.Metrics = []string{total}
	found, err := s.Store.Sums(r.Context(), &all)
	if err != nil {
		return err
	}
	there := map[string]int64{}
	for i := range found {
		there[found[i].Date+"\x00"+strings.Join(found[i].Key, "\x00")] = found[i].Sum
	}
	for i := range sums {
		sum := &sums[i]
		if n, ok := there[sum.Date+"\x00"+strings.Join(sum.Key, "\x00")]; ok {
			sum.Histogram = metric.trim(sum.Histogram)
			sum.Histogram[0] = max(n-sum.Histogram[1], 0)
		}
	}
	return nil
}

// An aggregate is what the original answers for a date and a label.
type aggregate struct {
	Date      string  `json:"date"`
	Label     string  `json:"label"`
	Histogram []int64 `json:"histogram"`
	Count     int64   `json:"count"`
	Sum       int64   `json:"sum"`
}

type aggregates struct {
	Buckets     any         `json:"buckets"`
	Kind        string      `json:"kind"`
	Description string      `json:"description"`
	Data        []aggregate `json:"data"`
}

func aggregatesOf(metric *described, sums []store.Sum) aggregates {
	out := aggregates{Buckets: metric.buckets(), Kind: metric.Kind.String(), Description: metric.Description}
	for i := range sums {
		sum := &sums[i]
		out.Data = append(out.Data, aggregate{sum.Date, sum.Key[0], metric.trim(sum.Histogram), sum.Count, sum.Sum})
	}
	return out
}
