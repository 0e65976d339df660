// SPDX-License-Identifier: Apache-2.0

package hll

import (
	"bytes"
	"math/rand/v2"
	"testing"

	"github.com/headcount-hll/headcount/udf/hll/internal/idhash"
	"github.com/stretchr/testify/require"
)

// Ids of all lengths around the blocks of the hash, with bytes that are sign-extended, in numbers around the batch.
func TestEntriesOf_EqualsTheEntryOfEachID(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	for _, bits := range []int64{4, 12, 16, 17, 24} {
		p, err := NewPrecision(bits)
		require.NoError(t, err)
		for _, n := range []int{0, 1, idhash.Batch - 1, idhash.Batch, idhash.Batch + 1, 3*idhash.Batch + 7} {
			ids, want := make([][]byte, n), make([]Entry, n)
			for i := range ids {
				ids[i] = bytes.Repeat([]byte{byte(random.Uint32())}, i%40)
				h1, h2 := idhash.Of(ids[i])
				want[i] = entryOf(p, h1, h2)
			}
			got := make([]Entry, n)
			p.EntriesOf(got, ids)
			require.Equal(t, want, got, "precision %d, %d ids", bits, n)
		}
	}
}
