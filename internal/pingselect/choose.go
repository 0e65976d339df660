// SPDX-License-Identifier: Apache-2.0

package pingselect

import (
	"hash/crc32"
	"math"
	"slices"

	"github.com/headcount-hll/headcount/internal/jsonwalk"
	"github.com/headcount-hll/headcount/internal/ping"
)

// Counts are how many documents were read, by what became of them.
type Counts struct {
	Selected      int64            `json:"selected"`
	Filtered      int64            `json:"filtered"`       // a filter left them out
	Unsampled     int64            `json:"unsampled"`      // they are not in the sample
	WithoutClient int64            `json:"without_client"` // they have no client id, which a sample of clients needs
	Rejected      map[string]int64 `json:"rejected"`       // they are no ping, by reason
	OtherType     map[string]int64 `json:"other_type"`     // values that are NULL in a table, by property
}

func (c *Counts) add(other *Counts) {
	c.Selected += other.Selected
	c.Filtered += other.Filtered
	c.Unsampled += other.Unsampled
	c.WithoutClient += other.WithoutClient
}

// A chooser applies the filters and the sample. It belongs to one worker.
type chooser struct {
	request *Request
	counts  Counts
}

// choose reports whether a ping was asked for, and returns the values of its properties.
func (c *chooser) choose(doc *ping.Document) (properties []jsonwalk.Value, ok bool) {
	values := doc.Values
	for i := range c.request.Filters {
		f := &c.request.Filters[i]
		if !f.passes(firstOf(values[:len(f.Paths)])) {
			c.counts.Filtered++
			return nil, false
		}
		values = values[len(f.Paths):]
	}
	client, values := firstOf(values[:len(clientPaths)]), values[len(clientPaths):]
	document, values := firstOf(values[:len(documentPaths)]), values[len(documentPaths):]
	if c.request.Fraction < 1 && !c.sampled(client, document, doc.JSON) {
		return nil, false
	}
	c.counts.Selected++
	return values, true
}

func (c *chooser) sampled(client, document jsonwalk.Value, whole []byte) bool {
	if c.request.Sample == ByPings {
		id, ok := document.Text()
		if !ok {
			id = whole
		}
		if float64(crc32.ChecksumIEEE(id)) >= c.request.Fraction*(1<<32) {
			c.counts.Unsampled++
			return false
		}
		return true
	}
	id, ok := client.Text()
	if !ok {
		c.counts.WithoutClient++
		return false
	}
	if int(ping.SampleID(id)) >= int(math.Round(c.request.Fraction*100)) {
		c.counts.Unsampled++
		return false
	}
	return true
}

// firstOf returns the first value that is there and is not null.
func firstOf(values []jsonwalk.Value) jsonwalk.Value {
	for _, v := range values {
		if k := v.Kind(); k != jsonwalk.Missing && k != jsonwalk.Null {
			return v
		}
	}
	return nil
}

func (f *Filter) passes(v jsonwalk.Value) bool {
	text, ok := v.Text()
	if !ok {
		return false
	}
	if len(f.In) > 0 {
		return slices.Contains(f.In, string(text))
	}
	return string(text) >= f.From && string(text[:min(len(text), len(f.To))]) <= f.To
}
