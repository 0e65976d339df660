// SPDX-License-Identifier: Apache-2.0

package groupby

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// Sums adds up integer columns by key, in memory.
type Sums struct {
	columns int
	limit   int64 // bytes
	size    int64

	mu     sync.Mutex
	groups map[string][]*int64
	order  []string // the keys that Take and Before have not returned, in order; nil before the first call
}

// memoryOfSums is about the bytes that a key takes in the map, without its text and its sums.
const memoryOfSums = 128

var errSumsMemory = errors.New("--sum takes more memory than --memory allows: it keeps a total for each group")

// NewSums returns empty sums of a number of columns that take up to limit bytes.
func NewSums(columns int, limit int64) *Sums {
	return &Sums{columns: columns, limit: limit, groups: map[string][]*int64{}}
}

// Add adds values, decimal text of 64-bit integers, to a column. It may be called from several goroutines. An error of
// one row is a *RowError.
func (s *Sums) Add(column int, rows Rows) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, key := range rows.Keys {
		totals := s.groups[string(key)]
		if totals == nil {
			totals = make([]*int64, s.columns)
			s.groups[string(key)] = totals
			s.size += int64(memoryOfSums + len(key) + 16*s.columns)
			if s.size > s.limit {
				return errSumsMemory
			}
		}
		v, err := strconv.ParseInt(string(rows.Values[i]), 10, 64)
		if err != nil {
			return &RowError{i, fmt.Errorf("%s does not fit a bigint", rows.Values[i])}
		}
		total := totals[column]
		if total == nil {
			total = new(int64)
			totals[column] = total
		}
		if v > 0 && *total > math.MaxInt64-v || v < 0 && *total < math.MinInt64-v {
			return &RowError{i, errors.New("the sum does not fit a bigint")}
		}
		*total += v
	}
	return nil
}

// Take removes the totals of a key and returns them; nil is NULL, as in SQL for a sum of 0 values.
func (s *Sums) Take(key []byte) []*int64 {
	s.sort()
	if len(s.order) > 0 && s.order[0] == string(key) {
		s.order = s.order[1:]
		return s.groups[string(key)]
	}
	return make([]*int64, s.columns)
}

// Before removes the keys before a key and calls f for each, in order. A nil key is after all others.
func (s *Sums) Before(key []byte, f func(key []byte, totals []*int64) error) error {
	s.sort()
	for len(s.order) > 0 && (key == nil || strings.Compare(s.order[0], string(key)) < 0) {
		first := s.order[0]
		s.order = s.order[1:]
		if err := f([]byte(first), s.groups[first]); err != nil {
			return err
		}
	}
	return nil
}

// sort sorts the keys, once.
func (s *Sums) sort() {
	if s.order != nil {
		return
	}
	s.order = make([]string, 0, len(s.groups))
	for key := range s.groups {
		s.order = append(s.order, key)
	}
	slices.Sort(s.order)
}
