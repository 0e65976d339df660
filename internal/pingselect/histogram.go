// SPDX-License-Identifier: Apache-2.0

package pingselect

import (
	"encoding/json"
	"math"
	"slices"
	"strconv"

	"github.com/headcount-hll/headcount/internal/jsonwalk"
	"github.com/headcount-hll/headcount/internal/ping"
	"github.com/headcount-hll/headcount/udf/hist"
)

// The numbers that a ping has for the kinds of histograms.
const (
	exponential = iota
	linear
	boolean
	flag
	count
	categorical
)

// maxBuckets is the largest number of buckets that is taken from a ping: more than Firefox allows. A ping that claims more would
// take memory that its own size does not limit.
const maxBuckets = 2000

// keptLayouts is how many layouts a worker keeps.
const keptLayouts = 4096

type layoutKey struct{ kind, low, high, buckets int64 }

// A histogramReader makes arrays of the histograms in pings. It belongs to one worker.
type histogramReader struct {
	layouts map[layoutKey]hist.Layout
	counts  []int64
}

// A histogram is the counts of a layout's buckets. Its memory is used again.
type histogram struct {
	kind   int64
	bounds []int64
	counts []int64
	sum    int64
	hasSum bool
}

// read returns the histogram that a value is: an object with values, range, bucket_count and histogram_type, of a layout that
// package hist knows. Counts of bounds that the layout does not have are left out.
func (r *histogramReader) read(v jsonwalk.Value) (h histogram, ok bool) {
	if v.Kind() != jsonwalk.Object {
		return h, false
	}
	var values, limits jsonwalk.Value
	key := layoutKey{kind: -1}
	for name, member := range v.Members {
		switch string(name) {
		case "values":
			values = member
		case "range":
			limits = member
		case "bucket_count":
			key.buckets, _ = member.Int()
		case "histogram_type":
			key.kind, _ = member.Int()
		case "sum":
			h.sum, h.hasSum = member.Int()
		}
	}
	if values.Kind() != jsonwalk.Object || limits.Len() != 2 || key.buckets < 1 || key.buckets > maxBuckets {
		return h, false
	}
	at := []*int64{&key.low, &key.high}
	for limit := range limits.Elements {
		*at[0], _ = limit.Int()
		at = at[1:]
	}
	layout, ok := r.layout(key)
	if !ok {
		return h, false
	}
	r.counts = slices.Grow(r.counts[:0], layout.Len())[:layout.Len()]
	ping.Buckets(r.counts, layout, values)
	h.kind, h.bounds, h.counts = key.kind, layout.Bounds(), r.counts
	return h, true
}

// layout returns the layout of a ping's histogram.
func (r *histogramReader) layout(key layoutKey) (hist.Layout, bool) {
	if l, ok := r.layouts[key]; ok {
		return l, l.Len() > 0
	}
	var l hist.Layout // stays empty where the numbers are no layout
	switch key.kind {
	case exponential:
		l, _ = hist.NewLayout(hist.Exponential, key.low, key.high, key.buckets)
	case linear, categorical:
		l, _ = hist.NewLayout(hist.Linear, key.low, key.high, key.buckets)
	case boolean, flag, count:
		l, _ = hist.NewLayout(hist.Boolean, 0, 0, 0)
	}
	if r.layouts == nil || len(r.layouts) == keptLayouts {
		r.layouts = map[layoutKey]hist.Layout{}
	}
	r.layouts[key] = l
	return l, l.Len() > 0
}

// append writes what a histogram becomes in a result, and returns its type: a boolean of a flag, the number of a count, else
// the percentiles that were asked for, or the arrays.
func (h *histogram) append(to []byte, request *Request) ([]byte, kind) {
	switch {
	case h.kind == flag:
		return strconv.AppendBool(to, h.counts[1] > 0), isBool
	case h.kind == count && h.hasSum:
		return strconv.AppendInt(to, h.sum, 10), isInt
	case request.OnlyMedian:
		median, ok, _ := hist.Percentile(h.bounds, h.counts, 50) // the layout is in order
		if !ok {
			return to, isMissing
		}
		return appendFloat(to, median), isFloat
	case len(request.Percentiles) > 0:
		return h.appendPercentiles(to, request.Percentiles)
	}
	to = appendInts(append(to, `{"bounds":`...), h.bounds)
	to = appendInts(append(to, `,"counts":`...), h.counts)
	if h.hasSum {
		to = strconv.AppendInt(append(to, `,"sum":`...), h.sum, 10)
	} else {
		to = append(to, `,"sum":null`...)
	}
	return append(to, '}'), isHistogram
}

func (h *histogram) appendPercentiles(to []byte, percentiles []float64) ([]byte, kind) {
	to = append(to, '[')
	for i, p := range percentiles {
		value, ok, _ := hist.Percentile(h.bounds, h.counts, p)
		if !ok { // it has no counts
			return to[:len(to)-1], isMissing
		}
		if i > 0 {
			to = append(to, ',')
		}
		to = appendFloat(to, value)
	}
	return append(to, ']'), isFloats
}

func appendInts(to []byte, values []int64) []byte {
	to = append(to, '[')
	for i, v := range values {
		if i > 0 {
			to = append(to, ',')
		}
		to = strconv.AppendInt(to, v, 10)
	}
	return append(to, ']')
}

// appendFloat writes a number as JSON, always as one with a fraction or exponent.
func appendFloat(to []byte, value float64) []byte {
	before := len(to)
	to = strconv.AppendFloat(to, value, 'g', -1, 64)
	if value == math.Trunc(value) && json.Valid(to[before:]) && !hasFraction(to[before:]) {
		to = append(to, ".0"...)
	}
	return to
}
