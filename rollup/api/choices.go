// SPDX-License-Identifier: Apache-2.0

package api

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/headcount-hll/headcount/rollup/definitions"
	"github.com/headcount-hll/headcount/rollup/partial"
	"github.com/headcount-hll/headcount/rollup/store"
)

// kept has answers of the store until its content changes.
type kept struct {
	mu         sync.Mutex
	generation string
	dates      map[string][]store.VersionDate // by kind and channel
}

// datesOf returns the versions and dates of a channel.
func (s *server) datesOf(ctx context.Context, kind partial.Kind, channel string) ([]store.VersionDate, error) {
	generation, err := s.Store.Generation(ctx)
	if err != nil {
		return nil, err
	}
	key := kind.String() + " " + channel
	s.kept.mu.Lock()
	if s.kept.generation != generation {
		s.kept.generation, s.kept.dates = generation, map[string][]store.VersionDate{}
	}
	known, ok := s.kept.dates[key]
	s.kept.mu.Unlock()
	if ok {
		return known, nil
	}
	if known, err = s.Store.Dates(ctx, kind, channel); err != nil {
		return nil, err
	}
	s.kept.mu.Lock()
	defer s.kept.mu.Unlock()
	if s.kept.generation == generation && len(known) > 0 { // channels without dates are named by requests: they must not fill memory
		s.kept.dates[key] = known
	}
	return known, nil
}

type channelChoice struct {
	Name     string `json:"name"`
	Withheld bool   `json:"withheld"`
}

type versionChoice struct {
	Version string   `json:"version"`
	Dates   []string `json:"dates"`
}

type choicesAnswer struct {
	Kind     string              `json:"kind"`
	Channel  string              `json:"channel"`
	Version  string              `json:"version"`
	Channels []channelChoice     `json:"channels"`
	Versions []versionChoice     `json:"versions"` // the latest first
	Columns  []string            `json:"columns"`
	Metrics  []metricAnswer      `json:"metrics"`
	Values   map[string][]string `json:"values"`
}

// choices answers with what a page can choose of: measures and values of any of the versions. A missing channel is the first one that
// needs no token, a missing version the latest.
func (s *server) choices(r *http.Request) (*answer, error) {
	kind, err := kindOf(r)
	if err != nil {
		return nil, err
	}
	out := &choicesAnswer{Kind: kind.String(), Channel: r.URL.Query().Get("channel")}
	versions := list(r.URL.Query(), "version")
	if len(versions) > maxVersions {
		return nil, badRequest(fmt.Sprintf("more than %d versions", maxVersions))
	}
	if out.Columns, err = s.Store.Columns(r.Context()); err != nil {
		return nil, err
	}
	if err := s.chooseChannel(r, kind, out); err != nil {
		return nil, err
	}
	dates, err := s.datesOf(r.Context(), kind, out.Channel)
	if err != nil {
		return nil, err
	}
	out.Versions = versionsOf(dates)
	if len(out.Versions) == 0 {
		return nil, notFound("nothing is known of this channel")
	}
	if len(versions) == 0 {
		versions = []string{out.Versions[0].Version}
	}
	out.Version = versions[0]
	values, err := s.valuesOf(r.Context(), out.Channel, versions)
	if err != nil {
		return nil, err
	}
	if len(values.Metrics) == 0 {
		return nil, notFound("nothing is known of this channel and version")
	}
	s.fill(out, values)
	return s.json(r, out, false)
}

// valuesOf returns what any of the versions of a channel has.
func (s *server) valuesOf(ctx context.Context, channel string, versions []string) (*store.Values, error) {
	all := &store.Values{}
	for _, version := range versions {
		v, err := s.Store.Values(ctx, channel, version)
		if err != nil || len(versions) == 1 {
			return v, err
		}
		all.Metrics = append(all.Metrics, v.Metrics...)
		all.Applications = append(all.Applications, v.Applications...)
		all.Architectures = append(all.Architectures, v.Architectures...)
		all.Processes = append(all.Processes, v.Processes...)
		all.OS = append(all.OS, v.OS...)
	}
	for _, texts := range []*[]string{&all.Applications, &all.Architectures, &all.Processes} {
		slices.Sort(*texts)
		*texts = slices.Compact(*texts)
	}
	return all, nil
}

func (s *server) chooseChannel(r *http.Request, kind partial.Kind, out *choicesAnswer) error {
	channels, err := s.Store.Channels(r.Context(), kind)
	if err != nil {
		return err
	}
	for _, name := range channels {
		withheld := s.allowed(r, name) != nil
		out.Channels = append(out.Channels, channelChoice{name, withheld})
	}
	if out.Channel == "" {
		for _, c := range slices.Backward(out.Channels) { // nightly before aurora and beta
			if !c.Withheld {
				out.Channel = c.Name
				break
			}
		}
	}
	if out.Channel == "" {
		return notFound("there is no channel that is open to everybody")
	}
	return s.allowed(r, out.Channel)
}

func versionsOf(dates []store.VersionDate) (all []versionChoice) {
	for _, d := range dates {
		i := slices.IndexFunc(all, func(v versionChoice) bool { return v.Version == d.Version })
		if i < 0 {
			all, i = append(all, versionChoice{Version: d.Version}), len(all)
		}
		all[i].Dates = append(all[i].Dates, d.Date)
	}
	slices.SortFunc(all, func(a, b versionChoice) int { return compareVersions(b.Version, a.Version) })
	return all
}

func (s *server) fill(out *choicesAnswer, values *store.Values) {
	for _, stored := range values.Metrics {
		if d, err := s.describe(strings.TrimPrefix(stored, definitions.CountPrefix)); err == nil {
			out.Metrics = append(out.Metrics, d.answer())
		}
	}
	slices.SortFunc(out.Metrics, func(a, b metricAnswer) int { return strings.Compare(a.Name, b.Name) })
	out.Metrics = slices.CompactFunc(out.Metrics, func(a, b metricAnswer) bool { return a.Name == b.Name })
	systems, versions := []string{}, []string{}
	for _, os := range values.OS {
		systems, versions = append(systems, os[0]), append(versions, os[1])
	}
	slices.Sort(systems)
	slices.Sort(versions)
	out.Values = map[string][]string{
		"application": values.Applications, "architecture": values.Architectures, "process": values.Processes,
		"os": slices.Compact(systems), "os_version": slices.Compact(versions),
	}
}

type valueAnswer struct {
	Value string `json:"value"`
	Count int64  `json:"count"`
}

// values answers with the values of columns in the rows of a view, the largest count first. Conditions on the column
// itself do not hold for its own values.
func (s *server) values(r *http.Request) (*answer, error) {
	columns := r.URL.Query()["column"]
	if len(columns) == 0 || len(columns) > 8 {
		return nil, badRequest("column is needed, up to 8 times")
	}
	out := map[string][]valueAnswer{}
	for _, column := range columns {
		params := r.URL.Query()
		params.Del("column")
		params.Del(column)
		params.Set("compare", column)
		request := r.Clone(r.Context())
		request.URL = &url.URL{Path: r.URL.Path, RawQuery: params.Encode()}
		v, err := s.readView(request)
		if err != nil {
			return nil, err
		}
		cells, err := s.cells(request, v, v.metric, false)
		if err != nil {
			return nil, err
		}
		all := []valueAnswer{}
		for _, c := range cells {
			all = append(all, valueAnswer{c.series, c.count})
		}
		slices.SortFunc(all, func(a, b valueAnswer) int {
			return cmp.Or(cmp.Compare(b.Count, a.Count), strings.Compare(a.Value, b.Value))
		})
		out[column] = all
	}
	return s.json(r, out, true)
}

// wholeNumber reads a parameter that is a whole number, 0 or more.
func wholeNumber(params url.Values, name string, missing int64) (int64, error) {
	text := params.Get(name)
	if text == "" {
		return missing, nil
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 0 {
		return 0, badRequest(fmt.Sprintf("%s %.40q: must be a whole number, 0 or more", name, text))
	}
	return n, nil
}
