package e2e

import (
	"context"
	"database/sql"
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A Trino whose functions all run in a function server beside it gives what the original gives.
func TestSidecar(t *testing.T) {
	s := startSidecar(t)

	t.Run("answers the seed query", func(t *testing.T) {
		want := expected(t, "expected_seed_query.csv")
		for _, table := range []string{"client_count", "client_count_sparse"} {
			got, err := runOn(context.Background(), s.db, "hive.default", over(t, statements(t, "channel_counts.sql")[0], table))
			require.NoError(t, err, table)
			assert.Equal(t, want, text(got), table)
		}
	})
	t.Run("answers every vector", engine{s.db}.answersEveryVector)
}

// beside is a server with a function server beside it.
type beside struct {
	running
	db *sql.DB
}

// startSidecar starts one on a free port, or takes the one that HEADCOUNT_SIDECAR_URL names. Like the cluster it is of
// several containers, so that MODE=local, which is about the other tests' server, changes nothing here.
func startSidecar(t *testing.T) beside {
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
	return beside{r, db}
}
