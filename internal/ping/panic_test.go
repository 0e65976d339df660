// SPDX-License-Identifier: Apache-2.0

package ping

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestEach_TurnsAPanicIntoAnError(t *testing.T) {
	path := filepath.Join(t.TempDir(), "pings.json")
	if err := os.WriteFile(path, []byte("{}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	err := Each(context.Background(), []string{path}, Options{}, func() (func(*Document) error, error) {
		return func(*Document) error { panic("a fault") }, nil
	})
	if err == nil || !strings.Contains(err.Error(), "a fault") {
		t.Errorf("error %v", err)
	}
}
