// SPDX-License-Identifier: Apache-2.0

package main

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/headcount-hll/headcount/internal/pages/pagetest"
)

const fixture = "../../../e2e/testdata/"

// The expected figures are those of the original library.
func TestEngagement_GivesTheFiguresOfTheOriginalLibrary(t *testing.T) {
	folder := t.TempDir()
	require.NoError(t, os.Mkdir(filepath.Join(folder, "data"), 0o755))
	for from, to := range map[string]string{"../../../reports/engagement.md": "engagement.md", fixture + "client_count.parquet": "data/client_count.parquet"} {
		text, err := os.ReadFile(from)
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(filepath.Join(folder, to), text, 0o600))
	}
	path, err := run(t, filepath.Join(folder, "engagement.md"))
	require.NoError(t, err)
	tab := open(t, "light", path)
	require.Equal(t, 3, pagetest.Evaluate[int](tab, `document.querySelectorAll('.plot canvas').length`))
	type figures struct{ dau, mau, er string }
	got := map[string]figures{}
	for _, row := range pagetest.Evaluate[[][]any](tab, `data.results.engagement.rows`) {
		channel, _ := row[0].(string)
		got[channel+" "+row[1].(string)] = figures{text(row[2]), text(row[3]), text(row[4])}
		require.LessOrEqual(t, row[5], row[2], "lower bound")
		require.GreaterOrEqual(t, row[6], row[2], "upper bound")
	}
	file, err := os.Open(fixture + "expected_engagement.csv")
	require.NoError(t, err)
	defer file.Close()
	want, err := csv.NewReader(file).ReadAll()
	require.NoError(t, err)
	require.Len(t, got, len(want)-1)
	for _, row := range want[1:] {
		er, err := strconv.ParseFloat(row[5], 64)
		require.NoError(t, err)
		require.Equal(t, figures{row[2], row[4], text(er)}, got[row[0]+" "+row[1]], "%s on %s", row[0], row[1])
	}
}

func text(v any) string { return strconv.FormatFloat(v.(float64), 'g', -1, 64) }
