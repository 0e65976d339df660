// SPDX-License-Identifier: Apache-2.0

//go:build originals

package extract

import (
	"os"
	"path/filepath"
	"testing"
)

// Mozilla's own test data. Its licence keeps it out of the repository: make test-originals ORIGINALS=FOLDER.
func TestAggregate_EqualsTheOriginalOverRealPings(t *testing.T) {
	folder := os.Getenv("ORIGINALS")
	checkAgainstOriginal(t, folder, filepath.Join(folder, "Histograms.json.gz"), filepath.Join(folder, "pings.jsonl.gz"), Config{})
}
