// SPDX-License-Identifier: Apache-2.0

package hll

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"runtime"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/headcount-hll/headcount/udf/state"
)

// manyMerges is the number of merges without HEADCOUNT_MERGES.
const manyMerges = 600_000

// flat is the oracle's sketch in an array, for 10^10 merges: a maximum for each register and a count, no maps. Its precision is at
// most 7, where a few entries decide between sparse and dense.
type flat struct {
	p         int
	dense     bool
	registers [1 << 7]byte
}

func flattened(n *naive) *flat {
	f := &flat{p: n.p, dense: n.dense}
	copy(f.registers[:], n.registers())
	return f
}

func (f *flat) union(o *flat) {
	entries := 0
	for i := range 1 << f.p {
		f.registers[i] = max(f.registers[i], o.registers[i])
		if f.registers[i] > 0 {
			entries++
		}
	}
	f.dense = f.dense || o.dense || entries*16 > 1<<f.p
}

// appendTo appends the encoding. An index below 2^7 has one byte.
func (f *flat) appendTo(dst []byte) []byte {
	if f.dense {
		return append(append(dst, 2, byte(f.p)), f.registers[:1<<f.p]...)
	}
	dst = append(dst, 3, byte(f.p))
	for i, r := range f.registers[:1<<f.p] {
		if r > 0 {
			dst = append(dst, byte(i), r)
		}
	}
	return dst
}

// A many is a sketch in both forms.
type many struct {
	encoded []byte
	flat    *flat
}

// TestMerges_OfManyRandomSketches unites random sketches and compares the bytes after each union with the oracle's. Half of the
// unions are scalars, half are in a state. HEADCOUNT_MERGES is their number, "make trust-merges" has 10^10; HEADCOUNT_SEED repeats a run. A
// long run logs how far it is once a minute.
func TestMerges_OfManyRandomSketches(t *testing.T) {
	total := number(t, "HEADCOUNT_MERGES", manyMerges)
	seed := number(t, "HEADCOUNT_SEED", uint64(time.Now().UnixNano()))
	began := time.Now()
	var done atomic.Uint64
	report := func() {
		t.Logf("%d merges in %v, HEADCOUNT_SEED=%d", done.Load(), time.Since(began).Round(time.Second), seed)
	}
	defer every(time.Minute, report)()
	var group sync.WaitGroup
	workers := runtime.GOMAXPROCS(0)
	for worker := range workers {
		group.Go(func() {
			share := total/uint64(workers) + 1
			if err := mergeMany(rand.New(rand.NewPCG(seed, uint64(worker))), share, &done); err != nil {
				t.Errorf("HEADCOUNT_SEED=%d, worker %d: %v", seed, worker, err)
			}
		})
	}
	group.Wait()
	report()
}

// every calls f again and again, until the function that it returns is called.
func every(interval time.Duration, f func()) (stop func()) {
	ticker, stopped, ended := time.NewTicker(interval), make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		for {
			select {
			case <-ticker.C:
				f()
			case <-stopped:
				return
			}
		}
	}()
	return func() {
		ticker.Stop()
		close(stopped)
		<-ended
	}
}

func number(t *testing.T, variable string, otherwise uint64) uint64 {
	t.Helper()
	text := os.Getenv(variable)
	if text == "" {
		return otherwise
	}
	n, err := strconv.ParseUint(text, 10, 64)
	if err != nil {
		t.Fatalf("%s=%s: not a whole number", variable, text)
	}
	return n
}

// A reused is a state whose memory is used again by the next round, zeroed. It does without what a slot checks, which takes longer
// than the merge.
type reused struct {
	memory []byte
	length int
	flags  state.Flags
}

func (s *reused) bytes() State { return State(s.memory[:s.length:s.length]) }

func (s *reused) clear(flags state.Flags) {
	clear(s.memory[:s.length])
	s.length, s.flags = 0, flags|state.AllowLong
}

func (s *reused) grow(need int) error {
	if need > len(s.memory) {
		s.memory = append(s.memory, make([]byte, need-len(s.memory))...)
	}
	s.length = need
	return nil
}

func (s *reused) merge(sketch []byte) error {
	return state.Run(func(at int) (state.Step, error) { return s.bytes().Merge(sketch, at, s.flags) }, s.grow)
}

// mergeMany unites sketches out of a set that it makes anew every two million merges.
func mergeMany(r *rand.Rand, merges uint64, all *atomic.Uint64) error {
	const sketches, fresh = 4096, 2_000_000
	var pool []many
	s := &reused{}
	p := 4
	for done, next := uint64(0), uint64(0); done < merges; {
		if done >= next {
			p = 4 + r.IntN(4)
			pool = randomPool(r, p, sketches)
			next = done + fresh
		}
		round := pool[r.IntN(sketches-8):][:1+r.IntN(8)]
		s.clear(state.Flags(r.IntN(2)) * state.PackRegisters)
		if err := mergeRound(s, p, round); err != nil {
			return err
		}
		done += 2 * uint64(len(round)) // one as a scalar, one in the state
		all.Add(2 * uint64(len(round)))
	}
	return nil
}

func randomPool(r *rand.Rand, p, n int) []many {
	pool := make([]many, n)
	for i := range pool {
		encoded := randomSketch(r, p, []int{1, 2, 1 << p / 8, 1 << p}[r.IntN(4)])
		pool[i] = many{encoded, flattened(readNaive(encoded))}
	}
	r.Shuffle(n, func(i, j int) { pool[i], pool[j] = pool[j], pool[i] })
	return pool
}

// mergeRound unites sketches one after the other, in a state and as scalars.
func mergeRound(s *reused, p int, round []many) error {
	want := &flat{p: p}
	var buffers [3][2 + 1<<7]byte
	united, expected, spare := want.appendTo(buffers[0][:0]), buffers[1][:0], buffers[2][:0]
	for i, one := range round {
		want.union(one.flat)
		expected = want.appendTo(expected[:0])
		if err := s.merge(one.encoded); err != nil {
			return fmt.Errorf("merge %d of %x: %w", i, encodings(round), err)
		}
		a, errA := Decode(united)
		b, errB := Decode(one.encoded)
		if errA != nil || errB != nil {
			return fmt.Errorf("union %d of %x: %v, %v", i, encodings(round), errA, errB)
		}
		result, err := AppendUnion(spare[:0], a, b)
		if err != nil || !bytes.Equal(result, expected) {
			return fmt.Errorf("union %d of %x: got %x, %v, want %x", i, encodings(round), result, err, expected)
		}
		united, spare = result, united
		if got := s.bytes().Append(spare[:0]); !bytes.Equal(got, expected) {
			return fmt.Errorf("merge %d of %x: the state is %x, want %x", i, encodings(round), got, expected)
		}
	}
	return nil
}

func encodings(round []many) [][]byte {
	var all [][]byte
	for _, one := range round {
		all = append(all, one.encoded)
	}
	return all
}
