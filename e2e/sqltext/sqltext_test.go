// SPDX-License-Identifier: Apache-2.0

package sqltext

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

func read(t *testing.T, name, text string) []Statement {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	require.NoError(t, os.WriteFile(path, []byte(text), 0o644))
	found, err := Read(path)
	require.NoError(t, err)
	for i := range found {
		found[i].File = name
	}
	return found
}

func TestRead_SplitsFile(t *testing.T) {
	require.Equal(t, []Statement{{"a.sql", 2, "SELECT 1\nFROM t"}, {"a.sql", 5, "SELECT 2"}},
		read(t, "a.sql", "-- a; comment\nSELECT 1\n  -- another\nFROM t;\nSELECT 2;\n"))
}

func TestRead_FindsBlocksOfMarkdown(t *testing.T) {
	require.Equal(t, []Statement{
		{"a.md", 4, "SELECT 1"}, {"a.md", 8, "WITH x AS (SELECT DATE '2016-09-05')\n\n    SELECT * FROM x"},
	}, read(t, "a.md", "text\n\n```sql\nSELECT 1;\n```\n\n\n    WITH x AS (SELECT DATE '{{ first }}')\n\n    SELECT * FROM x\n\ntext\n\n    make demo\n"))
}

func TestRead_RejectsFileWithoutStatement(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.sql")
	require.NoError(t, os.WriteFile(path, []byte("-- nothing\n"), 0o644))
	_, err := Read(path)
	require.ErrorContains(t, err, "no SQL statement")
}
