// SPDX-License-Identifier: Apache-2.0

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

// The engagement report has the original's figures on Trino too. A test of report/cmd/headcount-reports has its figures on files.
func TestReports_HaveTheFiguresOfTheOriginalOnTrino(t *testing.T) {
	folder := t.TempDir()
	sources := filepath.Join(folder, "sources.yaml")
	require.NoError(t, os.WriteFile(sources, []byte("trino: {engine: trino, url: '"+server.url+"', user: e2e, catalog: hive, schema: default}"), 0o600))
	_, err := command(nil, "go", "run", "-C", repository("report"), "./cmd/headcount-reports", "run", repository("reports", "engagement.md"),
		"--source", "trino", "--sources", sources, "-o", folder)
	require.NoError(t, err)
	page, err := os.ReadFile(filepath.Join(folder, "engagement.html"))
	require.NoError(t, err)
	_, data, found := strings.Cut(string(page), `<script type="application/json" id="data">`)
	require.True(t, found)
	data, _, _ = strings.Cut(data, "</script>")
	var shown struct {
		Results map[string]struct{ Rows [][]any }
	}
	require.NoError(t, json.Unmarshal([]byte(data), &shown))

	figures := map[string][]string{}
	for _, row := range shown.Results["engagement"].Rows {
		figures[fmt.Sprint(textOf(row[0]), " ", row[1])] = []string{textOf(row[2]), textOf(row[3]), textOf(row[4])}
	}
	want := expected(t, "expected_engagement.csv")
	require.Len(t, figures, len(want))
	for _, row := range want {
		assert.Equal(t, []string{row[2], row[4], row[5]}, figures[row[0]+" "+row[1]], "%s, %s", row[0], row[1])
	}
}
