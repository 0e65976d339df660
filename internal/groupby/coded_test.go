// SPDX-License-Identifier: Apache-2.0

package groupby

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/headcount-hll/headcount/udf/hll"
)

// listed are keys in a list. A new version has them in another order.
type listed struct {
	keys    [][]byte
	numbers map[string]int32
	version uint64
}

func (l *listed) Size() int                                { return len(l.keys) }
func (l *listed) Version() uint64                          { return l.version }
func (l *listed) AppendKey(to []byte, number int32) []byte { return append(to, l.keys[number]...) }

func (l *listed) turn() {
	l.version++
	slices.Reverse(l.keys)
	for i, key := range l.keys {
		l.numbers[string(key)] = int32(i)
	}
}

func newListed(rows Rows) *listed {
	l := &listed{numbers: map[string]int32{}}
	for _, key := range rows.Keys {
		if _, known := l.numbers[string(key)]; !known {
			l.numbers[string(key)] = int32(len(l.keys))
			l.keys = append(l.keys, key)
		}
	}
	return l
}

// coded returns rows with the numbers of their keys, and with ids as texts of one slice if they are to be.
func (l *listed) coded(rows Rows, texts bool) Coded {
	c := Coded{Keys: l}
	for i, key := range rows.Keys {
		c.Combinations = append(c.Combinations, l.numbers[string(key)])
		if texts {
			c.Starts, c.Lengths = append(c.Starts, int32(len(c.Data))), append(c.Lengths, int32(len(rows.Values[i])))
			c.Data = append(c.Data, rows.Values[i]...)
		}
	}
	if !texts {
		c.Values = rows.Values
	}
	return c
}

// Rows by numbers of keys and rows by keys, in turn, give the groups of all of them, with and without spilling.
func TestTable_CodedRowsGiveTheSameGroups(t *testing.T) {
	const batch = 1500
	rows := activity(60_000)
	want := oracle(rows)
	for _, workers := range []int{1, 3, 100} {
		for _, memory := range []int64{1 << 30, 1 << 20, 1} {
			t.Run(fmt.Sprintf("%d workers, %d bytes", workers, memory), func(t *testing.T) {
				table := newTable(t, workers, memory)
				var wait sync.WaitGroup
				errs := make([]error, workers)
				for w := range workers {
					wait.Go(func() {
						a, keys := table.AddIDs(w), newListed(rows)
						for i := w; i*batch < len(rows.Keys); i += workers {
							some := Rows{rows.Keys[i*batch:][:batch], rows.Values[i*batch:][:batch]}
							if i%5 == 4 {
								errs[w] = errors.Join(errs[w], a.Add(context.Background(), some))
								continue
							}
							if i%7 == 6 {
								keys.turn()
							}
							errs[w] = errors.Join(errs[w], a.AddCoded(context.Background(), keys.coded(some, i%2 == 0)))
						}
					})
				}
				wait.Wait()
				require.NoError(t, errors.Join(errs...))
				require.Equal(t, memory < 1<<30, len(table.runs) > 0)
				requireGroups(t, want, table)
			})
		}
	}
}

func TestTable_CombinationsTakeAnEighthOfTheMemory(t *testing.T) {
	for _, c := range []struct {
		memory        int64
		workers, most int
	}{{math.MaxInt64, 1, 1 << 20}, {48_000_000, 2, 187_500}, {1, 1, 0}, {1 << 30, 0, 1 << 20}} {
		table := New(Options{Precision: hll.Precision{}, Memory: c.memory, Workers: c.workers})
		require.Equal(t, c.most, table.Combinations(), "%d bytes, %d workers", c.memory, c.workers)
	}
}
