// SPDX-License-Identifier: Apache-2.0

// Package engagement computes daily, weekly and monthly active users and the engagement ratio from the
// sketches of client_count.
//
// DAU, WAU and MAU are the distinct clients of a day, of the 7 and of the 28 calendar days that end with it; a
// day without data counts as a day and adds nobody. ER is DAU/MAU.
package engagement

import (
	"bytes"
	"context"

	"github.com/headcount-hll/headcount/internal/groupby"
	"github.com/headcount-hll/headcount/internal/sortkey"
	"github.com/headcount-hll/headcount/udf/hll"
)

// The windows, in days.
const (
	Week  = 7
	Month = 28
)

// A Count is a number of distinct clients: the cardinality that SQL gives, and the bounds at 2 sigmas.
type Count struct {
	Clients      int64
	Lower, Upper float64
}

// A Ratio is DAU/MAU. Its bounds are the least of one over the most of the other and the reverse, each at 2 sigmas:
// they hold in 9 of 10 cases at the least, and in practice nearly always.
type Ratio struct{ Value, Lower, Upper float64 }

func newRatio(part, whole Count) *Ratio {
	if whole.Clients == 0 {
		return nil
	}
	r := &Ratio{Value: float64(part.Clients) / float64(whole.Clients), Lower: 0, Upper: 1}
	if whole.Upper > 0 {
		r.Lower = min(part.Lower/whole.Upper, 1)
	}
	if whole.Lower > 0 {
		r.Upper = min(part.Upper/whole.Lower, 1)
	}
	return r
}

// A Point is the figures of one segment on one day.
type Point struct {
	Segment       []byte // its key
	Date          int32  // days since 1970-01-01
	DAU, WAU, MAU Count
	ER            *Ratio // nil if there was nobody in the month
}

// A Total is the clients of one segment over all days.
type Total struct {
	Segment []byte
	Clients Count
}

// Span is the days that are asked for, both among them.
type Span struct{ First, Last int32 }

func (s Span) holds(date int32) bool { return s.First <= date && date <= s.Last }

// Points returns the figures of each segment on each day of the span on which it has data. The table's keys
// are those of the segment and then the date.
func Points(ctx context.Context, table *groupby.Table, columns []sortkey.Column, span Span) ([]Point, error) {
	s := series{span: span}
	err := table.Each(ctx, func(key, sketch []byte) error {
		of, date, err := cutDate(key, columns)
		if err != nil {
			return err
		}
		if !bytes.Equal(of, s.segment) || s.days == nil {
			s.begin(of)
		}
		return s.add(date, sketch)
	})
	return s.points, err
}

// cutDate splits a key into that of the segment and the date, which is the last of the columns.
func cutDate(key []byte, columns []sortkey.Column) (of []byte, date int32, err error) {
	last := len(columns) - 1
	of, rest, err := sortkey.Cut(key, columns, last)
	if err != nil {
		return nil, 0, err
	}
	values, err := sortkey.Decode(nil, rest, columns[last:])
	if err != nil {
		return nil, 0, err
	}
	return of, int32(values[0].Int), nil
}

// A series is the days of one segment as they come, the last month of them.
type series struct {
	span    Span
	segment []byte
	days    []daySketch
	scratch []byte
	points  []Point
}

type daySketch struct {
	date   int32
	sketch []byte
}

func (s *series) begin(of []byte) {
	s.segment = bytes.Clone(of)
	s.days = []daySketch{}
}

// add takes the segment's next day and appends its point.
func (s *series) add(date int32, sketch []byte) error {
	first := 0
	for first < len(s.days) && s.days[first].date <= date-Month {
		first++
	}
	s.days = append(s.days[first:], daySketch{date, bytes.Clone(sketch)})
	if !s.span.holds(date) {
		return nil
	}
	p := Point{Segment: s.segment, Date: date}
	for _, window := range []struct {
		days  int32
		count *Count
	}{{1, &p.DAU}, {Week, &p.WAU}, {Month, &p.MAU}} {
		var err error
		if *window.count, err = s.count(date - window.days + 1); err != nil {
			return err
		}
	}
	p.ER = newRatio(p.DAU, p.MAU)
	s.points = append(s.points, p)
	return nil
}

// count returns the clients from a day on.
func (s *series) count(from int32) (Count, error) {
	last := s.days[len(s.days)-1]
	if from == last.date {
		return countOf(last.sketch)
	}
	var all *hll.Builder
	for _, d := range s.days {
		if d.date < from {
			continue
		}
		if all == nil {
			one, err := hll.Decode(d.sketch)
			if err != nil {
				return Count{}, err
			}
			all = hll.NewBuilder(one.Precision())
		}
		if err := all.Merge(d.sketch); err != nil {
			return Count{}, err
		}
	}
	s.scratch = all.Append(s.scratch[:0])
	return countOf(s.scratch)
}

func countOf(sketch []byte) (Count, error) {
	s, err := hll.Decode(sketch)
	if err != nil {
		return Count{}, err
	}
	lower, upper, err := s.Bounds(2)
	return Count{s.Cardinality(), lower, upper}, err
}

// Totals returns the clients of each segment, whose key is the whole of the table's keys.
func Totals(ctx context.Context, table *groupby.Table) (totals []Total, err error) {
	err = table.Each(ctx, func(key, sketch []byte) error {
		count, err := countOf(sketch)
		totals = append(totals, Total{bytes.Clone(key), count})
		return err
	})
	return totals, err
}
