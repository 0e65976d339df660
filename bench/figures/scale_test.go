// SPDX-License-Identifier: Apache-2.0

package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const scale = `Rows of activity into sketches

| precision | rows | files read | seconds | CPU s | CPU, ns a row | peak MB | peak, bytes a row |
|---|---|---|---|---|---|---|---|
| 12 | 10000000 | 1 | 2.5 | 4.0 | 400.0 | 300 | 30.00 |
| 12 | 100000000 | 1 | 20.5 | 38.0 | 380.0 | 700 | 7.00 |
| 12 | slope | | | 0.98 | | | |
| 14 | 10000000 | 1 | 2.5 | 4.5 | 450.0 | 300 | 30.00 |
| 14 | slope | | | nan | | | |

Unions of segments

| precision | segments | MB of sketches | C library, CPU s | ns a sketch | headcount merge, CPU s | ns a sketch | peak MB |
|---|---|---|---|---|---|---|---|
| 12 | 1000 | 0.5 | 0.0006 | 600 | 0.021 | 21000 | 30 |
| 14 | 1000 | 1.7 | 0.0008 | 800 | 0.024 | 24000 | 33 |
`

func TestScaled_DrawsBothAndKeepsTheTables(t *testing.T) {
	docs := t.TempDir()
	printed, document := filepath.Join(docs, "scale.md"), filepath.Join(docs, "figures.md")
	write := func(file, text string) {
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write(document, "<!-- bench-scale -->\n<!-- end of bench-scale -->\n")
	write(printed, scale)
	if err := scaled(docs, printed); err != nil {
		t.Fatal(err)
	}
	if text, _ := os.ReadFile(document); !strings.Contains(string(text), "| 12 | slope | | | 0.98 |") {
		t.Errorf("no table in %s", text)
	}
	for _, file := range []string{"scale-build.svg", "scale-query.svg"} {
		drawn, err := os.ReadFile(filepath.Join(docs, "figures", file))
		if err != nil || !strings.Contains(string(drawn), "precision 14") {
			t.Errorf("%s is no drawing with both precisions (%v)", file, err)
		}
	}
	write(printed, strings.ReplaceAll(scale, "| 14 | 1000 |", "| 13 | 1000 |"))
	if err := scaled(docs, printed); err == nil {
		t.Error("a precision is missing: no error")
	}
}
