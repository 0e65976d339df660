// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// binary builds the command.
func binary(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "headcount")
	out, err := exec.Command("go", "build", "-o", path, ".").CombinedOutput()
	require.NoError(t, err, string(out))
	return path
}

func TestProcess_ErrorExitsWithStatus(t *testing.T) {
	out, err := exec.Command(binary(t), "inspect", "nowhere.parquet").CombinedOutput()
	require.Equal(t, "headcount: open nowhere.parquet: no such file or directory\n", string(out))
	require.Equal(t, 1, err.(*exec.ExitError).ExitCode())
}

// A disk is full where a file may not grow: both are errors of the same write.
func TestProcess_FullDiskIsAnErrorAndLeavesNoFile(t *testing.T) {
	headcount := binary(t)
	for _, c := range []struct {
		name string
		args []string
	}{
		{"writing the file", []string{"build", activity}},
		{"spilling", []string{"build", "--memory", "128MB", "--id", "os", "--dimensions", "client_id", activity}},
		{"writing a page", []string{"engagement", "--format", "html", counts}},
	} {
		t.Run(c.name, func(t *testing.T) {
			folder := t.TempDir()
			args := append(c.args, "--spill-dir", folder, "-o", filepath.Join(folder, "out"))
			limited := exec.Command("bash", append([]string{"-c", `ulimit -f 64; exec "$0" "$@"`, headcount}, args...)...)
			said, err := limited.CombinedOutput()
			require.Error(t, err, string(said))
			require.Equal(t, 1, err.(*exec.ExitError).ExitCode(), string(said))
			require.Contains(t, string(said), "file too large")
			requireFiles(t, folder)
		})
	}
}

func TestProcess_FullDeviceAsStandardOutputIsAnError(t *testing.T) {
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	require.NoError(t, err)
	defer func() { require.NoError(t, full.Close()) }()
	c := exec.Command(binary(t), "engagement", "--format", "csv", counts)
	c.Stdout = full
	require.Error(t, c.Run())
	require.Equal(t, 1, c.ProcessState.ExitCode())
}

func TestProcess_InterruptedRunLeavesNoFile(t *testing.T) {
	headcount := binary(t)
	for _, signal := range []os.Signal{syscall.SIGINT, syscall.SIGTERM} {
		folder := t.TempDir()
		args := []string{"build", "-o", filepath.Join(folder, "out.parquet"), "--spill-dir", folder}
		for range 200 { // so much that it will not be done before the signal comes
			args = append(args, activity)
		}
		c := exec.Command(headcount, args...)
		said, err := c.StderrPipe()
		require.NoError(t, err)
		require.NoError(t, c.Start())
		waitForOpen(t, c.Process.Pid, activity)
		require.NoError(t, c.Process.Signal(signal))
		line := make([]byte, 1000)
		n, _ := said.Read(line)
		require.Error(t, c.Wait())
		require.Equal(t, "headcount: interrupted; nothing was written\n", string(line[:n]))
		require.Equal(t, 130, c.ProcessState.ExitCode())
		requireFiles(t, folder)
	}
}

// waitForOpen waits until a process has a file open.
func waitForOpen(t *testing.T, pid int, path string) {
	t.Helper()
	want, err := filepath.Abs(path)
	require.NoError(t, err)
	require.Eventually(t, func() bool {
		links, err := filepath.Glob(fmt.Sprintf("/proc/%d/fd/*", pid))
		require.NoError(t, err)
		for _, link := range links {
			if target, err := os.Readlink(link); err == nil && target == want {
				return true
			}
		}
		return false
	}, time.Minute, 5*time.Millisecond)
}

// measured runs a command and prints the most memory that it took, in KB. (What the kernel says of a child of
// this process would count the pages of this one: they are the child's until it has become the command.)
const measured = `
import resource, subprocess, sys
subprocess.run(sys.argv[1:], check=True)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)`

// Three quarters of a million groups, which take more than the memory that the second run may have.
func TestBuild_KeepsTheMemoryLimitAndSpillingChangesNothing(t *testing.T) {
	headcount := binary(t)
	folder := t.TempDir()
	peak := map[string]float64{}
	for _, memory := range []string{"1GB", "128MB"} {
		said := runPython(t, "-c", measured, headcount, "build", "--id", "os", "--dimensions", "client_id", "--memory", memory,
			"--spill-dir", folder, "-o", filepath.Join(folder, memory), activity)
		lines := strings.Split(strings.TrimSpace(said), "\n")
		peak[memory] = number(t, lines[len(lines)-1]) * 1024
	}
	require.Less(t, peak["128MB"], 128e6)
	require.Greater(t, peak["1GB"], 128e6, "the first run would have fitted too: the test shows nothing")
	require.Equal(t, read(t, filepath.Join(folder, "1GB")), read(t, filepath.Join(folder, "128MB")))
	requireFiles(t, folder, "1GB", "128MB")
}

// Killed without warning in the middle of writing: what was there before stays, and what was begun has a name that no
// reader of folders takes for data.
func TestProcess_KilledRunLeavesTheOldFile(t *testing.T) {
	folder := t.TempDir()
	out := filepath.Join(folder, "out.parquet")
	require.NoError(t, os.WriteFile(out, []byte("what was there before"), 0o600))
	c := exec.Command(binary(t), "build", "--id", "os", "--dimensions", "client_id", "--zstd-level", "19", "-o", out, activity)
	require.NoError(t, c.Start())
	begun := func() []string {
		found, err := filepath.Glob(filepath.Join(folder, ".out.parquet*"))
		require.NoError(t, err)
		return found
	}
	require.Eventually(t, func() bool { return len(begun()) > 0 }, time.Minute, time.Millisecond)
	require.NoError(t, c.Process.Kill())
	require.EqualError(t, c.Wait(), "signal: killed")
	require.Equal(t, "what was there before", read(t, out))
	require.Len(t, begun(), 1, "it was done before it was killed")
}

// 2,000 groups with keys of 100 kB, 200 MB: counted, spilled and written within the memory, but for pages of the file. One row group
// of 8,192 sketches of precision 16, 537 MB: read in small batches.
func TestProcess_LongValuesKeepTheMemoryLimit(t *testing.T) {
	headcount := binary(t)
	folder := t.TempDir()
	runPython(t, filepath.Join("testdata", "long_values.py"), folder)
	for _, args := range [][]string{
		{"build", filepath.Join(folder, "keys.parquet")},
		{"merge", filepath.Join(folder, "sketches.parquet")},
	} {
		command := []string{"-c", measured, headcount, args[0], args[1], "--memory", "128MB",
			"--spill-dir", folder, "-o", filepath.Join(folder, "out.parquet")}
		lines := strings.Split(strings.TrimSpace(runPython(t, command...)), "\n")
		require.Less(t, number(t, lines[len(lines)-1])*1024, 256e6, args[0])
	}
}
