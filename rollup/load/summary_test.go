package load_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/headcount-hll/headcount/rollup/load"
	"github.com/headcount-hll/headcount/rollup/store/postgres"
)

// Rows of one summary come in several parts of a file.
func TestLoad_AddsSummariesInParts(t *testing.T) {
	t.Cleanup(load.SetSummariesKept(3))
	pool, root := connect(t), t.TempDir()
	writeDays(t, root, []string{"20261101", "20261102"}, 10_000, 7)
	loadAll(t, pool, root)
	checkEqual(t, pool, root)
}

func TestLoad_KeepsASummaryOfEachMetricAndDate(t *testing.T) {
	pool, root := connect(t), t.TempDir()
	writeDays(t, root, []string{"20261101", "20261102"}, 400, 7)
	loadAll(t, pool, root)
	for table, want := range map[string]int64{"rollups": 400 + 2*400, "summaries": (400 + 2*400) / 4} { // one build, two days; 8 rows of 2 channels a metric
		var rows int64
		if err := pool.QueryRow(context.Background(), "SELECT count(*) FROM headcount_rollup."+table).Scan(&rows); err != nil || rows != want {
			t.Errorf("%s has %d rows, %v: want %d", table, rows, err, want)
		}
	}
}

func TestConnect_MakesSummariesOfOlderVersions(t *testing.T) {
	for version, older := range map[int]string{
		1: "DROP TABLE headcount_rollup.summaries",
		2: "ALTER TABLE headcount_rollup.summaries RENAME COLUMN rows TO histogram",
	} {
		t.Run(fmt.Sprint(version), func(t *testing.T) {
			pool, root, ctx := connect(t), t.TempDir(), context.Background()
			writeDays(t, root, []string{"20261101", "20261102"}, 300, 7)
			loadAll(t, pool, root)
			otherKeys := "UPDATE headcount_rollup.rollups SET key = ('00000000' || substr(replace(key::text, '-', ''), 9))::uuid"
			if _, err := pool.Exec(ctx, fmt.Sprintf("%s; %s; DELETE FROM headcount_rollup.migrations WHERE version > %d", older, otherKeys, version)); err != nil {
				t.Fatal(err)
			}
			migrated, err := postgres.Connect(ctx, server.Connection)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(migrated.Close)
			checkEqual(t, migrated, root)
			writeDays(t, root, []string{"20261103"}, 300, 7) // of the same build
			loadAll(t, migrated, root)
			checkEqual(t, migrated, root)
			var rows int64
			if err := migrated.QueryRow(ctx, "SELECT count(*) FROM headcount_rollup.rollups WHERE kind = 'build_id'").Scan(&rows); err != nil || rows != 300 {
				t.Errorf("%d rows by build, %v: want 300, those of the older version", rows, err)
			}
		})
	}
}

// PostgreSQL plans with the statistics of the rows that were loaded.
func TestLoad_CollectsStatistics(t *testing.T) {
	ctx, pool, root := context.Background(), connect(t), t.TempDir()
	for name, run := range map[string]func(context.Context, *pgxpool.Pool, string, func(load.Result)) error{"load": load.Load, "rebuild": load.Rebuild} {
		writeDays(t, root, []string{"20261101"}, 400, 7)
		if err := run(ctx, pool, root, func(load.Result) {}); err != nil {
			t.Fatal(err)
		}
		for _, table := range []string{"rollups", "summaries", "dates", "filters"} {
			var known int64
			err := pool.QueryRow(ctx, "SELECT reltuples::bigint FROM pg_class WHERE oid = ('headcount_rollup.' || $1)::regclass", table).Scan(&known)
			if err != nil || known <= 0 {
				t.Errorf("%s: %d rows of %s known, %v", name, known, table, err)
			}
		}
		if _, err := pool.Exec(ctx, "UPDATE pg_class SET reltuples = -1 WHERE relnamespace = 'headcount_rollup'::regnamespace"); err != nil {
			t.Fatal(err)
		}
	}
}

// A migration fills the summaries from the rows that are there: rows of a load that runs meanwhile would be missing.
func TestConnect_MigratesWhileNothingIsLoaded(t *testing.T) {
	pool, ctx := connect(t), context.Background()
	loading := holdLoads(t, pool)
	brief := func() error {
		short, stop := context.WithTimeout(ctx, time.Second)
		defer stop()
		migrated, err := postgres.Connect(short, server.Connection)
		if err == nil {
			migrated.Close()
		}
		return err
	}
	if err := brief(); err != nil {
		t.Errorf("the schema is the newest, and still waits: %v", err)
	}
	if _, err := pool.Exec(ctx, "DELETE FROM headcount_rollup.migrations WHERE version > 2"); err != nil {
		t.Fatal(err)
	}
	if err := brief(); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("migrated beside a load: %v", err)
	}
	if err := loading.Rollback(ctx); err != nil {
		t.Fatal(err)
	}
	if err := brief(); err != nil {
		t.Error(err)
	}
}

// Rows are read in PostgreSQL's binary format, which two modes of the driver do not have.
func TestConnect_SaysWhichModesDoNotWork(t *testing.T) {
	pool, root, ctx := connect(t), t.TempDir(), context.Background()
	writeDays(t, root, []string{"20261101"}, 40, 7)
	loadAll(t, pool, root)
	for mode, works := range map[string]bool{"simple_protocol": false, "exec": false, "cache_describe": true, "describe_exec": true} {
		file := filepath.Join(t.TempDir(), "connection")
		if err := os.WriteFile(file, []byte(server.URL(server.Password())+"?default_query_exec_mode="+mode), 0o600); err != nil {
			t.Fatal(err)
		}
		other, err := postgres.Connect(ctx, file)
		if works != (err == nil) || !works && !strings.Contains(err.Error(), "cache_describe") {
			t.Errorf("%s: %v", mode, err)
		}
		if err == nil {
			checkEqual(t, other, root)
			other.Close()
		}
	}
}

// holdLoads returns a transaction until whose end no load has its turn.
func holdLoads(t *testing.T, pool *pgxpool.Pool) pgx.Tx {
	t.Helper()
	ctx := context.Background()
	tx, err := pool.Begin(ctx)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { tx.Rollback(ctx) })
	if _, err := tx.Exec(ctx, "SELECT pg_advisory_xact_lock($1)", postgres.LoadLock); err != nil {
		t.Fatal(err)
	}
	return tx
}

// whileWaiting begins a load, calls change when the load has read the file's digest and waits for its turn, and returns the load's error.
func whileWaiting(t *testing.T, pool *pgxpool.Pool, root string, change func(tx pgx.Tx)) error {
	t.Helper()
	ctx := context.Background()
	other := holdLoads(t, pool)
	ended := make(chan error, 1)
	go func() { ended <- load.Load(ctx, pool, root, func(load.Result) {}) }()
	for waiting := false; !waiting; {
		if err := pool.QueryRow(ctx, "SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted)").Scan(&waiting); err != nil {
			t.Fatal(err)
		}
		select {
		case err := <-ended:
			t.Fatalf("the load ended before its turn: %v", err)
		case <-time.After(5 * time.Millisecond):
		}
	}
	change(other)
	if err := other.Commit(ctx); err != nil {
		t.Fatal(err)
	}
	return <-ended
}

func TestLoad_KeepsNothingOfAFileThatIsReplaced(t *testing.T) {
	pool, root := connect(t), t.TempDir()
	writeDays(t, root, []string{"20261101"}, 300, 7)
	err := whileWaiting(t, pool, root, func(pgx.Tx) { writeDays(t, root, []string{"20261101"}, 300, 8) })
	if err == nil || !strings.Contains(err.Error(), "the file was replaced") {
		t.Fatalf("error %v, want one of a file that was replaced", err)
	}
	for _, table := range []string{"rollups", "summaries", "loads", "dates", "filters"} {
		var rows int64
		if err := pool.QueryRow(context.Background(), "SELECT count(*) FROM headcount_rollup."+table).Scan(&rows); err != nil || rows != 0 {
			t.Errorf("%s has %d rows, %v: want none", table, rows, err)
		}
	}
	if loaded, skipped := loadAll(t, pool, root); loaded != 2 || skipped != 0 {
		t.Errorf("%d files loaded and %d skipped, want 2 and 0", loaded, skipped)
	}
	checkEqual(t, pool, root)
}

func TestLoad_RejectsADayThatAnotherProgramLoadsWithOtherContent(t *testing.T) {
	pool, root := connect(t), t.TempDir()
	writeDays(t, root, []string{"20261101"}, 300, 7)
	err := whileWaiting(t, pool, root, func(tx pgx.Tx) {
		if _, err := tx.Exec(context.Background(), `INSERT INTO headcount_rollup.loads (kind, submission_date, digest, rows, dimensions)
			VALUES ('build_id', '20261101', 'another', 300, '{e10s_enabled}')`); err != nil {
			t.Fatal(err)
		}
	})
	if err == nil || !strings.Contains(err.Error(), "loaded before with other content") {
		t.Fatalf("error %v, want one that names other content", err)
	}
	var rows int64
	if err := pool.QueryRow(context.Background(), "SELECT count(*) FROM headcount_rollup.rollups").Scan(&rows); err != nil || rows != 0 {
		t.Errorf("%d rows, %v: want none", rows, err)
	}
}
