// SPDX-License-Identifier: Apache-2.0

package e2e

import (
	"context"
	"database/sql"
	"fmt"
	"math/rand/v2"
	"os"
	"reflect"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/headcount-hll/headcount/internal/trinotest"
)

// A soakQuery is a query and its expected result.
type soakQuery struct {
	sql  string
	want [][]string
}

// TestSoak runs queries from 16 clients, or HEADCOUNT_SOAK_CLIENTS, for 20 s, or for HEADCOUNT_SOAK, and cancels a third of them. It checks every
// result. Afterwards the server must be alive, must have released all reserved memory, and must need about as much
// memory as after the warm-up.
func TestSoak(t *testing.T) {
	length := soakLength(t, 20*time.Second)
	s := soaking{db: db, clients: soakClients(t), queries: soakQueries(t)}
	t.Logf("warm-up  %v", s.warmUp(t))
	before := weigh(t)
	result := s.soak(t, length)
	t.Logf("soak     %v in %v", result, length)
	after := weigh(t)
	t.Logf("memory   before %v", before)
	t.Logf("memory   after  %v", after)

	assertAlive(t)
	assert.Zero(t, result.wrong.Load(), "wrong results")
	assert.Zero(t, result.failed.Load(), "failed queries that were not cancelled")
	assert.Positive(t, result.completed.Load())
	assert.Positive(t, result.cancelled.Load())
	assert.Zero(t, after.reserved, "bytes that the memory pool still holds for queries")
	const mega = 1 << 20
	assert.LessOrEqual(t, after.heap, before.heap+before.heap/4+64*mega, "live heap")
	assert.LessOrEqual(t, after.resident, before.resident+before.resident/4+128*mega, "resident memory")
}

// soakLength returns HEADCOUNT_SOAK, or a shorter time if it is not set.
func soakLength(t *testing.T, short time.Duration) time.Duration {
	t.Helper()
	text := os.Getenv("HEADCOUNT_SOAK")
	if text == "" {
		return short
	}
	length, err := time.ParseDuration(text)
	require.NoError(t, err, "HEADCOUNT_SOAK")
	return length
}

func soakClients(t *testing.T) int {
	t.Helper()
	text := os.Getenv("HEADCOUNT_SOAK_CLIENTS")
	if text == "" {
		return 16
	}
	clients, err := strconv.Atoi(text)
	require.NoError(t, err, "HEADCOUNT_SOAK_CLIENTS")
	require.Positive(t, clients, "HEADCOUNT_SOAK_CLIENTS")
	return clients
}

// soakQueries returns queries with results from the fixture, and some whose result is queried once beforehand.
func soakQueries(t *testing.T) []soakQuery {
	t.Helper()
	seed := expected(t, "expected_seed_query.csv")
	queries := []soakQuery{
		{seedQuery, seed},
		{over(t, seedQuery, "client_count_sparse"), seed},
		{statements(t, "engagement.sql")[0], firstColumns(expected(t, "expected_engagement.csv"), 6)},
		{"SELECT os, cardinality(merge(cast(hll AS HLL))) FROM client_count_sparse GROUP BY os ORDER BY os",
			firstColumns(expected(t, "expected_by_os.csv"), 2)},
	}
	for _, query := range []string{
		// Many groups with few entries, and few groups with many.
		"SELECT count(*), sum(cardinality(s)) FROM (SELECT merge(hll_create(client_id, 12)) AS s FROM client_activity WHERE activitydate < DATE '2016-09-12' GROUP BY client_id)",
		"SELECT os, cardinality(hll_agg(client_id, 14)) FROM client_activity WHERE activitydate < DATE '2016-09-19' GROUP BY os ORDER BY os",
		"SELECT cardinality(hll_reduce(merge(hll_create(cast(orderkey AS varchar), 16)), 12)) FROM tpch.tiny.orders",
		"SELECT count(DISTINCT to_hex(cast(cast(hll AS HLL) AS varbinary))) FROM client_count WHERE activitydate = DATE '2016-09-06'",
	} {
		queries = append(queries, soakQuery{query, text(rows(t, query))})
	}
	return queries
}

// A tally counts finished and cancelled queries. A query is lost if its failure is excused.
type tally struct {
	completed, cancelled, wrong, failed, lost atomic.Int64
}

func (r *tally) String() string {
	return fmt.Sprintf("%d queries completed, %d cancelled, %d wrong, %d failed",
		r.completed.Load(), r.cancelled.Load(), r.wrong.Load(), r.failed.Load())
}

// A soaking has its clients and what they ask. excused, if it is there, is asked whether the failure of a query that began at a time was to
// be expected.
type soaking struct {
	db      *sql.DB
	clients int
	queries []soakQuery
	excused func(began time.Time, failure error) bool
}

// warmUp runs queries until the server's history is full (query.max-history is 100) and their code is compiled.
func (s soaking) warmUp(t *testing.T) *tally {
	t.Helper()
	result := &tally{}
	s.while(t, result, func() bool {
		return result.completed.Load()+result.cancelled.Load()+result.failed.Load() < 150
	})
	return result
}

func (s soaking) soak(t *testing.T, length time.Duration) *tally {
	t.Helper()
	result := &tally{}
	end := time.Now().Add(length)
	s.while(t, result, func() bool { return time.Now().Before(end) })
	return result
}

func (s soaking) while(t *testing.T, result *tally, more func() bool) {
	t.Helper()
	var wait sync.WaitGroup
	for client := range s.clients {
		wait.Go(func() {
			random := rand.New(rand.NewPCG(20160905, uint64(client)))
			for more() {
				s.ask(t, s.queries[random.IntN(len(s.queries))], random, result)
			}
		})
	}
	wait.Wait()
}

// ask runs a query. It cancels one query in three, after a random time.
func (s soaking) ask(t *testing.T, query soakQuery, random *rand.Rand, result *tally) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	if random.IntN(3) == 0 {
		timer := time.AfterFunc(time.Duration(random.Int64N(int64(2*time.Second))), cancel)
		defer timer.Stop()
	}
	began := time.Now()
	got, err := trinotest.Fetch(ctx, s.db, query.sql)
	switch {
	case ctx.Err() != nil:
		result.cancelled.Add(1)
	case err != nil && s.excused != nil && s.excused(began, err):
		result.lost.Add(1)
	case err != nil:
		result.failed.Add(1)
		t.Errorf("%.120s: %v", query.sql, err)
	case !reflect.DeepEqual(text(got), query.want):
		result.wrong.Add(1)
		t.Errorf("%.120s: unexpected result", query.sql)
	default:
		result.completed.Add(1)
	}
}

// A weight is the memory of the idle server, in bytes.
type weight struct {
	heap, resident, reserved int64
	how                      string
}

func (w weight) String() string {
	const mega = 1 << 20
	return fmt.Sprintf("live heap %d MB, resident %d MB, reserved by queries %d bytes%s", w.heap/mega, w.resident/mega, w.reserved, w.how)
}

// weigh waits for the queries to end, runs a garbage collection and measures. For a server that the tests did not start
// it returns only the used heap, including garbage.
func weigh(t *testing.T) weight {
	t.Helper()
	endAbandoned(t)
	var status nodeStatus
	assert.Eventually(t, func() bool {
		var err error
		status, err = server.nodeStatus()
		return err == nil && status.MemoryInfo.Pool.ReservedBytes == 0
	}, time.Minute, 500*time.Millisecond, "no query runs, and memory is still reserved for one")
	w := weight{heap: status.HeapUsed, reserved: status.MemoryInfo.Pool.ReservedBytes}
	if server.mode == "" {
		w.how = " (a server of others: used heap with garbage, resident memory unknown)"
		return w
	}
	p, err := server.process()
	require.NoError(t, err)
	w.heap, w.resident = settle(t, p)
	return w
}

// settle measures a process until its memory stops shrinking: Trino forgets finished tasks after 30 s, and the JVM
// returns memory to the system some seconds after a collection.
func settle(t *testing.T, p process) (heap, resident int64) {
	t.Helper()
	for range 12 {
		time.Sleep(5 * time.Second)
		nowHeap, err := p.liveHeap()
		require.NoError(t, err)
		nowResident, err := p.resident()
		require.NoError(t, err)
		settled := heap > 0 && nowHeap > heap-heap/50 && nowResident > resident-resident/50
		heap, resident = nowHeap, nowResident
		if settled {
			break
		}
	}
	return heap, resident
}

// endAbandoned waits for the queries to end and kills those without a client. A client that disconnects during its first
// request does not know the query id, so it cannot cancel the query; Trino would end it after five minutes.
func endAbandoned(t *testing.T) {
	t.Helper()
	const others = ` FROM system.runtime.queries WHERE state NOT IN ('FINISHED', 'FAILED', 'FINISHING')
		AND query NOT LIKE '%system.runtime.queries%'`
	running := func() int64 { return value(t, "SELECT count(*)"+others).(int64) }
	for range 20 {
		if running() == 0 {
			return
		}
		time.Sleep(500 * time.Millisecond)
	}
	if server.mode != "" {
		p, err := server.process()
		require.NoError(t, err)
		inside, err := p.insidePlugin()
		require.NoError(t, err)
		assert.Zero(t, inside, "threads inside the plugin when no client asks")
	}
	for _, row := range rows(t, "SELECT query_id, state, date_diff('second', last_heartbeat, now()), substr(query, 1, 60)"+others) {
		t.Logf("abandoned by its client: %v", text([][]any{row})[0])
		_, err := trinotest.Fetch(context.Background(), db, fmt.Sprintf("CALL system.runtime.kill_query('%s', 'abandoned')", row[0]))
		if err != nil {
			t.Logf("it ended by itself: %v", err)
		}
	}
	require.Eventually(t, func() bool { return running() == 0 }, time.Minute, 500*time.Millisecond, "queries that cannot be killed")
}
