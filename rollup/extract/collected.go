package extract

import (
	"bytes"
	"slices"

	"github.com/headcount-hll/headcount/internal/jsonwalk"
)

// A collected is the measures of one ping, until it is known that the ping counts.
type collected struct {
	table    *table
	measures []measure
	pairs    []jsonwalk.Pair // of lower bound and count; buckets are found when they are added
	not      []leftOut
}

// A measure is a histogram or a value of a metric.
type measure struct {
	metric, label uint32
	process       process
	number        number
	bucket        int // of a value; -1 of a histogram
	end           int // of its pairs; they begin where those of the measure before end
}

// A leftOut is how often something was left out.
type leftOut struct {
	reason Reason
	n      int64
}

// keptMeasures is for how many measures, buckets and reasons memory is kept from ping to ping.
const keptMeasures = 1 << 16

// reset forgets the measures.
func (c *collected) reset() {
	c.measures, c.pairs, c.not = reuse(c.measures), reuse(c.pairs), reuse(c.not)
}

func reuse[T any](s []T) []T {
	if cap(s) > keptMeasures {
		return nil
	}
	return s[:0]
}

// leave counts a reason.
func (c *collected) leave(reason Reason, n int64) {
	if last := len(c.not) - 1; last >= 0 && c.not[last].reason == reason {
		c.not[last].n += n
		return
	}
	c.not = append(c.not, leftOut{reason, n})
}

// A named is what is known of a name that measures have. The zero value knows nothing.
type named struct {
	metric lookup
	count  lookup // the metric that has the sums of histograms of type count
	form   form
}

// A lookup is a metric's number, or why it is left out.
type lookup struct {
	done   bool
	id     uint32
	reason Reason
}

// look looks a metric up.
func (c *collected) look(l *lookup, name []byte) {
	*l = lookup{done: true}
	l.id, l.reason = c.table.metric(name)
}

// begin appends a measure with no pairs. It counts the reason of one that cannot be stored, and returns false.
func (c *collected) begin(metric *lookup, label []byte, p process, n number) bool {
	reason := metric.reason
	if reason == "" && len(label) > 0 && bytes.IndexByte(label, 0) >= 0 {
		reason = NulInName
	}
	if reason != "" {
		c.leave(reason, 1)
		return false
	}
	id, added := c.table.labels.id(label)
	c.table.size += added
	if len(c.measures) == cap(c.measures) {
		c.measures = slices.Grow(c.measures, 1)
	}
	c.measures = c.measures[:len(c.measures)+1]
	m := &c.measures[len(c.measures)-1] // field by field: a literal is made elsewhere and copied, which waits for what was just written
	m.metric, m.label, m.process, m.number, m.bucket, m.end = metric.id, id, p, n, -1, len(c.pairs)
	return true
}

// add adds a histogram, whose pairs are behind those of the others.
func (c *collected) add(metric *lookup, label []byte, p process, h *histogram) {
	if !c.begin(metric, label, p, h.sum) {
		return
	}
	if h.notNumbers > 0 {
		c.leave(BucketNotNumber, h.notNumbers)
	}
	c.pairs = h.pairs
	c.measures[len(c.measures)-1].end = len(c.pairs)
}

// value adds a number as a histogram of one value.
func (c *collected) value(metric *lookup, label []byte, p process, n number) {
	if !c.begin(metric, label, p, n) {
		return
	}
	of := &c.table.metrics.all[metric.id]
	bucket := of.layout.Len() - 1
	if !n.over { // bounds are whole numbers
		bucket = of.index.Bucket(n.whole)
	}
	c.measures[len(c.measures)-1].bucket = bucket
}

// addTo adds everything to the entries of a segment.
func (c *collected) addTo(seg uint32) {
	begin, undefined := 0, int64(0)
	for i := range c.measures {
		m := &c.measures[i]
		entry := c.table.at(entryKey{seg, m.metric, m.label, m.process})
		c.table.add(entry, m.number)
		if m.bucket >= 0 {
			c.table.addBucket(entry, m.bucket, 1)
			continue
		}
		undefined += c.table.addPairs(entry, c.pairs[begin:m.end])
		begin = m.end
	}
	if undefined > 0 {
		c.table.counts[BucketUndefined] += undefined
	}
	for _, l := range c.not {
		c.table.counts[l.reason] += l.n
	}
}
