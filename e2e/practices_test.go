// SPDX-License-Identifier: Apache-2.0

package e2e

import (
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// practiceTables makes the tables of docs/practices.md.
func practiceTables(t testing.TB) {
	t.Helper()
	drop := func() {
		execute(t, "DROP SCHEMA IF EXISTS hive.practices CASCADE")
	}
	drop()
	t.Cleanup(drop)
	for _, statement := range statements(t, "practices/tables.sql") {
		execute(t, statement)
	}
}

// practice runs both ways of a practice and returns their results.
func practice(t testing.TB, file string) (costly, better [][]any) {
	t.Helper()
	both := statements(t, "practices/"+file)
	require.Len(t, both, 2, file)
	return rows(t, both[0]), rows(t, both[1])
}

// The two ways of a practice have the same result, exactly or within the bounds of the sketches, and the effects that need no clock are
// as docs/practices.md says.
func TestPractices_HaveTheSameResultsAndTheEffectsOfThePage(t *testing.T) {
	practiceTables(t)

	ids, counts := practice(t, "engine.sql")
	assert.Len(t, counts, 7*3)
	assert.Greater(t, len(ids), 10_000*len(counts))

	slow, fast := practice(t, "partitions.sql")
	assert.Len(t, slow, 3)
	assert.Equal(t, slow, fast)

	for _, file := range []string{"shuffle.sql", "reuse.sql"} {
		exact, sketches := practice(t, file)
		require.Len(t, sketches, len(exact), file)
		for i, row := range exact {
			last := len(row) - 1
			assert.Equal(t, row[:last], sketches[i][:last], file)
			assert.InEpsilon(t, row[last], sketches[i][last], 0.05, "%s: %v", file, row) // 3 sigmas at precision 12
		}
	}

	pings, sketches := practice(t, "skew.sql")
	assert.Equal(t, "release", pings[0][0])
	assert.Greater(t, pings[0][1], int64(100_000))
	assert.Equal(t, int64(28*3), sketches[0][1], "a sketch for each day and operating system")

	raw, kept := practice(t, "keep.sql")
	assert.Greater(t, raw[0][0], kept[0][0])
	t.Logf("bytes of the pings and of client_count: %v, %v; rows of the largest group: %v, %v", raw[0][0], kept[0][0], pings[0], sketches[0])

	requireSamples(t)
}

// requireSamples holds a sample of clients to count clients, and a sample of pings to count too many.
func requireSamples(t *testing.T) {
	t.Helper()
	figures := rows(t, statements(t, "practices/sampling.sql")[0])
	require.Len(t, figures, 2)
	t.Logf("every ping, a sample of pings, a sample of clients: %v", figures)
	for _, row := range figures {
		name, every, byPing, byClient := row[0], row[1].(float64), row[2].(float64), row[3].(float64)
		assert.InEpsilon(t, every, byClient, 0.10, name)
		assert.Greater(t, byPing, 1.5*every, name)
	}
}

// BenchmarkPractices prints what both ways of each practice cost: the medians of the server's statistics.
func BenchmarkPractices(b *testing.B) {
	practiceTables(b)
	for _, file := range []string{"engine.sql", "partitions.sql", "shuffle.sql", "reuse.sql"} {
		for i, query := range statements(b, "practices/"+file) {
			b.Run(file+"/"+[]string{"costly", "better"}[i], func(b *testing.B) {
				var cpu, read, network []float64
				returned := 0
				for b.Loop() {
					marked := query + "\n-- " + strconv.FormatInt(time.Now().UnixNano(), 36)
					returned = len(rows(b, marked))
					s := statisticsOf(b, marked)
					cpu, read, network = append(cpu, s.cpu), append(read, s.read), append(network, s.network)
				}
				b.ReportMetric(median(cpu), "cpu-ms")
				b.ReportMetric(median(read)/1e6, "read-MB")
				b.ReportMetric(median(network)/1e6, "network-MB")
				b.ReportMetric(float64(returned), "rows")
			})
		}
	}
}
