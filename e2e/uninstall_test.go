// SPDX-License-Identifier: Apache-2.0

package e2e

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/headcount-hll/headcount/e2e/sqltext"
)

// The query of docs/install.md finds the views that would break information_schema.columns without the plugin, those of a
// nested type too, and the statements that it writes drop them.
func TestUninstall_FindsAndDropsViewsOfTheType(t *testing.T) {
	kept := []string{"e2e_kept_bytes", "e2e_kept_own"}
	dropped := []string{"e2e_dropped", "e2e dropped array", "e2e_dropped_row"}
	for name, column := range map[string]string{
		dropped[0]: "cast(hll AS HLL)",
		dropped[1]: "ARRAY[cast(hll AS HLL)]",
		dropped[2]: "CAST(ROW(1, cast(hll AS HLL)) AS row(n integer, h HLL))",
		kept[0]:    "hll",
		kept[1]:    "CAST(NULL AS HyperLogLog)",
	} {
		execute(t, `CREATE OR REPLACE VIEW "`+name+`" AS SELECT `+column+" AS hll FROM client_count")
		t.Cleanup(func() { execute(t, `DROP VIEW IF EXISTS "`+name+`"`) })
	}
	find := uninstallQuery(t)
	statements := text(rows(t, find))
	for _, name := range dropped {
		assert.Contains(t, statements, []string{`DROP VIEW "hive"."default"."` + name + `"`})
	}
	for _, statement := range statements {
		execute(t, statement[0])
	}
	assert.Empty(t, rows(t, find))
	const left = "SELECT DISTINCT table_name FROM hive.information_schema.columns WHERE table_name LIKE 'e2e_kept%' OR table_name LIKE 'e2e%dropped%' ORDER BY table_name"
	assert.Equal(t, [][]string{{kept[0]}, {kept[1]}}, text(rows(t, left)))
}

// uninstallQuery returns the query of docs/install.md.
func uninstallQuery(t *testing.T) string {
	t.Helper()
	statements, err := sqltext.Read("../docs/install.md")
	require.NoError(t, err)
	for _, s := range statements {
		if strings.Contains(s.Text, "DROP VIEW") {
			return s.Text
		}
	}
	t.Fatal("docs/install.md has no query that writes DROP VIEW")
	return ""
}
