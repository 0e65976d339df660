// SPDX-License-Identifier: Apache-2.0

package entryscan

import (
	"math/rand/v2"
	"testing"
)

// oracle is a Scan, entry by entry, in the plainest way. next is the entry after the last one, or nil.
func oracle(entries, next []byte) Scan {
	s := Scan{Smallest: 255, Ascending: true}
	index := func(entry []byte) int { return int(entry[0]) | int(entry[1])<<8 }
	for ; len(entries) > 0; entries = entries[EntrySize:] {
		s.Indexes |= uint16(index(entries))
		if entries[2] < s.Smallest {
			s.Smallest = entries[2]
		}
		if entries[2] > s.Largest {
			s.Largest = entries[2]
		}
		after := entries[EntrySize:]
		if len(after) == 0 {
			after = next
		}
		if index(entries) >= index(after) {
			s.Ascending = false
		}
	}
	return s
}

func require(t *testing.T, body []byte) {
	t.Helper()
	got, rest := Entries(body)
	scanned := len(body) - len(rest)
	if want := oracle(body[:scanned], rest); got != want {
		t.Fatalf("%x, of which %d bytes were scanned: %+v, want %+v", body, scanned, got, want)
	}
	if scanned%EntrySize != 0 || scanned > 0 && len(rest) < EntrySize {
		t.Fatalf("%d of %d bytes were scanned", scanned, len(body))
	}
	if left := len(body) - scanned; accelerated() && left >= blockReads {
		t.Fatalf("%d of %d bytes were left", left, len(body))
	}
}

// ascending returns n entries with ascending indexes.
func ascending(random *rand.Rand, n int) []byte {
	var body []byte
	first := random.IntN(1 << 16 / (n + 1))
	for i := range n {
		index := first + i*(1<<16-first)/(n+1)
		body = append(body, byte(index), byte(index>>8), byte(1+random.IntN(20)))
	}
	return body
}

func TestEntries_SeesEveryEntry(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 8))
	for n := range 60 {
		good := ascending(random, n)
		require(t, good)
		for i := range n {
			for _, rho := range []byte{0, 1, 116, 127, 128, 255} {
				changed := append([]byte(nil), good...)
				changed[i*EntrySize+2] = rho
				require(t, changed)
			}
			for _, index := range []uint16{0, 1, 0x7fff, 0x8000, 0xffff} {
				changed := append([]byte(nil), good...)
				changed[i*EntrySize], changed[i*EntrySize+1] = byte(index), byte(index>>8)
				require(t, changed)
			}
			for _, other := range []int{i - 1, i + 1} {
				if other >= 0 && other < n {
					changed := append([]byte(nil), good...)
					copy(changed[i*EntrySize:], good[other*EntrySize:][:2])
					require(t, changed)
				}
			}
		}
	}
}

func TestEntries_OfRandomBytes(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 20_000 {
		body := make([]byte, random.IntN(70)*EntrySize)
		for i := range body {
			body[i] = byte(random.Uint32())
		}
		require(t, body)
	}
}

func TestEntries_AllocatesNothing(t *testing.T) {
	body := ascending(rand.New(rand.NewPCG(1, 2)), 60)
	if n := testing.AllocsPerRun(100, func() { Entries(body) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}
