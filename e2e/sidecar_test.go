// SPDX-License-Identifier: Apache-2.0

package e2e

import (
	"context"
	"database/sql"
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// With the functions in a sidecar, Trino gives the same results as the original library.
func TestSidecar(t *testing.T) {
	s := startSidecar(t)

	t.Run("seed query", func(t *testing.T) {
		want := expected(t, "expected_seed_query.csv")
		for _, table := range []string{"client_count", "client_count_sparse"} {
			got, err := runOn(context.Background(), s.db, "hive.default", over(t, statements(t, "channel_counts.sql")[0], table))
			require.NoError(t, err, table)
			assert.Equal(t, want, text(got), table)
		}
	})
	t.Run("vectors", engine{s.db}.answersEveryVector)
}

// A sidecarServer is a Trino that calls the functions in a sidecar.
type sidecarServer struct {
	running
	db *sql.DB
}

// startSidecar starts a sidecarServer on a free port, or uses the one at HEADCOUNT_SIDECAR_URL. It always runs in Docker,
// because it needs several containers: MODE has no effect on it.
func startSidecar(t *testing.T) sidecarServer {
	t.Helper()
	r, err := adopt(os.Getenv("HEADCOUNT_SIDECAR_URL"))
	if err != nil {
		port, err := freePort()
		require.NoError(t, err)
		t.Cleanup(func() { assert.NoError(t, running{port: port, mode: "docker"}.down()) })
		r, err = start("docker", port, "--sidecar")
		require.NoError(t, err)
	}
	_, err = serverScript("load", "--mode", "docker", "--port", r.port)
	require.NoError(t, err)
	db, err := connect(r.url)
	require.NoError(t, err)
	t.Cleanup(func() { db.Close() })
	return sidecarServer{r, db}
}
