// SPDX-License-Identifier: Apache-2.0

package e2e

import (
	"context"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// With the functions in a sidecar, Trino gives the same results as the original library.
func TestSidecar(t *testing.T) {
	_, sidecar := startContainers(t, "HEADCOUNT_SIDECAR_URL", "--sidecar")

	t.Run("seed query", func(t *testing.T) {
		want := expected(t, "expected_seed_query.csv")
		for _, table := range []string{"client_count", "client_count_sparse"} {
			got, err := runOn(context.Background(), sidecar, "hive.default", over(t, statements(t, "channel_counts.sql")[0], table))
			require.NoError(t, err, table)
			assert.Equal(t, want, text(got), table)
		}
	})
	t.Run("vectors", engine{sidecar}.answersEveryVector)
}
