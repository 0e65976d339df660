package extract

import (
	"bytes"
	"encoding/binary"
	"math"
	"slices"
	"strings"

	"github.com/headcount-hll/headcount/internal/jsonwalk"
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
	entries  []*entries
	n        uint32             // of the entries
	wide     map[uint32][]int64 // what buckets of 16 bits cannot hold, by entry; it is added to them
	parts    map[uint32]float64 // fractions of sums, by entry
	chunk    []uint16           // what is left of the memory from which entries get their buckets
	size     int64              // bytes, about
}

type entryKey struct {
	seg, metric, label uint32
	process            process
}

// A kept is an entry of a table. Adding a ping waits for memory, so what it changes is little: an entry is a cache line, and its buckets have
// 16 bits.
type kept struct {
	buckets []uint16
	sum     int64
	count   int64
	entryKey
	over bool
}

// entries are a part of a table's entries: they stay in their place when there are more.
type entries [1 << entriesShift]kept

const entriesShift = 12

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
	wideSize    = 60 // in addition, of one with buckets that are not enough
	partSize    = 40 // in addition, of one whose sum has a fraction
	keyedSize   = 40 // in addition, of one with a label
	internSize  = 80
	indexSize   = 128 // of a bucket
	segmentSize = 300
	chunk       = 1 << 14 // buckets taken from Go's heap at a time
)

func newTable(set *definitions.Set) *table {
	return &table{
		counts: Counts{}, segments: segments{index: map[string]uint32{}}, metrics: metrics{set: set, index: map[string]uint32{}, layouts: map[string]*hist.Index{}},
		labels: newInterned(), keyed: map[entryKey]uint32{}, wide: map[uint32][]int64{}, parts: map[uint32]float64{},
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
	i := t.n
	if int(i>>entriesShift) == len(t.entries) {
		t.entries = append(t.entries, &entries{})
	}
	t.n++
	*t.kept(i) = kept{entryKey: k, buckets: t.take(n)}
	t.size += entrySize + 2*int64(n)
	return i
}

// kept returns where an entry is.
func (t *table) kept(i uint32) *kept { return &t.entries[i>>entriesShift][i%(1<<entriesShift)] }

// take returns n buckets of 0.
func (t *table) take(n int) []uint16 {
	if n > chunk/4 {
		return make([]uint16, n)
	}
	if n > len(t.chunk) {
		t.chunk = make([]uint16, chunk)
	}
	taken := t.chunk[:n:n]
	t.chunk = t.chunk[n:]
	return taken
}

// entry returns an entry. Its buckets are in the memory of scratch where that is long enough.
func (t *table) entry(i uint32, scratch []int64) entry {
	r := t.kept(i)
	e := entry{r.entryKey, r.over, r.sum, t.parts[i], r.count, slices.Grow(scratch[:0], len(r.buckets))[:len(r.buckets)]}
	for i, n := range r.buckets {
		e.buckets[i] = int64(n)
	}
	if wide := t.wide[i]; wide != nil {
		hist.Sum(e.buckets, wide)
	}
	return e
}

// add adds a number to an entry's sum, and 1 to its count.
func (t *table) add(i uint32, n number) {
	r := t.kept(i)
	r.count++
	if sum := r.sum + n.whole; sum >= 0 && n.fraction == 0 && !n.over {
		r.sum = sum
		return
	}
	t.addPart(i, n)
}

// addPart adds a number to an entry's sum, whatever the number is.
func (t *table) addPart(i uint32, n number) {
	r := t.kept(i)
	before, known := t.parts[i]
	e := entry{over: r.over || n.over, sum: r.sum, fraction: before}
	e.carry(n.whole, n.fraction)
	r.sum, r.over = e.sum, e.over
	if e.fraction != before {
		t.parts[i] = e.fraction
		if !known {
			t.size += partSize
		}
	}
}

// addBucket adds to a bucket of an entry.
func (t *table) addBucket(i uint32, bucket int, n int64) {
	if !addTo(&t.kept(i).buckets[bucket], n) {
		t.addWide(i, bucket, n)
	}
}

// addPairs adds counts to the buckets of an entry that begin with their lower bounds. It returns how many have no bucket.
func (t *table) addPairs(i uint32, pairs []jsonwalk.Pair) (undefined int64) {
	r := t.kept(i)
	index, buckets := t.metrics.all[r.metric].index, r.buckets
	few := index.Few()
	for _, p := range pairs {
		var bucket int
		if few != nil {
			bucket = few.Exact(p.Key)
		} else {
			bucket = index.Exact(p.Key)
		}
		if bucket < 0 {
			undefined++
		} else if !addTo(&buckets[bucket], p.N) {
			t.addWide(i, bucket, p.N)
		}
	}
	return undefined
}

// addTo adds to a bucket, or returns false if the sum is negative or above 16 bits.
func addTo(bucket *uint16, n int64) bool {
	sum := uint64(*bucket) + uint64(n)
	if sum > math.MaxUint16 {
		return false
	}
	*bucket = uint16(sum)
	return true
}

// addWide adds to what is added to an entry's bucket, and moves there what the bucket has: the next numbers have room again.
func (t *table) addWide(i uint32, bucket int, n int64) {
	r, wide := t.kept(i), t.wide[i]
	if wide == nil {
		wide = make([]int64, len(r.buckets))
		t.wide[i] = wide
		t.size += wideSize + 8*int64(len(wide))
	}
	wide[bucket] = hist.Add(hist.Add(wide[bucket], int64(r.buckets[bucket])), n)
	r.buckets[bucket] = 0
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

// absorb adds another entry of the same key to one whose buckets are its own.
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
	set     *definitions.Set
	index   map[string]uint32
	all     []metric
	layouts map[string]*hist.Index // by their bounds: most metrics have the layout of another, which is then in the cache
}

type metric struct {
	name   string
	layout hist.Layout
	index  *hist.Index
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
	index, added := m.layout(defined.Layout)
	m.all = append(m.all, metric{text, defined.Layout, index})
	return i, internSize + int64(len(text)) + added, ""
}

// layout returns the index of a layout and the bytes of memory that it took.
func (m *metrics) layout(l hist.Layout) (index *hist.Index, added int64) {
	var bounds []byte
	for _, bound := range l.Bounds() {
		bounds = binary.AppendVarint(bounds, bound)
	}
	if known := m.layouts[string(bounds)]; known != nil {
		return known, 0
	}
	made := hist.NewIndex(l)
	m.layouts[string(bounds)] = &made
	return &made, internSize + int64(len(bounds)) + indexSize*int64(l.Len())
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
