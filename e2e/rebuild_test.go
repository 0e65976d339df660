// SPDX-License-Identifier: Apache-2.0

package e2e

import (
	"context"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/headcount-hll/headcount/internal/trinotest"
)

// A build replaces the library's file by renaming a new one. A running server keeps the mapped file and continues to
// answer. Overwriting the file in place would crash it.
func TestLibrary_RebuiltWhileTheServerRuns(t *testing.T) {
	plugin := filepath.Join(t.TempDir(), "headcount")
	require.NoError(t, os.CopyFS(plugin, os.DirFS(repository("build", "plugin", "headcount"))), "run make plugin")
	library := filepath.Join(plugin, runtime.GOARCH, "libheadcount.so")
	require.FileExists(t, library, "run make plugin")

	port, err := trinotest.FreePort()
	require.NoError(t, err)
	t.Setenv("TRINO_HEAP", "1G")
	rebuilt, err := start("local", port, "--plugin", plugin)
	t.Cleanup(func() { assert.NoError(t, rebuilt.down()) })
	require.NoError(t, err)
	db, err := connect(rebuilt.url)
	require.NoError(t, err)
	defer db.Close()

	// The first calls load classes and the library.
	const query = "SELECT regionkey, cardinality(merge(hll_create(name, 12))) FROM tpch.tiny.nation GROUP BY regionkey ORDER BY 1"
	before, err := trinotest.Fetch(context.Background(), db, query)
	require.NoError(t, err)
	p, err := rebuilt.process()
	require.NoError(t, err)
	old, err := os.Stat(library)
	require.NoError(t, err)

	asked := whileBuilding(t, library, func() {
		got, err := trinotest.Fetch(context.Background(), db, query)
		require.NoError(t, err)
		require.Equal(t, before, got)
	})
	t.Logf("%d queries answered while the library was rebuilt", asked)
	assert.Positive(t, asked)
	replaced, err := os.Stat(library)
	require.NoError(t, err)
	assert.False(t, os.SameFile(old, replaced), "the library was written in place")

	got, err := trinotest.Fetch(context.Background(), db, query)
	require.NoError(t, err, "after the library was replaced")
	assert.Equal(t, before, got)
	mapped, err := p.mappings()
	require.NoError(t, err)
	assert.Regexp(t, `libheadcount\.so \(deleted\)`, libraryLines(mapped), "the server does not have the old library mapped")
}

// whileBuilding builds the library twice, as make does, and calls ask meanwhile.
func whileBuilding(t *testing.T, library string, ask func()) (asked int) {
	t.Helper()
	var building sync.WaitGroup
	var failed error
	done := make(chan struct{})
	building.Go(func() {
		defer close(done)
		for _, version := range []string{"rebuilt", "rebuilt-again"} {
			if _, failed = command([]string{"VERSION=" + version}, repository("cgo", "build.sh"), runtime.GOARCH, library); failed != nil {
				return
			}
		}
	})
	for running := true; running; asked++ {
		ask()
		select {
		case <-done:
			running = false
		default:
		}
	}
	building.Wait()
	require.NoError(t, failed)
	return asked
}

func libraryLines(mappings string) string {
	var out strings.Builder
	for line := range strings.Lines(mappings) {
		if strings.Contains(line, "libheadcount") {
			out.WriteString(line)
		}
	}
	return out.String()
}
