package extract

import "github.com/headcount-hll/headcount/internal/jsonwalk"

// A histogram is what is used of a ping's histogram. Its memory is used again.
type histogram struct {
	sum, kind       number
	hasSum, hasKind bool
	hasValues       bool
	buckets         []bucket
	notNumbers      int64 // buckets whose key is not a whole number
}

// A bucket is a member of a histogram's values.
type bucket struct{ bound, n int64 }

// valid reports whether all that makes a histogram is there.
func (h *histogram) valid() bool { return h.hasValues && h.hasSum && h.hasKind }

// read reads a histogram. Of members that occur twice the last one counts.
func (h *histogram) read(r *jsonwalk.Reader) {
	h.hasSum, h.hasKind, h.hasValues = false, false, false
	if !r.Object() {
		return
	}
	for field, ok := r.Key(); ok; field, ok = r.Key() {
		switch string(field) {
		case "values":
			h.values(r)
		case "sum":
			h.sum, h.hasSum = wholeOf(r.Value())
		case "histogram_type":
			h.kind, h.hasKind = wholeOf(r.Value())
		default:
			r.Skip()
		}
	}
}

// values reads the buckets. A count that is not a whole number is 0; one outside int64 is the nearest int64.
func (h *histogram) values(r *jsonwalk.Reader) {
	h.buckets, h.notNumbers = h.buckets[:0], 0
	h.hasValues = r.Object()
	if !h.hasValues {
		return
	}
	for key, ok := r.Key(); ok; key, ok = r.Key() {
		n, _ := wholeOf(r.Value())
		bound, ok := bucketOf(key)
		if !ok {
			h.notNumbers++
			continue
		}
		h.buckets = append(h.buckets, bucket{bound, n.saturated()})
	}
}
