// SPDX-License-Identifier: Apache-2.0

// Package extsort sorts records of bytes that may not fit in memory: what does not fit is sorted in parts, in files without
// a name, which are then merged.
package extsort

import (
	"bytes"
	"cmp"
	"container/heap"
	"context"
	"encoding/binary"
	"errors"
	"slices"
	"sync"
)

// Options say what sorting may use.
type Options struct {
	Memory int64  // bytes of all buffers together
	Parts  int    // how many buffers are filled at the same time
	Dir    string // of the files
}

// A Sorter sorts records by key, and records of the same key by value, as bytes.Compare does.
type Sorter struct {
	options Options
	mu      sync.Mutex
	buffers []*Buffer
	runs    []*run
	spilled int64
}

// New returns an empty Sorter.
func New(options Options) *Sorter { return &Sorter{options: options} }

// Spilled returns how many bytes were written to files, before compression.
func (s *Sorter) Spilled() int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.spilled
}

// Empty reports whether no record was added.
func (s *Sorter) Empty() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, b := range s.buffers {
		if len(b.entries) > 0 {
			return false
		}
	}
	return len(s.runs) == 0
}

// Buffer returns a buffer for one goroutine.
func (s *Sorter) Buffer() *Buffer {
	s.mu.Lock()
	defer s.mu.Unlock()
	b := &Buffer{sorter: s, most: s.options.Memory / int64(max(1, s.options.Parts))}
	s.buffers = append(s.buffers, b)
	return b
}

// Close frees what was spilled.
func (s *Sorter) Close() error {
	var errs []error
	for _, r := range s.runs {
		errs = append(errs, r.close())
	}
	s.runs, s.buffers = nil, nil
	return errors.Join(errs...)
}

const (
	chunkBytes = 1 << 20
	entryBytes = 2 * 24 // in the list, and in the one that sorting makes
)

// A Buffer takes records from one goroutine.
type Buffer struct {
	sorter  *Sorter
	most    int64
	used    int64
	chunks  [][]byte
	entries []entry
}

// An entry is where a record is: its key, then its value. The first eight bytes of the key decide most comparisons.
type entry struct {
	prefix     uint64
	chunk, at  uint32
	key, value uint32 // lengths
}

// Add adds a record, of less than 2 GiB. The bytes are copied.
func (b *Buffer) Add(key, value []byte) error {
	n := len(key) + len(value)
	if b.used+int64(n+entryBytes) > b.most && len(b.entries) > 0 {
		if err := b.spill(); err != nil {
			return err
		}
	}
	last := len(b.chunks) - 1
	if last < 0 || cap(b.chunks[last])-len(b.chunks[last]) < n {
		size := max(n, int(min(chunkBytes, b.most/8)))
		b.chunks = append(b.chunks, make([]byte, 0, size))
		b.used += int64(size)
		last++
	}
	chunk := b.chunks[last]
	b.entries = append(b.entries, entry{prefix(key), uint32(last), uint32(len(chunk)), uint32(len(key)), uint32(len(value))})
	b.used += entryBytes
	b.chunks[last] = append(append(chunk, key...), value...)
	return nil
}

func prefix(key []byte) uint64 {
	var first [8]byte
	copy(first[:], key)
	return binary.BigEndian.Uint64(first[:])
}

func (b *Buffer) record(e entry) (key, value []byte) {
	data := b.chunks[e.chunk][e.at:]
	return data[:e.key:e.key], data[e.key : e.key+e.value : e.key+e.value]
}

// sort sorts the records. They often come as some sorted runs that differ in the first byte, so this is looked at first: of the rest
// sorting sees that it is sorted.
func (b *Buffer) sort() {
	b.byFirst()
	slices.SortFunc(b.entries, func(x, y entry) int {
		if x.prefix != y.prefix {
			return cmp.Compare(x.prefix, y.prefix)
		}
		xKey, xValue := b.record(x)
		yKey, yValue := b.record(y)
		if c := bytes.Compare(xKey, yKey); c != 0 {
			return c
		}
		return bytes.Compare(xValue, yValue)
	})
}

// byFirst orders the entries by the first byte of their keys. Equal ones stay in their order.
func (b *Buffer) byFirst() {
	var at [1 << 8]int // of the next entry of each byte
	const last = 56    // bits behind the first byte
	for i := range b.entries {
		at[b.entries[i].prefix>>last]++
	}
	next := 0
	for i, n := range at {
		at[i], next = next, next+n
	}
	ordered := make([]entry, len(b.entries))
	for _, e := range b.entries {
		first := e.prefix >> last
		ordered[at[first]] = e
		at[first]++
	}
	copy(b.entries, ordered)
}

// spill sorts the records into a file, and empties the buffer.
func (b *Buffer) spill() error {
	b.sort()
	r, err := newRun(b.sorter.options.Dir)
	if err != nil {
		return err
	}
	for _, e := range b.entries {
		if err := r.add(b.record(e)); err != nil {
			return errors.Join(err, r.close())
		}
	}
	if err := r.end(); err != nil {
		return errors.Join(err, r.close())
	}
	// The chunks are not kept: their number follows the records' lengths.
	b.chunks, b.entries, b.used = nil, b.entries[:0], 0
	b.sorter.mu.Lock()
	defer b.sorter.mu.Unlock()
	b.sorter.runs = append(b.sorter.runs, r)
	b.sorter.spilled += r.bytes
	if len(b.sorter.runs) >= 2*mostRuns {
		return b.sorter.mergeOldest(context.Background())
	}
	return nil
}

// Each gives all records in order. No buffer is added to from then on. Key and value are valid until the function returns.
func (s *Sorter) Each(ctx context.Context, use func(key, value []byte) error) error {
	for len(s.runs) > mostRuns {
		if err := s.mergeOldest(ctx); err != nil {
			return err
		}
	}
	var sources []source
	for _, b := range s.buffers {
		b.sort()
		sources = append(sources, &bufferSource{buffer: b})
	}
	for _, r := range s.runs {
		in, err := r.open()
		if err != nil {
			return err
		}
		sources = append(sources, in)
	}
	return merge(ctx, sources, use)
}

// mostRuns is how many files are merged together: each takes some megabytes.
const mostRuns = 48

// mergeOldest makes one file of the oldest ones.
func (s *Sorter) mergeOldest(ctx context.Context) error {
	old := s.runs[:mostRuns]
	var sources []source
	for _, r := range old {
		in, err := r.open()
		if err != nil {
			return err
		}
		sources = append(sources, in)
	}
	merged, err := newRun(s.options.Dir)
	if err != nil {
		return err
	}
	if err := errors.Join(merge(ctx, sources, merged.add), merged.end()); err != nil {
		return errors.Join(err, merged.close())
	}
	var errs []error
	for _, r := range old {
		errs = append(errs, r.close())
	}
	s.runs = append(slices.Clone(s.runs[mostRuns:]), merged)
	return errors.Join(errs...)
}

// A source gives records in order.
type source interface {
	next() (ok bool, err error)
	head() (key, value []byte)
}

type bufferSource struct {
	buffer *Buffer
	at     int
}

func (b *bufferSource) next() (bool, error) {
	b.at++
	return b.at <= len(b.buffer.entries), nil
}

func (b *bufferSource) head() (key, value []byte) { return b.buffer.record(b.buffer.entries[b.at-1]) }

// merge gives the records of sources in order.
func merge(ctx context.Context, sources []source, use func(key, value []byte) error) error {
	var h sourceHeap
	for _, s := range sources {
		ok, err := s.next()
		if err != nil {
			return err
		}
		if ok {
			h = append(h, s)
		}
	}
	heap.Init(&h)
	for n := 0; len(h) > 0; n++ {
		if n&0xfff == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		if err := use(h[0].head()); err != nil {
			return err
		}
		ok, err := h[0].next()
		if err != nil {
			return err
		}
		if ok {
			heap.Fix(&h, 0)
		} else {
			heap.Pop(&h)
		}
	}
	return nil
}

type sourceHeap []source

func (h sourceHeap) Len() int { return len(h) }
func (h sourceHeap) Less(i, j int) bool {
	iKey, iValue := h[i].head()
	jKey, jValue := h[j].head()
	if c := bytes.Compare(iKey, jKey); c != 0 {
		return c < 0
	}
	return bytes.Compare(iValue, jValue) < 0
}
func (h sourceHeap) Swap(i, j int) { h[i], h[j] = h[j], h[i] }
func (h *sourceHeap) Push(x any)   { *h = append(*h, x.(source)) }
func (h *sourceHeap) Pop() any {
	last := len(*h) - 1
	s := (*h)[last]
	*h = (*h)[:last]
	return s
}
