// SPDX-License-Identifier: Apache-2.0

package entryscan

import (
	"testing"

	"github.com/headcount-hll/headcount/udf/internal/fencetest"
)

// TestEntries_ReadsNothingOutside ends the test process if the kernel reads one byte too many.
func TestEntries_ReadsNothingOutside(t *testing.T) {
	memory := fencetest.Pages(t, 1)
	for n := 0; n < 600; n += EntrySize {
		Entries(memory[:n])
		Entries(memory[len(memory)-n:])
	}
}
