package extract

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"slices"
	"strings"
)

// A source gives entries with their keys, in the order of the keys. It ends with io.EOF. What it gives is valid until
// the next call.
type source interface {
	next() (key []byte, e *entry, err error)
	close() error
}

// A sorted is the entries of a table in the order of their keys. A key is the fields
//
//	day channel version | metric label process | application architecture os os_version build_id extra...
//
// each ended by NUL: bytes compare as the fields do one by one.
type sorted struct {
	table *table
	order []uint32
	at    int
	key   []byte
	e     entry
}

// sort returns the entries in order. The table must not change while the result is used. It sorts by the last field first, and each time
// keeps the order of what is equal.
func (t *table) sort() *sorted {
	order, spare := make([]uint32, t.n), make([]uint32, t.n)
	for i := range order {
		order[i] = uint32(i)
	}
	by := func(most int, rank func(*kept) uint32) {
		sortByRank(spare, order, most, func(i uint32) uint32 { return rank(t.kept(i)) })
		order, spare = spare, order
	}
	segments := len(t.segments.all)
	back := ranks(segments, func(i uint32) string { return t.segments.all[i].back })
	by(segments, func(e *kept) uint32 { return back[e.seg] })
	by(len(processNames), func(e *kept) uint32 { return uint32(e.process) })
	label := ranks(len(t.labels.all), func(i uint32) string { return t.labels.all[i] + "\x00" })
	by(len(label), func(e *kept) uint32 { return label[e.label] })
	metric := ranks(len(t.metrics.all), func(i uint32) string { return t.metrics.all[i].name + "\x00" })
	by(len(metric), func(e *kept) uint32 { return metric[e.metric] })
	front := ranks(segments, func(i uint32) string { return t.segments.all[i].front })
	by(segments, func(e *kept) uint32 { return front[e.seg] })
	return &sorted{table: t, order: order}
}

// sortByRank sets to to the order of from by ranks below most, which keeps the order of those with one rank.
func sortByRank(to, from []uint32, most int, rank func(uint32) uint32) {
	at := make([]uint32, most+1) // where the next one of a rank goes
	for _, i := range from {
		at[rank(i)+1]++
	}
	for i := range most {
		at[i+1] += at[i]
	}
	for _, i := range from {
		r := rank(i)
		to[at[r]] = i
		at[r]++
	}
}

// ranks returns the rank of each of n texts; equal texts have the same rank.
func ranks(n int, text func(uint32) string) []uint32 {
	order := make([]uint32, n)
	for i := range order {
		order[i] = uint32(i)
	}
	slices.SortFunc(order, func(a, b uint32) int { return strings.Compare(text(a), text(b)) })
	rank := make([]uint32, n)
	for i, at := range order {
		if i > 0 && text(at) == text(order[i-1]) {
			rank[at] = rank[order[i-1]]
			continue
		}
		rank[at] = uint32(i)
	}
	return rank
}

func (s *sorted) next() ([]byte, *entry, error) {
	if s.at == len(s.order) {
		return nil, nil, io.EOF
	}
	s.e = s.table.entry(s.order[s.at], s.e.buckets)
	e := &s.e
	s.at++
	seg := &s.table.segments.all[e.seg]
	s.key = append(s.key[:0], seg.front...)
	for _, field := range [...]string{s.table.metrics.all[e.metric].name, s.table.labels.all[e.label], processNames[e.process]} {
		s.key = append(append(s.key, field...), 0)
	}
	s.key = append(s.key, seg.back...)
	return s.key, e, nil
}

func (s *sorted) close() error { return nil }

// A run is sorted entries in a file without a name, so that a killed process leaves nothing behind.
type run struct {
	file *os.File
	r    *bufio.Reader
	key  []byte
	e    entry
	err  error // the first of a record
}

// spill writes the entries of a source to a run in a folder.
func spill(from source, folder string) (*run, error) {
	file, err := os.CreateTemp(folder, "headcount-rollup-*")
	if err != nil {
		return nil, fmt.Errorf("spilling to %s: %w", folder, err)
	}
	r := &run{file: file}
	err = errors.Join(os.Remove(file.Name()), r.write(from))
	if err != nil {
		file.Close()
		return nil, fmt.Errorf("spilling to %s: %w", folder, err)
	}
	return r, nil
}

func (r *run) write(from source) error {
	w := bufio.NewWriterSize(r.file, 1<<18)
	var before, record []byte
	for {
		key, e, err := from.next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		record = appendRecord(record[:0], before, key, e)
		if _, err := w.Write(record); err != nil {
			return err
		}
		before = append(before[:0], key...)
	}
	if err := w.Flush(); err != nil {
		return err
	}
	_, err := r.file.Seek(0, io.SeekStart)
	r.r = bufio.NewReaderSize(r.file, 1<<16)
	return err
}

// appendRecord appends an entry: its key without what it shares with the key before, and its numbers; of the buckets
// those that are not 0, each with its distance from the one before.
func appendRecord(dst, before, key []byte, e *entry) []byte {
	shared := 0
	for shared < min(len(before), len(key)) && before[shared] == key[shared] {
		shared++
	}
	dst = binary.AppendUvarint(dst, uint64(shared))
	dst = binary.AppendUvarint(dst, uint64(len(key)-shared))
	dst = append(dst, key[shared:]...)
	over := byte(0)
	if e.over {
		over = 1
	}
	dst = append(dst, over)
	dst = binary.AppendVarint(dst, e.sum)
	dst = binary.AppendUvarint(dst, math.Float64bits(e.fraction))
	dst = binary.AppendVarint(dst, e.count)
	dst = binary.AppendUvarint(dst, uint64(len(e.buckets)))
	last := -1
	for i, n := range e.buckets {
		if n != 0 {
			dst = binary.AppendUvarint(dst, uint64(i-last))
			dst = binary.AppendVarint(dst, n)
			last = i
		}
	}
	return append(dst, 0)
}

func (r *run) next() ([]byte, *entry, error) {
	if _, err := r.r.Peek(1); err != nil {
		return nil, nil, err // io.EOF after the last record
	}
	shared, rest := int(r.uvarint()), int(r.uvarint())
	r.key = slices.Grow(r.key[:shared], rest)[:shared+rest]
	_, err := io.ReadFull(r.r, r.key[shared:])
	r.keep(err)
	over, err := r.r.ReadByte()
	r.keep(err)
	r.e.over = over == 1
	r.e.sum = r.varint()
	r.e.fraction = math.Float64frombits(r.uvarint())
	r.e.count = r.varint()
	n := int(r.uvarint())
	r.e.buckets = slices.Grow(r.e.buckets[:0], n)[:n]
	clear(r.e.buckets)
	for i := int(r.uvarint()) - 1; i >= 0 && r.err == nil; {
		r.e.buckets[i] = r.varint()
		step := int(r.uvarint())
		if step == 0 {
			break
		}
		i += step
	}
	return r.key, &r.e, r.err
}

// keep keeps the first error. The records are this process's own: only a broken disk gives one.
func (r *run) keep(err error) {
	if err != nil && r.err == nil {
		r.err = fmt.Errorf("reading what was spilled: %w", err)
	}
}

func (r *run) uvarint() uint64 {
	n, err := binary.ReadUvarint(r.r)
	r.keep(err)
	return n
}

func (r *run) varint() int64 {
	n, err := binary.ReadVarint(r.r)
	r.keep(err)
	return n
}

func (r *run) close() error { return r.file.Close() }
