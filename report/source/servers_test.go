// SPDX-License-Identifier: Apache-2.0

package source_test

import (
	"context"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/headcount-hll/headcount/internal/pgtest"
	"github.com/headcount-hll/headcount/report/source"
)

// servers reads a file of sources with a text.
func servers(t *testing.T, text string) (source.Servers, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "sources.yaml")
	require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	return source.ReadServers(path)
}

func TestReadServers_SaysWhatIsWrong(t *testing.T) {
	for text, want := range map[string]string{
		"files: {engine: trino, url: 'http://trino.example.org', user: x}":   "source files: this is the name of an embedded source",
		"results: {engine: trino, url: 'http://trino.example.org', user: x}": "source results: this is the name of an embedded source",
		"a: {engine: mysql}": `source a: engine "mysql" is not trino, prestodb or postgresql`,
		"a: {engine: trino, url: 'trino.example.org:8080', user: x}":                          "url is not http://HOST:PORT",
		"a: {engine: trino, url: 'https://x:secret@trino.example.org', user: x}":              "url has a user",
		"a: {engine: trino, url: 'http://trino.example.org'}":                                 "user is missing",
		"a: {engine: prestodb, url: 'http://h:1', user: x, password_file: p}":                 "over https only",
		"a: {engine: postgresql, url: 'http://h:1', connection_file: c}":                      "takes no url",
		"a: {engine: trino, url: 'http://trino.example.org', user: x, password: in the file}": "field password not found",
	} {
		_, err := servers(t, text)
		require.ErrorContains(t, err, want, text)
		require.NotContains(t, err.Error(), "secret")
	}
}

func TestOpen_SaysThatANameIsNotThere(t *testing.T) {
	none, err := servers(t, "a: {engine: trino, url: 'http://127.0.0.1:1', user: x}")
	require.NoError(t, err)
	_, err = none.Open(t.Context(), "b")
	require.ErrorContains(t, err, "none of this name")
}

func TestOpen_SaysWhichFileOfASecretIsEmpty(t *testing.T) {
	empty := filepath.Join(t.TempDir(), "empty")
	require.NoError(t, os.WriteFile(empty, []byte("\n"), 0o600))
	known, err := servers(t, "a: {engine: trino, url: 'https://127.0.0.1:1', user: x, password_file: '"+empty+"'}\nb: {engine: postgresql, connection_file: '"+empty+"'}")
	require.NoError(t, err)
	_, err = known.Open(t.Context(), "a")
	require.ErrorContains(t, err, "password_file: "+empty+" is empty")
	_, err = known.Open(t.Context(), "b")
	require.ErrorContains(t, err, "connection_file: "+empty+" is empty")
}

func TestPostgreSQL_BindsCancelsAndOnlyReads(t *testing.T) {
	runtime.LockOSThread() // the server ends with the thread that started it
	server, err := pgtest.Start(os.TempDir(), "fsync = off")
	require.NoError(t, err)
	t.Cleanup(server.Stop)
	known, err := servers(t, "pg: {engine: postgresql, connection_file: '"+server.Connection+"'}")
	require.NoError(t, err)
	pg, err := known.Open(t.Context(), "pg")
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, pg.Close()) })

	table, err := pg.Query(t.Context(), `SELECT CAST(`+pg.Placeholder(1)+` AS VARCHAR) AS name, DATE '2016-11-01' AS day, 1.5::numeric AS share, 7::bigint AS n, NULL::text AS nothing,
		CAST(CAST(`+pg.Placeholder(2)+` AS VARCHAR) AS boolean) AS yes`, []any{"it's", "true"})
	require.NoError(t, err)
	require.Equal(t, []source.Column{
		{Name: "name", Kind: source.Text}, {Name: "day", Kind: source.Day}, {Name: "share", Kind: source.Number},
		{Name: "n", Kind: source.Number}, {Name: "nothing", Kind: source.Text}, {Name: "yes", Kind: source.Bool},
	}, table.Columns)
	require.Equal(t, [][]any{{"it's", "2016-11-01", 1.5, int64(7), nil, true}}, table.Rows)

	_, err = pg.Query(t.Context(), "CREATE TABLE t (i int)", nil)
	require.ErrorContains(t, err, "read-only")
	_, err = pg.Query(t.Context(), "SELECT 1/0", nil)
	require.ErrorContains(t, err, "division by zero")

	ctx, stop := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer stop()
	_, err = pg.Query(ctx, "SELECT pg_sleep(600)", nil)
	require.ErrorIs(t, err, context.DeadlineExceeded)
	require.Eventually(t, func() bool {
		running, err := pg.Query(t.Context(), "SELECT count(*) AS n FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep%' AND state = 'active'", nil)
		return err == nil && running.Rows[0][0] == int64(0)
	}, time.Minute, 50*time.Millisecond, "the query goes on without its client")
}
