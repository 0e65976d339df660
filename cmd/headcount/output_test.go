// SPDX-License-Identifier: Apache-2.0

package main

import (
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestOutput_LinkStaysAndItsFileIsReplaced(t *testing.T) {
	folder := t.TempDir()
	require.NoError(t, os.Mkdir(filepath.Join(folder, "real"), 0o700))
	file, link, missing := filepath.Join(folder, "real", "a.csv"), filepath.Join(folder, "link"), filepath.Join(folder, "missing")
	require.NoError(t, os.WriteFile(file, []byte("old"), 0o600))
	require.NoError(t, os.Symlink("real/a.csv", link))
	require.NoError(t, os.Symlink("real/b.csv", missing))
	for link, file := range map[string]string{link: file, missing: filepath.Join(folder, "real", "b.csv")} {
		run(t, "engagement", "-f", "csv", "-o", link, counts)
		info, err := os.Lstat(link)
		require.NoError(t, err)
		require.Equal(t, os.ModeSymlink, info.Mode().Type())
		require.Contains(t, read(t, file), "activitydate,dau")
	}
}

func TestOutput_PipeAndDeviceAreWrittenTo(t *testing.T) {
	want := run(t, "engagement", "-f", "csv", counts)
	pipe := filepath.Join(t.TempDir(), "pipe")
	require.NoError(t, syscall.Mkfifo(pipe, 0o600))
	got := make(chan string)
	go func() {
		f, err := os.Open(pipe)
		if err != nil {
			panic(err)
		}
		text, _ := io.ReadAll(f)
		_ = f.Close()
		got <- string(text)
	}()
	run(t, "engagement", "-f", "csv", "-o", pipe, counts)
	require.Equal(t, want, <-got)

	run(t, "engagement", "-f", "csv", "-o", os.DevNull, counts)
	info, err := os.Stat(os.DevNull)
	require.NoError(t, err)
	require.Equal(t, os.ModeDevice|os.ModeCharDevice, info.Mode().Type())

	for _, output := range []string{"/dev/stdout", "/proc/self/fd/1", "-"} {
		out, err := exec.Command(binary(t), "engagement", "-f", "csv", "-o", output, counts).Output()
		require.NoError(t, err)
		require.Equal(t, want, string(out))
	}
}

// Neither build nor engagement can make their input again. merge unites what it replaces.
func TestOutput_InputIsNotReplaced(t *testing.T) {
	folder := t.TempDir()
	for _, file := range []string{activity, counts} {
		require.NoError(t, os.WriteFile(filepath.Join(folder, filepath.Base(file)), []byte(read(t, file)), 0o600))
	}
	clients, sketches, link := filepath.Join(folder, filepath.Base(activity)), filepath.Join(folder, filepath.Base(counts)), filepath.Join(folder, "link")
	require.NoError(t, os.Symlink(filepath.Base(activity), link))
	for _, args := range [][]string{
		{"build", "-o", clients, clients},
		{"build", "-o", link, clients},
		{"engagement", "-f", "csv", "-o", sketches, sketches},
		{"engagement", "-f", "csv", "-o", clients, "--exact", clients, sketches},
	} {
		_, err := try(t, args...)
		require.ErrorContains(t, err, ": is an input too, and would be lost: name another output with -o", args)
	}
	require.Equal(t, read(t, activity), read(t, clients))
	run(t, "merge", "-o", sketches, sketches)
	requireSameRegisters(t, counts, sketches)
}

func TestOutput_FolderThatTakesNoFile(t *testing.T) {
	missing := filepath.Join(t.TempDir(), "missing")
	path := filepath.Join(missing, "a.csv")
	_, err := try(t, "engagement", "-f", "csv", "-o", path, counts)
	require.EqualError(t, err, path+": the folder "+missing+" takes no file: no such file or directory; make it, or name another output")
}
