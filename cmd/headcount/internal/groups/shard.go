package groups

import (
	"bytes"
	"encoding/binary"
	"slices"
	"sync"

	"github.com/headcount-hll/headcount/udf/hll"
)

// A shard is a part of the groups, those whose keys' hashes say so, with all that belongs to them, so that
// workers take turns at parts and not at the whole.
type shard struct {
	sync.Mutex
	index  []uint32 // a group's number plus one where its hash, or one before it, says; 0 is free
	groups []group
	keys   [][]byte // chunks; a key lies in one of them
	slots  slots
	size   int64 // bytes, as last told to the table
}

type group struct {
	keyAt  uint64 // chunk<<32 | offset
	keyLen uint32
	hash   uint32
	state  slot
}

const (
	groupSize    = 24 // bytes of a group and, with free places, of its place in the index
	placeSize    = 8
	keyChunkSize = 1 << 16
	leastIndex   = 1 << 10
)

func (s *shard) key(g *group) []byte {
	from := uint32(g.keyAt)
	return s.keys[g.keyAt>>32][from : from+g.keyLen]
}

// find returns the number of the group of a key, which it makes if there is none.
func (s *shard) find(key []byte, hash uint32) uint32 {
	if len(s.groups)*4 >= len(s.index)*3 {
		s.reindex()
	}
	mask := uint32(len(s.index) - 1)
	at := hash & mask
	for ; s.index[at] != 0; at = (at + 1) & mask {
		number := s.index[at] - 1
		if g := &s.groups[number]; g.hash == hash && bytes.Equal(s.key(g), key) {
			return number
		}
	}
	s.groups = append(s.groups, group{
		keyAt: s.keep(key), keyLen: uint32(len(key)), hash: hash, state: s.slots.begin(leastSlot),
	})
	s.index[at] = uint32(len(s.groups))
	return s.index[at] - 1
}

// reindex doubles the index.
func (s *shard) reindex() {
	s.index = make([]uint32, max(leastIndex, 2*len(s.index)))
	mask := uint32(len(s.index) - 1)
	for number := range s.groups {
		at := s.groups[number].hash & mask
		for s.index[at] != 0 {
			at = (at + 1) & mask
		}
		s.index[at] = uint32(number + 1)
	}
}

// keep copies a key to where it stays.
func (s *shard) keep(key []byte) uint64 {
	last := len(s.keys) - 1
	if last < 0 || len(s.keys[last])+len(key) > cap(s.keys[last]) {
		s.keys = append(s.keys, make([]byte, 0, max(keyChunkSize, len(key))))
		last++
	}
	from := len(s.keys[last])
	s.keys[last] = append(s.keys[last], key...)
	return uint64(last)<<32 | uint64(from)
}

// memory returns the bytes that the shard holds.
func (s *shard) memory() int64 {
	keys := int64(len(s.keys)) * keyChunkSize
	return s.slots.size + keys + int64(cap(s.groups))*groupSize + int64(len(s.index))*placeSize
}

// add puts an id into a group.
func (s *shard) add(number uint32, p hll.Precision, id []byte) error {
	for g := &s.groups[number]; ; {
		step, err := hll.State(s.slots.at(g.state)).Add(p, id, flags)
		if err != nil || step.Status == hll.Done {
			return err
		}
		g.state = s.slots.grow(g.state, step.Need)
	}
}

// merge unites a sketch with a group's.
func (s *shard) merge(number uint32, sketch []byte) error {
	g := &s.groups[number]
	for at := 0; ; {
		step, err := hll.State(s.slots.at(g.state)).Merge(sketch, at, flags)
		switch {
		case err != nil || step.Status == hll.Done:
			return err
		case step.Status == hll.Room:
			g.state = s.slots.grow(g.state, step.Need)
		default:
			at = step.At
		}
	}
}

// inOrder returns the numbers of the groups by ascending key.
func (s *shard) inOrder() []uint32 {
	type place struct {
		prefix uint64 // the key's first bytes, which decide most comparisons
		number uint32
	}
	places := make([]place, len(s.groups))
	for number := range s.groups {
		var first [8]byte
		copy(first[:], s.key(&s.groups[number]))
		places[number] = place{binary.BigEndian.Uint64(first[:]), uint32(number)}
	}
	slices.SortFunc(places, func(a, b place) int {
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
