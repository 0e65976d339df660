package extract

import "bytes"

// A collected is the measures of one ping, until it is known that the ping counts.
type collected struct {
	table    *table
	measures []measure
	buckets  []filled
	not      []leftOut
}

// A measure is a histogram or a value of a metric.
type measure struct {
	metric, label uint32
	process       process
	number        number
	end           int // of its buckets; they begin where those of the measure before end
}

// A filled is a bucket of a layout and what is added to it.
type filled struct {
	bucket int
	n      int64
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
	c.measures, c.buckets, c.not = reuse(c.measures), reuse(c.buckets), reuse(c.not)
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

// begin appends a measure with no buckets. It counts the reason of one that cannot be stored, and returns false.
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
	c.measures = append(c.measures, measure{metric.id, id, p, n, len(c.buckets)})
	return true
}

// fill adds to a bucket of the last measure.
func (c *collected) fill(bucket int, n int64) {
	c.buckets = append(c.buckets, filled{bucket, n})
	c.measures[len(c.measures)-1].end++
}

// add adds a histogram.
func (c *collected) add(metric *lookup, label []byte, p process, h *histogram) {
	if !c.begin(metric, label, p, h.sum) {
		return
	}
	if h.notNumbers > 0 {
		c.leave(BucketNotNumber, h.notNumbers)
	}
	index := c.table.metrics.all[metric.id].index
	for _, b := range h.buckets {
		if i := index.Exact(b.Key); i >= 0 {
			c.fill(i, b.N)
		} else {
			c.leave(BucketUndefined, 1)
		}
	}
}

// value adds a number as a histogram of one value.
func (c *collected) value(metric *lookup, label []byte, p process, n number) {
	if c.begin(metric, label, p, n) {
		c.fill(c.table.metrics.all[metric.id].layout.Bucket(n.float()), 1)
	}
}

// addTo adds everything to the entries of a segment.
func (c *collected) addTo(seg uint32) {
	begin := 0
	for i := range c.measures {
		m := &c.measures[i]
		c.table.add(c.table.at(entryKey{seg, m.metric, m.label, m.process}), m.number, c.buckets[begin:m.end])
		begin = m.end
	}
	for _, l := range c.not {
		c.table.counts[l.reason] += l.n
	}
}
