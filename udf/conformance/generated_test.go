// SPDX-License-Identifier: Apache-2.0

package conformance

import (
	"bytes"
	"os"
	"path"
	"path/filepath"
	"testing"
)

// generated is the folder into which "make vectors" writes the vectors with Algebird.
const generated = "../../build/vectors"

func TestVectors_AreWhatAlgebirdGenerates(t *testing.T) {
	const folder = "vectors/hll"
	entries, err := vectorFiles.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	files := 0
	for _, entry := range entries {
		if path.Ext(entry.Name()) != ".jsonl" {
			continue
		}
		files++
		want, err := os.ReadFile(filepath.Join(generated, entry.Name()))
		if err != nil {
			t.Fatalf("%v: run make vectors", err)
		}
		got, err := vectorFiles.ReadFile(path.Join(folder, entry.Name()))
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want) {
			t.Errorf("%s: line %d is not what Algebird generates", entry.Name(), firstDifference(got, want))
		}
	}
	if files != len(Files) {
		t.Errorf("%d files, want %d", files, len(Files))
	}
}

// firstDifference returns the number of the first line that differs.
func firstDifference(got, want []byte) (line int) {
	for line = 1; ; line++ {
		a, moreA, _ := bytes.Cut(got, []byte("\n"))
		b, moreB, _ := bytes.Cut(want, []byte("\n"))
		if !bytes.Equal(a, b) || len(moreA) == 0 || len(moreB) == 0 {
			return line
		}
		got, want = moreA, moreB
	}
}
