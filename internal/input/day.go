// SPDX-License-Identifier: Apache-2.0

package input

import (
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/schema"

	"github.com/headcount-hll/headcount/internal/sortkey"
)

const secondsOfDay = 24 * 60 * 60

// dayOf returns the day of an instant in a time zone, in days since 1970-01-01.
func dayOf(seconds int64, zone *time.Location) int32 {
	if zone != nil && zone != time.UTC {
		_, offset := time.Unix(seconds, 0).In(zone).Zone()
		seconds += int64(offset)
	}
	return int32(floorDiv(seconds, secondsOfDay))
}

func floorDiv(a, b int64) int64 {
	if a%b < 0 {
		return a/b - 1
	}
	return a / b
}

// dayOfNumber returns the day that an integer stands for: 20160905 is 2016-09-05, and a number of up to 5 digits
// is days since 1970-01-01.
func dayOfNumber(n int64) (int32, error) {
	switch {
	case -99_999 <= n && n <= 99_999:
		return int32(n), nil
	case 10_000_101 <= n && n <= 99_991_231:
		return parseDay(fmt.Sprint(n), nil)
	}
	return 0, fmt.Errorf("%d is not a date: write it as DATE, as TIMESTAMP, as 20160905, or as days since 1970-01-01", n)
}

// timestampLayouts are the texts of timestamps, with and without an offset from UTC.
var timestampLayouts = []struct {
	layout string
	offset bool
}{
	{"2006-01-02 15:04:05", false}, {"2006-01-02T15:04:05", false}, {"2006-01-02 15:04", false},
	{time.RFC3339, true}, {"2006-01-02 15:04:05Z07:00", true}, {"2006-01-02 15:04:05 Z07:00", true},
	{"2006-01-02 15:04:05Z07", true}, {"2006-01-02 15:04:05 MST", true},
}

// instantText matches a text of a timestamp with an offset.
var instantText = regexp.MustCompile(`:\d\d(\.\d+)? ?(Z|UTC|GMT|[+-]\d\d(:\d\d)?)$`)

// noteZone says by which time zone the day of a text was taken, if it is an instant.
func (o Options) noteZone(column, text string) {
	if len(text) > len(time.DateOnly) && instantText.MatchString(text) {
		o.note("column %s has timestamps with an offset: days are those of the time zone %s", column, o.Zone)
	}
}

// parseDay returns the day of a text: YYYY-MM-DD, YYYYMMDD or a timestamp. A timestamp with an offset is an instant,
// whose day is that of the time zone.
func parseDay(text string, zone *time.Location) (int32, error) {
	switch {
	case len(text) == len("20160905"):
		if t, err := time.Parse("20060102", text); err == nil {
			return int32(t.Unix() / secondsOfDay), nil
		}
	case len(text) > len(time.DateOnly):
		for _, l := range timestampLayouts {
			if t, err := time.Parse(l.layout, text); err == nil {
				name, _ := t.Zone()
				switch {
				case strings.HasSuffix(l.layout, "MST") && name != "UTC" && name != "GMT":
					return 0, fmt.Errorf("%q: the offset of %s is not known: write it as +02:00, or as UTC", text, name)
				case !l.offset:
					zone = nil
				}
				return dayOf(t.Unix(), zone), nil
			}
		}
	}
	return sortkey.ParseDate(text)
}

// instants converts the values of a column of timestamps to days.
type instants struct {
	units int64 // per second
	zone  *time.Location
}

func newInstants(c *schema.Column, zone *time.Location) instants {
	logical, ok := c.LogicalType().(schema.TimestampLogicalType)
	if !ok { // INT96 is an instant
		return instants{1, zone}
	}
	if !logical.IsAdjustedToUTC() {
		zone = nil // local time: the day is written in it
	}
	units := map[schema.TimeUnitType]int64{
		schema.TimeUnitMillis: 1e3, schema.TimeUnitMicros: 1e6, schema.TimeUnitNanos: 1e9,
	}[logical.TimeUnit()]
	return instants{max(units, 1), zone}
}

func (i instants) day(value int64) int32 { return dayOf(floorDiv(value, i.units), i.zone) }

func (i instants) dayOfInt96(value parquet.Int96) int32 { return dayOf(value.ToTime().Unix(), i.zone) }
