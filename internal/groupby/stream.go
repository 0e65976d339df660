// SPDX-License-Identifier: Apache-2.0

package groupby

import (
	"bytes"
	"container/heap"
	"context"
	"fmt"

	"golang.org/x/sync/errgroup"

	"github.com/headcount-hll/headcount/udf/hll"
)

// An entry is the key and the encoded sketch of a group.
type entry struct{ key, sketch []byte }

// A block is a number of entries of a stream, with their memory.
type block struct {
	data    []byte
	entries []entry
}

const (
	blockBytes   = 1 << 16
	blockEntries = 512
)

func newBlock() *block { return &block{data: make([]byte, 0, blockBytes+blockBytes/8)} }

func (b *block) full() bool { return len(b.data) >= blockBytes || len(b.entries) == blockEntries }

// A source sends groups in the order of their keys, in blocks that the receiver may keep.
type source func(ctx context.Context, out chan<- *block) error

func send(ctx context.Context, out chan<- *block, b *block) error {
	select {
	case out <- b:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// source sends the shard's groups. They must not change until it returns.
func (s *shard) source(ctx context.Context, out chan<- *block) error {
	b := newBlock()
	for _, number := range s.inOrder() {
		g := &s.groups[number]
		from := len(b.data)
		b.data = hll.State(s.slots.at(g.state)).Append(b.data)
		b.entries = append(b.entries, entry{s.key(g), b.data[from:len(b.data):len(b.data)]})
		if b.full() {
			if err := send(ctx, out, b); err != nil {
				return err
			}
			b = newBlock()
		}
	}
	return send(ctx, out, b)
}

// A stream is the receiving end of a source.
type stream struct {
	in    <-chan *block
	block *block
	next  int
}

// advance moves to the next entry and reports whether there is one.
func (s *stream) advance() bool {
	s.next++
	for s.block == nil || s.next >= len(s.block.entries) {
		var ok bool
		if s.block, ok = <-s.in; !ok {
			return false
		}
		s.next = 0
	}
	return true
}

func (s *stream) entry() entry { return s.block.entries[s.next] }

// streams is a heap of streams, the one with the smallest key first.
type streams []*stream

func (h streams) Len() int           { return len(h) }
func (h streams) Less(i, j int) bool { return bytes.Compare(h[i].entry().key, h[j].entry().key) < 0 }
func (h streams) Swap(i, j int)      { h[i], h[j] = h[j], h[i] }
func (h *streams) Push(x any)        { *h = append(*h, x.(*stream)) }
func (h *streams) Pop() any {
	last := len(*h) - 1
	s := (*h)[last]
	*h = (*h)[:last]
	return s
}

// mergeSources calls f for each key of the sources, in order, with the union of its sketches. The slices are valid during
// the call.
func mergeSources(ctx context.Context, sources []source, f func(key, sketch []byte) error) error {
	work, ctx := errgroup.WithContext(ctx)
	all := make([]*stream, len(sources))
	for i, from := range sources {
		blocks := make(chan *block, 1)
		all[i] = &stream{in: blocks}
		work.Go(func() error {
			defer close(blocks)
			return from(ctx, blocks)
		})
	}
	work.Go(func() error { return mergeStreams(ctx, all, f) })
	return work.Wait()
}

func mergeStreams(ctx context.Context, all []*stream, f func(key, sketch []byte) error) error {
	var h streams
	for _, s := range all {
		if s.advance() {
			h = append(h, s)
		}
	}
	heap.Init(&h)
	var key []byte
	var same union
	for h.Len() > 0 {
		head := h[0].entry()
		key = append(key[:0], head.key...)
		same.sketch = append(same.sketch[:0], head.sketch...)
		for h.pass(); h.Len() > 0 && bytes.Equal(h[0].entry().key, key); h.pass() {
			if err := same.add(h[0].entry().sketch); err != nil {
				return err
			}
		}
		// A source that failed has closed its stream as if it were at its end: what follows would be wrong.
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err := f(key, same.sketch); err != nil {
			return err
		}
	}
	return nil
}

// pass goes on in the first stream.
func (h *streams) pass() {
	if (*h)[0].advance() {
		heap.Fix(h, 0)
	} else {
		heap.Pop(h)
	}
}

// A union is of one key's sketches, from several sources.
type union struct{ sketch, spare []byte }

func (u *union) add(sketch []byte) error {
	a, err := hll.Decode(u.sketch)
	if err != nil {
		return fmt.Errorf("a spilled sketch: %w", err)
	}
	b, err := hll.Decode(sketch)
	if err != nil {
		return fmt.Errorf("a spilled sketch: %w", err)
	}
	joined, err := hll.AppendUnion(u.spare[:0], a, b)
	u.sketch, u.spare = joined, u.sketch
	return err
}
