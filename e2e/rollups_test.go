// SPDX-License-Identifier: Apache-2.0

package e2e

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/headcount-hll/headcount/internal/trinotest"
)

// This file runs sql/rollups over the partial aggregates of the pings in rollup/testdata, on hive and on Iceberg. The sums are
// compared with what the original made of the pings, and the queries with the answers of headcount-rollup serve.

const rollupDefinitions = "rollup/testdata/definitions.json"

// rollupTables makes the tables of sql/rollups in the schema rollups of each catalog, and returns the folder of the partial
// aggregates and the command.
func rollupTables(t *testing.T) (partials, headcountRollup string) {
	t.Helper()
	folder := t.TempDir()
	partials, headcountRollup = filepath.Join(folder, "partials"), filepath.Join(folder, "headcount-rollup")
	_, err := command(nil, "go", "build", "-o", headcountRollup, "./cmd/headcount-rollup")
	require.NoError(t, err)
	_, err = command(nil, headcountRollup, "aggregate", "--definitions", repository(rollupDefinitions), "-o", partials, repository("rollup/testdata/pings.json.gz"))
	require.NoError(t, err)
	files, err := filepath.Glob(filepath.Join(partials, "*", "*", "*.parquet"))
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		place, err := filepath.Rel(partials, file)
		require.NoError(t, err)
		_, err = serverScript("put", "--mode", server.mode, "--port", server.port, file, "rollups/"+filepath.ToSlash(place))
		require.NoError(t, err)
	}
	for _, catalog := range catalogs {
		schema := catalog + ".rollups"
		run(t, catalog+".information_schema", "DROP SCHEMA IF EXISTS "+schema+" CASCADE", "CREATE SCHEMA "+schema)
		t.Cleanup(func() { run(t, catalog+".information_schema", "DROP SCHEMA IF EXISTS "+schema+" CASCADE") })
	}
	run(t, "hive.rollups", statements(t, "rollups/tables.sql")...)
	run(t, "iceberg.rollups", statements(t, "rollups/iceberg.sql")...)
	return partials, headcountRollup
}

// rollupColumns are the dimensions of the original, without e10s_enabled, which it does not have.
var rollupColumns = []string{"channel", "version", "build_id", "application", "architecture", "os", "os_version", "metric", "label", "process"}

func TestRollups_SQLEqualsTheOriginalAndTheServer(t *testing.T) {
	partials, headcountRollup := rollupTables(t)
	t.Run("original", func(t *testing.T) {
		for _, kind := range []string{"build_id", "submission_date"} {
			want := originalRows(t, kind)
			assert.Equal(t, want, summedRows(t, "hive.rollups.rollups_by_"+kind, "submission_date"), kind)
			if kind == "build_id" {
				require.Len(t, want, 14_382)
			}
		}
	})
	address := serveRollups(t, headcountRollup, partials)
	for _, catalog := range catalogs {
		t.Run(catalog, func(t *testing.T) { sqlEqualsServer(t, address, catalog+".rollups") })
	}
}

// originalRows returns the original's rows: the array with sum and count by the values of the dimensions.
func originalRows(t *testing.T, kind string) map[string]string {
	t.Helper()
	file, err := os.Open(repository("rollup/testdata/expected_" + kind + ".jsonl.gz"))
	require.NoError(t, err)
	defer file.Close()
	text, err := gzip.NewReader(file)
	require.NoError(t, err)
	all := map[string]string{}
	rows := json.NewDecoder(text)
	rows.UseNumber()
	for {
		var row map[string]any
		if err := rows.Decode(&row); err == io.EOF {
			return all
		} else {
			require.NoError(t, err)
		}
		key := []string{row["submission_date"].(string)}
		for _, column := range rollupColumns {
			value, _ := row[column].(string)
			key = append(key, value)
		}
		array, err := json.Marshal(append(row["histogram"].([]any), row["sum"], row["count"]))
		require.NoError(t, err)
		all[strings.Join(key, "\x00")] = plainNumbers(t, array)
	}
}

// summedRows returns the same of a table of partial aggregates, added up over e10s_enabled.
func summedRows(t *testing.T, table, day string) map[string]string {
	t.Helper()
	columns := append([]string{day}, rollupColumns...)
	for i, c := range columns {
		columns[i] = "coalesce(" + c + ", '')"
	}
	list := strings.Join(columns, ", ")
	all := map[string]string{}
	for _, row := range rows(t, "SELECT "+list+", json_format(cast(aggregate_histograms(histogram || ARRAY[sum, count]) AS json)) FROM "+table+" GROUP BY "+list) {
		key := make([]string, len(columns))
		for i := range key {
			key[i] = row[i].(string)
		}
		all[strings.Join(key, "\x00")] = row[len(columns)].(string)
	}
	return all
}

// plainNumbers returns an array of whole numbers as Trino writes it. JSON's own numbers would be rounded to doubles.
func plainNumbers(t *testing.T, array []byte) string {
	t.Helper()
	var numbers []json.Number
	require.NoError(t, json.Unmarshal(array, &numbers))
	texts := make([]string, len(numbers))
	for i, n := range numbers {
		texts[i] = n.String()
	}
	return "[" + strings.Join(texts, ",") + "]"
}

// serveRollups starts the server on a free port and returns its address.
func serveRollups(t *testing.T, headcountRollup, partials string) string {
	t.Helper()
	port, err := trinotest.FreePort()
	require.NoError(t, err)
	serve := exec.Command(headcountRollup, "serve", "--definitions", repository(rollupDefinitions), "--partials", partials, "--listen", "127.0.0.1:"+port, "--rate", "0")
	log, err := serve.StderrPipe()
	require.NoError(t, err)
	require.NoError(t, serve.Start())
	t.Cleanup(func() {
		_ = serve.Process.Kill()
		_ = serve.Wait()
	})
	go func() {
		for lines := bufio.NewScanner(log); lines.Scan(); {
		}
	}()
	address := "http://127.0.0.1:" + port
	require.Eventually(t, func() bool {
		response, err := http.Get(address + "/status")
		if err == nil {
			response.Body.Close()
		}
		return err == nil
	}, time.Minute, 50*time.Millisecond)
	return address
}

// get decodes the server's answer to a request.
func get(t *testing.T, address, path string, parameters url.Values, into any) {
	t.Helper()
	response, err := http.Get(address + path + "?" + parameters.Encode())
	require.NoError(t, err)
	defer response.Body.Close()
	require.Equal(t, http.StatusOK, response.StatusCode, path)
	require.NoError(t, json.NewDecoder(response.Body).Decode(into))
}

// A rollupSum is an entry of /v1/{kind}/sums.
type rollupSum struct {
	Date, Metric string
	Group        map[string]string
	Histogram    []int64
	Sum, Count   int64
	Samples      float64
	Mean         *float64
	Percentiles  map[string]*float64
}

func sqlEqualsServer(t *testing.T, address, schema string) {
	nightly := url.Values{"channel": {"nightly"}, "version": {"51"}, "date": {"20161030,20161031,20161101"}}
	with := func(more url.Values) url.Values {
		all := url.Values{}
		for _, values := range []url.Values{nightly, more} {
			for name, value := range values {
				all[name] = value
			}
		}
		return all
	}
	for _, parameters := range []url.Values{
		with(url.Values{"metric": {"GC_MS,TINY_EXP"}}),
		with(url.Values{"metric": {"GC_MS"}, "group": {"os,process"}}),
		with(url.Values{"metric": {"KEYED_ENUM"}, "group": {"label"}, "e10s_enabled": {"true"}}),
	} {
		var statement struct{ Trino string }
		var sums struct{ Data []rollupSum }
		get(t, address, "/v1/build_id/sql", parameters, &statement)
		get(t, address, "/v1/build_id/sums", parameters, &sums)
		require.NotEmpty(t, sums.Data)
		var want, got []string
		for _, s := range sums.Data {
			array, err := json.Marshal(append(s.Histogram, s.Sum, s.Count))
			require.NoError(t, err)
			want = append(want, string(array))
		}
		result, err := runIn(t.Context(), schema, "SELECT json_format(cast(histogram AS json)) FROM ("+strings.Split(statement.Trino, "\nORDER BY")[0]+")")
		require.NoError(t, err, statement.Trino)
		for _, row := range result {
			got = append(got, row[0].(string))
		}
		assert.ElementsMatch(t, want, got, statement.Trino)
	}
	buildsEqualServer(t, address, schema, with(url.Values{"metric": {"GC_MS"}, "percentile": {"50,95,99"}}))
}

// buildsEqualServer compares builds.sql and distribution.sql with the server's sums, means and percentiles.
func buildsEqualServer(t *testing.T, address, schema string, parameters url.Values) {
	t.Helper()
	var sums struct{ Data []rollupSum }
	get(t, address, "/v1/build_id/sums", parameters, &sums)
	builds, err := runIn(t.Context(), schema, statements(t, "rollups/builds.sql")...)
	require.NoError(t, err)
	require.Len(t, builds, len(sums.Data))
	for i, s := range sums.Data {
		row := builds[i]
		assert.Equal(t, []any{s.Date, s.Count, int64(s.Samples)}, row[:3])
		assert.InEpsilon(t, *s.Mean, row[3], 1e-12)
		for j, percentile := range []string{"50", "95", "99"} {
			assert.InEpsilon(t, *s.Percentiles[percentile], row[4+j], 1e-12, percentile)
		}
	}
	parameters.Set("date", "20161031")
	parameters.Set("group", "os")
	get(t, address, "/v1/build_id/sums", parameters, &sums)
	buckets, err := runIn(t.Context(), schema, statements(t, "rollups/distribution.sql")...)
	require.NoError(t, err)
	got, last := map[string][]int64{}, map[string]float64{}
	for _, row := range buckets {
		os := row[0].(string)
		got[os], last[os] = append(got[os], row[2].(int64)), row[3].(float64)
	}
	require.Len(t, got, len(sums.Data))
	for _, s := range sums.Data {
		assert.Equal(t, s.Histogram, got[s.Group["os"]])
		assert.Equal(t, 1.0, last[s.Group["os"]])
	}
}
