// SPDX-License-Identifier: Apache-2.0

package e2e

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// This file runs the vectors of the histogram functions in SQL: some vectors in one query, which returns a row for each.

// A histogramVector is a line of hist.jsonl. Arrays stay text, which a query casts.
type histogramVector struct {
	Function string            `json:"function"`
	Kind     string            `json:"kind"`
	Arrays   []json.RawMessage `json:"arrays"`
	Buckets  json.RawMessage   `json:"buckets"`
	Counts   json.RawMessage   `json:"counts"`
	P        json.Number       `json:"p"`
	Result   json.RawMessage   `json:"result"`
	Sizes    [3]int64          `json:"-"`
}

// vectorsInQuery is the number of vectors of a query.
const vectorsInQuery = 100

func histogramVectors(t *testing.T) map[string][]histogramVector {
	t.Helper()
	file, err := os.Open(repository("udf/conformance/vectors/hist/hist.jsonl"))
	require.NoError(t, err)
	defer file.Close()
	all := map[string][]histogramVector{}
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var v histogramVector
		require.NoError(t, json.Unmarshal(lines.Bytes(), &v))
		var sizes struct{ Low, High, N int64 }
		require.NoError(t, json.Unmarshal(lines.Bytes(), &sizes))
		v.Sizes = [3]int64{sizes.Low, sizes.High, sizes.N}
		all[v.Function] = append(all[v.Function], v)
	}
	require.NoError(t, lines.Err())
	return all
}

func array(text json.RawMessage) string {
	return "CAST(json_parse('" + string(text) + "') AS array(bigint))"
}

// histogramQueries has, for each function, the rows of a vector and the query over the rows of some vectors.
var histogramQueries = map[string]struct {
	rows  func(place int, v *histogramVector) []string
	query string // of the rows, %s
}{
	"histogram_sum":        {sumRows, "SELECT k, json_format(cast(histogram_sum(h) AS json)) FROM (VALUES %s) t (k, h) GROUP BY k ORDER BY k"},
	"aggregate_histograms": {sumRows, "SELECT k, json_format(cast(aggregate_histograms(h) AS json)) FROM (VALUES %s) t (k, h) GROUP BY k ORDER BY k"},
	"histogram_buckets": {func(k int, v *histogramVector) []string {
		return []string{fmt.Sprintf("(%d, '%s', %d, %d, %d)", k, v.Kind, v.Sizes[0], v.Sizes[1], v.Sizes[2])}
	}, "SELECT k, json_format(cast(histogram_buckets(kind, low, high, n) AS json)) FROM (VALUES %s) t (k, kind, low, high, n) ORDER BY k"},
	"histogram_mean": {func(k int, v *histogramVector) []string {
		return []string{fmt.Sprintf("(%d, %s, %s)", k, array(v.Buckets), array(v.Counts))}
	}, "SELECT k, histogram_mean(b, c) FROM (VALUES %s) t (k, b, c) ORDER BY k"},
	"histogram_percentile": {func(k int, v *histogramVector) []string {
		return []string{fmt.Sprintf("(%d, %s, %s, DOUBLE '%s')", k, array(v.Buckets), array(v.Counts), v.P)}
	}, "SELECT k, histogram_percentile(b, c, p) FROM (VALUES %s) t (k, b, c, p) ORDER BY k"},
}

func sumRows(place int, v *histogramVector) (rows []string) {
	for _, a := range v.Arrays {
		rows = append(rows, fmt.Sprintf("(%d, %s)", place, array(a)))
	}
	return rows
}

func TestHistogramVectors_InSQL(t *testing.T) {
	for function, vectors := range histogramVectors(t) {
		asked, known := histogramQueries[function]
		require.True(t, known, function)
		require.GreaterOrEqual(t, len(vectors), 100, function)
		for from := 0; from < len(vectors); from += vectorsInQuery {
			part := vectors[from:min(from+vectorsInQuery, len(vectors))]
			var values []string
			for k := range part {
				values = append(values, asked.rows(k, &part[k])...)
			}
			answers := rows(t, fmt.Sprintf(asked.query, strings.Join(values, ", ")))
			require.Len(t, answers, len(part), function)
			for k := range part {
				checkHistogramAnswer(t, &part[k], answers[k][1])
			}
		}
	}
}

// checkHistogramAnswer compares an answer with the vector's result: an array as text, or a number. An empty sum is NULL in SQL.
func checkHistogramAnswer(t *testing.T, v *histogramVector, answer any) {
	t.Helper()
	var number *float64
	switch {
	case string(v.Result) == "[]" || string(v.Result) == "null":
		assert.Nil(t, answer, v.Function)
	case v.Result[0] == '[':
		assert.Equal(t, strings.ReplaceAll(string(v.Result), " ", ""), answer, v.Function)
	default:
		require.NoError(t, json.Unmarshal(v.Result, &number))
		assert.InDelta(t, *number, answer, 1e-11*max(*number, 1e-300), v.Function)
	}
}
