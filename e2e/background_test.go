// SPDX-License-Identifier: Apache-2.0

//go:build superset || tools

package e2e

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// background starts a program that ends with the test. Its output is shown if the test fails.
func background(t *testing.T, environment []string, name string, arguments ...string) *os.Process {
	t.Helper()
	log, err := os.CreateTemp(t.TempDir(), "log")
	require.NoError(t, err)
	process := exec.Command(name, arguments...)
	process.Env, process.Stdout, process.Stderr = append(os.Environ(), environment...), log, log
	require.NoError(t, process.Start())
	t.Cleanup(func() {
		process.Process.Kill()
		process.Wait()
		log.Close()
		if t.Failed() {
			text, _ := os.ReadFile(log.Name())
			t.Logf("%s ends with:\n%s", filepath.Base(name), text[max(0, len(text)-4000):])
		}
	})
	return process.Process
}
