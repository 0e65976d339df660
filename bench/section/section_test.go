// SPDX-License-Identifier: Apache-2.0

package section

import (
	"os"
	"path/filepath"
	"testing"
)

func TestReplaceChangesOnlyThePart(t *testing.T) {
	file := filepath.Join(t.TempDir(), "x.md")
	const before = "a\n<!-- x -->\nold\nlines\n<!-- end of x -->\nb\n<!-- y -->\nkept\n<!-- end of y -->\n"
	if err := os.WriteFile(file, []byte(before), 0o644); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := Replace(file, "x", "new\n\n"); err != nil {
			t.Fatal(err)
		}
	}
	got, _ := os.ReadFile(file)
	if want := "a\n<!-- x -->\nnew\n<!-- end of x -->\nb\n<!-- y -->\nkept\n<!-- end of y -->\n"; string(got) != want {
		t.Errorf("%q, want %q", got, want)
	}
	if err := Replace(file, "z", ""); err == nil {
		t.Error("no error for a part that is not there")
	}
}
