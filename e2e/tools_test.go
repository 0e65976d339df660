// SPDX-License-Identifier: Apache-2.0

//go:build tools

package e2e

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// This file runs the steps of docs/dbt.md, docs/sqlmesh.md and docs/ibis.md with the tools from PyPI. "make test-tools" installs
// them.

// tool runs a program of a tool's environment with the server's address and returns its output.
func tool(environment []string, name, program string, arguments ...string) (string, error) {
	environment = append(environment, "TRINO_HOST=127.0.0.1", "TRINO_PORT="+server.port)
	return command(environment, repository("build", "tools", name, "bin", program), arguments...)
}

// script runs a tool's Python script of e2e/tools and decodes its output into result.
func script(t *testing.T, result any, name, file string, arguments ...string) {
	t.Helper()
	path := repository("e2e", "tools", name, file)
	answer, err := tool(nil, name, "python", append([]string{path, "127.0.0.1", server.port}, arguments...)...)
	require.NoError(t, err)
	require.NoError(t, decode(answer, result))
}

// decode reads the output of a script, JSON.
func decode(answer string, result any) error {
	if err := json.Unmarshal([]byte(answer), result); err != nil {
		return fmt.Errorf("%w: %.300s", err, answer)
	}
	return nil
}

// project returns a copy of a tool's project of e2e/tools, because the tools write into it.
func project(t *testing.T, name string) string {
	t.Helper()
	folder := filepath.Join(t.TempDir(), name)
	require.NoError(t, os.CopyFS(folder, os.DirFS(repository("e2e", "tools", name))))
	return folder
}

// countedRow is a row of the seed query as the tools print it.
type countedRow struct {
	Channel *string `json:"normalizedchannel"`
	Day     string  `json:"activitydate"`
	Clients json.Number
}

func (c countedRow) record() []string {
	channel := "" // NULL in the file
	if c.Channel != nil {
		channel = *c.Channel
	}
	return []string{channel, c.Day, c.Clients.String()}
}

// viewOfSketches creates a view with a column of type HLL and returns its name.
func viewOfSketches(t *testing.T) string {
	t.Helper()
	execute(t, "CREATE OR REPLACE VIEW e2e_tools AS SELECT activitydate, to_hll(hll) AS hll FROM client_count")
	t.Cleanup(func() { execute(t, "DROP VIEW e2e_tools") })
	return "e2e_tools"
}

func TestTools_SQLAlchemyReflects(t *testing.T) {
	type table struct {
		Columns  map[string]string
		Warnings []string
		Clients  int64
	}
	var got struct{ Table, View table }
	script(t, &got, "sqlalchemy", "reflect.py", viewOfSketches(t))
	all, ok := value(t, "SELECT cardinality(merge(cast(hll AS HLL))) FROM client_count").(int64)
	require.True(t, ok)
	assert.Equal(t, table{
		Columns: map[string]string{
			"activitydate": "DATE", "normalizedchannel": "VARCHAR", "country": "VARCHAR", "version": "VARCHAR", "os": "VARCHAR",
			"e10senabled": "BOOLEAN", "e10scohort": "VARCHAR", "hll": "VARBINARY",
		},
		Warnings: []string{}, Clients: all,
	}, got.Table)
	assert.Equal(t, table{
		Columns:  map[string]string{"activitydate": "DATE", "hll": "NullType"},
		Warnings: []string{"Did not recognize type 'hll'"}, Clients: all,
	}, got.View)
}

func TestTools_Ibis(t *testing.T) {
	t.Run("schema", func(t *testing.T) {
		var columns map[string]string
		script(t, &columns, "ibis", "count.py", "schema")
		assert.Equal(t, "binary", columns["hll"])
		assert.Equal(t, "date", columns["activitydate"])
	})
	t.Run("table expression", func(t *testing.T) {
		var got []countedRow
		script(t, &got, "ibis", "count.py", "table")
		want := expected(t, "expected_seed_query.csv")
		require.Len(t, got, len(want))
		for i, row := range got {
			require.Equal(t, want[i], row.record())
		}
	})
	t.Run("bounds", func(t *testing.T) {
		var got []struct{ Clients, Lower, Upper float64 }
		script(t, &got, "ibis", "count.py", "bounds")
		require.Len(t, got, 1)
		want := rows(t, `SELECT CAST(hll_cardinality(hll_merge(hll)) AS DOUBLE), hll_bounds(hll_merge(hll), 2).lower,
			hll_bounds(hll_merge(hll), 2).upper FROM client_count`)[0]
		assert.Equal(t, want, []any{got[0].Clients, got[0].Lower, got[0].Upper})
	})
	t.Run("SQL", func(t *testing.T) {
		for _, sketches := range []string{"to_hll(hll) AS hll FROM client_count", "hll FROM " + viewOfSketches(t)} {
			var got []struct{ Clients int64 }
			script(t, &got, "ibis", "count.py", "sql", "SELECT cardinality(merge(hll)) AS clients FROM (SELECT "+sketches+") AS s")
			require.Len(t, got, 1)
			assert.Equal(t, value(t, "SELECT cardinality(merge(cast(hll AS HLL))) FROM client_count"), got[0].Clients)
		}
	})
}

// assertCounts checks a table of sketches that a tool has made, and its view of clients by channel and day.
func assertCounts(t *testing.T, schema string) {
	t.Helper()
	const columns = "activitydate, normalizedchannel, country, version, os, e10senabled, e10scohort, cardinality(cast(hll AS HLL))"
	table := schema + ".client_count"
	query := strings.NewReplacer("%s", columns, "%t", table).Replace(
		"SELECT count(*) FROM (SELECT %s FROM %t EXCEPT ALL SELECT %s FROM hive.default.client_count)")
	assert.Equal(t, value(t, "SELECT count(*) FROM hive.default.client_count"), value(t, "SELECT count(*) FROM "+table))
	assert.Zero(t, value(t, query), "rows of %s that are not in the fixture", table)
	got := text(rows(t, "SELECT normalizedchannel, activitydate, clients FROM "+schema+".channel_counts ORDER BY normalizedchannel, activitydate DESC"))
	assert.Equal(t, expected(t, "expected_seed_query.csv"), got)
}

func TestTools_DBT(t *testing.T) {
	folder := project(t, "dbt")
	execute(t, "DROP SCHEMA IF EXISTS iceberg.dbt CASCADE")
	t.Cleanup(func() { execute(t, "DROP SCHEMA IF EXISTS iceberg.dbt CASCADE") })
	dbt := func(arguments ...string) {
		t.Helper()
		_, err := tool(nil, "dbt", "dbt", append(arguments, "--project-dir", folder, "--profiles-dir", folder)...)
		require.NoError(t, err)
	}
	dbt("build", "--vars", `{last_day: "2016-10-01"}`)
	require.Equal(t, "2016-10-01", textOf(value(t, "SELECT max(activitydate) FROM iceberg.dbt.client_count")))
	// The last days again, as after late data.
	dbt("build", "--vars", `{first_day: "2016-09-28"}`)
	assertCounts(t, "iceberg.dbt")
	dbt("build", "--vars", `{first_day: "2016-10-20", last_day: "2016-10-25"}`)
	assertCounts(t, "iceberg.dbt")
	dbt("docs", "generate")
}

func TestTools_SQLMesh(t *testing.T) {
	folder := project(t, "sqlmesh")
	drop := func() {
		for _, schema := range []string{"iceberg.sqlmesh_headcount", "iceberg.sqlmesh__sqlmesh_headcount"} {
			execute(t, "DROP SCHEMA IF EXISTS "+schema+" CASCADE")
		}
	}
	drop()
	t.Cleanup(drop)
	sqlmesh := func(arguments ...string) {
		t.Helper()
		environment := []string{"SQLMESH_STATE=" + filepath.Join(folder, "state.duckdb")}
		_, err := tool(environment, "sqlmesh", "sqlmesh", append([]string{"--paths", folder, "--log-file-dir", folder}, arguments...)...)
		require.NoError(t, err)
	}
	sqlmesh("plan", "--auto-apply", "--no-prompts", "--execution-time", "2016-10-02")
	require.Equal(t, "2016-10-01", textOf(value(t, "SELECT max(activitydate) FROM iceberg.sqlmesh_headcount.client_count")))
	sqlmesh("run", "--ignore-cron", "--end", "2016-11-03")
	assertCounts(t, "iceberg.sqlmesh_headcount")
	// Days made again, as after late data.
	sqlmesh("plan", "--auto-apply", "--no-prompts", "--execution-time", "2016-11-04",
		"--restate-model", "sqlmesh_headcount.client_count", "--start", "2016-10-01", "--end", "2016-10-05")
	assertCounts(t, "iceberg.sqlmesh_headcount")
}
