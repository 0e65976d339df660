// SPDX-License-Identifier: Apache-2.0

package e2e

import (
	"encoding/json"
	"fmt"
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// This file tests clients of Trino. Each must show every result type of the functions, and must cancel a query.

// everyType returns one row with a column of each type. 030cc50202 is the sketch of 'a' with precision 12.
const everyType = `SELECT hll_create('a') AS sketch, cast(hll_create('a') AS varbinary) AS bytes, cast(NULL AS HLL) AS nothing,
	cardinality(hll_create('a')) AS clients, hll_jaccard(hll_create('a'), hll_create('a')) AS jaccard,
	hll_bounds(empty_hll(), 2) AS bounds, hll_intersection(empty_hll(), empty_hll()) AS shared, DATE '2016-10-08' AS day`

// endless is a query that runs until it is cancelled.
const endless = `SELECT cardinality(hll_agg(a.orderkey * 7 + b.orderkey)) FROM tpch.sf1.lineitem a CROSS JOIN tpch.sf1.lineitem b`

// aroundTheOutage selects three days. The second one has no data.
const aroundTheOutage = `SELECT activitydate, normalizedchannel AS channel, cardinality(merge(cast(hll AS HLL))) AS clients
	FROM client_count WHERE activitydate BETWEEN DATE '2016-10-07' AND DATE '2016-10-09' AND normalizedchannel = 'beta'
	GROUP BY 1, 2 ORDER BY 1`

// wantAroundTheOutage returns the records of these days in expected_seed_query.csv.
func wantAroundTheOutage(t *testing.T) (days, clients []string) {
	t.Helper()
	for _, record := range expected(t, "expected_seed_query.csv") {
		if record[0] == "beta" && (record[1] == "2016-10-07" || record[1] == "2016-10-09") {
			days, clients = append([]string{record[1]}, days...), append([]string{record[2]}, clients...)
		}
	}
	require.Len(t, days, 2)
	return days, clients
}

// redash runs e2e/clients/redash.py and decodes its output into result.
func redash(t *testing.T, result any, arguments ...string) {
	t.Helper()
	script := repository("e2e", "clients", "redash.py")
	answer, err := command(nil, repository("e2e", "clients", "python.sh"),
		append([]string{script, server.url, "hive", "default"}, arguments...)...)
	require.NoError(t, err)
	decoder := json.NewDecoder(strings.NewReader(answer))
	decoder.UseNumber()
	require.NoError(t, decoder.Decode(result), answer)
}

type redashResult struct {
	Columns []struct{ Name, Type string }
	Rows    []map[string]any
}

func (r redashResult) types() map[string]string {
	types := map[string]string{}
	for _, column := range r.Columns {
		types[column.Name] = column.Type
	}
	return types
}

func TestRedash(t *testing.T) {
	execute(t, "CREATE OR REPLACE VIEW e2e_people AS SELECT activitydate, cast(hll AS HLL) AS hll FROM client_count")
	t.Cleanup(func() { execute(t, "DROP VIEW e2e_people") })

	t.Run("schema", func(t *testing.T) {
		var tables map[string]map[string]string
		redash(t, &tables, "schema")
		assert.Equal(t, map[string]string{
			"activitydate": "date", "normalizedchannel": "varchar", "country": "varchar", "version": "varchar", "os": "varchar",
			"e10senabled": "boolean", "e10scohort": "varchar", "hll": "varbinary",
		}, tables["hive.default.client_count"])
		assert.Equal(t, map[string]string{"activitydate": "date", "hll": "HLL"}, tables["hive.default.e2e_people"])
	})
	t.Run("dates", func(t *testing.T) {
		var got redashResult
		redash(t, &got, "query", aroundTheOutage)
		assert.Equal(t, map[string]string{"activitydate": "date", "channel": "string", "clients": "integer"}, got.types())
		days, clients := wantAroundTheOutage(t)
		require.Len(t, got.Rows, len(days))
		for i, row := range got.Rows {
			assert.Equal(t, map[string]any{"activitydate": days[i], "channel": "beta", "clients": json.Number(clients[i])}, row)
		}
	})
	t.Run("every type", func(t *testing.T) {
		var got redashResult
		redash(t, &got, "query", everyType)
		assert.Equal(t, map[string]string{
			"sketch": "", "bytes": "", "nothing": "", "clients": "integer", "jaccard": "float", "bounds": "", "shared": "", "day": "date",
		}, got.types())
		require.Len(t, got.Rows, 1)
		zero := json.Number("0.0")
		assert.Equal(t, map[string]any{
			"sketch": "AwzFAgI=", "bytes": "030cc50202", "nothing": nil, "clients": json.Number("1"), "jaccard": json.Number("1.0"),
			"bounds": []any{zero, zero}, "shared": []any{zero, zero, zero}, "day": "2016-10-08",
		}, got.Rows[0])
	})
	t.Run("a column of sketches", func(t *testing.T) {
		var got redashResult
		redash(t, &got, "query", "SELECT hll FROM client_count_sparse WHERE length(hll) = 5 LIMIT 1")
		assert.Regexp(t, "^030c[0-9a-f]{6}$", got.Rows[0]["hll"])
	})
	t.Run("cancel", func(t *testing.T) {
		var got struct{ Query, Ended string }
		redash(t, &got, "cancel", endless)
		assert.Equal(t, "USER_CANCELED", got.Ended)
		assertCancelled(t, "query_id = '"+got.Query+"'")
	})
}

// assertCancelled checks in the server's list of queries that a query was cancelled.
func assertCancelled(t *testing.T, which string) {
	t.Helper()
	got := rows(t, "SELECT state, error_code FROM system.runtime.queries WHERE query NOT LIKE '%system.runtime%' AND "+which)
	require.NotEmpty(t, got)
	for _, query := range got {
		assert.Equal(t, []any{"FAILED", "USER_CANCELED"}, query)
	}
}

func TestCommandLine(t *testing.T) {
	cli := func(format, query string) string {
		t.Helper()
		answer, err := serverScript("cli", "--port", server.port, "--output-format", format, "--execute", query)
		require.NoError(t, err)
		return answer
	}
	assert.Equal(t, strings.Join([]string{
		`sketch	bytes	nothing	clients	jaccard	bounds	shared	day`,
		`03 0c c5 02 02	03 0c c5 02 02		1	1.0	{lower=0.0, upper=0.0}	{estimate=0.0, lower=0.0, upper=0.0}	2016-10-08`,
	}, "\n"), cli("TSV_HEADER", everyType))

	days, clients := wantAroundTheOutage(t)
	want := make([]string, len(days))
	for i := range days {
		want[i] = fmt.Sprintf(`"%s","beta","%s"`, days[i], clients[i])
	}
	assert.Equal(t, strings.Join(want, "\n"), cli("CSV", aroundTheOutage))
}

// Options that the caller gives take the place of the script's.
func TestCommandLine_TakesACatalog(t *testing.T) {
	for _, options := range [][]string{{"--catalog", "tpch", "--schema", "tiny"}, {"--catalog=tpch", "--schema=tiny", "--user=e2e"}} {
		arguments := append([]string{"cli", "--port", server.port}, options...)
		answer, err := serverScript(append(arguments, "--execute", "SELECT count(*) FROM nation")...)
		require.NoError(t, err)
		assert.Equal(t, `"25"`, answer)
	}
}

// jdbc runs e2e/clients/Jdbc.java and returns the lines of its output.
func jdbc(t *testing.T, arguments ...string) []string {
	t.Helper()
	return jdbcAt(t, strings.Replace(server.url, "http:", "jdbc:trino:", 1)+"/hive/default", arguments...)
}

// jdbcAt is jdbc with the driver's URL of a server.
func jdbcAt(t *testing.T, address string, arguments ...string) []string {
	t.Helper()
	java, err := command(nil, "bash", "-c", ". scripts/lib.sh && need_jdk")
	require.NoError(t, err)
	driver, err := command(nil, "bash", "-c", `. scripts/lib.sh && driver="$BUILD/clients/trino-jdbc-$TRINO_VERSION.jar" &&
		{ [ -f "$driver" ] || maven_artifact "io.trino:trino-jdbc:$TRINO_VERSION" "$driver"; } && printf '%s\n' "$driver"`)
	require.NoError(t, err)
	answer, err := exec.Command(java+"/bin/java", append([]string{"--enable-native-access=ALL-UNNAMED",
		"-cp", driver, repository("e2e", "clients", "Jdbc.java"), address}, arguments...)...).Output()
	require.NoError(t, err)
	return strings.Split(strings.TrimSpace(string(answer)), "\n")
}

func TestJDBC(t *testing.T) {
	t.Run("every type", func(t *testing.T) {
		assert.Equal(t, []string{
			"sketch	HLL	byte[]	030cc50202",
			"bytes	varbinary	byte[]	030cc50202",
			"nothing	HLL	null	null",
			"clients	bigint	Long	1",
			"jaccard	double	Double	1.0",
			"bounds	row(lower double,upper double)	Row	{lower=0.0, upper=0.0}",
			"shared	row(estimate double,lower double,upper double)	Row	{estimate=0.0, lower=0.0, upper=0.0}",
			"day	date	Date	2016-10-08",
		}, jdbc(t, "query", everyType))
	})
	t.Run("columns", func(t *testing.T) {
		assert.Contains(t, jdbc(t, "columns", "client_count"), "hll\tvarbinary")
	})
	t.Run("cancel", func(t *testing.T) {
		const marked = endless + " -- by JDBC"
		assert.NotContains(t, strings.Join(jdbc(t, "cancel", marked), "\n"), "ended with")
		assertCancelled(t, "query LIKE '%-- by JDBC'")
	})
}
