// SPDX-License-Identifier: Apache-2.0

package web_test

import (
	"context"
	"os"
	"runtime"
	"slices"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"github.com/headcount-hll/headcount/internal/pgtest"
	"github.com/headcount-hll/headcount/rollup/definitions"
	"github.com/headcount-hll/headcount/rollup/extract"
	"github.com/headcount-hll/headcount/rollup/load"
	"github.com/headcount-hll/headcount/rollup/store/postgres"
)

// The query that a page shows for PostgreSQL gives the numbers that it draws.
func TestSQL_GivesTheNumbersShown(t *testing.T) {
	runtime.LockOSThread() // the server ends with the thread that started it
	server, err := pgtest.Start(os.TempDir(), "fsync = off")
	require.NoError(t, err)
	t.Cleanup(server.Stop)
	ctx := context.Background()
	pool, err := postgres.Connect(ctx, server.Connection)
	require.NoError(t, err)
	t.Cleanup(pool.Close)
	set, err := definitions.ReadFile("../testdata/definitions.json")
	require.NoError(t, err)
	folder := t.TempDir()
	_, err = extract.Aggregate(ctx, extract.Config{Definitions: set, Inputs: []string{"../testdata/pings.json.gz"}, Output: folder})
	require.NoError(t, err)
	require.NoError(t, load.Load(ctx, pool, folder, func(load.Result) {}))

	service := serve(t, postgres.New(pool))
	for _, query := range []string{gc + "&compare=os", gc + "&version=52&compare=version&e10s_enabled=true", gc + "&compare=date&process=content", gc + "&compare=e10s_enabled"} {
		p := open(t, "light", 1440, service.address+query)
		p.click("#sql")
		p.Await(`document.getElementById('queries').open`)
		rows, err := pool.Query(ctx, evaluate[string](p, `document.querySelector('[data-sql=PostgreSQL]').textContent`))
		require.NoError(t, err)
		numbers := map[string][]int64{}
		for rows.Next() {
			values, err := rows.Values()
			require.NoError(t, err)
			last := len(values) - 1
			var histogram []int64
			for _, n := range values[last].([]any) {
				one, _ := n.(int64) // NULL is 0
				histogram = append(histogram, one)
			}
			series, _ := values[last-1].(string)
			if name, ok := values[0].(string); ok && query == gc+"&compare=date&process=content" {
				series = name
			}
			numbers[series] = histogram
		}
		require.NoError(t, rows.Err())
		names := evaluate[[]string](p, `[...document.querySelectorAll('#view > .scroll thead th')].slice(1).map((c) => c.textContent.replaceAll('-', '').replace(/^\(no .*/, ''))`)
		require.Len(t, numbers, len(names), query)
		require.NotEmpty(t, names)
		for i, name := range names {
			shown := evaluate[[]int64](p, `[...document.querySelectorAll('#buckets tbody tr')].map((r) => Number(r.cells[`+float(float64(1+3*i))+`].dataset.value))`)
			found := numbers[name]
			require.NotNil(t, found, "%s: %v", name, names)
			buckets := found[:len(found)-2]
			first := slices.IndexFunc(shown, func(n int64) bool { return n > 0 })
			require.GreaterOrEqual(t, first, 0)
			for at := first; at < len(shown); at++ {
				offset := slices.IndexFunc(buckets, func(n int64) bool { return n > 0 }) - first
				require.Equal(t, buckets[at+offset], shown[at], "%s, bucket %d", name, at)
			}
		}
		p.requireQuiet(service.address)
	}
	requireEvolution(t, service, pool)
}

// requireEvolution holds the query of an evolution to give the samples and the sum of each date and series.
func requireEvolution(t *testing.T, service *service, pool *pgxpool.Pool) {
	t.Helper()
	query := gc + "&compare=os&few=1"
	p := open(t, "light", 1440, service.address+query+"&view=evolution")
	p.click("#sql")
	p.Await(`document.getElementById('queries').open`)
	rows, err := pool.Query(context.Background(), evaluate[string](p, `document.querySelector('[data-sql=PostgreSQL]').textContent`))
	require.NoError(t, err)
	samples := map[string]string{}
	for rows.Next() {
		values, err := rows.Values()
		require.NoError(t, err)
		last := len(values) - 1
		var n int64
		histogram := values[last].([]any)
		for _, bucket := range histogram[:len(histogram)-2] {
			one, _ := bucket.(int64)
			n += one
		}
		samples[values[0].(string)+" "+values[last-1].(string)] = float(float64(n))
	}
	require.NoError(t, rows.Err())
	shown := map[string]string{}
	for _, row := range evaluate[[][]string](p, `[...document.querySelectorAll('#points tbody tr')].map((r) => [r.cells[0].dataset.value + ' ' + r.cells[0].textContent.split(', ')[1], r.cells[2].dataset.value])`) {
		shown[row[0]] = row[1]
	}
	require.NotEmpty(t, shown)
	require.Equal(t, samples, shown)
	p.requireQuiet(service.address)
}
