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
	wide     map[uint32][]int64 // what cells cannot hold, by entry; it is added to them
	chunk    []uint32           // what is left of the memory from which entries get their cells
	size     int64              // bytes, about
}

type entryKey struct {
	seg, metric, label uint32
	process            process
}

// A kept is an entry of a table. Adding a ping waits for memory, so what it changes is together, and in 32 bits.
type kept struct {
	cells []uint32 // its sum, count and buckets
	entryKey
	over     bool
	fraction float64
}

// entries are a part of a table's entries: they stay in their place when there are more.
type entries [1 << entriesShift]kept

const entriesShift = 12

// The cells of an entry before its buckets.
const (
	lowCell  = iota // of the sum
	highCell        // the same, its upper 32 bits
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
	wideSize    = 60 // in addition, of one with cells that are not enough
	keyedSize   = 40 // in addition, of one with a label
	internSize  = 80
	indexSize   = 128 // of a bucket
	segmentSize = 300
	chunk       = 1 << 14 // cells or buckets taken from Go's heap at a time
)

func newTable(set *definitions.Set) *table {
	return &table{
		counts: Counts{}, segments: segments{index: map[string]uint32{}}, metrics: metrics{set: set, index: map[string]uint32{}, layouts: map[string]*hist.Index{}},
		labels: newInterned(), keyed: map[entryKey]uint32{}, wide: map[uint32][]int64{},
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
	*t.kept(i) = kept{entryKey: k, cells: t.take(bucketCells + n)}
	t.size += entrySize + 4*int64(n)
	return i
}

// kept returns where an entry is.
func (t *table) kept(i uint32) *kept { return &t.entries[i>>entriesShift][i%(1<<entriesShift)] }

// take returns n cells of 0.
func (t *table) take(n int) []uint32 {
	if n > chunk/4 {
		return make([]uint32, n)
	}
	if n > len(t.chunk) {
		t.chunk = make([]uint32, chunk)
	}
	taken := t.chunk[:n:n]
	t.chunk = t.chunk[n:]
	return taken
}

// entry returns an entry. Its buckets are in the memory of scratch where that is long enough.
func (t *table) entry(i uint32, scratch []int64) entry {
	r := t.kept(i)
	c := r.cells
	e := entry{r.entryKey, r.over, sumOf(c), r.fraction, int64(c[countCell]), slices.Grow(scratch[:0], len(c))}
	c = c[bucketCells:]
	e.buckets = e.buckets[:len(c)]
	for i, n := range c {
		e.buckets[i] = int64(n)
	}
	if wide := t.wide[i]; wide != nil {
		e.count = hist.Add(e.count, wide[countCell])
		hist.Sum(e.buckets, wide[bucketCells:])
	}
	return e
}

// sumOf returns the sum of an entry with these cells.
func sumOf(cells []uint32) int64 { return int64(uint64(cells[highCell])<<32 | uint64(cells[lowCell])) }

// add adds a number to an entry's sum, and 1 to its count.
func (t *table) add(i uint32, n number) {
	r := t.kept(i)
	c := r.cells
	sum := sumOf(c) + n.whole
	if sum < 0 || n.fraction != 0 || n.over {
		e := entry{over: r.over || n.over, sum: sumOf(c), fraction: r.fraction}
		e.carry(n.whole, n.fraction)
		sum, r.over, r.fraction = e.sum, e.over, e.fraction
	}
	c[lowCell], c[highCell] = uint32(sum), uint32(sum>>32)
	if !addTo(&c[countCell], 1) {
		t.addWide(i, countCell, 1)
	}
}

// addBucket adds to a bucket of an entry.
func (t *table) addBucket(i uint32, bucket int, n int64) {
	if !addTo(&t.kept(i).cells[bucketCells+bucket], n) {
		t.addWide(i, bucketCells+bucket, n)
	}
}

// addPairs adds counts to the buckets of an entry that begin with their lower bounds. It returns how many have no bucket.
func (t *table) addPairs(i uint32, pairs []jsonwalk.Pair) (undefined int64) {
	r := t.kept(i)
	index, c := t.metrics.all[r.metric].index, r.cells[bucketCells:]
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
		} else if !addTo(&c[bucket], p.N) {
			t.addWide(i, bucketCells+bucket, p.N)
		}
	}
	return undefined
}

// addTo adds to a cell, or returns false if the sum is negative or above 32 bits.
func addTo(cell *uint32, n int64) bool {
	sum := uint64(*cell) + uint64(n)
	if sum > math.MaxUint32 {
		return false
	}
	*cell = uint32(sum)
	return true
}

// addWide adds to what is added to an entry's cell.
func (t *table) addWide(i uint32, cell int, n int64) {
	wide := t.wide[i]
	if wide == nil {
		wide = make([]int64, len(t.kept(i).cells))
		t.wide[i] = wide
		t.size += wideSize + 8*int64(len(wide))
	}
	wide[cell] = hist.Add(wide[cell], n)
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
