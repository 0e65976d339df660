// SPDX-License-Identifier: Apache-2.0

package engagement

import (
	"maps"
	"slices"
)

// A Run is consecutive days with data. A gap of a month or more separates two runs.
type Run struct {
	First, Last int32 // days since 1970-01-01
	Days, Rows  int64 // with data
}

// Span is the days to show.
type Span struct {
	First, Last int32 // the days asked for, inclusive
	Runs        []Run
	Short       bool // no day has a whole month of data: all days are shown, without MAU and ER
	NoWeek      bool // no day has a whole week of data
}

// NewSpan returns the span from first to last, inclusive, of data with a number of rows on each day. from says that the
// user chose the first day: then the data since the month before it are one run.
func NewSpan(rows map[int32]int64, first, last int32, from bool) *Span {
	s := &Span{First: first, Last: last, Short: true, NoWeek: true}
	for _, day := range slices.Sorted(maps.Keys(rows)) {
		if from && int64(day) <= int64(first)-Month {
			continue
		}
		if n := len(s.Runs); n == 0 || !from && day-s.Runs[n-1].Last > Month {
			s.Runs = append(s.Runs, Run{First: day})
		}
		run := &s.Runs[len(s.Runs)-1]
		run.Last = day
		run.Days++
		run.Rows += rows[day]
		s.Short = s.Short && !(s.asked(day) && s.whole(day, Month))
		s.NoWeek = s.NoWeek && !(s.asked(day) && s.whole(day, Week))
	}
	return s
}

func (s *Span) asked(date int32) bool { return s.First <= date && date <= s.Last }

// shows reports whether a day is shown.
func (s *Span) shows(date int32) bool {
	return s.asked(date) && (s.Short || s.whole(date, Month))
}

// whole reports whether the data of a run begin at or before the first of a number of days ending with date.
func (s *Span) whole(date, days int32) bool {
	return slices.ContainsFunc(s.Runs, func(r Run) bool { return r.First <= date-days+1 && date <= r.Last })
}

// Far returns the runs without a whole month, if others have one.
func (s *Span) Far() (far []Run) {
	if s.Short {
		return nil
	}
	for _, r := range s.Runs {
		if r.Last-r.First+1 < Month {
			far = append(far, r)
		}
	}
	return far
}
