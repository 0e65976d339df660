package extract

import (
	"bytes"
	"container/heap"
	"errors"
	"io"
)

// A merger gives the entries of several sources in order, those of one key added up. Their buckets stay valid.
type merger struct {
	heads heads
	all   []source
	key   []byte
	e     entry
	chunk []int64 // what is left of the memory from which entries get their buckets
	begun bool
}

type head struct {
	key  []byte
	e    *entry
	from source
}

func (m *merger) next() ([]byte, *entry, error) {
	if err := m.begin(); err != nil {
		return nil, nil, err
	}
	if len(m.heads) == 0 {
		return nil, nil, io.EOF
	}
	m.key = append(m.key[:0], m.heads[0].key...)
	m.e = *m.heads[0].e
	m.e.buckets = m.keep(m.e.buckets)
	if err := m.advance(); err != nil {
		return nil, nil, err
	}
	for len(m.heads) > 0 && bytes.Equal(m.heads[0].key, m.key) {
		m.e.absorb(m.heads[0].e)
		if err := m.advance(); err != nil {
			return nil, nil, err
		}
	}
	return m.key, &m.e, nil
}

// keep returns a copy of buckets.
func (m *merger) keep(buckets []int64) []int64 {
	n := len(buckets)
	if n > len(m.chunk) {
		m.chunk = make([]int64, max(n, chunk))
	}
	kept := m.chunk[:n:n]
	m.chunk = m.chunk[n:]
	copy(kept, buckets)
	return kept
}

// begin reads the first entry of every source.
func (m *merger) begin() error {
	if m.begun {
		return nil
	}
	m.begun = true
	for _, s := range m.all {
		key, e, err := s.next()
		if errors.Is(err, io.EOF) {
			continue
		}
		if err != nil {
			return err
		}
		m.heads = append(m.heads, head{key, e, s})
	}
	heap.Init(&m.heads)
	return nil
}

// advance reads the next entry of the first source.
func (m *merger) advance() error {
	first := &m.heads[0]
	var err error
	first.key, first.e, err = first.from.next()
	if errors.Is(err, io.EOF) {
		heap.Pop(&m.heads)
		return nil
	}
	heap.Fix(&m.heads, 0)
	return err
}

func (m *merger) close() error {
	var all []error
	for _, s := range m.all {
		all = append(all, s.close())
	}
	return errors.Join(all...)
}

type heads []head

func (h heads) Len() int           { return len(h) }
func (h heads) Less(i, j int) bool { return bytes.Compare(h[i].key, h[j].key) < 0 }
func (h heads) Swap(i, j int)      { h[i], h[j] = h[j], h[i] }
func (h *heads) Push(x any)        { *h = append(*h, x.(head)) }
func (h *heads) Pop() any {
	last := (*h)[len(*h)-1]
	*h = (*h)[:len(*h)-1]
	return last
}
