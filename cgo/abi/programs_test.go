// SPDX-License-Identifier: Apache-2.0

package abi

import (
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Each program tries one kind of what a caller can do, right or wrong, against memory that ends in an unreadable
// page where the contract says it ends. Both kinds of kernel are tried.
func TestCallers_OfAllKinds(t *testing.T) {
	t.Run("as built", func(t *testing.T) { tryCallers(t, built(t, "libheadcount.so")) })
	t.Run("portable kernels", func(t *testing.T) { tryCallers(t, built(t, "purego/libheadcount.so")) })
}

func tryCallers(t *testing.T, library string) {
	for _, c := range []struct{ program, proves string }{
		{"invalid_columns", "a column that is not what it says is HC_ARGUMENT to every function"},
		{"invalid_values", "numbers out of range, mixed precisions and null pointers are a status"},
		{"invalid_bytes", "every function rejects the bytes that hc_hll_check rejects, and accepts the others"},
		{"space_for_sketches", "sketches stay inside the room there is, and what HC_NEED_SPACE asks for is enough"},
		{"slots", "states stay inside their slots and find their place after HC_NEED_SPACE and HC_SET_ASIDE"},
		{"long_work", "big states are worked on in pieces, with the same result"},
		{"threads", "threads share the library and leak nothing"},
	} {
		t.Run(c.program, func(t *testing.T) {
			t.Log(c.proves)
			t.Log(run(t, exec.Command(program(t, c.program, library))))
		})
	}
}

func TestPanic_BecomesAStatus(t *testing.T) {
	t.Log(run(t, exec.Command(program(t, "panic", buildLibrary(t, "hcpanic")))))
}

// A JVM has its handlers in place when it loads the library; what the library does to them must not take its
// signals away.
func TestHost_KeepsItsSignals(t *testing.T) {
	original := built(t, "libheadcount.so")
	duplicate := filepath.Join(t.TempDir(), "libheadcount.so")
	copyFile(t, original, duplicate)
	t.Log(run(t, exec.Command(program(t, "signals", ""), original, duplicate)))
}

func copyFile(t *testing.T, from, to string) {
	t.Helper()
	in, err := os.Open(from)
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	out, err := os.Create(to)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(out, in); err != nil {
		t.Fatal(err)
	}
	if err := out.Close(); err != nil {
		t.Fatal(err)
	}
}

// A build replaces the file, so that a process that has mapped the old one keeps it, and leaves nothing else.
func TestBuild_ReplacesByRename(t *testing.T) {
	path := buildLibrary(t, "")
	old, err := os.Open(path) // held open, so that its inode cannot be given to the new file
	if err != nil {
		t.Fatal(err)
	}
	defer old.Close()
	before, err := old.Stat()
	if err != nil {
		t.Fatal(err)
	}
	rebuildLibrary(t, path, "")
	after, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if os.SameFile(before, after) {
		t.Error("the library was written in place")
	}
	entries, err := os.ReadDir(filepath.Dir(path))
	if err != nil {
		t.Fatal(err)
	}
	if len(entries) != 1 {
		t.Errorf("other files in the folder of the library: %v", entries)
	}
}

// The number of processors of Go's scheduler is in the trace that it writes by itself.
func TestHost_HasMoreProcessorsThanCPUs(t *testing.T) {
	runtime.SetDefaultGOMAXPROCS() // as without GOMAXPROCS in the environment
	assert.Equal(t, 4*runtime.GOMAXPROCS(0), processors(t, ""))
	assert.Equal(t, 3, processors(t, "3"), "the host's own setting")
}

func processors(t *testing.T, setting string) int {
	t.Helper()
	cmd := exec.Command(program(t, "threads", built(t, "libheadcount.so")))
	cmd.Env = append(os.Environ(), "GODEBUG=schedtrace=1", "GOMAXPROCS="+setting)
	trace, err := cmd.CombinedOutput()
	require.NoError(t, err, "%s", trace)
	lines := regexp.MustCompile(`(?m)^SCHED \d+ms: gomaxprocs=(\d+) `).FindAllSubmatch(trace, -1)
	require.NotEmpty(t, lines, "%s", trace)
	n, err := strconv.Atoi(string(lines[len(lines)-1][1]))
	require.NoError(t, err)
	return n
}
