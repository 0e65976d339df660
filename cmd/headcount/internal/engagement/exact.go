// SPDX-License-Identifier: Apache-2.0

package engagement

import (
	"errors"
	"hash/maphash"
	"maps"
	"slices"
	"sync"

	"github.com/headcount-hll/headcount/internal/input"
	"github.com/headcount-hll/headcount/internal/sortkey"
)

// Exact counts the distinct clients of activity exactly, to compare them with the figures from sketches. It keeps the days
// of each client of each segment in memory.
type Exact struct {
	columns []sortkey.Column // of the keys: the dimensions and then the date
	limit   int64
	seed    maphash.Seed
	shards  [64]exactShard
}

type exactShard struct {
	sync.Mutex
	clients map[string][]int32 // by segment key and id: the days, in the order of the rows
	size    int64
}

// memoryOfClient is about the bytes of a client in the map, without its key and its days.
const memoryOfClient = 96

var errExactMemory = errors.New("counting exactly takes more memory than --memory allows: it keeps each client of each segment")

// NewExact returns an empty count that takes up to limit bytes.
func NewExact(columns []sortkey.Column, limit int64) *Exact {
	e := &Exact{columns: columns, limit: limit, seed: maphash.MakeSeed()}
	for i := range e.shards {
		e.shards[i].clients = map[string][]int32{}
	}
	return e
}

// Add counts the rows of a batch. It may be called from several goroutines.
func (e *Exact) Add(b *input.Batch) error {
	var client []byte
	for i, key := range b.Keys {
		of, date, err := cutDate(key, e.columns)
		if err != nil {
			return err
		}
		client = append(append(client[:0], of...), b.Values[i]...)
		shard := &e.shards[maphash.Bytes(e.seed, client)%uint64(len(e.shards))]
		if shard.add(client, date) > e.limit/int64(len(e.shards)) {
			return errExactMemory
		}
	}
	return nil
}

// add adds a day of a client and returns the size of the shard.
func (s *exactShard) add(client []byte, date int32) int64 {
	s.Lock()
	defer s.Unlock()
	days, known := s.clients[string(client)]
	if !known {
		s.size += memoryOfClient + int64(len(client))
	}
	if len(days) == 0 || days[len(days)-1] != date {
		had := cap(days)
		days = append(days, date)
		s.size += int64(cap(days)-had) * 4
		s.clients[string(client)] = days
	}
	return s.size
}

// An ExactPoint is the exact figures of a Point.
type ExactPoint struct{ DAU, WAU, MAU int64 }

// ER returns DAU/MAU.
func (p ExactPoint) ER() float64 { return float64(p.DAU) / float64(p.MAU) }

// Points returns the exact figures of each segment, by its key, on each day on which it has data.
func (e *Exact) Points() (map[string]map[int32]ExactPoint, error) {
	all := map[string]changes{}
	err := e.each(func(of []byte, days []int32) {
		c := all[string(of)]
		if c == nil {
			c = changes{}
			all[string(of)] = c
		}
		c.add(days)
	})
	points := map[string]map[int32]ExactPoint{}
	for of, c := range all {
		points[of] = c.points()
	}
	return points, err
}

// changes are the differences of a day's figures from the day before.
type changes map[int32]*ExactPoint

// add adds a client that was active on these days. After each it is in a window of n days for n days, or until the next
// active day.
func (c changes) add(days []int32) {
	for i, day := range days {
		count := func(window int32, of func(*ExactPoint) *int64) {
			until := day + window
			if i+1 < len(days) {
				until = min(until, days[i+1])
			}
			*of(c.on(day))++
			*of(c.on(until))--
		}
		count(1, func(p *ExactPoint) *int64 { return &p.DAU })
		count(Week, func(p *ExactPoint) *int64 { return &p.WAU })
		count(Month, func(p *ExactPoint) *int64 { return &p.MAU })
	}
}

func (c changes) on(day int32) *ExactPoint {
	p := c[day]
	if p == nil {
		p = &ExactPoint{}
		c[day] = p
	}
	return p
}

// points adds the changes up.
func (c changes) points() map[int32]ExactPoint {
	points := map[int32]ExactPoint{}
	var now ExactPoint
	for _, day := range slices.Sorted(maps.Keys(c)) {
		now.DAU += c[day].DAU
		now.WAU += c[day].WAU
		now.MAU += c[day].MAU
		if now.DAU > 0 {
			points[day] = now
		}
	}
	return points
}

// Totals returns the number of clients of each segment over all days.
func (e *Exact) Totals() (map[string]int64, error) {
	totals := map[string]int64{}
	err := e.each(func(of []byte, _ []int32) { totals[string(of)]++ })
	return totals, err
}

// each calls f for each client of each segment with its distinct days, ascending.
func (e *Exact) each(f func(of []byte, days []int32)) error {
	last := len(e.columns) - 1
	for i := range e.shards {
		for client, days := range e.shards[i].clients {
			of, _, err := sortkey.Cut([]byte(client), e.columns, last)
			if err != nil {
				return err
			}
			slices.Sort(days)
			f(of, slices.Compact(days))
		}
	}
	return nil
}
