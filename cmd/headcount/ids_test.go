// SPDX-License-Identifier: Apache-2.0

package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/headcount-hll/headcount/udf"
)

// The ids of docs/ids.md are the same from text files, whatever their type there, and from the function table.
func TestBuild_IDsOfEveryTypeInTextFiles(t *testing.T) {
	for _, c := range []struct{ what, name, content, id string }{
		{"CSV text", "a.csv", "day,id\n2016-09-05,c0ffee\n", "c0ffee"},
		{"CSV integer", "a.csv", "day,id\n2016-09-05,-9223372036854775808\n", "-9223372036854775808"},
		{"CSV decimal", "a.csv", "day,id\n2016-09-05,123456789012345678901\n", "123456789012345678901"},
		{"CSV date", "a.csv", "day,id\n2016-09-05,2016-09-05\n", "2016-09-05"},
		{"JSON text", "a.jsonl", `{"day":"2016-09-05","id":"c0ffee"}` + "\n", "c0ffee"},
		{"JSON integer", "a.jsonl", `{"day":"2016-09-05","id":-9223372036854775808}` + "\n", "-9223372036854775808"},
		{"JSON UUID", "a.jsonl", `{"day":"2016-09-05","id":"c0ffee00-0000-4000-8000-0123456789ab"}` + "\n", "c0ffee00-0000-4000-8000-0123456789ab"},
	} {
		t.Run(c.what, func(t *testing.T) {
			in, out := filepath.Join(t.TempDir(), c.name), filepath.Join(t.TempDir(), "out.parquet")
			require.NoError(t, os.WriteFile(in, []byte(c.content), 0o600))
			run(t, "build", "--date", "day", "--id", "id", "-o", out, in)
			require.Equal(t, [][]byte{create(t, c.id)}, column(t, out, "hll"))
		})
	}
}

// create returns the sketch of a text by hll_create.
func create(t *testing.T, id string) []byte {
	t.Helper()
	f, _ := udf.Find("hll_create", udf.Varchar)
	sketch, err := f.Eval(1, udf.BytesOf(udf.Varchar, []byte(id)))
	require.NoError(t, err)
	return sketch.Bytes(0)
}
