// SPDX-License-Identifier: Apache-2.0

// Package engagement computes daily, weekly and monthly active users and the engagement ratio from the sketches of
// client_count.
//
// DAU, WAU and MAU are the distinct clients of a day, of the 7 and of the 28 calendar days ending with it. A day without
// data is one of these days and adds 0 clients. ER is DAU/MAU.
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

// A Count is a number of distinct clients: the cardinality as in SQL, and its bounds at 2 sigmas.
type Count struct {
	Clients      int64
	Lower, Upper float64
}

// A Ratio is DAU/MAU. Its bounds are the lower bound of DAU over the upper bound of MAU, and the reverse, each at 2
// sigmas. They hold in at least 9 of 10 cases.
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
	Segment  []byte // its key
	Date     int32  // days since 1970-01-01
	DAU      Count
	WAU, MAU *Count // nil if the data begin after the first day of the window
	ER       *Ratio // nil if MAU is nil or 0
}

// A Total is the clients of one segment over all days.
type Total struct {
	Segment []byte
	Clients Count
}

// Points returns the figures of each segment on each day of the span on which it has data. The keys of the table are
// the segment and then the date.
func Points(ctx context.Context, table *groupby.Table, columns []sortkey.Column, span *Span) ([]Point, error) {
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

// cutDate splits a key into the segment's key and the date, which is the last column.
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

// A series is the last 28 days of one segment, as the days arrive in order.
type series struct {
	span    *Span
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

// add adds the segment's next day and appends its point.
func (s *series) add(date int32, sketch []byte) error {
	first := 0
	for first < len(s.days) && s.days[first].date <= date-Month {
		first++
	}
	s.days = append(s.days[first:], daySketch{date, bytes.Clone(sketch)})
	if !s.span.shows(date) {
		return nil
	}
	p := Point{Segment: s.segment, Date: date}
	var err error
	if p.DAU, err = s.count(date); err != nil {
		return err
	}
	if p.WAU, err = s.window(date, Week); err != nil {
		return err
	}
	if p.MAU, err = s.window(date, Month); err != nil {
		return err
	}
	if p.MAU != nil {
		p.ER = newRatio(p.DAU, *p.MAU)
	}
	s.points = append(s.points, p)
	return nil
}

// window returns the clients of a number of days ending with date; nil if the data begin later.
func (s *series) window(date, days int32) (*Count, error) {
	if !s.span.whole(date, days) {
		return nil, nil
	}
	c, err := s.count(date - days + 1)
	return &c, err
}

// count returns the clients since a day.
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

// Totals returns the clients of each segment. The keys of the table are the segments.
func Totals(ctx context.Context, table *groupby.Table) (totals []Total, err error) {
	err = table.Each(ctx, func(key, sketch []byte) error {
		count, err := countOf(sketch)
		totals = append(totals, Total{bytes.Clone(key), count})
		return err
	})
	return totals, err
}
