// SPDX-License-Identifier: Apache-2.0

package groupby

import (
	"bytes"
	"encoding/binary"
	"slices"
	"sync"

	"github.com/headcount-hll/headcount/udf/hll"
	"github.com/headcount-hll/headcount/udf/state"
)

// A shard holds the groups whose keys have hashes in one range. Workers lock one shard at a time.
type shard struct {
	sync.Mutex
	index  []place
	groups []group
	keys   [][]byte // chunks; each key is in one chunk
	kept   int64    // bytes of the chunks
	slots  slots
	size   int64 // bytes, as last added to the table's total
}

// A place is an entry of the index, an open-addressing hash table: the hash in the upper half, and the number of the group
// plus one in the lower half. 0 is free. Comparing the hash first avoids most accesses to other groups.
type place uint64

func placeOf(hash, number uint32) place { return place(hash)<<32 | place(number+1) }
func (p place) hash() uint32            { return uint32(p >> 32) }
func (p place) number() uint32          { return uint32(p) - 1 }

type group struct {
	keyAt  uint64 // chunk<<32 | offset
	keyLen uint32
	state  slot
}

const (
	groupSize    = 24 // bytes of a group
	placeSize    = 8
	keyChunkSize = 1 << 16
	leastIndex   = 1 << 10
)

func (s *shard) key(g *group) []byte {
	from := uint32(g.keyAt)
	return s.keys[g.keyAt>>32][from : from+g.keyLen]
}

// find returns the number of the group of a key. It creates the group if necessary.
func (s *shard) find(key []byte, hash uint32) uint32 {
	if len(s.groups)*4 >= len(s.index)*3 {
		s.reindex()
	}
	mask := uint32(len(s.index) - 1)
	at := hash & mask
	for ; s.index[at] != 0; at = (at + 1) & mask {
		if p := s.index[at]; p.hash() == hash && bytes.Equal(s.key(&s.groups[p.number()]), key) {
			return p.number()
		}
	}
	number := uint32(len(s.groups))
	s.groups = append(s.groups, group{keyAt: s.keep(key), keyLen: uint32(len(key)), state: s.slots.begin(leastSlot)})
	s.index[at] = placeOf(hash, number)
	return number
}

// reindex doubles the index.
func (s *shard) reindex() {
	old := s.index
	s.index = make([]place, max(leastIndex, 2*len(old)))
	mask := uint32(len(s.index) - 1)
	for _, p := range old {
		if p == 0 {
			continue
		}
		at := p.hash() & mask
		for s.index[at] != 0 {
			at = (at + 1) & mask
		}
		s.index[at] = p
	}
}

// keep copies a key to the shard's memory.
func (s *shard) keep(key []byte) uint64 {
	last := len(s.keys) - 1
	if last < 0 || len(s.keys[last])+len(key) > cap(s.keys[last]) {
		s.keys = append(s.keys, make([]byte, 0, max(keyChunkSize, len(key))))
		s.kept += int64(max(keyChunkSize, len(key)))
		last++
	}
	from := len(s.keys[last])
	s.keys[last] = append(s.keys[last], key...)
	return uint64(last)<<32 | uint64(from)
}

// memory returns the size of the shard in bytes.
func (s *shard) memory() int64 {
	return s.slots.size + s.kept + int64(cap(s.groups))*groupSize + int64(len(s.index))*placeSize
}

// add adds the entries of ids to a group.
func (s *shard) add(number uint32, p hll.Precision, entries []hll.Entry) error {
	g := &s.groups[number]
	return state.Run(
		func(int) (state.Step, error) {
			done, step, err := hll.State(s.slots.at(g.state)).AddEntries(p, entries, flags)
			entries = entries[done:]
			return step, err
		},
		func(need int) error { return s.grow(g, need) })
}

// merge adds a sketch to a group by union.
func (s *shard) merge(number uint32, sketch []byte) error {
	g := &s.groups[number]
	return state.Run(
		func(at int) (state.Step, error) { return hll.State(s.slots.at(g.state)).Merge(sketch, at, flags) },
		func(need int) error { return s.grow(g, need) })
}

func (s *shard) grow(g *group, need int) error {
	g.state = s.slots.grow(g.state, need)
	return nil
}

// inOrder returns the numbers of the groups by ascending key.
func (s *shard) inOrder() []uint32 {
	type sorted struct {
		prefix uint64 // the first bytes of the key, which decide most comparisons
		number uint32
	}
	places := make([]sorted, len(s.groups))
	for number := range s.groups {
		var first [8]byte
		copy(first[:], s.key(&s.groups[number]))
		places[number] = sorted{binary.BigEndian.Uint64(first[:]), uint32(number)}
	}
	slices.SortFunc(places, func(a, b sorted) int {
		if a.prefix != b.prefix {
			if a.prefix < b.prefix {
				return -1
			}
			return 1
		}
		return bytes.Compare(s.key(&s.groups[a.number]), s.key(&s.groups[b.number]))
	})
	numbers := make([]uint32, len(places))
	for i, p := range places {
		numbers[i] = p.number
	}
	return numbers
}
