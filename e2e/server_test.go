// SPDX-License-Identifier: Apache-2.0

package e2e

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/headcount-hll/headcount/internal/trinotest"
)

// This file tests docker/trino/server as somebody uses it by hand.

// at returns the arguments that name the server under test.
func (r running) at(arguments ...string) []string {
	return append(arguments, "--mode", r.mode, "--port", r.port)
}

// A wrong call says what is wrong, and starts and stops nothing.
func TestServer_WrongCalls(t *testing.T) {
	port, err := trinotest.FreePort()
	require.NoError(t, err)
	for _, c := range []struct {
		says      string
		arguments []string
	}{
		{"there is no command start: 'server help' lists them", []string{"start"}},
		{"there is no option --prot: 'server help' lists them", []string{"up", "--prot", port}},
		{"up takes no argument, and was given: now", []string{"up", "now", "--port", port}},
		{"down takes no argument, and was given: all", server.at("down", "all")},
		{"--port 0: a number from 1 to 65535", []string{"up", "--port", "0"}},
		{"--port 65536: a number from 1 to 65535", []string{"up", "--port", "65536"}},
		{"--port 'http': a number from 1 to 65535", []string{"up", "--port", "http"}},
		{"--port needs a value", []string{"up", "--port"}},
		{"--mode podman: docker, local or auto", []string{"up", "--mode", "podman"}},
		{"no Headcount Trino runs on port " + port + ": run 'make up PORT=" + port + "' first", []string{"cli", "--port", port}},
		{"cli takes the Trino CLI's options: a query goes behind --execute, a file behind --file", []string{"cli", "SELECT 1"}},
		{"put takes a file and its path in the warehouse, and was given: a", server.at("put", "a")},
		{"there is no file missing.parquet to put", server.at("put", "missing.parquet", "a/")},
		{"there is no file e2e to put", server.at("put", "e2e", "a/")},
		{"'../a' is no path in the warehouse", server.at("put", "README.md", "../a")},
		{"'/a' is no path in the warehouse", server.at("put", "README.md", "/a")},
		{"'a/../../b' is no path in the warehouse", server.at("get", "a/../../b", t.TempDir())},
		{"the warehouse has no missing", server.at("get", "missing", t.TempDir())},
	} {
		_, err := serverScript(c.arguments...)
		assert.ErrorContains(t, err, ": server: "+c.says, c.arguments)
	}
	status, err := serverScript("status", "--port", server.port)
	require.NoError(t, err)
	assert.Equal(t, "running "+server.mode+" "+server.url, status)
	_, err = serverScript("status", "--port", port)
	assert.ErrorContains(t, err, "stopped")
}

// put keeps a file's name in a folder, replaces a file, and takes its options in any place; get brings the same bytes.
func TestServer_PutAndGet(t *testing.T) {
	folder := t.TempDir()
	file := filepath.Join(folder, "a b.txt")
	for place, text := range map[string]string{"put/new/": "new folder", "put/as given.txt": "a name"} {
		require.NoError(t, os.WriteFile(file, []byte(text), 0o600))
		_, err := serverScript(server.at("put", file, place)...)
		require.NoError(t, err)
	}
	for _, text := range []string{"a folder that is there", "and again"} {
		require.NoError(t, os.WriteFile(file, []byte(text), 0o600))
		_, err := serverScript("put", "--port", server.port, file, "--mode", server.mode, "put")
		require.NoError(t, err)
	}
	_, err := serverScript(server.at("get", "put", folder)...)
	require.NoError(t, err)
	got := map[string]string{}
	require.NoError(t, filepath.WalkDir(filepath.Join(folder, "put"), func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		name, _ := filepath.Rel(folder, path) // it is below the folder
		got[name] = string(text)
		return err
	}))
	assert.Equal(t, map[string]string{"put/new/a b.txt": "new folder", "put/as given.txt": "a name", "put/a b.txt": "and again"}, got)
}

// What a start that failed has left goes with down.
func TestServer_DownRemovesWhatAFailedStartLeft(t *testing.T) {
	port, err := trinotest.FreePort()
	require.NoError(t, err)
	project := "headcount-" + port
	label := "com.docker.compose.project=" + project
	_, err = command(nil, "docker", "volume", "create", "--label", label, "--label", "com.docker.compose.volume=warehouse", project+"_warehouse")
	require.NoError(t, err)
	_, err = serverScript("down", "--mode", "docker", "--port", port)
	require.NoError(t, err)
	left, err := command(nil, "docker", "volume", "ls", "--quiet", "--filter", "label="+label)
	require.NoError(t, err)
	assert.Empty(t, left)
}
