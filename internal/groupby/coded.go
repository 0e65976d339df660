// SPDX-License-Identifier: Apache-2.0

package groupby

import (
	"context"
	"hash/maphash"
	"slices"

	"github.com/headcount-hll/headcount/udf/hll"
)

// Coded are rows of ids whose keys are given by numbers. The id of row i is Data[Starts[i]:][:Lengths[i]] or, without Starts,
// Values[i].
type Coded struct {
	Combinations    []int32 // a number for each row's key
	Keys            Keys
	Values          [][]byte
	Data            []byte
	Starts, Lengths []int32
}

// Keys are keys by their numbers.
type Keys interface {
	// Size is above all numbers.
	Size() int
	// Version changes when numbers stand for other keys.
	Version() uint64
	// AppendKey appends the key of a number.
	AppendKey(to []byte, number int32) []byte
}

// codedAdder adds coded rows. It remembers the group of each number, so that a key is made and looked up once for many batches.
type codedAdder struct {
	keys    Keys
	version uint64 // of keys
	spills  int    // of the table

	// By number:
	ends   []int32  // how many rows of the batch it has, then where its entries end in sorted; 0 between batches
	shards []uint16 // plus one; 0 before the number has been met
	groups []uint32 // in the shard, plus one; 0 before the group has been found

	touched [][]int32 // by shard, the numbers that the batch has
	starts  []int32   // by shard, where its entries start in sorted
	entries []hll.Entry
	sorted  []hll.Entry // by group
	key     []byte
	fetched byte
}

// Combinations returns the largest size of [Keys] that an Adder takes: all adders remember their numbers in an eighth of the memory
// of groups.
func (t *Table) Combinations() int {
	const memoryOfNumber = 16
	return int(min(1<<20, t.options.Memory/int64(8*memoryOfNumber*max(1, t.options.Workers))))
}

// AddCoded is [Adder.Add] for coded rows.
func (a *Adder) AddCoded(ctx context.Context, rows Coded) error {
	c, t := &a.coded, a.table
	n := len(rows.Combinations)
	c.entries = slices.Grow(c.entries[:0], n)[:n]
	if len(rows.Starts) == 0 {
		t.options.Precision.EntriesOf(c.entries, rows.Values)
	} else {
		t.options.Precision.EntriesOfStrings(c.entries, rows.Data, rows.Starts, rows.Lengths)
	}
	return a.fill(ctx, func() error {
		c.prepare(t, rows.Keys)
		c.sort(t, rows.Combinations)
		return a.addSorted(rows.Combinations)
	})
}

// prepare forgets the groups of numbers that have changed.
func (c *codedAdder) prepare(t *Table, keys Keys) {
	if c.keys == keys && c.version == keys.Version() && c.spills == t.spills {
		return
	}
	c.keys, c.version, c.spills = keys, keys.Version(), t.spills
	size := keys.Size()
	c.ends, c.shards, c.groups = zeros(c.ends, size), zeros(c.shards, size), zeros(c.groups, size)
	if c.touched == nil {
		c.touched, c.starts = make([][]int32, len(t.shards)), make([]int32, len(t.shards))
	}
}

// zeros returns n zeros, in the memory of old if they fit.
func zeros[T any](old []T, n int) []T {
	if cap(old) < n {
		return make([]T, n)
	}
	clear(old[:n])
	return old[:n]
}

// sort sorts the entries by group.
func (c *codedAdder) sort(t *Table, numbers []int32) {
	for i := range c.touched {
		c.touched[i] = c.touched[i][:0]
	}
	ends := c.ends
	for _, number := range numbers {
		if ends[number] == 0 {
			c.touch(t, number)
		}
		ends[number]++
	}
	end := int32(0)
	for i, touched := range c.touched {
		c.starts[i] = end
		for _, number := range touched {
			ends[number], end = end, end+ends[number]
		}
	}
	c.sorted = slices.Grow(c.sorted[:0], len(numbers))[:len(numbers)]
	for row, number := range numbers {
		c.sorted[ends[number]] = c.entries[row]
		ends[number]++
	}
}

// touch notes that a batch has a number.
func (c *codedAdder) touch(t *Table, number int32) {
	if c.shards[number] == 0 {
		c.shards[number] = uint16(c.hash(t, number)>>t.shift) + 1
	}
	shard := c.shards[number] - 1
	c.touched[shard] = append(c.touched[shard], number)
}

// hash makes the key of a number and returns its hash.
func (c *codedAdder) hash(t *Table, number int32) uint64 {
	c.key = c.keys.AppendKey(c.key[:0], number)
	return maphash.Bytes(t.seed, c.key)
}

// addSorted adds the sorted entries to their groups.
func (a *Adder) addSorted(numbers []int32) error {
	c := &a.coded
	touched := func(n int) []int32 { return c.touched[n] }
	return a.eachShard(touched, func(s *shard, n int) error {
		if failed, err := c.addTo(a.table, s, n); err != nil {
			return &RowError{slices.Index(numbers, failed), err}
		}
		return nil
	})
}

// addTo adds the entries of a shard. It returns the number at which it failed.
func (c *codedAdder) addTo(t *Table, s *shard, n int) (failed int32, err error) {
	start := c.starts[n]
	for touched := c.touched[n]; len(touched) > 0; {
		some := touched[:min(ahead, len(touched))]
		touched = touched[len(some):]
		for _, number := range some {
			if c.groups[number] == 0 {
				hash := c.hash(t, number)
				c.groups[number] = s.find(c.key, uint32(hash)) + 1
			}
		}
		c.fetch(s, some)
		for _, number := range some {
			end := c.ends[number]
			if err := s.add(c.groups[number]-1, t.options.Precision, c.sorted[start:end]); err != nil {
				return number, err
			}
			start, c.ends[number] = end, 0
		}
	}
	return 0, nil
}

// ahead is how many groups are fetched from memory at a time. A processor waits for them at the same time if little is between the
// accesses.
const ahead = 16

// fetch reads the first byte of each group's state.
func (c *codedAdder) fetch(s *shard, numbers []int32) {
	var slots [ahead]slot
	for i, number := range numbers {
		slots[i] = s.groups[c.groups[number]-1].state
	}
	for _, at := range slots[:len(numbers)] {
		c.fetched |= s.slots.at(at)[0]
	}
}
