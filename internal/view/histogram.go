// SPDX-License-Identifier: Apache-2.0

package view

import (
	"encoding/json"
	"maps"
	"slices"

	"github.com/apache/arrow-go/v18/arrow"

	"github.com/headcount-hll/headcount/internal/jsonwalk"
	"github.com/headcount-hll/headcount/internal/nested"
	"github.com/headcount-hll/headcount/internal/ping"
	"github.com/headcount-hll/headcount/internal/sortkey"
	"github.com/headcount-hll/headcount/udf/hist"
)

// A Histogram says what histogram a column holds. The keys are those of Firefox's Histograms.json.
type Histogram struct {
	Kind    string   `yaml:"kind"`
	Low     int64    `yaml:"low"` // default: 1
	High    int64    `yaml:"high"`
	Buckets int64    `yaml:"n_buckets"`
	Values  int64    `yaml:"n_values"`
	Labels  []string `yaml:"labels"`
	Keyed   bool     `yaml:"keyed"`

	layout hist.Layout
}

// HistogramKey is the key of a file's metadata that describes a column of histograms: a JSON object with the kind, and either the labels or
// the lower bounds of the buckets.
func HistogramKey(column string) string { return "headcount.histogram." + column }

// check makes the layout.
func (h *Histogram) check() error {
	kind, err := hist.ParseKind(h.Kind)
	if err != nil {
		return err
	}
	low, n := max(h.Low, 1), h.Buckets
	switch kind {
	case hist.Enumerated:
		n = h.Values
	case hist.Categorical:
		n = int64(len(h.Labels))
	}
	h.layout, err = hist.NewLayout(kind, low, h.High, n)
	return err
}

// describe returns the value of HistogramKey.
func (h *Histogram) describe() string {
	text, err := json.Marshal(struct {
		Kind   string   `json:"kind"`
		Labels []string `json:"labels,omitempty"`
		Bounds []int64  `json:"bounds,omitempty"`
		Keyed  bool     `json:"keyed"`
	}{h.Kind, h.Labels, h.shown(), h.Keyed})
	if err != nil {
		panic(err) // text and numbers
	}
	return string(text)
}

// shown returns the lower bounds of the buckets in a value, or nil where labels name the buckets.
func (h *Histogram) shown() []int64 {
	switch h.layout.Kind() {
	case hist.Flag, hist.Count, hist.Categorical:
		return nil
	}
	return h.layout.Bounds()[:h.listed()]
}

// listed returns how many buckets a value lists. A boolean histogram has a third bucket, which is always empty.
func (h *Histogram) listed() int {
	if h.layout.Kind() == hist.Boolean {
		return 2
	}
	return h.layout.Len()
}

// types returns the type of a column by its name in SQL, and in a file.
func (h *Histogram) types() (Type, arrow.DataType) {
	name, t := Type("array(bigint)"), arrow.DataType(listOf(arrow.PrimitiveTypes.Int64))
	switch h.layout.Kind() {
	case hist.Flag:
		name, t = Boolean, arrow.FixedWidthTypes.Boolean
	case hist.Count:
		name, t = Bigint, arrow.PrimitiveTypes.Int64
	case hist.Linear, hist.Exponential:
		name = "row(values array(bigint), sum bigint)"
		t = arrow.StructOf(arrow.Field{Name: "values", Type: t, Nullable: true}, arrow.Field{Name: "sum", Type: arrow.PrimitiveTypes.Int64, Nullable: true})
	}
	if h.Keyed {
		return "map(varchar, " + name + ")", arrow.MapOf(arrow.BinaryTypes.String, t)
	}
	return name, t
}

func listOf(t arrow.DataType) *arrow.ListType {
	return arrow.ListOfField(arrow.Field{Name: "element", Type: t, Nullable: true})
}

// converter returns how a histogram becomes a column's value.
func (h *Histogram) converter() converter {
	if h.Keyed {
		return h.keyed
	}
	switch h.layout.Kind() {
	case hist.Flag:
		return func(row []byte, v jsonwalk.Value) ([]byte, bool) {
			counts, _, ok := h.read(v)
			if !ok {
				return row, false
			}
			return sortkey.AppendBool(row, counts[1] > 0), true
		}
	case hist.Count:
		return func(row []byte, v jsonwalk.Value) ([]byte, bool) {
			_, sum, ok := h.read(v)
			if !ok {
				return row, false
			}
			return sortkey.AppendInt64(row, sum), true
		}
	}
	return func(row []byte, v jsonwalk.Value) ([]byte, bool) {
		value, ok := h.encode(nil, v)
		if !ok {
			return row, false
		}
		return sortkey.AppendString(row, value), true
	}
}

// keyed encodes the histograms of an object by their keys, in the order of the keys. Of a key that occurs twice the last one counts.
func (h *Histogram) keyed(row []byte, v jsonwalk.Value) ([]byte, bool) {
	if v.Kind() != jsonwalk.Object {
		return row, false
	}
	byKey := map[string][]byte{}
	for key, value := range v.Members {
		if encoded, ok := h.encode(nil, value); ok {
			byKey[string(key)] = encoded
		} else {
			delete(byKey, string(key))
		}
	}
	out := nested.AppendLength(nil, len(byKey))
	for _, key := range slices.Sorted(maps.Keys(byKey)) {
		out = append(nested.AppendText(out, []byte(key)), byKey[key]...)
	}
	return sortkey.AppendString(row, out), true
}

// encode appends a histogram as package nested encodes it.
func (h *Histogram) encode(out []byte, v jsonwalk.Value) ([]byte, bool) {
	counts, sum, ok := h.read(v)
	if !ok {
		return out, false
	}
	kind := h.layout.Kind()
	switch kind {
	case hist.Flag:
		return nested.AppendBool(out, counts[1] > 0), true
	case hist.Count:
		return nested.AppendInt(out, sum), true
	case hist.Linear, hist.Exponential:
		out = nested.AppendStruct(out)
	}
	out = nested.AppendLength(out, h.listed())
	for _, n := range counts[:h.listed()] {
		out = nested.AppendInt(out, n)
	}
	if kind == hist.Linear || kind == hist.Exponential {
		out = nested.AppendInt(out, sum)
	}
	return out, true
}

// read returns a histogram's buckets and sum. It has values, an object, and sum, a whole number that is not negative. Buckets
// that the layout does not have are dropped; a count that is not a whole number is 0.
func (h *Histogram) read(v jsonwalk.Value) (counts []int64, sum int64, ok bool) {
	if v.Kind() != jsonwalk.Object {
		return nil, 0, false
	}
	values := v.Get("values")
	sum, ok = v.Get("sum").Int()
	if !ok || sum < 0 || values.Kind() != jsonwalk.Object {
		return nil, 0, false
	}
	counts = make([]int64, h.layout.Len())
	ping.Buckets(counts, h.layout, values)
	return counts, sum, true
}
