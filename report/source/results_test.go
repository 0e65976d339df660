// SPDX-License-Identifier: Apache-2.0

package source_test

import (
	"encoding/base64"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/headcount-hll/headcount/report/source"
	"github.com/headcount-hll/headcount/udf/hll"
)

func TestResults_KeepKindsAndValues(t *testing.T) {
	p, err := hll.NewPrecision(12)
	require.NoError(t, err)
	builder := hll.NewBuilder(p)
	builder.Add([]byte("a"))
	sketch := base64.StdEncoding.EncodeToString(builder.Append(nil))
	table := &source.Table{
		Columns: []source.Column{
			{Name: "day", Kind: source.Day}, {Name: "at", Kind: source.Time}, {Name: `a "name"`, Kind: source.Text}, {Name: "n", Kind: source.Number},
			{Name: "share", Kind: source.Number}, {Name: "yes", Kind: source.Bool}, {Name: "sketch", Kind: source.Bytes},
		},
		Rows: [][]any{
			{"2016-11-01", "2016-11-01T12:00:00.5Z", "it's; DROP TABLE x", int64(1) << 53, 0.5, true, sketch},
			{nil, nil, nil, nil, nil, nil, nil},
			{"0001-01-01", "1970-01-01T00:00:00Z", "", int64(-1), int64(2), false, ""},
		},
	}
	results, err := source.OpenResults(t.Context(), map[string]*source.Table{"earlier": table})
	require.NoError(t, err)
	defer results.Close()
	require.Equal(t, "results (DuckDB)", results.Engine())
	got, err := results.Query(t.Context(), "SELECT * FROM earlier", nil)
	require.NoError(t, err)
	require.Equal(t, table.Columns, got.Columns)
	want := table.Rows
	want[2][4] = 2.0 // the column has a value that is not whole
	require.Equal(t, want, got.Rows)

	counts, err := results.Query(t.Context(), "SELECT hll_cardinality(hll_merge(sketch)) AS n FROM earlier WHERE n > 0", nil)
	require.NoError(t, err)
	require.Equal(t, [][]any{{int64(1)}}, counts.Rows)
}

func TestResults_ReadNoFiles(t *testing.T) {
	results, err := source.OpenResults(t.Context(), nil)
	require.NoError(t, err)
	defer results.Close()
	for _, query := range []string{"SELECT * FROM read_csv('results_test.go')", "SELECT * FROM glob('*')", "COPY (SELECT 1) TO 'x.csv'", "INSTALL httpfs"} {
		_, err := results.Query(t.Context(), query, nil)
		require.Error(t, err, query)
	}
}
