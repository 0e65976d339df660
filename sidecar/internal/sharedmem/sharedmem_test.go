// SPDX-License-Identifier: Apache-2.0

//go:build linux

package sharedmem

import (
	"bufio"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// folderOfChild is set in the process that TestNew_RemovesWhatAKilledProcessLeft kills.
const folderOfChild = "HEADCOUNT_TEST_FOLDER"

func TestMain(m *testing.M) {
	if folder := os.Getenv(folderOfChild); folder != "" {
		lend(folder)
	}
	os.Exit(m.Run())
}

// lend creates a region in a folder, prints its name and waits.
func lend(folder string) {
	regions, err := New(1, time.Minute, folder)
	if err != nil {
		panic(err)
	}
	region, err := regions.Create()
	if err != nil {
		panic(err)
	}
	_, _ = os.Stdout.WriteString(region.Name + "\n")
	time.Sleep(time.Hour)
}

func tmpfsFolder(t *testing.T) string {
	t.Helper()
	folder, err := os.MkdirTemp("/dev/shm", "sharedmem")
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, os.RemoveAll(folder)) })
	return folder
}

func TestNew_RemovesWhatAKilledProcessLeft(t *testing.T) {
	folder := tmpfsFolder(t)
	child := exec.Command(os.Args[0])
	child.Env = append(os.Environ(), folderOfChild+"="+folder)
	said, err := child.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, child.Start())
	line, err := bufio.NewReader(said).ReadString('\n')
	name := filepath.Join(folder, strings.TrimSpace(line))
	if !assert.NoError(t, err) {
		_ = child.Process.Kill()
	}
	_, err = New(1, time.Minute, folder)
	require.NoError(t, err)
	assert.FileExists(t, name, "the file of a process that lives was removed")

	require.NoError(t, child.Process.Kill())
	_ = child.Wait()
	assert.FileExists(t, name)
	_, err = New(1, time.Minute, folder)
	require.NoError(t, err)
	assert.NoFileExists(t, name)
}

func TestNew_LeavesOtherFiles(t *testing.T) {
	folder := tmpfsFolder(t)
	left := filePrefix + strings.Repeat("A", 26)
	target := filepath.Join(folder, "target")
	for name, size := range map[string]int64{
		"target":                             Size,
		filePrefix + "short":                 Size,
		filePrefix + strings.Repeat("a", 26): Size,
		filePrefix + strings.Repeat("B", 26): Size - 1,
		left:                                 Size,
	} {
		path := filepath.Join(folder, name)
		require.NoError(t, os.WriteFile(path, nil, 0o600))
		require.NoError(t, os.Truncate(path, size))
	}
	require.NoError(t, os.Symlink(target, filepath.Join(folder, filePrefix+strings.Repeat("C", 26))))
	require.NoError(t, os.Mkdir(filepath.Join(folder, filePrefix+strings.Repeat("D", 26)), 0o700))
	_, err := New(1, time.Minute, folder)
	require.NoError(t, err)
	assert.NoFileExists(t, filepath.Join(folder, left))
	entries, err := os.ReadDir(folder)
	require.NoError(t, err)
	assert.Len(t, entries, 6)
}
