// SPDX-License-Identifier: Apache-2.0

package groupby

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/headcount-hll/headcount/udf/hll"
)

var precision = func() hll.Precision {
	p, err := hll.NewPrecision(hll.DefaultPrecision)
	if err != nil {
		panic(err)
	}
	return p
}()

func newTable(t *testing.T, workers int, memory int64) *Table {
	table := New(Options{Precision: precision, Workers: workers, Memory: memory, SpillDir: t.TempDir()})
	t.Cleanup(func() { require.NoError(t, table.Close()) })
	return table
}

// activity is rows of many small groups and some large ones.
func activity(n int) (rows Rows) {
	random := rand.New(rand.NewPCG(1, 2))
	for range n {
		key := fmt.Sprintf("small %d", random.IntN(20_000))
		if random.IntN(4) == 0 {
			key = fmt.Sprintf("large %d", random.IntN(5))
		}
		rows.Keys = append(rows.Keys, []byte(key))
		rows.Values = append(rows.Values, fmt.Appendf(nil, "client %d", random.IntN(n)))
	}
	return rows
}

// oracle is the sketches of the rows, each made by itself.
func oracle(rows Rows) map[string]string {
	builders := map[string]*hll.Builder{}
	for i, key := range rows.Keys {
		b := builders[string(key)]
		if b == nil {
			b = hll.NewBuilder(precision)
			builders[string(key)] = b
		}
		b.Add(rows.Values[i])
	}
	sketches := map[string]string{}
	for key, b := range builders {
		sketches[key] = string(b.Append(nil))
	}
	return sketches
}

// addAll adds rows in batches by several workers.
func addAll(t *testing.T, workers int, rows Rows, adder func(n int) *Adder) {
	t.Helper()
	const batch = 1000
	var wait sync.WaitGroup
	errs := make([]error, workers)
	for w := range workers {
		wait.Go(func() {
			a := adder(w)
			for from := w * batch; from < len(rows.Keys) && errs[w] == nil; from += workers * batch {
				to := min(from+batch, len(rows.Keys))
				errs[w] = a.Add(context.Background(), Rows{rows.Keys[from:to], rows.Values[from:to]})
			}
		})
	}
	wait.Wait()
	require.NoError(t, errors.Join(errs...))
}

// requireGroups holds the table's groups to the expected ones, in order.
func requireGroups(t *testing.T, want map[string]string, table *Table) {
	t.Helper()
	var keys []string
	require.NoError(t, table.Each(t.Context(), func(key, sketch []byte) error {
		keys = append(keys, string(key))
		if want[string(key)] != string(sketch) {
			return fmt.Errorf("another sketch for %s", key)
		}
		return nil
	}))
	require.Len(t, keys, len(want))
	require.True(t, slices.IsSorted(keys))
}

func TestTable_SameGroupsWithAnyWorkersAndMemory(t *testing.T) {
	rows := activity(60_000)
	want := oracle(rows)
	for _, workers := range []int{1, 2, 7} {
		for _, memory := range []int64{1 << 30, 1 << 20, 1} {
			t.Run(fmt.Sprintf("%d workers, %d bytes", workers, memory), func(t *testing.T) {
				table := newTable(t, workers, memory)
				addAll(t, workers, rows, table.AddIDs)
				require.Equal(t, memory < 1<<30, len(table.runs) > 0)
				requireGroups(t, want, table)
			})
		}
	}
}

func TestTable_MergesManyRuns(t *testing.T) {
	rows := activity(50_000) // 50 batches, each of which is spilled
	table := newTable(t, 1, 1)
	addAll(t, 1, rows, table.AddIDs)
	require.Less(t, len(table.runs), leastRuns)
	requireGroups(t, oracle(rows), table)
}

// Keys longer than a chunk count with all their bytes, so that they are spilled in time.
func TestTable_CountsLongKeys(t *testing.T) {
	const length, groups = 1 << 20, 40
	table := newTable(t, 1, 8*length)
	adder := table.AddIDs(0)
	for i := range groups {
		key := bytes.Repeat([]byte{byte(i)}, length)
		require.NoError(t, adder.Add(t.Context(), Rows{Keys: [][]byte{key}, Values: [][]byte{[]byte("id")}}))
		require.Less(t, table.used.Load(), int64(9*length))
	}
	require.GreaterOrEqual(t, len(table.runs), groups/9)
	got := 0
	require.NoError(t, table.Each(t.Context(), func(key, _ []byte) error {
		require.Len(t, key, length)
		require.Equal(t, byte(got), key[0])
		got++
		return nil
	}))
	require.Equal(t, groups, got)
}

func TestTable_UnitesSketches(t *testing.T) {
	rows := activity(50_000)
	want := oracle(rows)
	sketches := Rows{Keys: rows.Keys}
	for _, id := range rows.Values {
		sketches.Values = append(sketches.Values, hll.AppendCreate(nil, precision, id))
	}
	for key, sketch := range want { // and each group's whole, in whatever form it has
		sketches.Keys = append(sketches.Keys, []byte(key))
		sketches.Values = append(sketches.Values, []byte(sketch))
	}
	table := newTable(t, 2, 1<<20)
	addAll(t, 2, sketches, table.AddSketches)
	requireGroups(t, want, table)
}

func TestTable_InvalidSketchIsAnErrorOfItsRow(t *testing.T) {
	good := hll.AppendEmpty(nil, precision)
	err := newTable(t, 1, 1<<30).AddSketches(0).Add(t.Context(),
		Rows{Keys: [][]byte{{1}, {2}, {3}}, Values: [][]byte{good, []byte("no sketch"), good}})
	var rejected *RowError
	require.ErrorAs(t, err, &rejected)
	require.Equal(t, 1, rejected.Row)
}

func TestTable_SpillingToAReadOnlyFolderIsAnError(t *testing.T) {
	table := New(Options{Precision: precision, Workers: 1, Memory: 1, SpillDir: t.TempDir() + "/missing"})
	err := table.AddIDs(0).Add(t.Context(), Rows{Keys: [][]byte{{1}}, Values: [][]byte{{1}}})
	require.ErrorContains(t, err, "spilling to --spill-dir: ")
	require.ErrorIs(t, err, os.ErrNotExist)
}

func TestSpill_FilesHaveNoName(t *testing.T) {
	rows := activity(10_000)
	table := newTable(t, 1, 1)
	addAll(t, 1, rows, table.AddIDs)
	require.NotEmpty(t, table.runs)
	entries, err := os.ReadDir(table.options.SpillDir)
	require.NoError(t, err)
	require.Empty(t, entries)
}

func TestEach_StopsAtAnErrorOrCancellation(t *testing.T) {
	rows := activity(50_000)
	enough := errors.New("enough")
	for _, memory := range []int64{1 << 30, 1} {
		table := newTable(t, 2, memory)
		addAll(t, 2, rows, table.AddIDs)
		require.ErrorIs(t, table.Each(t.Context(), func(_, _ []byte) error { return enough }), enough)
		cancelled, cancel := context.WithCancel(t.Context())
		cancel()
		require.ErrorIs(t, table.Each(cancelled, func(_, _ []byte) error { return nil }), context.Canceled)
	}
}

// A slot is at least as large as asked for and loses little; classes grow.
func TestSlots_Fit(t *testing.T) {
	for n := 1; n <= 20<<20; n += 1 + n/100 {
		c := classOf(n)
		size := slotSize(c)
		require.GreaterOrEqual(t, size, n)
		require.LessOrEqual(t, size, max(leastSlot, 2*n))
		if n > coarseSlot {
			require.LessOrEqual(t, size, n+n/8+1)
		}
		if c > 0 {
			require.Less(t, slotSize(c-1), n)
		}
	}
	require.Less(t, int(classOf(16+1<<hll.MaxPrecision)), maxClass)
}
