// SPDX-License-Identifier: Apache-2.0

package conformance

import (
	"encoding/hex"
	"fmt"
	"iter"
	"strings"
)

// idRule is how a vector gives its ids (udf/hll/FORMAT.md, "Vectors").
type idRule struct {
	Rule    string   `json:"rule"`
	UTF8Hex []string `json:"utf8_hex"`
	Format  string   `json:"format"`
	Start   int64    `json:"start"`
	Step    int64    `json:"step"`
	N       int      `json:"n"`
	Seed    uint64   `json:"seed"`
}

func (r idRule) count() int {
	if r.Rule == "list" {
		return len(r.UTF8Hex)
	}
	return r.N
}

// all yields the ids. Each is valid until the next is asked for.
func (r idRule) all() (iter.Seq[[]byte], error) {
	switch r.Rule {
	case "list":
		return r.list()
	case "printf":
		return r.printf()
	case "uuid4-splitmix64":
		return r.uuids, nil
	}
	return nil, fmt.Errorf("ids by rule %q", r.Rule)
}

func (r idRule) list() (iter.Seq[[]byte], error) {
	ids := make([][]byte, len(r.UTF8Hex))
	for i, text := range r.UTF8Hex {
		id, err := hex.DecodeString(text)
		if err != nil {
			return nil, fmt.Errorf("id %d: %w", i, err)
		}
		ids[i] = id
	}
	return func(yield func([]byte) bool) {
		for _, id := range ids {
			if !yield(id) {
				return
			}
		}
	}, nil
}

// printf serves the one shape that the vectors have, prefix and %08d, without the cost of fmt: some sets have
// five million ids.
func (r idRule) printf() (iter.Seq[[]byte], error) {
	prefix, found := strings.CutSuffix(r.Format, "%08d")
	if !found || strings.Contains(prefix, "%") || r.Start < 0 || r.Start+r.Step*int64(r.N) > 1_000_000_000 {
		return nil, fmt.Errorf("ids by format %q from %d", r.Format, r.Start)
	}
	return func(yield func([]byte) bool) {
		id := append([]byte(prefix), make([]byte, 9)...)
		for i := range r.N {
			number := r.Start + r.Step*int64(i)
			digits := 8
			if number >= 100_000_000 {
				digits = 9
			}
			for d := len(prefix) + digits - 1; d >= len(prefix); d-- {
				id[d] = '0' + byte(number%10)
				number /= 10
			}
			if !yield(id[:len(prefix)+digits]) {
				return
			}
		}
	}, nil
}

func (r idRule) uuids(yield func([]byte) bool) {
	state := r.Seed
	next := func() uint64 {
		state += 0x9E3779B97F4A7C15
		z := state
		z = (z ^ z>>30) * 0xBF58476D1CE4E5B9
		z = (z ^ z>>27) * 0x94D049BB133111EB
		return z ^ z>>31
	}
	for range r.N {
		hi := next()&^uint64(0xF000) | 0x4000
		lo := next()&^(uint64(3)<<62) | uint64(2)<<62
		id := fmt.Sprintf("%08x-%04x-%04x-%04x-%012x", hi>>32, hi>>16&0xFFFF, hi&0xFFFF, lo>>48, lo&(1<<48-1))
		if !yield([]byte(id)) {
			return
		}
	}
}
