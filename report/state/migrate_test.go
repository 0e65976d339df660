// SPDX-License-Identifier: Apache-2.0

package state

import (
	"database/sql"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// fileOf makes a state file by SQL.
func fileOf(t *testing.T, statements ...string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "state.sqlite")
	db, err := sql.Open("sqlite", path)
	require.NoError(t, err)
	defer db.Close()
	for _, statement := range statements {
		_, err := db.ExecContext(t.Context(), statement)
		require.NoError(t, err)
	}
	return path
}

// schemaOf returns the definitions of a file's tables and indexes, without comments, and its version.
func schemaOf(t *testing.T, db *sql.DB) (schema map[string]string, version int) {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), "SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL")
	require.NoError(t, err)
	defer rows.Close()
	schema = map[string]string{}
	for rows.Next() {
		var name, text string
		require.NoError(t, rows.Scan(&name, &text))
		var words []string
		for line := range strings.Lines(text) {
			line, _, _ = strings.Cut(line, "--")
			words = append(words, strings.Fields(strings.ReplaceAll(line, `"`, ""))...)
		}
		schema[name] = strings.Join(words, " ")
	}
	require.NoError(t, rows.Err())
	require.NoError(t, db.QueryRowContext(t.Context(), "PRAGMA user_version").Scan(&version))
	return schema, version
}

func TestOpen_BringsVersion1ToTheNewest(t *testing.T) {
	fresh, err := Open(t.Context(), filepath.Join(t.TempDir(), "state.sqlite"))
	require.NoError(t, err)
	defer fresh.Close()
	wantSchema, wantVersion := schemaOf(t, fresh.db)
	for _, file := range []string{"testdata/version-1.sql", "testdata/version-1-index.sql"} {
		old, err := os.ReadFile(file)
		require.NoError(t, err)
		path := fileOf(t, string(old), `
			INSERT INTO reports VALUES ('daily', 1480550400, 1);
			INSERT INTO runs (id, report, due, state, why, parameters, not_before, started, ended, output) VALUES
				(1, 'daily', 1480464000, 'failed', 'the engine is down', '{"channel": "release"}', 1480464000, 1480464001, 1480464002, '1.html'),
				(2, 'daily', 1480550400, 'queued', '', '{}', 1480550400, NULL, NULL, '');
			INSERT INTO kept VALUES ('k', '2016-12-01', '[["a", 1]]');
			INSERT INTO kept_columns VALUES ('k', '[{"name": "channel", "kind": "text"}, {"name": "n", "kind": "number"}]');
			INSERT INTO notices (report, run, failing, text) VALUES ('daily', 1, 1, 'the engine is down')`)
		for range 2 { // the second time it has the newest version
			db, err := Open(t.Context(), path)
			require.NoError(t, err)
			schema, version := schemaOf(t, db.db)
			require.Equal(t, wantSchema, schema)
			require.Equal(t, wantVersion, version)
			run, err := db.Run(t.Context(), 1)
			require.NoError(t, err)
			require.Equal(t, &Run{
				ID: 1, Report: "daily", State: Failed, Why: "the engine is down", Parameters: map[string]string{"channel": "release"}, Output: "1.html",
				Due: time.Unix(1480464000, 0).UTC(), Started: time.Unix(1480464001, 0).UTC(), Ended: time.Unix(1480464002, 0).UTC(),
			}, run)
			_, days, err := db.Days(t.Context(), "k")
			require.NoError(t, err)
			require.Equal(t, map[string][][]any{"2016-12-01": {{"a", int64(1)}}}, days)
			var examined, failing, queued, notices int64
			require.NoError(t, db.db.QueryRowContext(t.Context(), `SELECT examined, failing, (SELECT count(*) FROM runs WHERE state = 'queued'),
				(SELECT count(*) FROM notices) FROM reports WHERE name = 'daily'`).Scan(&examined, &failing, &queued, &notices))
			require.Equal(t, []int64{1480550400, 1, 1, 0}, []int64{examined, failing, queued, notices})
			require.NoError(t, db.Close())
		}
	}
}

func TestOpen_RejectsANewerVersionAndLeavesItAsItIs(t *testing.T) {
	path := fileOf(t, "CREATE TABLE later (x); PRAGMA user_version = 77")
	_, err := Open(t.Context(), path)
	require.ErrorContains(t, err, path+": the state has version 77, this program knows versions up to 2: use a newer program")
	db, err := sql.Open("sqlite", path)
	require.NoError(t, err)
	defer db.Close()
	schema, version := schemaOf(t, db)
	require.Equal(t, map[string]string{"later": "CREATE TABLE later (x)"}, schema)
	require.Equal(t, 77, version)
}

func TestOpen_LeavesAFileWholeIfItsMigrationFails(t *testing.T) {
	path := fileOf(t, "CREATE TABLE reports (name TEXT PRIMARY KEY, examined INTEGER NOT NULL, failing INTEGER NOT NULL); PRAGMA user_version = 1")
	_, err := Open(t.Context(), path)
	require.ErrorContains(t, err, "from version 1 to 2: ")
	db, err := sql.Open("sqlite", path)
	require.NoError(t, err)
	defer db.Close()
	schema, version := schemaOf(t, db)
	require.Len(t, schema, 1)
	require.Contains(t, schema, "reports")
	require.Equal(t, 1, version)
}
