package extract

import (
	"bytes"
	"math"
	"strings"

	"github.com/headcount-hll/headcount/rollup/definitions"
	"github.com/headcount-hll/headcount/udf/hist"
)

// A table is the aggregates of the pings that one worker has read, in memory.
type table struct {
	counts Counts

	segments segments
	metrics  metrics
	labels   interned
	keyed    map[entryKey]uint32 // the entries that have a label
	entries  []rest
	cells    [][]int64 // of each entry: sum, count and buckets, together because every ping changes them
	chunk    []int64   // what is left of the memory from which entries get their cells
	size     int64   // bytes, about
}

type entryKey struct {
	seg, metric, label uint32
	process            process
}

// A rest is what an entry of a table has besides its cells.
type rest struct {
	entryKey
	over     bool
	fraction float64
}

// The cells of an entry before its buckets.
const (
	sumCell = iota
	countCell
	bucketCells
)

// An entry is the sum of the histograms and values of one row.
type entry struct {
	entryKey
	over     bool // the sum is above int64
	sum      int64
	fraction float64 // 0 <= fraction < 1
	count    int64
	buckets  []int64
}

// Approximate memory of an entry, a name and a segment in addition to their bytes.
const (
	entrySize   = 130
	keyedSize   = 40 // in addition, of one with a label
	internSize  = 80
	indexSize   = 16 // of a bucket
	segmentSize = 300
	chunk       = 1 << 14 // cells taken from Go's heap at a time
)

func newTable(set *definitions.Set) *table {
	return &table{
		counts: Counts{}, segments: segments{index: map[string]uint32{}}, metrics: metrics{set: set, index: map[string]uint32{}},
		labels: newInterned(), keyed: map[entryKey]uint32{},
	}
}

// reset empties the table and keeps its counts.
func (t *table) reset() {
	counts := t.counts
	*t = *newTable(t.metrics.set)
	t.counts = counts
}

// metric returns the number of a metric, or the reason for which it is left out.
func (t *table) metric(name []byte) (id uint32, reason Reason) {
	id, added, reason := t.metrics.id(name)
	t.size += added
	return id, reason
}

// at returns the number of a key's entry, a new one if there is none.
func (t *table) at(k entryKey) uint32 {
	if k.label != 0 {
		i, ok := t.keyed[k]
		if !ok {
			i = t.newEntry(k)
			t.keyed[k] = i
			t.size += keyedSize
		}
		return i
	}
	plain := &t.segments.all[k.seg].plain
	slot := int(k.metric)*len(processNames) + int(k.process)
	if missing := slot + 1 - len(*plain); missing > 0 {
		before := cap(*plain)
		*plain = append(*plain, make([]uint32, missing)...)
		t.size += 4 * int64(cap(*plain)-before)
	}
	if (*plain)[slot] == 0 {
		(*plain)[slot] = t.newEntry(k) + 1
	}
	return (*plain)[slot] - 1
}

func (t *table) newEntry(k entryKey) uint32 {
	n := t.metrics.all[k.metric].layout.Len()
	t.entries = append(t.entries, rest{entryKey: k})
	t.cells = append(t.cells, t.take(bucketCells+n))
	t.size += entrySize + 8*int64(n)
	return uint32(len(t.entries) - 1)
}

// take returns n cells of 0.
func (t *table) take(n int) []int64 {
	if n > chunk/4 {
		return make([]int64, n)
	}
	if n > len(t.chunk) {
		t.chunk = make([]int64, chunk)
	}
	taken := t.chunk[:n:n]
	t.chunk = t.chunk[n:]
	return taken
}

// entry returns an entry, with the table's buckets.
func (t *table) entry(i uint32) entry {
	r, c := &t.entries[i], t.cells[i]
	return entry{r.entryKey, r.over, c[sumCell], r.fraction, c[countCell], c[bucketCells:]}
}

// add adds a number and 1 to an entry's sum and count, and returns its buckets.
func (t *table) add(i uint32, n number) (buckets []int64) {
	c := t.cells[i]
	c[countCell]++
	if sum := c[sumCell] + n.whole; sum >= 0 && n.fraction == 0 && !n.over {
		c[sumCell] = sum
		return c[bucketCells:]
	}
	e := t.entry(i)
	e.over = e.over || n.over
	e.carry(n.whole, n.fraction)
	c[sumCell], t.entries[i].over, t.entries[i].fraction = e.sum, e.over, e.fraction
	return c[bucketCells:]
}

// carry adds to the sum and keeps its fraction below 1. The sum is never negative.
func (e *entry) carry(whole int64, fraction float64) {
	e.fraction += fraction
	if e.fraction >= 1 {
		units := math.Floor(e.fraction)
		e.fraction -= units
		e.carryWhole(int64(units))
	}
	e.carryWhole(whole)
}

func (e *entry) carryWhole(whole int64) {
	e.over = e.over || e.sum > math.MaxInt64-whole
	e.sum = hist.Add(e.sum, whole)
}

// absorb adds another entry of the same key.
func (e *entry) absorb(other *entry) {
	e.count = hist.Add(e.count, other.count)
	e.over = e.over || other.over
	e.carry(other.sum, other.fraction)
	e.buckets = hist.Sum(e.buckets, other.buckets)
}

// Segments are the combinations of dimensions of the pings.
type segments struct {
	index   map[string]uint32
	all     []segment
	scratch []byte
}

// A segment is the dimensions of a ping as they sort: front before the metric, back after the process. plain has the numbers
// of its entries without a label, plus 1, by metric and process.
type segment struct {
	front, back string
	plain       []uint32
}

// id returns the number of a key's segment, and the bytes of memory that it took.
func (s *segments) id(k *key) (uint32, int64) {
	s.scratch = appendFields(s.scratch[:0], k.day, k.channel, k.version)
	front := len(s.scratch)
	s.scratch = appendFields(s.scratch, k.application, k.architecture, k.os, k.osVersion, k.buildID)
	s.scratch = appendFields(s.scratch, k.extra...)
	if i, ok := s.index[string(s.scratch)]; ok {
		return i, 0
	}
	i := uint32(len(s.all))
	full := string(s.scratch)
	s.index[full] = i
	s.all = append(s.all, segment{front: full[:front], back: full[front:]})
	return i, segmentSize + int64(len(full))
}

// appendFields appends fields, each ended by NUL, as UTF-8. The fields have no NUL.
func appendFields(dst []byte, fields ...[]byte) []byte {
	for _, field := range fields {
		dst = append(append(dst, bytes.ToValidUTF8(field, []byte("\uFFFD"))...), 0)
	}
	return dst
}

// Metrics are the names that have been met and have a definition.
type metrics struct {
	set   *definitions.Set
	index map[string]uint32
	all   []metric
}

type metric struct {
	name   string
	layout hist.Layout
	index  hist.Index
}

// id returns the number of a metric and the bytes of memory that it took, or the reason for which it is left out.
func (m *metrics) id(name []byte) (id uint32, added int64, reason Reason) {
	if i, ok := m.index[string(name)]; ok {
		return i, 0, ""
	}
	text := string(name)
	if strings.IndexByte(text, 0) >= 0 {
		return 0, 0, NulInName
	}
	if !validName(text) {
		return 0, 0, InvalidName
	}
	defined, ok := m.set.Stored(text)
	if !ok {
		return 0, 0, Undefined
	}
	i := uint32(len(m.all))
	m.index[text] = i
	m.all = append(m.all, metric{text, defined.Layout, hist.NewIndex(defined.Layout)})
	return i, internSize + int64(len(text)) + indexSize*int64(defined.Layout.Len()), ""
}

// Interned is text with a number each.
type interned struct {
	index map[string]uint32
	all   []string
}

func newInterned() interned { return interned{map[string]uint32{"": 0}, []string{""}} }

// id returns the number of a text, as UTF-8, and the bytes of memory that it took.
func (t *interned) id(text []byte) (uint32, int64) {
	if len(text) == 0 {
		return 0, 0
	}
	if i, ok := t.index[string(text)]; ok {
		return i, 0
	}
	i := uint32(len(t.all))
	t.all = append(t.all, strings.ToValidUTF8(string(text), "\uFFFD"))
	t.index[string(text)] = i
	return i, internSize + 2*int64(len(text))
}
