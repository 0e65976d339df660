// SPDX-License-Identifier: Apache-2.0

package inputs

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/headcount-hll/headcount/udf/hll"
)

func TestWhatIsWrittenIsRead(t *testing.T) {
	folder := t.TempDir()
	if err := Write(folder); err != nil {
		t.Fatal(err)
	}
	in, err := Read(folder)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name        string
		set         Set
		count, size int
		dense       bool
	}{{"dense", in.Dense, DenseSketches, DenseIDs, true}, {"sparse", in.Sparse, SparseSketches, SparseIDs, false}} {
		if len(c.set.IDs) != c.count || len(c.set.IDs[c.count-1]) != c.size || len(c.set.IDs[0][0]) != IDLength {
			t.Errorf("%s: %d sets of %d ids", c.name, len(c.set.IDs), len(c.set.IDs[c.count-1]))
		}
		seen := map[string]bool{}
		for i, ids := range c.set.IDs {
			for _, id := range ids {
				seen[string(id)] = true
			}
			s, err := hll.Decode(c.set.Sketches[i])
			if err != nil {
				t.Fatal(err)
			}
			if n := s.Estimate(); s.Dense() != c.dense || n < 0.9*float64(c.size) || n > 1.1*float64(c.size) {
				t.Errorf("%s %d: dense %v, estimate %v of %d", c.name, i, s.Dense(), n, c.size)
			}
		}
		if len(seen) != c.count*c.size {
			t.Errorf("%s: %d different ids of %d", c.name, len(seen), c.count*c.size)
		}
	}
}

func TestRead_RejectsTruncatedFiles(t *testing.T) {
	folder := t.TempDir()
	if err := Write(folder); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(filepath.Join(folder, "sparse.sketches"), 1000); err != nil {
		t.Fatal(err)
	}
	if _, err := Read(folder); err == nil {
		t.Error("no error")
	}
}
