// SPDX-License-Identifier: Apache-2.0

//go:build originals

package ping

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The public test files of Telemetry are not part of the repository: make test-originals ORIGINALS=FOLDER.
func TestEach_PublicTestFiles(t *testing.T) {
	folder := os.Getenv("ORIGINALS")
	for name, records := range map[string]int{"test_plain.heka": 10, "test_mixed.heka": 10, "test_snappy.heka": 10,
		"test_telemetry_gzip.heka": 1, "test_invalid_utf8.heka": 1, "test_main.snappy.heka": 1, "pings.jsonl.gz": 3, "test_telemetry_gzip.heka.json": 1} {
		docs, rejects := read(t, Options{}, filepath.Join(folder, name))
		require.Len(t, docs, records, "%s: %s", name, rejects.Summary())
		assert.Empty(t, reasons(rejects), name)
		t.Logf("%s: %d documents", name, records)
		for i := range 10 {
			if records == 10 {
				assert.Contains(t, docs[i], fmt.Sprintf(`"seq":%d`, i), name)
			}
		}
		if name == "test_telemetry_gzip.heka" {
			want, err := os.ReadFile(filepath.Join(folder, name+".json"))
			require.NoError(t, err)
			assert.Equal(t, rounded(t, want), rounded(t, []byte(docs[0])))
		}
	}
}

// rounded decodes JSON with 14 digits of each number: what made the expected file reads 1.707 as 1.7069999999999999.
func rounded(t *testing.T, doc []byte) any {
	t.Helper()
	var v any
	require.NoError(t, json.Unmarshal(doc, &v))
	var round func(v any) any
	round = func(v any) any {
		switch v := v.(type) {
		case float64:
			return strconv.FormatFloat(v, 'g', 14, 64)
		case []any:
			for i := range v {
				v[i] = round(v[i])
			}
		case map[string]any:
			for key := range v {
				v[key] = round(v[key])
			}
		}
		return v
	}
	return round(v)
}
