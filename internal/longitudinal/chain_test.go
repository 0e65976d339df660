// SPDX-License-Identifier: Apache-2.0

package longitudinal

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestUpdate_DayAfterDay updates a table of small row groups with one day after the other, of which some have new clients only, a client
// of very many pings, late pings, or nothing, and compares the last with a rebuild.
func TestUpdate_DayAfterDay(t *testing.T) {
	defer func() { rowGroupValues = mostRowGroupValues }()
	for seed := range uint64(6) {
		random := rand.New(rand.NewPCG(seed, 7))
		rowGroupValues = len(keys) * []int{1, 20, 300}[seed%3]
		o := Options{Threads: 2, Memory: 1 << 20, SpillDir: t.TempDir(), To: 99, MaxIgnored: 0.1, NewestFirst: seed%2 == 1}
		path := filepath.Join(t.TempDir(), "table.parquet")
		var all memorySource
		for day := range 8 {
			pings := dayOfPings(random, day)
			all = append(all, pings...)
			var out bytes.Buffer
			var err error
			if day == 0 {
				_, err = Build(t.Context(), &out, pings, o)
			} else {
				_, err = Update(t.Context(), &out, path, pings, o)
			}
			require.NoError(t, err)
			require.NoError(t, os.WriteFile(path, out.Bytes(), 0o600))
		}
		table, err := os.ReadFile(path)
		require.NoError(t, err)
		want, _ := build(t, all, func(c *Options) { *c = o })
		require.Equal(t, want, read(t, table), "seed %d", seed)
	}
}

// dayOfPings returns pings of a day, and a few of earlier ones.
func dayOfPings(random *rand.Rand, day int) (pings memorySource) {
	clients, n := 40, 30
	name := "client"
	switch random.IntN(5) {
	case 0:
		n = 0
	case 1:
		name = fmt.Sprint("new on ", day)
	case 2:
		clients, n = 2, 700
	}
	for i := range n {
		at := day
		if random.IntN(20) == 0 {
			at = random.IntN(day + 1)
		}
		ping := testPing{fmt.Sprint(name, random.IntN(clients)), []any{fmt.Sprint(day, "-", i), []any{"Linux", "", nil}[random.IntN(3)],
			fmt.Sprintf("2016-11-%02d %06d", at, i), random.IntN(1 << random.IntN(40)), random.IntN(3), []any{true, false, nil, nil}[random.IntN(4)],
			17000 + at, nil}}
		if day > 3 {
			ping.values[7] = []any{"beta", nil}[random.IntN(2)]
		}
		pings = append(pings, ping)
		if random.IntN(20) == 0 { // again
			pings = append(pings, ping)
		}
	}
	return pings
}
