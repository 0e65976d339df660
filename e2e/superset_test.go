// SPDX-License-Identifier: Apache-2.0

//go:build superset

package e2e

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/headcount-hll/headcount/internal/trinotest"
)

// This file runs the steps of docs/superset.md on a Superset from PyPI, through the API that its pages use: SQL Lab, datasets
// and charts. "make test-superset" installs it.

// superset is a running Superset and a database connection in it.
type superset struct {
	url, token string
	database   int
}

func startSuperset(t *testing.T) *superset {
	t.Helper()
	home := t.TempDir()
	made, err := os.ReadFile(repository("build", "superset", "home", "superset.db"))
	require.NoError(t, err, "make superset installs it")
	require.NoError(t, os.WriteFile(filepath.Join(home, "superset.db"), made, 0o600))
	port, err := trinotest.FreePort()
	require.NoError(t, err)
	password := rand.Text()
	environment := []string{
		"SUPERSET_HOME=" + home, "SUPERSET_SECRET_KEY=" + rand.Text() + rand.Text(), "FLASK_APP=superset.app:create_app()",
		"SUPERSET_CONFIG_PATH=" + repository("e2e", "superset", "superset_config.py"),
	}
	bin := repository("build", "superset", "venv", "bin")
	_, err = command(environment, filepath.Join(bin, "superset"), "fab", "create-admin", "--username", "admin", "--firstname", "a",
		"--lastname", "b", "--email", "admin@example.org", "--password", password)
	require.NoError(t, err)

	background(t, environment, filepath.Join(bin, "flask"), "run", "--host", "127.0.0.1", "--port", port, "--with-threads", "--no-reload")
	s := &superset{url: "http://127.0.0.1:" + port}
	require.Eventually(t, func() bool {
		answer, err := http.Get(s.url + "/health")
		if err != nil {
			return false
		}
		answer.Body.Close()
		return answer.StatusCode == http.StatusOK
	}, 5*time.Minute, time.Second, "Superset did not start")
	s.token = s.post(t, "security/login", object{"username": "admin", "password": password, "provider": "db"})["access_token"].(string)
	s.database = id(s.post(t, "database/", object{
		"database_name": "headcount", "expose_in_sqllab": true,
		"sqlalchemy_uri": "trino://superset@" + strings.TrimPrefix(server.url, "http://") + "/hive/default",
	}))
	return s
}

type object = map[string]any

func id(answer object) int {
	n, _ := answer["id"].(json.Number).Int64()
	return int(n)
}

// call sends a request to Superset's API and returns the status and the answer.
func (s *superset) call(t *testing.T, method, path string, body object) (int, object) {
	t.Helper()
	sent, err := json.Marshal(body)
	require.NoError(t, err)
	request, err := http.NewRequestWithContext(t.Context(), method, s.url+"/api/v1/"+path, bytes.NewReader(sent))
	require.NoError(t, err)
	request.Header.Set("Content-Type", "application/json")
	if s.token != "" {
		request.Header.Set("Authorization", "Bearer "+s.token)
	}
	answer, err := http.DefaultClient.Do(request)
	require.NoError(t, err)
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	require.NoError(t, err)
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	var result object
	require.NoError(t, decoder.Decode(&result), "%.500s", text)
	return answer.StatusCode, result
}

func (s *superset) must(t *testing.T, method, path string, body object) object {
	t.Helper()
	status, answer := s.call(t, method, path, body)
	require.Less(t, status, 300, "%s %s: %v", method, path, answer)
	return answer
}

func (s *superset) post(t *testing.T, path string, body object) object {
	t.Helper()
	return s.must(t, http.MethodPost, path, body)
}

// lab runs a query in SQL Lab, with the limit that SQL Lab sets, and returns its rows.
func (s *superset) lab(t *testing.T, query string, limit int) []object {
	t.Helper()
	return records(s.post(t, "sqllab/execute/", object{
		"database_id": s.database, "schema": "default", "sql": query, "queryLimit": limit, "client_id": rand.Text()[:11],
	})["data"])
}

func records(list any) []object {
	var out []object
	for _, row := range list.([]any) {
		out = append(out, row.(object))
	}
	return out
}

// dataset makes a dataset from a table, or from a query if one is given, with a metric.
func (s *superset) dataset(t *testing.T, table, query, metric, expression string) int {
	t.Helper()
	definition := object{"database": s.database, "schema": "default", "table_name": table}
	if query != "" {
		definition["sql"] = query
	}
	made := id(s.post(t, "dataset/", definition))
	if metric != "" {
		s.must(t, http.MethodPut, fmt.Sprintf("dataset/%d?override_columns=false", made), object{
			"metrics": []object{{"metric_name": metric, "expression": expression}},
		})
	}
	return made
}

// chart asks for a chart's data.
func (s *superset) chart(t *testing.T, dataset int, query object) []object {
	t.Helper()
	answer := s.post(t, "chart/data", object{
		"datasource": object{"id": dataset, "type": "table"}, "queries": []object{query},
		"result_format": "json", "result_type": "full", "force": true,
	})
	return records(answer["result"].([]any)[0].(object)["data"])
}

func TestSuperset(t *testing.T) {
	s := startSuperset(t)
	clients := s.dataset(t, "client_count", "", "clients", "hll_cardinality(hll_merge(hll))")
	days := object{
		"columns": []any{"normalizedchannel"}, "metrics": []any{"clients"}, "row_limit": 10000,
		"granularity": "activitydate", "time_range": "2016-10-07 : 2016-10-10", "extras": object{"time_grain_sqla": "P1D"},
		"is_timeseries": true, "filters": []object{{"col": "normalizedchannel", "op": "==", "val": "beta"}},
	}

	t.Run("the query of the README in SQL Lab", func(t *testing.T) {
		rows := s.lab(t, `SELECT normalizedchannel, activitydate, hll_cardinality(hll_merge(hll)) AS clients
			FROM client_count GROUP BY 1, 2 ORDER BY normalizedchannel, activitydate DESC`, 10000)
		want := expected(t, "expected_seed_query.csv")
		require.Len(t, rows, len(want))
		for i, row := range rows {
			channel, _ := row["normalizedchannel"].(string) // NULL is "" in the file
			require.Equal(t, want[i], []string{channel, fmt.Sprint(row["activitydate"])[:10], fmt.Sprint(row["clients"])})
		}
	})
	t.Run("a saved metric by day, with a filter", func(t *testing.T) {
		want, counts := wantAroundTheOutage(t)
		got := s.chart(t, clients, days)
		require.Len(t, got, len(want))
		seen := map[string]string{}
		for _, row := range got {
			seen[date(t, row["__timestamp"])] = fmt.Sprint(row["clients"])
		}
		for i, day := range want {
			assert.Equal(t, counts[i], seen[day], day)
		}
	})
	t.Run("a metric written in the chart, with bounds, by month", func(t *testing.T) {
		got := s.chart(t, clients, object{
			"columns": []any{}, "row_limit": 100, "granularity": "activitydate", "time_range": "2016-10-01 : 2016-11-01",
			"extras": object{"time_grain_sqla": "P1M"}, "is_timeseries": true,
			"metrics": []any{"clients", metric("low", "hll_bounds(hll_merge(hll), 2).lower"), metric("high", "hll_bounds(hll_merge(hll), 2).upper")},
		})
		require.Len(t, got, 1)
		n, low, high := number(t, got[0]["clients"]), number(t, got[0]["low"]), number(t, got[0]["high"])
		wanted := rows(t, `SELECT CAST(hll_cardinality(hll_merge(hll)) AS DOUBLE), hll_bounds(hll_merge(hll), 2).lower, hll_bounds(hll_merge(hll), 2).upper
			FROM client_count WHERE activitydate >= DATE '2016-10-01' AND activitydate < DATE '2016-11-01'`)[0]
		assert.Equal(t, wanted, []any{n, low, high})
		assert.Less(t, low, n)
		assert.Less(t, n, high)
	})
	t.Run("engagement as a dataset from a query", func(t *testing.T) {
		query := statements(t, "engagement.sql")[0]
		ran := s.lab(t, query, 10000)
		require.NotEmpty(t, ran)
		virtual := s.dataset(t, "engagement", query, "", "")
		got := s.chart(t, virtual, object{
			"columns": []any{"activitydate"}, "metrics": []any{metric("mau", "MAX(mau)")}, "row_limit": 10000, "orderby": []any{},
		})
		want := map[string]float64{}
		for _, row := range ran {
			day := fmt.Sprint(row["activitydate"])[:10]
			want[day] = max(want[day], number(t, row["mau"]))
		}
		require.Len(t, got, len(want))
		for _, row := range got {
			day := date(t, row["activitydate"])
			assert.Equal(t, want[day], number(t, row["mau"]), day)
		}
	})
	t.Run("limit", func(t *testing.T) {
		assert.Len(t, s.lab(t, "SELECT activitydate, hll FROM client_count", 7), 7)
		assert.Len(t, s.lab(t, "SELECT activitydate, hll FROM client_count LIMIT 3", 7), 3)
	})
	t.Run("an error has the reason", func(t *testing.T) {
		status, answer := s.call(t, http.MethodPost, "sqllab/execute/", object{
			"database_id": s.database, "schema": "default", "sql": "SELECT hll_cardinality(X'00')", "client_id": rand.Text()[:11],
		})
		assert.GreaterOrEqual(t, status, 400)
		assert.Contains(t, fmt.Sprint(answer), "a sketch begins with a type byte")
	})
	t.Run("cancel", func(t *testing.T) { cancelInSuperset(t, s) })
}

func metric(label, expression string) object {
	return object{"expressionType": "SQL", "sqlExpression": expression, "label": label}
}

func number(t *testing.T, v any) float64 {
	t.Helper()
	n, err := v.(json.Number).Float64()
	require.NoError(t, err)
	return n
}

// date returns the day of a chart's time: milliseconds since 1970.
func date(t *testing.T, v any) string {
	t.Helper()
	return time.UnixMilli(int64(number(t, v))).UTC().Format(time.DateOnly)
}

// cancelInSuperset runs a query that has no end, stops it as the button does, and waits until the engine has ended it.
func cancelInSuperset(t *testing.T, s *superset) {
	t.Helper()
	client := rand.Text()[:11]
	done := make(chan struct{})
	go func() {
		defer close(done)
		s.call(t, http.MethodPost, "sqllab/execute/", object{
			"database_id": s.database, "schema": "default", "sql": endless, "client_id": client,
		})
	}()
	state := func() string {
		listed := rows(t, `SELECT state FROM system.runtime.queries WHERE "user" = 'superset' AND query LIKE '%orderkey * 7%' ORDER BY created DESC LIMIT 1`)
		if len(listed) == 0 {
			return ""
		}
		return fmt.Sprint(listed[0][0])
	}
	require.Eventually(t, func() bool { return state() == "RUNNING" }, 2*time.Minute, time.Second)
	s.post(t, "query/stop", object{"client_id": client})
	require.Eventually(t, func() bool { return state() == "FAILED" }, 2*time.Minute, time.Second)
	<-done
}
