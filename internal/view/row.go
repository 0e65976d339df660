// SPDX-License-Identifier: Apache-2.0

package view

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/headcount-hll/headcount/internal/jsonwalk"
	"github.com/headcount-hll/headcount/internal/ping"
	"github.com/headcount-hll/headcount/internal/sortkey"
)

// Reasons why a view rejects a ping.
const (
	ReasonNoDay ping.Reason = "no day to put it in"
	ReasonType  ping.Reason = "value of another type"
	ReasonNone  ping.Reason = "value missing"
)

// Counts holds the numbers of pings that were read, in addition to the rejected ones.
type Counts struct {
	mu       sync.Mutex
	Rows     int64
	Filtered int64            // by the filter or the range of days
	LeftOut  map[string]int64 // rows, by reason
	Other    map[string]int64 // values of another type that became NULL, by column
}

// NewCounts returns counts of 0.
func NewCounts() *Counts { return &Counts{LeftOut: map[string]int64{}, Other: map[string]int64{}} }

func (c *Counts) add(from *Counts) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.Rows += from.Rows
	c.Filtered += from.Filtered
	for reason, n := range from.LeftOut {
		c.LeftOut[reason] += n
	}
	for column, n := range from.Other {
		c.Other[column] += n
	}
}

// Lines says what was counted, a line for each kind.
func (c *Counts) Lines() (lines []string) {
	if c.Filtered > 0 {
		lines = append(lines, fmt.Sprintf("%d pings filtered", c.Filtered))
	}
	for _, group := range []struct {
		what   string
		counts map[string]int64
	}{{"rows left out", c.LeftOut}, {"values of another type are NULL", c.Other}} {
		var parts []string
		for _, name := range slices.Sorted(maps.Keys(group.counts)) {
			parts = append(parts, fmt.Sprintf("%s %d", name, group.counts[name]))
		}
		if len(parts) > 0 {
			lines = append(lines, group.what+": "+strings.Join(parts, ", "))
		}
	}
	return lines
}

// An extractor makes rows of pings, for one goroutine.
type extractor struct {
	view     *Definition
	from, to int32 // days that are wanted
	counts   *Counts
	row      []byte
}

// extract returns the row of a ping: its day and its columns, as bytes that sort. It is nil if the ping makes no row. An error
// rejects the ping.
func (x *extractor) extract(values []jsonwalk.Value) ([]byte, error) {
	day, err := dayOf(values[0])
	if err != nil {
		return nil, err
	}
	values = values[1:]
	if day < x.from || day > x.to {
		x.counts.Filtered++
		return nil, nil
	}
	for i, f := range x.view.Filter {
		if text, _ := values[i].Text(); !slices.Contains(f.In, string(text)) {
			x.counts.Filtered++
			return nil, nil
		}
	}
	values = values[len(x.view.Filter):]
	x.row = sortkey.AppendInt32(x.row[:0], day)
	for i := range x.view.Columns {
		c := &x.view.Columns[i]
		n := len(c.Path)
		var unless jsonwalk.Value
		if c.Unless != "" {
			unless = values[n]
			n++
		}
		out, err := x.column(c, values[:len(c.Path)], unless, day)
		if err != nil || out != "" {
			if out != "" {
				x.counts.LeftOut[out]++
			}
			return nil, err
		}
		values = values[n:]
	}
	x.counts.Rows++
	return x.row, nil
}

func dayOf(v jsonwalk.Value) (int32, error) {
	text, ok := v.Text()
	if !ok || len(text) != 8 {
		return 0, ping.Reject(ReasonNoDay, "no text YYYYMMDD")
	}
	day, err := sortkey.ParseDate(string(text[:4]) + "-" + string(text[4:6]) + "-" + string(text[6:]))
	if err != nil {
		return 0, ping.Reject(ReasonNoDay, "no day: "+string(text))
	}
	return day, nil
}

// column appends a column's value. It returns why the row is left out, if it is.
func (x *extractor) column(c *Column, values []jsonwalk.Value, unless jsonwalk.Value, day int32) (leftOut string, err error) {
	var v jsonwalk.Value
	for _, candidate := range values {
		if candidate.Kind() > jsonwalk.Null {
			v = candidate
			break
		}
	}
	if v == nil || there(unless) {
		return x.missing(c, c.Missing, "no "+c.Name)
	}
	from := len(x.row)
	var ok bool
	if x.row, ok = c.convert(x.row, v); !ok {
		switch c.Other {
		case reject:
			return "", ping.Reject(ReasonType, c.Name+": "+v.Kind().String())
		case keepNull:
			x.counts.Other[c.Name]++
		}
		return x.missing(c, c.Other, c.Name+" of another type")
	}
	if c.Within != nil {
		value, _ := sortkey.Decode(nil, x.row[from:], []sortkey.Column{c.key}) // just written
		if d := int32(value[0].Int); d < day-c.Within.Before || d > day+c.Within.After {
			return c.Name + " too far from the day of submission", nil
		}
	}
	return "", nil
}

// there reports whether a value is something: no NULL and no empty object.
func there(v jsonwalk.Value) bool {
	return v.Kind() > jsonwalk.Null && (v.Kind() != jsonwalk.Object || v.Len() > 0)
}

// missing does what a column does without a value.
func (x *extractor) missing(c *Column, what, why string) (leftOut string, err error) {
	switch {
	case c.Default != "":
		x.row = sortkey.AppendString(x.row, []byte(c.Default))
	case what == leaveOut:
		return why, nil
	case what == reject:
		return "", ping.Reject(ReasonNone, c.Name)
	default:
		x.row = sortkey.AppendNull(x.row)
	}
	return "", nil
}
