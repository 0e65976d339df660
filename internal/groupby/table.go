// SPDX-License-Identifier: Apache-2.0

// Package groupby aggregates rows into one sketch for each key, within a memory limit by spilling to disk, and returns the
// sketches in the order of the keys.
package groupby

import (
	"bytes"
	"context"
	"errors"
	"hash/maphash"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/headcount-hll/headcount/udf/hll"
	"github.com/headcount-hll/headcount/udf/state"
)

// flags are for many groups and callers that are not latency-critical.
const flags = state.AllowLong | state.PackRegisters

// Options are the limits of a Table.
type Options struct {
	Precision hll.Precision // of sketches made from ids
	Workers   int           // number of Adders that run concurrently
	Memory    int64         // limit of the groups in bytes; more are spilled
	SpillDir  string
}

// A Table holds groups by key. Any number of Adders, each in its own goroutine, add rows. Then Each returns the groups,
// once.
type Table struct {
	options Options
	seed    maphash.Seed
	shift   int // of a hash, to its shard
	shards  []shard

	filling sync.RWMutex // read: a batch is being added; written: the groups are being spilled
	used    atomic.Int64 // bytes
	runs    []*run
	spills  int // changes when groups get other numbers; changed while filling is written
}

// New returns an empty table. Close it.
func New(options Options) *Table {
	bits := 2
	for 1<<bits < 4*options.Workers && bits < bucketBits {
		bits++
	}
	return &Table{options: options, seed: maphash.MakeSeed(), shift: 64 - bits, shards: make([]shard, 1<<bits)}
}

// Close removes spilled data.
func (t *Table) Close() error {
	var all []error
	for _, r := range t.runs {
		all = append(all, r.close())
	}
	t.runs = nil
	return errors.Join(all...)
}

// A RowError is an error of one row of a batch.
type RowError struct {
	Row int
	Err error
}

func (e *RowError) Error() string { return e.Err.Error() }
func (e *RowError) Unwrap() error { return e.Err }

// Rows are rows to add: row i has the key Keys[i] and an id, a sketch or a number, Values[i].
type Rows struct {
	Keys, Values [][]byte
}

// An Adder adds rows to a table.
type Adder struct {
	table  *Table
	first  int // the shard it starts with, so that adders rarely wait for each other
	hashes []uint64
	starts []int32 // where each bucket's rows begin in order
	order  []int32 // rows by bucket
	// prepare sees all values of a batch. apply adds the values of rows, which are one group's; a RowError has the row.
	prepare func(values [][]byte)
	apply   func(s *shard, group uint32, values [][]byte, rows []int32) error
	coded   codedAdder
}

// AddIDs returns the nth Adder, of ids. It hashes the ids of a batch in the order in which they are in memory, so that the groups get
// entries of 4 bytes.
func (t *Table) AddIDs(n int) *Adder {
	p := t.options.Precision
	var all, ofGroup []hll.Entry
	a := t.adder(n)
	a.prepare = func(ids [][]byte) {
		all = slices.Grow(all[:0], len(ids))[:len(ids)]
		p.EntriesOf(all, ids)
	}
	a.apply = func(s *shard, group uint32, _ [][]byte, rows []int32) error {
		ofGroup = ofGroup[:0]
		for _, row := range rows {
			ofGroup = append(ofGroup, all[row])
		}
		if err := s.add(group, p, ofGroup); err != nil {
			return &RowError{int(rows[0]), err}
		}
		return nil
	}
	return a
}

// AddSketches returns the nth Adder, of encoded sketches.
func (t *Table) AddSketches(n int) *Adder {
	a := t.adder(n)
	a.prepare = func([][]byte) {}
	a.apply = func(s *shard, group uint32, sketches [][]byte, rows []int32) error {
		for _, row := range rows {
			if err := s.merge(group, sketches[row]); err != nil {
				return &RowError{int(row), err}
			}
		}
		return nil
	}
	return a
}

func (t *Table) adder(n int) *Adder {
	return &Adder{table: t, first: n * len(t.shards) / max(t.options.Workers, 1), starts: make([]int32, 1<<bucketBits+1)}
}

// Add adds rows. It spills all groups when they exceed the memory limit. An invalid sketch is a RowError. After an error
// the table cannot be used.
func (a *Adder) Add(ctx context.Context, rows Rows) error {
	a.prepare(rows.Values)
	a.sort(rows.Keys)
	return a.fill(ctx, func() error { return a.addByShard(rows) })
}

// fill adds a batch, and spills all groups when they exceed the memory limit.
func (a *Adder) fill(ctx context.Context, add func() error) error {
	t := a.table
	t.filling.RLock()
	err := add()
	t.filling.RUnlock()
	if err != nil || t.used.Load() <= t.options.Memory {
		return err
	}
	return t.spill(ctx)
}

// A bucket is the rows whose hashes begin with the same bits. The buckets of a shard are consecutive. There are enough
// buckets that the rows of one key mostly are consecutive too.
const bucketBits = 12

// sort fills order and starts.
func (a *Adder) sort(keys [][]byte) {
	a.hashes = a.hashes[:0]
	clear(a.starts)
	for _, key := range keys {
		h := maphash.Bytes(a.table.seed, key)
		a.hashes = append(a.hashes, h)
		a.starts[h>>(64-bucketBits)+1]++
	}
	for i := range a.starts[1:] {
		a.starts[i+1] += a.starts[i]
	}
	if cap(a.order) < len(keys) {
		a.order = make([]int32, len(keys))
	}
	a.order = a.order[:len(keys)]
	for row := len(keys) - 1; row >= 0; row-- {
		end := &a.starts[a.hashes[row]>>(64-bucketBits)+1]
		*end--
		a.order[*end] = int32(row)
	}
	copy(a.starts, a.starts[1:]) // each has been decremented to its start
	a.starts[len(a.starts)-1] = int32(len(keys))
}

func (a *Adder) addByShard(rows Rows) error {
	buckets := 1 << bucketBits / len(a.table.shards) // of a shard
	order := func(n int) []int32 { return a.order[a.starts[n*buckets]:a.starts[(n+1)*buckets]] }
	return a.eachShard(order, func(s *shard, n int) error { return a.addTo(s, rows, order(n)) })
}

// eachShard adds to the shards of which a batch has something, each of them locked. Adders begin with different ones.
func (a *Adder) eachShard(has func(n int) []int32, add func(s *shard, n int) error) error {
	t := a.table
	for i := range t.shards {
		n := (a.first + i) % len(t.shards)
		if len(has(n)) == 0 {
			continue
		}
		s := &t.shards[n]
		s.Lock()
		err := add(s, n)
		before := s.size
		s.size = s.memory()
		t.used.Add(s.size - before)
		s.Unlock()
		if err != nil {
			return err
		}
	}
	return nil
}

// addTo adds rows in an order in which those of one key mostly are consecutive.
func (a *Adder) addTo(s *shard, rows Rows, order []int32) error {
	for len(order) > 0 {
		first, n := order[0], 1
		for n < len(order) && a.hashes[order[n]] == a.hashes[first] && bytes.Equal(rows.Keys[order[n]], rows.Keys[first]) {
			n++
		}
		group := s.find(rows.Keys[first], uint32(a.hashes[first]))
		if err := a.apply(s, group, rows.Values, order[:n]); err != nil {
			return err
		}
		order = order[n:]
	}
	return nil
}
