package api_test

import (
	"context"
	"net/http"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/headcount-hll/headcount/internal/pgtest"
	"github.com/headcount-hll/headcount/rollup/api"
	"github.com/headcount-hll/headcount/rollup/load"
	"github.com/headcount-hll/headcount/rollup/store/postgres"
)

// While PostgreSQL is down an answer is 503, and with it back the same server answers as before.
func TestAPI_RecoversWhenPostgreSQLIsBack(t *testing.T) {
	runtime.LockOSThread() // the server ends with the thread that started it
	database, err := pgtest.Start(os.TempDir(), "fsync = off")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(database.Stop)
	pool, err := postgres.Connect(context.Background(), database.Connection)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	if err := load.Load(context.Background(), pool, partials(t), func(load.Result) {}); err != nil {
		t.Fatal(err)
	}
	server := serve(t, api.Config{Store: postgres.New(pool)})
	before, want := get(t, server.URL+ofNightly+"GC_MS")
	if before.StatusCode != http.StatusOK {
		t.Fatalf("status %s: %s", before.Status, want)
	}
	database.Kill()
	const other = "/v1/build_id/sums?channel=nightly&version=51&date=20161101&metric=GC_MS"
	down, body := get(t, server.URL+other)
	if down.StatusCode != http.StatusServiceUnavailable || down.Header.Get("Retry-After") == "" || strings.Contains(strings.ToLower(body), "sql") {
		t.Errorf("status %s, Retry-After %q, body %s: want 503 without a word of SQL", down.Status, down.Header.Get("Retry-After"), body)
	}
	if err := database.Resume(); err != nil {
		t.Fatal(err)
	}
	for deadline := time.Now().Add(2 * time.Minute); ; time.Sleep(50 * time.Millisecond) {
		up, _ := get(t, server.URL+other)
		if up.StatusCode == http.StatusOK {
			break
		}
		if time.Now().After(deadline) {
			t.Fatalf("status %s with the server back", up.Status)
		}
	}
	if _, got := get(t, server.URL+ofNightly+"GC_MS"); got != want {
		t.Errorf("the answer is %s, was %s", got, want)
	}
}
