// SPDX-License-Identifier: Apache-2.0

package state

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// Every server asks most of these each second: they must not read the history.
func TestTick_ReadsOpenRunsByTheirIndex(t *testing.T) {
	db, err := Open(t.Context(), filepath.Join(t.TempDir(), "state.sqlite"))
	require.NoError(t, err)
	defer db.Close()
	for _, query := range []string{anyWaiting, oldestWaiting, openOf, waitingOf, servers, runningOf} {
		rows, err := db.db.QueryContext(t.Context(), "EXPLAIN QUERY PLAN "+query, 0, 0)
		steps, err := all(rows, err, func(row scanner) (step string, err error) {
			var id, parent, unused int
			err = row.Scan(&id, &parent, &unused, &step)
			return step, err
		})
		require.NoError(t, err)
		for _, step := range steps {
			require.NotContains(t, step, "SCAN runs", query)
			require.NotContains(t, step, "SCAN q", query)
			require.NotContains(t, step, "runs_report", query)
		}
		require.Contains(t, strings.Join(steps, ", "), "INDEX runs_open", query)
	}
}
