// SPDX-License-Identifier: Apache-2.0

package view

import (
	"bytes"
	"math"
	"slices"
	"strings"

	"github.com/headcount-hll/headcount/internal/jsonwalk"
	"github.com/headcount-hll/headcount/internal/nested"
	"github.com/headcount-hll/headcount/internal/sortkey"
)

// A converter appends a value to a row, or reports that it is of another type.
type converter func(row []byte, v jsonwalk.Value) ([]byte, bool)

// A conversion is what a column's "as" makes of a value, and the type.
type conversion struct {
	as string
	to Type
}

var converters = map[conversion]converter{
	{"", Varchar}:               toText,
	{"", Boolean}:               toBoolean,
	{"", Integer}:               toInteger,
	{"", Bigint}:                toBigint,
	{"", Double}:                toDouble,
	{"", Date}:                  toDate,
	{"channel", Varchar}:        toChannel,
	{"country", Varchar}:        toCountry,
	{"count", Bigint}:           toCount,
	{"sum", Bigint}:             toSum,
	{"searches", Searches}:      toSearches,
	{"days since 1970", Date}:   daysToDate,
	{"text or number", Varchar}: toAnyText,
}

func toText(row []byte, v jsonwalk.Value) ([]byte, bool) {
	text, ok := v.Text()
	if !ok {
		return row, false
	}
	return sortkey.AppendString(row, text), true
}

func toAnyText(row []byte, v jsonwalk.Value) ([]byte, bool) {
	if v.Kind() == jsonwalk.Number {
		return sortkey.AppendString(row, v), true
	}
	return toText(row, v)
}

func toBoolean(row []byte, v jsonwalk.Value) ([]byte, bool) {
	b, ok := v.Bool()
	if !ok {
		return row, false
	}
	return sortkey.AppendBool(row, b), true
}

// whole returns a whole number: 99.0 is one, 2^53 + 1 with a fraction of .0 is not, since float64 has no such number.
func whole(v jsonwalk.Value) (int64, bool) {
	if n, ok := v.Int(); ok {
		return n, true
	}
	f, ok := v.Float()
	if !ok || f != math.Trunc(f) || math.Abs(f) > 1<<53 {
		return 0, false
	}
	return int64(f), true
}

func toBigint(row []byte, v jsonwalk.Value) ([]byte, bool) {
	n, ok := whole(v)
	if !ok {
		return row, false
	}
	return sortkey.AppendInt64(row, n), true
}

func toInteger(row []byte, v jsonwalk.Value) ([]byte, bool) {
	n, ok := whole(v)
	if !ok || n != int64(int32(n)) {
		return row, false
	}
	return sortkey.AppendInt32(row, int32(n)), true
}

func toDouble(row []byte, v jsonwalk.Value) ([]byte, bool) {
	f, ok := v.Float()
	if !ok {
		return row, false
	}
	return sortkey.AppendString(row, nested.AppendDouble(nil, f)), true
}

// toDate takes the calendar day that a time begins with: the first ten characters, as 2016-11-01T00:00:00.0+01:00.
func toDate(row []byte, v jsonwalk.Value) ([]byte, bool) {
	text, ok := v.Text()
	if !ok || len(text) < 10 {
		return row, false
	}
	days, err := sortkey.ParseDate(string(text[:10]))
	if err != nil {
		return row, false
	}
	return sortkey.AppendInt32(row, days), true
}

const latestDay = 2_932_896 // 9999-12-31

func daysToDate(row []byte, v jsonwalk.Value) ([]byte, bool) {
	n, ok := whole(v)
	if !ok || n < 0 || n > latestDay {
		return row, false
	}
	return sortkey.AppendInt32(row, int32(n)), true
}

var channels = []string{"release", "beta", "aurora", "nightly", "esr"}

// toChannel takes one of the channels that are told apart: nightly-cck-x is nightly, likewise the others; all else is Other.
func toChannel(row []byte, v jsonwalk.Value) ([]byte, bool) {
	text, ok := v.Text()
	if !ok {
		return row, false
	}
	name, _, _ := strings.Cut(string(text), "-cck-")
	if !slices.Contains(channels, name) {
		name = "Other"
	}
	return sortkey.AppendString(row, []byte(name)), true
}

func toCountry(row []byte, v jsonwalk.Value) ([]byte, bool) {
	text, ok := v.Text()
	if !ok {
		return row, false
	}
	if len(text) != 2 || !isUpper(text[0]) || !isUpper(text[1]) {
		text = []byte("??")
	}
	return sortkey.AppendString(row, text), true
}

func isUpper(c byte) bool { return 'A' <= c && c <= 'Z' }

// toCount counts an object's members or an array's elements.
func toCount(row []byte, v jsonwalk.Value) ([]byte, bool) {
	if v.Kind() != jsonwalk.Object && v.Kind() != jsonwalk.Array {
		return row, false
	}
	return sortkey.AppendInt64(row, int64(v.Len())), true
}

// toSum takes a histogram's sum.
func toSum(row []byte, v jsonwalk.Value) ([]byte, bool) {
	if v.Kind() != jsonwalk.Object {
		return row, false
	}
	return toBigint(row, v.Get("sum"))
}

// A Search is how many searches were made with an engine from a place of the browser.
type Search struct {
	Engine, Source string
	Count          int64
}

// toSearches reads the keyed histogram SEARCH_COUNTS, whose keys are engine.source, in the order of the keys. What is no such
// key, or has no sum, is left out.
func toSearches(row []byte, v jsonwalk.Value) ([]byte, bool) {
	if v.Kind() != jsonwalk.Object {
		return row, false
	}
	counts := map[string]int64{}
	for key, histogram := range v.Members {
		if n, ok := whole(histogram.Get("sum")); ok && bytes.LastIndexByte(key, '.') > 0 {
			counts[string(key)] = n
		}
	}
	var all []Search
	for key, n := range counts {
		dot := strings.LastIndexByte(key, '.')
		all = append(all, Search{key[:dot], key[dot+1:], n})
	}
	slices.SortFunc(all, func(a, b Search) int {
		return strings.Compare(a.Engine+"."+a.Source, b.Engine+"."+b.Source)
	})
	out := nested.AppendLength(nil, len(all))
	for _, s := range all {
		out = nested.AppendText(nested.AppendStruct(out), []byte(s.Engine))
		out = nested.AppendInt(nested.AppendText(out, []byte(s.Source)), s.Count)
	}
	return sortkey.AppendString(row, out), true
}
