// SPDX-License-Identifier: Apache-2.0

package longitudinal

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// readFolder returns the rows of a folder's files, in the order of their names.
func readFolder(t *testing.T, folder string) (rows []map[string]any) {
	t.Helper()
	entries, err := os.ReadDir(folder)
	require.NoError(t, err)
	for _, e := range entries {
		data, err := os.ReadFile(filepath.Join(folder, e.Name()))
		require.NoError(t, err)
		rows = append(rows, read(t, data)...)
	}
	return rows
}

// folderPings are pings of many clients on a day.
func folderPings(day, clients int) (pings memorySource) {
	for i := range clients {
		pings = append(pings, testPing{fmt.Sprintf("client-%d", i), []any{fmt.Sprint(day, "-", i), "Linux", fmt.Sprintf("2016-11-%02d", day), i, day, true, 1, "beta"}})
	}
	return pings
}

// A folder has the rows of the file, also after an update in place, which copies the parts without new pings.
func TestBuildFolder_EqualsFile(t *testing.T) {
	ctx, folder := context.Background(), filepath.Join(t.TempDir(), "table")
	o := Options{Threads: 2, Memory: 1 << 20, SpillDir: t.TempDir(), From: 2, To: 97, CreatedBy: "test"}
	first, second := folderPings(1, 300), folderPings(2, 9)
	counts, err := BuildFolder(ctx, folder, first, o)
	require.NoError(t, err)
	want, _ := build(t, first, func(c *Options) { *c = o })
	assert.Equal(t, want, readFolder(t, folder))
	assert.Equal(t, int64(len(want)), counts.Clients.Load())

	counts, err = UpdateFolder(ctx, folder, folder, second, o)
	require.NoError(t, err)
	want, _ = build(t, append(append(memorySource{}, first...), second...), func(c *Options) { *c = o })
	assert.Equal(t, want, readFolder(t, folder))
	assert.Equal(t, int64(len(want)), counts.Clients.Load())
	siblings, err := os.ReadDir(filepath.Dir(folder))
	require.NoError(t, err)
	assert.Len(t, siblings, 1, "temporary folders are left")

	o.To = 9
	_, err = BuildFolder(ctx, folder, first, o)
	require.NoError(t, err)
	entries, err := os.ReadDir(folder)
	require.NoError(t, err)
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	assert.Equal(t, []string{"samples-00-03.parquet", "samples-04-07.parquet", "samples-08-11.parquet"}, names)
}

func TestBuildFolder_WithoutName(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, folder := range []string{".", "./", "..", "/"} {
		_, err := BuildFolder(t.Context(), folder, folderPings(1, 1), Options{Threads: 1, Memory: 1 << 20, SpillDir: t.TempDir(), To: 99})
		assert.ErrorContains(t, err, "name it from the folder above it", folder)
	}
}

func TestExchangeInSteps(t *testing.T) {
	a, b := filepath.Join(t.TempDir(), "a"), filepath.Join(t.TempDir(), "b")
	for _, path := range []string{a, b} {
		require.NoError(t, os.Mkdir(path, 0o755))
		require.NoError(t, os.WriteFile(filepath.Join(path, "name"), []byte(path), 0o600))
	}
	require.NoError(t, exchangeInSteps(a, b))
	for at, want := range map[string]string{a: b, b: a} {
		got, err := os.ReadFile(filepath.Join(at, "name"))
		require.NoError(t, err)
		assert.Equal(t, want, string(got))
	}
	assert.Error(t, exchangeInSteps(filepath.Join(a, "none"), b))
	assert.DirExists(t, b, "the first step is undone")
}

func TestUpdateFolder_FailureChangesNothing(t *testing.T) {
	ctx, folder := context.Background(), filepath.Join(t.TempDir(), "table")
	o := Options{Threads: 2, Memory: 1 << 20, SpillDir: t.TempDir(), To: 99, CreatedBy: "test"}
	_, err := BuildFolder(ctx, folder, folderPings(1, 300), o)
	require.NoError(t, err)
	before := readFolder(t, folder)
	other := o
	other.NewestFirst = true
	_, err = UpdateFolder(ctx, folder, folder, folderPings(2, 1), other)
	assert.ErrorContains(t, err, "make it anew")
	damaged := filepath.Join(folder, partName(7))
	data, err := os.ReadFile(damaged)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(damaged, data[:len(data)-9], 0o600))
	_, err = UpdateFolder(ctx, folder, folder, folderPings(2, 300), o)
	assert.ErrorContains(t, err, partName(7))
	require.NoError(t, os.WriteFile(damaged, data, 0o600))
	assert.Equal(t, before, readFolder(t, folder))

	require.NoError(t, os.WriteFile(filepath.Join(folder, "part-0.parquet"), nil, 0o600))
	_, err = BuildFolder(ctx, folder, folderPings(1, 300), o)
	assert.ErrorContains(t, err, "part-0.parquet is not of a longitudinal table")
}

func TestUpdate_DamagedTables(t *testing.T) {
	o := Options{Threads: 1, Memory: 1 << 20, SpillDir: t.TempDir(), To: 99}
	var base bytes.Buffer
	_, err := Build(context.Background(), &base, folderPings(1, 50), o)
	require.NoError(t, err)
	path := filepath.Join(t.TempDir(), "base.parquet")
	for at := 4; at < base.Len(); at += 131 {
		data := bytes.Clone(base.Bytes())
		data[at] ^= 0x55
		require.NoError(t, os.WriteFile(path, data, 0o600))
		var out bytes.Buffer
		_, err := Update(context.Background(), &out, path, folderPings(2, 50), o) // no panic; most bytes are checked by nothing
		if err != nil {
			assert.NotEmpty(t, err.Error())
		}
	}
}
