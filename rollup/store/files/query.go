package files

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/headcount-hll/headcount/rollup/store"
)

// A row is what names a row: numbers of its dimensions. Its numbers follow.
type row struct {
	dimensions, extra, label, process uint64
}

func next(r *store.PackedReader) row { return row{r.Uvarint(), r.Uvarint(), r.Uvarint(), r.Uvarint()} }

// column returns the value of a column in a row; at is its place among store.Columns and the added dimensions.
func (x *index) column(r *row, at int) string {
	switch {
	case at < 4:
		return x.dimensions.all[r.dimensions][at]
	case at == 4:
		return x.labels.all[r.label]
	case at == 5:
		return processes[r.process]
	}
	values := strings.Split(x.extras.all[r.extra], "\x00")
	return values[at-len(store.Columns)]
}

// place returns where a column is among store.Columns and the added dimensions.
func (x *index) place(name string) (int, error) {
	at := slices.Index(slices.Concat(store.Columns, x.extra), name)
	if at < 0 {
		return 0, fmt.Errorf("files: there is no column %.40q", name)
	}
	return at, nil
}

// Sums implements [store.Store].
func (s *Store) Sums(ctx context.Context, q *store.Query) ([]store.Sum, error) {
	x := s.loaded.Load()
	where, group := make([]int, len(q.Where)), make([]int, len(q.GroupBy))
	var err error
	for i, c := range q.Where {
		if where[i], err = x.place(c.Column); err != nil {
			return nil, err
		}
	}
	for i, name := range q.GroupBy {
		if group[i], err = x.place(name); err != nil {
			return nil, err
		}
	}
	var all []store.Sum
	for _, metric := range slices.Compact(slices.Sorted(slices.Values(q.Metrics))) {
		found := x.series[seriesKey{q.Kind, q.Channel, q.Version, metric}]
		if found == nil {
			continue
		}
		for _, date := range slices.Compact(slices.Sorted(slices.Values(q.Dates))) {
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			if rows := found.dates[date]; rows != nil {
				all = append(all, x.sums(*rows, q, where, group, store.Sum{Date: date, Metric: metric})...)
			}
		}
	}
	slices.SortFunc(all, func(a, b store.Sum) int { return store.Compare(&a, &b) })
	return all, nil
}

// sums returns the sums of the rows of a metric and a date.
func (x *index) sums(rows []byte, q *store.Query, where, group []int, empty store.Sum) []store.Sum {
	groups := map[string]*store.Sum{}
	key := make([]string, len(group))
	for reader := store.ReadPacked(rows); reader.More(); {
		r := next(&reader)
		if !x.matches(&r, q, where) {
			reader.Add(nil)
			continue
		}
		for i, at := range group {
			key[i] = x.column(&r, at)
		}
		joined := strings.Join(key, "\x00")
		sum := groups[joined]
		if sum == nil {
			first := empty
			first.Key = slices.Clone(key)
			sum = &first
			groups[joined] = sum
		}
		reader.Add(sum)
	}
	all := make([]store.Sum, 0, len(groups))
	for _, sum := range groups {
		all = append(all, *sum)
	}
	return all
}

func (x *index) matches(r *row, q *store.Query, where []int) bool {
	for i, at := range where {
		if !slices.Contains(q.Where[i].Values, x.column(r, at)) {
			return false
		}
	}
	return true
}

// Values implements [store.Store]. They are kept, so that the caller must not change them.
func (s *Store) Values(_ context.Context, channel, version string) (*store.Values, error) {
	if known := s.loaded.Load().values[[2]string{channel, version}]; known != nil {
		return known, nil
	}
	return &store.Values{}, nil
}
