// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"database/sql"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/headcount-hll/headcount/internal/pgtest"
	"github.com/headcount-hll/headcount/report/state"
)

// on writes a report with one query on a source, and the file of sources. It returns the arguments of run.
func on(t *testing.T, server, limit, query string) []string {
	t.Helper()
	folder := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(folder, name)
		require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
		return path
	}
	write("connection", "postgres://reports:not-to-see@127.0.0.1:1/postgres?sslmode=disable\n")
	sources := write("sources.yaml", "s: "+server+"\n")
	return []string{write("r.md", "---\ntitle: R\nsource: s\ntimeout: "+limit+"\n---\n```sql name=q\n"+query+"\n```\n"), "--sources", sources}
}

func TestRun_SaysThatTheEngineIsDown(t *testing.T) {
	for _, server := range []string{
		"{engine: postgresql, connection_file: connection}", "{engine: trino, url: 'http://127.0.0.1:1', user: x}", "{engine: prestodb, url: 'http://127.0.0.1:1', user: x}",
	} {
		t.Run(server, func(t *testing.T) {
			t.Parallel() // Trino's client tries for 15 seconds
			path, err := run(t, on(t, server, "10m", "SELECT 1 AS one")...)
			require.ErrorContains(t, err, "sql block q: ")
			require.ErrorContains(t, err, "connection refused")
			require.NotContains(t, err.Error(), "not-to-see")
			page, err := os.ReadFile(path)
			require.NoError(t, err)
			require.Contains(t, string(page), "This run failed")
			require.NotContains(t, string(page), "not-to-see")
		})
	}
}

func TestRun_LimitCancelsTheQueryOnPostgreSQL(t *testing.T) {
	runtime.LockOSThread() // the server ends with the thread that started it
	server, err := pgtest.Start(os.TempDir(), "fsync = off")
	require.NoError(t, err)
	t.Cleanup(server.Stop)
	pg := "{engine: postgresql, connection_file: '" + server.Connection + "'}"
	_, err = run(t, on(t, pg, "1s", "SELECT pg_sleep(600) AS slow")...)
	require.ErrorContains(t, err, "sql block q: the time limit of 1s ended it")
	_, err = run(t, on(t, pg, "1m", "SELEC 1")...)
	require.ErrorContains(t, err, `syntax error at or near "SELEC"`)
	running := on(t, pg, "1m", "SELECT count(*) AS n, 1 / (1 - least(count(*), 1)) AS fails_if_it_runs FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep%' AND state = 'active'")
	require.Eventually(t, func() bool { _, err := run(t, running...); return err == nil }, 2*time.Minute, 100*time.Millisecond, "the query goes on without its client")
}

// A server that speaks Trino's protocol and never ends a query.
func TestRun_LimitCancelsTheQueryByTrinosProtocol(t *testing.T) {
	var cancelled atomic.Bool
	var address string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodDelete {
			cancelled.Store(true)
			w.WriteHeader(http.StatusNoContent)
			return
		}
		fmt.Fprintf(w, `{"id": "q", "nextUri": "%s/v1/statement/q/1", "stats": {"state": "RUNNING"}}`, address)
	}))
	defer server.Close()
	address = server.URL
	_, err := run(t, on(t, "{engine: trino, url: '"+address+"', user: x, catalog: c, schema: s}", "1s", "SELECT 1 AS one")...)
	require.ErrorContains(t, err, "sql block q: the time limit of 1s ended it")
	require.Eventually(t, cancelled.Load, 2*time.Minute, 10*time.Millisecond)
}

// ownProcess runs a test in a process of its own, and reports whether this is that process. The limit of files is one of the process, and
// must not hold for what go test writes of the tests that it runs.
func ownProcess(t *testing.T) bool {
	t.Helper()
	const name = "HEADCOUNT_TEST_LIMITED"
	if os.Getenv(name) != "" {
		return true
	}
	command := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^"+t.Name()+"$", "-test.v")
	command.Env = append(os.Environ(), name+"=1")
	said, err := command.CombinedOutput()
	require.NoError(t, err, string(said))
	require.Contains(t, string(said), "--- PASS: "+t.Name())
	return false
}

// limitFiles makes every file that grows above n bytes a write error, as a full disk does. It is for tests in their own process.
func limitFiles(t *testing.T, n uint64) (restore func()) {
	t.Helper()
	var before syscall.Rlimit
	require.NoError(t, syscall.Getrlimit(syscall.RLIMIT_FSIZE, &before))
	signal.Ignore(syscall.SIGXFSZ)
	require.NoError(t, syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: n, Max: before.Max}))
	restore = func() { require.NoError(t, syscall.Setrlimit(syscall.RLIMIT_FSIZE, &before)) }
	t.Cleanup(restore)
	return restore
}

// whole holds the state file of a folder to be whole.
func whole(t *testing.T, folder string) {
	t.Helper()
	db, err := sql.Open("sqlite", filepath.Join(folder, "state.sqlite"))
	require.NoError(t, err)
	defer db.Close()
	var said string
	require.NoError(t, db.QueryRowContext(t.Context(), "PRAGMA integrity_check").Scan(&said))
	require.Equal(t, "ok", said)
}

func TestServe_FullDiskFailsRunsAndUploadsAndLeavesTheHistoryWhole(t *testing.T) {
	if !ownProcess(t) {
		return
	}
	s := newService(t, token)
	files := s.files()
	s.form("small.md", small, "token", token)
	_, first := s.post("small", url.Values{"token": {token}})
	s.work(t.Context())

	restore := limitFiles(t, 200<<10) // the page does not fit, the history does
	_, second := s.post("small", url.Values{"token": {token}})
	s.work(t.Context())
	status, said := s.put("large.ipynb", strings.Replace(smallest, "text", strings.Repeat("x", 300<<10), 1))
	require.Equal(t, http.StatusInsufficientStorage, status)
	require.Contains(t, said, "large.ipynb was not stored: file too large")
	status, _ = s.do(http.MethodPut, "/reports/small.md?replace=yes", "", strings.NewReader(small+strings.Repeat("x", 300<<10)), token)
	require.Equal(t, http.StatusInsufficientStorage, status)
	restore()

	text, _ := s.get(second)
	require.Contains(t, text, "failed")
	require.Contains(t, text, "file too large")
	require.Len(t, s.files(), len(files)+1, "no part of an upload is left")
	stored, err := os.ReadFile(filepath.Join(s.folder, "small.md"))
	require.NoError(t, err)
	require.Equal(t, small, string(stored))
	_, third := s.post("small", url.Values{"token": {token}})
	s.work(t.Context())
	for _, at := range []string{first, third} {
		text, _ := s.get(at)
		require.Contains(t, text, "succeeded")
	}
	whole(t, filepath.Join(s.folder, "state"))
}

func TestServe_FullDiskOfTheStateLosesNoRun(t *testing.T) {
	if !ownProcess(t) {
		return
	}
	s := newService(t, token)
	s.form("small.md", small, "token", token)
	restore := limitFiles(t, 4096) // no page of the state can be written
	status, _ := s.post("small", url.Values{"token": {token}})
	require.Equal(t, http.StatusServiceUnavailable, status, "the client is told")
	restore()
	whole(t, filepath.Join(s.folder, "state"))
	_, at := s.post("small", url.Values{"token": {token}})
	s.work(t.Context())
	text, _ := s.get(at)
	require.Contains(t, text, "succeeded")
}

// In each round the command is killed with SIGKILL at another moment. No run is lost, and the pages of successful runs are complete.
func TestServe_KilledAtAnyMomentKeepsTheHistory(t *testing.T) {
	if folder := os.Getenv("HEADCOUNT_TEST_SERVED"); folder != "" {
		c := serveCommand()
		c.SetArgs([]string{folder, "--listen", "127.0.0.1:0"})
		c.SetErr(io.Discard)
		require.NoError(t, c.ExecuteContext(t.Context()))
	}
	folder := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(folder, "r.md"), []byte("---\ntitle: R\nschedule: \"* * * * *\"\n---\n```sql name=q\nSELECT sum(hash(i)) AS n FROM range(100000000) t(i)\n```\n"), 0o600))
	db, err := openState(t, folder)
	require.NoError(t, err)
	random := rand.New(rand.NewPCG(3, 4))
	var requested []int64
	serve := func() *exec.Cmd {
		child := exec.Command(os.Args[0], "-test.run=^TestServe_KilledAtAnyMomentKeepsTheHistory$")
		child.Env = append(os.Environ(), "HEADCOUNT_TEST_SERVED="+folder)
		require.NoError(t, child.Start())
		return child
	}
	for round := range 6 {
		child := serve()
		for range 3 {
			id, err := db.Request(t.Context(), "r", nil, time.Now())
			require.NoError(t, err)
			requested = append(requested, id)
		}
		require.Eventually(t, func() bool {
			r, err := db.Run(t.Context(), requested[len(requested)-3])
			return err == nil && r.State != state.Queued
		},
			5*time.Minute, time.Millisecond, "the first run of the round does not start")
		time.Sleep(time.Duration(round%2*random.IntN(600)) * time.Millisecond) // in every other round the run has just begun
		require.NoError(t, child.Process.Kill())
		_ = child.Wait()
	}
	child := serve()
	defer func() { _ = child.Process.Kill(); _ = child.Wait() }()
	ends := map[string]int{}
	for _, id := range requested {
		var r *state.Run
		require.Eventually(t, func() bool {
			r, err = db.Run(t.Context(), id)
			return err == nil && !r.Ended.IsZero()
		}, 5*time.Minute, 20*time.Millisecond, "run %d does not end", id)
		ends[r.State]++
		if r.State == state.Succeeded {
			page, err := os.ReadFile(filepath.Join(folder, ".headcount-reports", r.Output))
			require.NoError(t, err)
			require.Contains(t, string(page), "</html>")
		} else {
			require.Equal(t, state.Killed, r.State, r.Why)
			require.Equal(t, "its process ended while it ran", r.Why)
		}
	}
	require.NotZero(t, ends[state.Succeeded])
	require.NotZero(t, ends[state.Killed])
	t.Log(ends)
	whole(t, filepath.Join(folder, ".headcount-reports"))
}

// A server with 10,000 runs of history is ready when it serves its list.
func TestServe_StartsOnTenThousandRunsOfHistory(t *testing.T) {
	s := newService(t, token)
	s.form("small.md", small, "token", token)
	e := s.serving.folder.Find("small")
	plan := state.Plan{Report: "small", Next: func(at time.Time) time.Time { return at.Add(time.Minute) }, Overlap: "skip", CatchUp: "none"}
	require.NotNil(t, e)
	past := time.Now().AddDate(0, 0, -8)
	for _, at := range []time.Time{past, past.AddDate(0, 0, 8)} {
		_, err := s.db.Examine(t.Context(), plan, at)
		require.NoError(t, err)
	}
	began := time.Now()
	again, err := state.Open(context.Background(), filepath.Join(s.folder, "state", "state.sqlite"))
	require.NoError(t, err)
	defer again.Close()
	require.NoError(t, s.scheduler.Tick(t.Context()))
	list, _ := s.get("/")
	history, _ := s.get("/reports/small")
	t.Logf("state, first tick, list and history with %d runs: %s", state.MaxDue, time.Since(began))
	s.scheduler.Wait()
	require.Contains(t, list, `href="/reports/small"`)
	require.Contains(t, history, "no server ran when it was due")
	require.Contains(t, history, "Older runs")
}
