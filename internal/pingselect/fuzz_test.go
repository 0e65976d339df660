// SPDX-License-Identifier: Apache-2.0

package pingselect

import (
	"encoding/json"
	"testing"

	"github.com/apache/arrow-go/v18/arrow/memory"

	"github.com/headcount-hll/headcount/internal/jsonwalk"
	"github.com/headcount-hll/headcount/internal/ping"
)

// Whatever a document holds, its properties become valid JSON and a table, and take memory in proportion to it.
func FuzzDocument(f *testing.F) {
	f.Add([]byte(`{"a":` + gc + `,"b":{"c":[1,"x",null]},"clientId":"x","id":"y","application":{"channel":"beta"}}`))
	f.Add([]byte(`{"a":{"range":[1,2],"bucket_count":3,"histogram_type":4,"values":{"0":1e9},"sum":-1}}`))
	f.Add([]byte(`{"a":1e999,"b":{"c":"\ud800\u0000"}}`))
	f.Fuzz(func(t *testing.T, doc []byte) {
		for _, r := range []*Request{
			{Fraction: 1, Sample: ByClients, Percentiles: []float64{5, 100}},
			{Fraction: 0.5, Sample: ByPings, OnlyMedian: true},
			{Fraction: 1, Sample: ByClients, Filters: []Filter{{Paths: [][]string{{"application", "channel"}}, From: "a", To: "c"}}},
		} {
			r.want("a", "b/c", "b")
			values, err := r.paths().Find(doc, nil)
			if err != nil {
				return
			}
			c, e := chooser{request: r}, encoder{request: r}
			properties, ok := c.choose(&ping.Document{JSON: doc, Values: values})
			if !ok {
				continue
			}
			e.add(doc, properties)
			b := e.take(true)
			if text := b.appendJSON(nil, encodedNames(r.Names)); !json.Valid(text) {
				t.Errorf("not JSON: %q", text)
			}
			// A histogram of an object of some 70 bytes has at most maxBuckets bounds and counts.
			if most := 64*len(doc) + 3*2*(maxBuckets+1)*12; len(b.data) > most {
				t.Errorf("%d bytes of properties of a document of %d", len(b.data), len(doc))
			}
			table := (&Reader{request: r, held: []*batch{b}}).Table(memory.DefaultAllocator)
			if !table.Next() || table.Err() != nil || table.RecordBatch().NumRows() != 1 {
				t.Errorf("no table: %v", table.Err())
			}
			table.Release()
		}
	})
}

func TestHistogram_KeepsLayouts(t *testing.T) {
	var r histogramReader
	for low := range int64(keptLayouts + 10) {
		if _, ok := r.layout(layoutKey{exponential, low + 1, 100_000, 10}); !ok {
			t.Fatal(low)
		}
	}
	if len(r.layouts) > keptLayouts {
		t.Errorf("%d layouts are kept", len(r.layouts))
	}
	if _, ok := r.read(jsonwalk.Value(`{"values":{},"range":[1,2,3],"bucket_count":9,"histogram_type":0}`)); ok {
		t.Error("a range of three numbers is taken")
	}
}
