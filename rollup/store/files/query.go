package files

import (
	"context"
	"encoding/binary"
	"fmt"
	"slices"
	"strings"

	"github.com/headcount-hll/headcount/rollup/store"
	"github.com/headcount-hll/headcount/udf/hist"
)

// A row is a row as it is kept: numbers of its dimensions, and the rest of its bytes.
type row struct {
	dimensions, extra, label uint64
	process                  byte
	numbers                  []byte
}

// next reads the dimensions of the row at the beginning of b. numbers has the rest of b.
func next(b []byte) (r row) {
	r.dimensions, b = uvarint(b)
	r.extra, b = uvarint(b)
	r.label, b = uvarint(b)
	r.process, r.numbers = b[0], b[1:]
	return r
}

func uvarint(b []byte) (uint64, []byte) {
	v, n := binary.Uvarint(b)
	return v, b[n:]
}

func varint(b []byte) (int64, []byte) {
	v, n := binary.Varint(b)
	return v, b[n:]
}

// addTo adds the numbers of a row to a sum, if there is one, and returns what follows the row.
func (r *row) addTo(sum *store.Sum) []byte {
	total, b := varint(r.numbers)
	count, b := varint(b)
	n, b := uvarint(b)
	if sum != nil {
		sum.Sum, sum.Count = hist.Add(sum.Sum, total), hist.Add(sum.Count, count)
		if missing := int(n) - len(sum.Histogram); missing > 0 {
			sum.Histogram = append(sum.Histogram, make([]int64, missing)...)
		}
	}
	for at := -1; ; {
		var step uint64
		if step, b = uvarint(b); step == 0 {
			return b
		}
		var v int64
		v, b = varint(b)
		at += int(step)
		if sum != nil {
			sum.Histogram[at] = hist.Add(sum.Histogram[at], v)
		}
	}
}

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
			all = append(all, x.sums(found.dates[date], q, where, group, store.Sum{Date: date, Metric: metric})...)
		}
	}
	slices.SortFunc(all, func(a, b store.Sum) int { return store.Compare(&a, &b) })
	return all, nil
}

// sums returns the sums of the rows of a metric and a date.
func (x *index) sums(rows []byte, q *store.Query, where, group []int, empty store.Sum) []store.Sum {
	groups := map[string]*store.Sum{}
	key := make([]string, len(group))
	for len(rows) > 0 {
		r := next(rows)
		if !x.matches(&r, q, where) {
			rows = r.addTo(nil)
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
		rows = r.addTo(sum)
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

// Values implements [store.Store]. They are read once and kept, so that the caller must not change them.
func (s *Store) Values(_ context.Context, channel, version string) (*store.Values, error) {
	x := s.loaded.Load()
	known, ok := x.values.Load([2]string{channel, version})
	if !ok {
		known, _ = x.values.LoadOrStore([2]string{channel, version}, x.read(channel, version))
	}
	return known.(*store.Values), nil
}

// read reads the values of all rows of a channel and version.
func (x *index) read(channel, version string) *store.Values {
	metrics, dimensions, found := map[string]bool{}, map[uint64]bool{}, map[string]bool{}
	for key, series := range x.series {
		if key.channel != channel || key.version != version {
			continue
		}
		metrics[key.metric] = true
		for _, rows := range series.dates {
			for len(rows) > 0 {
				r := next(rows)
				dimensions[r.dimensions], found[processes[r.process]] = true, true
				rows = r.addTo(nil)
			}
		}
	}
	applications, architectures, systems := map[string]bool{}, map[string]bool{}, map[[2]string]bool{}
	for i := range dimensions {
		d := x.dimensions.all[i]
		applications[d[0]], architectures[d[1]], systems[[2]string{d[2], d[3]}] = true, true, true
	}
	return &store.Values{
		Metrics: sorted(metrics, strings.Compare), Applications: sorted(applications, strings.Compare),
		Architectures: sorted(architectures, strings.Compare), Processes: sorted(found, strings.Compare),
		OS: sorted(systems, func(a, b [2]string) int { return slices.Compare(a[:], b[:]) }),
	}
}
