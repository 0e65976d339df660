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
	entries  []entry
	buckets  []int64 // the rest of a chunk from which entries get their buckets
	size     int64   // bytes, about
}

type entryKey struct {
	seg, metric, label uint32
	process            process
}

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
	entrySize   = 120
	keyedSize   = 40 // in addition, of one with a label
	internSize  = 80
	indexSize   = 16 // of a bucket
	segmentSize = 300
	chunk       = 1 << 14 // buckets taken from Go's heap at a time
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

// at returns the entry of a key, a new one if there is none.
func (t *table) at(k entryKey) *entry {
	if k.label != 0 {
		i, ok := t.keyed[k]
		if !ok {
			i = t.newEntry(k)
			t.keyed[k] = i
			t.size += keyedSize
		}
		return &t.entries[i]
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
	return &t.entries[(*plain)[slot]-1]
}

func (t *table) newEntry(k entryKey) uint32 {
	n := t.metrics.all[k.metric].layout.Len()
	t.entries = append(t.entries, entry{entryKey: k, buckets: t.take(n)})
	t.size += entrySize + 8*int64(n)
	return uint32(len(t.entries) - 1)
}

// take returns n buckets of 0.
func (t *table) take(n int) []int64 {
	if n > chunk/4 {
		return make([]int64, n)
	}
	if n > len(t.buckets) {
		t.buckets = make([]int64, chunk)
	}
	taken := t.buckets[:n:n]
	t.buckets = t.buckets[n:]
	return taken
}

// add adds a number to the sum and 1 to the count.
func (e *entry) add(n number) {
	e.count++
	e.over = e.over || n.over
	e.carry(n.whole, n.fraction)
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
