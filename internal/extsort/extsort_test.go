// SPDX-License-Identifier: Apache-2.0

package extsort

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestEach_SortsWhatFitsAndWhatDoesNot(t *testing.T) {
	for name, c := range map[string]struct {
		memory int64
		runs   int // at least
	}{"memory": {1 << 30, 0}, "files": {4 << 20, 2}, "many files": {200_000, mostRuns + 1}} {
		t.Run(name, func(t *testing.T) {
			s := New(Options{Memory: c.memory, Parts: 2, Dir: t.TempDir()})
			random := rand.New(rand.NewPCG(1, 2))
			var want []string
			buffers := []*Buffer{s.Buffer(), s.Buffer()}
			for i := range 60_000 {
				key := fmt.Appendf(nil, "%0*d", random.IntN(12), random.IntN(1000))
				value := bytes.Repeat([]byte{byte('a' + i%26)}, random.IntN(600))
				require.NoError(t, buffers[i%2].Add(key, value))
				want = append(want, string(key)+"\x00"+string(value))
			}
			assert.GreaterOrEqual(t, len(s.runs), c.runs)
			assert.Equal(t, c.runs > 0, s.Spilled() > 0)
			slices.Sort(want)
			var got []string
			require.NoError(t, s.Each(context.Background(), func(key, value []byte) error {
				got = append(got, string(key)+"\x00"+string(value))
				return nil
			}))
			assert.True(t, slices.Equal(want, got))
			require.NoError(t, s.Close())
		})
	}
}

func TestEach_ErrorsEndIt(t *testing.T) {
	s := New(Options{Memory: 1 << 20, Parts: 1, Dir: t.TempDir()})
	b := s.Buffer()
	require.NoError(t, b.Add([]byte("a"), make([]byte, 3<<20)))
	require.NoError(t, b.Add([]byte("b"), make([]byte, 3<<20)))
	wrong := errors.New("wrong")
	assert.ErrorIs(t, s.Each(context.Background(), func(_, _ []byte) error { return wrong }), wrong)
	canceled, cancel := context.WithCancel(context.Background())
	cancel()
	assert.ErrorIs(t, s.Each(canceled, func(_, _ []byte) error { return nil }), context.Canceled)
	gone := New(Options{Memory: 1, Parts: 1, Dir: t.TempDir() + "/gone"})
	g := gone.Buffer()
	require.NoError(t, g.Add([]byte("a"), nil))
	assert.ErrorContains(t, g.Add([]byte("a"), nil), "--spill-dir")
}
