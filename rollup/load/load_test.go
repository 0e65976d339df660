package load_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/headcount-hll/headcount/internal/pgtest"
	"github.com/headcount-hll/headcount/rollup/load"
	"github.com/headcount-hll/headcount/rollup/partial"
	"github.com/headcount-hll/headcount/rollup/store"
	"github.com/headcount-hll/headcount/rollup/store/files"
	"github.com/headcount-hll/headcount/rollup/store/postgres"
)

var server *pgtest.Server

func TestMain(m *testing.M) {
	var err error
	if server, err = pgtest.Start(os.TempDir(), "fsync = off"); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	status := m.Run()
	server.Stop()
	os.Exit(status)
}

// connect returns connections to an empty database.
func connect(t *testing.T) *pgxpool.Pool {
	t.Helper()
	ctx := context.Background()
	pool, err := pgxpool.New(ctx, server.URL(server.Password()))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := pool.Exec(ctx, "DROP SCHEMA IF EXISTS headcount_rollup CASCADE"); err != nil {
		t.Fatal(err)
	}
	pool.Close()
	if pool, err = postgres.Connect(ctx, server.Connection); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	return pool
}

// writeDays writes partial aggregates of both kinds: days of rows rows each, whose builds overlap.
func writeDays(t *testing.T, root string, days []string, rows int, value int64) {
	t.Helper()
	for _, kind := range partial.Kinds {
		for _, day := range days {
			w, err := partial.NewWriter(root, kind, day, []string{"e10s_enabled"})
			if err != nil {
				t.Fatal(err)
			}
			for i := range rows {
				r := partial.Row{
					Channel: []string{"nightly", "beta"}[i%2], Version: "51", Application: "Firefox", Architecture: "x86", OS: "Linux",
					OSVersion: []string{"4.4", "4'.8"}[i/2%2], Extra: []string{"true"}, Metric: fmt.Sprintf("M%d", i/8), Label: fmt.Sprintf("l%d", i/4%2),
					Process: "parent", Histogram: make([]int64, 3+i%5), Sum: value, Count: 1,
				}
				r.Histogram[i%3] = value
				if kind == partial.BuildID {
					r.BuildID = "20261101"
				}
				if err := w.Write(&r); err != nil {
					t.Fatal(err)
				}
			}
			if err := w.Close(); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func loadAll(t *testing.T, pool *pgxpool.Pool, root string) (loaded, skipped int) {
	t.Helper()
	err := load.Load(context.Background(), pool, root, func(r load.Result) {
		if r.Skipped {
			skipped++
		} else {
			loaded++
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	return loaded, skipped
}

// checkEqual asks both stores for everything and compares.
func checkEqual(t *testing.T, pool *pgxpool.Pool, root string) {
	t.Helper()
	ctx := context.Background()
	want, err := files.Open(root)
	if err != nil {
		t.Fatal(err)
	}
	got := postgres.New(pool)
	asked := 0
	same := func(what string, ask func(s store.Store) (any, error)) {
		t.Helper()
		asked++
		g, errGot := ask(got)
		w, errWant := ask(want)
		if errGot != nil || errWant != nil || !reflect.DeepEqual(g, w) {
			t.Errorf("%s: %v, %v from PostgreSQL; %v, %v from files", what, g, errGot, w, errWant)
		}
	}
	same("columns", func(s store.Store) (any, error) { return s.Columns(ctx) })
	for _, kind := range partial.Kinds {
		same("channels", func(s store.Store) (any, error) { return s.Channels(ctx, kind) })
		channels, err := want.Channels(ctx, kind)
		if err != nil {
			t.Fatal(err)
		}
		for _, channel := range channels {
			same("dates", func(s store.Store) (any, error) { return s.Dates(ctx, kind, channel) })
			dates, err := want.Dates(ctx, kind, channel)
			if err != nil {
				t.Fatal(err)
			}
			for _, d := range dates {
				same("values", func(s store.Store) (any, error) { return s.Values(ctx, channel, d.Version) })
				v, err := want.Values(ctx, channel, d.Version)
				if err != nil {
					t.Fatal(err)
				}
				for _, group := range [][]string{nil, {"label"}, {"process", "os"}, {"e10s_enabled", "os"}} {
					for _, where := range [][]store.Condition{nil, {{Column: "os_version", Values: []string{"4.4", "6.1"}}}, {{Column: "os", Values: []string{"Linux"}}}, {{Column: "e10s_enabled", Values: []string{"true"}}}} {
						q := &store.Query{Kind: kind, Channel: channel, Version: d.Version, Dates: []string{d.Date}, Metrics: v.Metrics, GroupBy: group, Where: where}
						same(fmt.Sprintf("%+v", q), func(s store.Store) (any, error) { return s.Sums(ctx, q) })
					}
				}
			}
		}
	}
	if asked < 20 {
		t.Errorf("only %d questions compared", asked)
	}
}

func TestLoad_TwiceIsTheSameAsOnce(t *testing.T) {
	pool, root := connect(t), t.TempDir()
	writeDays(t, root, []string{"20261101", "20261102"}, 300, 7)
	if loaded, skipped := loadAll(t, pool, root); loaded != 4 || skipped != 0 {
		t.Errorf("%d files loaded and %d skipped, want 4 and 0", loaded, skipped)
	}
	checkEqual(t, pool, root)
	if loaded, skipped := loadAll(t, pool, root); loaded != 0 || skipped != 4 {
		t.Errorf("%d files loaded and %d skipped the second time, want 0 and 4", loaded, skipped)
	}
	checkEqual(t, pool, root)
}

func TestLoad_AtTheSameTimeIsTheSameAsOnce(t *testing.T) {
	pool, root := connect(t), t.TempDir()
	writeDays(t, root, []string{"20261101", "20261102", "20261103"}, 500, 3)
	var group sync.WaitGroup
	for range 3 {
		group.Go(func() {
			if err := load.Load(context.Background(), pool, root, func(load.Result) {}); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	checkEqual(t, pool, root)
}

func TestLoad_SaturatesSums(t *testing.T) {
	pool, root := connect(t), t.TempDir()
	writeDays(t, root, []string{"20261101", "20261102", "20261103"}, 20, 1<<62)
	loadAll(t, pool, root)
	checkEqual(t, pool, root)
}

func TestLoad_RejectsADayWithOtherContent(t *testing.T) {
	pool, root := connect(t), t.TempDir()
	writeDays(t, root, []string{"20261101"}, 50, 1)
	loadAll(t, pool, root)
	writeDays(t, root, []string{"20261101"}, 50, 2)
	err := load.Load(context.Background(), pool, root, func(load.Result) {})
	if err == nil || !strings.Contains(err.Error(), "rebuild") {
		t.Fatalf("error %v, want one that names rebuild", err)
	}
	if err := load.Rebuild(context.Background(), pool, root, func(load.Result) {}); err != nil {
		t.Fatal(err)
	}
	checkEqual(t, pool, root)
}

// A second day gives rows that the table has, rows that it lacks and longer histograms, in more than one batch.
// Version 1 of the schema kept these digests for these days.
func TestLoad_SkipsDaysThatAnOlderVersionLoaded(t *testing.T) {
	ctx, pool, root := context.Background(), connect(t), t.TempDir()
	writeDays(t, root, []string{"20261101", "20261102"}, 50, 7)
	for _, day := range [...][3]string{
		{"build_id", "20261101", "c0a697fd9c6e1c6fc97104d7752b4538286648af614bc41ed9d8681cd6ea1d64"},
		{"build_id", "20261102", "c0a697fd9c6e1c6fc97104d7752b4538286648af614bc41ed9d8681cd6ea1d64"},
		{"submission_date", "20261101", "64391f08e010af00bc8593d484eff4225014953f3bec454bf445a3b55f186b1c"},
		{"submission_date", "20261102", "0313eb7920a5577215a24184d6f756cd283b3de1e392b9404551e5cc1ee09607"},
	} {
		_, err := pool.Exec(ctx, "INSERT INTO headcount_rollup.loads (kind, submission_date, digest, rows, dimensions) VALUES ($1, $2, $3, 50, '{e10s_enabled}')",
			day[0], day[1], day[2])
		if err != nil {
			t.Fatal(err)
		}
	}
	// From then on files are known by their bytes, whatever their rows are.
	for _, change := range []string{"SELECT", "UPDATE headcount_rollup.loads SET digest = 'unknown'"} {
		if _, err := pool.Exec(ctx, change); err != nil {
			t.Fatal(err)
		}
		if loaded, skipped := loadAll(t, pool, root); loaded != 0 || skipped != 4 {
			t.Errorf("%s: %d loaded, %d skipped: want 4 skipped", change, loaded, skipped)
		}
	}
	if _, err := pool.Exec(ctx, "UPDATE headcount_rollup.loads SET file_digest = 'another'"); err != nil {
		t.Fatal(err)
	}
	err := load.Load(ctx, pool, root, func(load.Result) {})
	if err == nil || !strings.Contains(err.Error(), "loaded before with other content") {
		t.Errorf("error %v, want one that names other content", err)
	}
}

func TestLoad_AddsToRowsThatAreThere(t *testing.T) {
	pool, root := connect(t), t.TempDir()
	writeDays(t, root, []string{"20261101"}, 3_000, 7)
	loadAll(t, pool, root)
	writeDays(t, root, []string{"20261102"}, 10_000, 5)
	writeDays(t, root, []string{"20261103"}, 10_000, 11)
	if loaded, skipped := loadAll(t, pool, root); loaded != 4 || skipped != 2 {
		t.Errorf("%d files loaded and %d skipped, want 4 and 2", loaded, skipped)
	}
	checkEqual(t, pool, root)
}

// TestLoad_KeepsRowsOfOtherChannels: keys do not have the channel, and a batch can have rows of two. A row of a channel must not take that of another
// one with it.
func TestLoad_KeepsRowsOfOtherChannels(t *testing.T) {
	pool, root := connect(t), t.TempDir()
	for day, rows := range map[string][][2]string{
		"20261101": {{"beta", "A"}, {"beta", "B"}, {"nightly", "A"}, {"nightly", "B"}}, "20261102": {{"beta", "A"}, {"nightly", "B"}},
	} {
		w, err := partial.NewWriter(root, partial.BuildID, day, nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range rows {
			r := partial.Row{Channel: row[0], Version: "51", BuildID: "20261101", Metric: row[1], Histogram: []int64{1}, Sum: 1, Count: 1}
			if err := w.Write(&r); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
	}
	loadAll(t, pool, root)
	var got string
	if err := pool.QueryRow(context.Background(), `SELECT string_agg(channel || ' ' || metric || ' ' || count, ', ' ORDER BY channel, metric)
		FROM headcount_rollup.rollups`).Scan(&got); err != nil {
		t.Fatal(err)
	}
	if want := "beta A 2, beta B 1, nightly A 1, nightly B 2"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

func TestLoad_RejectsARowThatOccursTwice(t *testing.T) {
	for name, twice := range map[string][]int{
		"one batch": {0, 1, 0}, "two batches": {0, 5_000, 0}, "two batches of a row that the table does not have": {1, 5_000, 1},
	} {
		t.Run(name, func(t *testing.T) {
			pool, root := connect(t), t.TempDir()
			for day, rows := range map[string][]int{"20261101": {0}, "20261102": twice} {
				w, err := partial.NewWriter(root, partial.BuildID, day, nil)
				if err != nil {
					t.Fatal(err)
				}
				for _, row := range rows {
					for i := range max(row, 1) {
						r := partial.Row{Channel: "beta", Version: "51", BuildID: "20261101", Metric: fmt.Sprintf("M%d", row+i), Histogram: []int64{1}, Sum: 1, Count: 1}
						if err := w.Write(&r); err != nil {
							t.Fatal(err)
						}
					}
				}
				if err := w.Close(); err != nil {
					t.Fatal(err)
				}
			}
			err := load.Load(context.Background(), pool, root, func(load.Result) {})
			if err == nil || !strings.Contains(err.Error(), "the same dimensions") {
				t.Fatalf("error %v, want one that names the same dimensions", err)
			}
			var count int64
			if err := pool.QueryRow(context.Background(), "SELECT sum(count) FROM headcount_rollup.rollups").Scan(&count); err != nil || count != 1 {
				t.Errorf("%d, %v: want the first day's row alone", count, err)
			}
		})
	}
}

// TestLoad_KeepsNothingOfAKilledLoad kills the server while a load runs, again and again, and loads at last.
func TestLoad_KeepsNothingOfAKilledLoad(t *testing.T) {
	pool, root := connect(t), t.TempDir()
	writeDays(t, root, []string{"20261101", "20261102"}, 20_000, 7)
	failed := 0
	for i := range 3 {
		ended := make(chan error, 1)
		go func() { ended <- load.Load(context.Background(), pool, root, func(load.Result) {}) }()
		time.Sleep(time.Duration(50*(i+1)) * time.Millisecond)
		server.Kill()
		if err := <-ended; err != nil {
			failed++
			if !strings.Contains(err.Error(), "run the command again") {
				t.Errorf("error %v, want one that says what to do", err)
			}
		}
		if err := server.Resume(); err != nil {
			t.Fatal(err)
		}
	}
	if failed == 0 {
		t.Error("no load was interrupted")
	}
	pool.Reset()
	loadAll(t, pool, root) // the same connections: no restart is needed
	var rows int64
	if err := pool.QueryRow(context.Background(), "SELECT sum(count) FROM headcount_rollup.rollups").Scan(&rows); err != nil {
		t.Fatal(err)
	}
	checkEqual(t, pool, root)
	if rows != 4*20_000 {
		t.Errorf("%d counted, want %d", rows, 4*20_000)
	}
}

// The server raises its error of a full disk after a day's rows are written.
func TestLoad_KeepsNothingWhereTheDiskIsFull(t *testing.T) {
	pool, root, ctx := connect(t), t.TempDir(), context.Background()
	writeDays(t, root, []string{"20261101"}, 100, 7)
	if _, err := pool.Exec(ctx, `CREATE FUNCTION headcount_rollup.full_disk() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
			RAISE EXCEPTION 'could not extend file' USING ERRCODE = 'disk_full';
		END $$;
		CREATE TRIGGER full_disk BEFORE INSERT ON headcount_rollup.loads FOR EACH ROW EXECUTE FUNCTION headcount_rollup.full_disk()`); err != nil {
		t.Fatal(err)
	}
	for name, run := range map[string]func(context.Context, *pgxpool.Pool, string, func(load.Result)) error{"load": load.Load, "rebuild": load.Rebuild} {
		err := run(ctx, pool, root, func(load.Result) {})
		if err == nil || !strings.Contains(err.Error(), "disk is full") {
			t.Errorf("%s: error %v, want one of a full disk", name, err)
		}
	}
	var rows int64
	if err := pool.QueryRow(ctx, "SELECT count(*) FROM headcount_rollup.rollups").Scan(&rows); err != nil || rows != 0 {
		t.Errorf("%d rows, %v: want none", rows, err)
	}
	if _, err := pool.Exec(ctx, "DROP FUNCTION headcount_rollup.full_disk CASCADE"); err != nil {
		t.Fatal(err)
	}
	loadAll(t, pool, root)
	checkEqual(t, pool, root)
}

func TestConnect_ExplainsErrors(t *testing.T) {
	pool := connect(t)
	folder := t.TempDir()
	file := func(text string) string {
		path := filepath.Join(folder, "connection")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	ctx := context.Background()
	for text, want := range map[string]string{
		server.URL("wrong"):        "password is wrong",
		"postgres://[secret":       "not a connection string",
		"postgres://127.0.0.1:1/x": "connect",
	} {
		_, err := postgres.Connect(ctx, file(text))
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: error %v, want one with %q", text, err, want)
		}
	}
	if err := postgres.Explain(fmt.Errorf("begin: %w", pgconn.ErrConnClosed)); !strings.Contains(err.Error(), "run the command again") {
		t.Errorf("error %v of a connection that was closed, want one that says what to do", err)
	}
	if _, err := pool.Exec(ctx, "INSERT INTO headcount_rollup.migrations (version) VALUES (1000)"); err != nil {
		t.Fatal(err)
	}
	if _, err := postgres.Connect(ctx, server.Connection); err == nil || !strings.Contains(err.Error(), "newer") {
		t.Errorf("error %v, want one of a newer schema", err)
	}
}

// TestAggregateHistograms_EqualsTheStore holds the SQL aggregate to the sums of the store.
func TestAggregateHistograms_EqualsTheStore(t *testing.T) {
	pool, root := connect(t), t.TempDir()
	writeDays(t, root, []string{"20261101", "20261102"}, 100, 5)
	loadAll(t, pool, root)
	q := &store.Query{Kind: partial.BuildID, Channel: "nightly", Version: "51", Dates: []string{"20261101"}, Metrics: []string{"M1"}}
	want, err := postgres.New(pool).Sums(context.Background(), q)
	if err != nil || len(want) != 1 {
		t.Fatalf("%v, %v", want, err)
	}
	var got []*int64
	err = pool.QueryRow(context.Background(), `SELECT headcount_rollup.aggregate_histograms(histogram || ARRAY[sum, count])
		FROM headcount_rollup.rollups WHERE kind = 'build_id' AND channel = 'nightly' AND version = '51' AND metric = 'M1'`).Scan(&got)
	if err != nil {
		t.Fatal(err)
	}
	for i, w := range append(want[0].Histogram, want[0].Sum, want[0].Count) {
		if n := got[i]; n == nil && w != 0 || n != nil && *n != w {
			t.Errorf("element %d differs: want %d", i, w)
		}
	}
}
