// SPDX-License-Identifier: Apache-2.0

package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/headcount-hll/headcount/udf"
)

const root = "../.."

func TestGeneratedFiles_AreFresh(t *testing.T) {
	files, err := render(root)
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range files {
		got, err := os.ReadFile(filepath.Join(root, path))
		if err != nil {
			t.Errorf("%v: run make generate", err)
		} else if string(got) != want {
			t.Errorf("%s is not what the table and the header say: run make generate", path)
		}
	}
}

// A file that is no longer generated has to go.
func TestGeneratedFolders_HoldOnlyGeneratedFiles(t *testing.T) {
	files, err := render(root)
	if err != nil {
		t.Fatal(err)
	}
	folders, err := filepath.Glob(filepath.Join(root, "java-shim/*/src/generated"))
	if err != nil || len(folders) == 0 {
		t.Fatalf("%d folders of generated files, %v", len(folders), err)
	}
	for _, folder := range folders {
		filepath.WalkDir(folder, func(path string, d os.DirEntry, err error) error {
			if err != nil {
				return err
			}
			name, _ := filepath.Rel(root, path)
			if _, known := files[filepath.ToSlash(name)]; !known && !d.IsDir() {
				t.Errorf("%s is not generated any more: remove it", name)
			}
			return nil
		})
	}
}

func TestHeader_RejectsWhatTheGeneratorDoesNotKnow(t *testing.T) {
	for text, want := range map[string]string{
		"int32_t hc_hll_f(const float *x, hc_error *error);":                    "hc_hll_f",
		"int32_t hc_hll_f(int64_t a, int64_t b, double *out, hc_error *error);": "two numbers",
	} {
		if _, err := newModel(nil, text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error %v, want one with %q", text, err, want)
		}
	}
}

func TestTable_RejectsASymbolThatTheHeaderLacks(t *testing.T) {
	table := []udf.Function{udf.Functions[0]}
	if _, err := newModel(table, ""); err == nil || !strings.Contains(err.Error(), "headcount.h") {
		t.Errorf("error %v", err)
	}
}

func TestDeclaration_IsTheHeadersOnOneLine(t *testing.T) {
	c, err := parseHeader("/* Two\n * lines. */\nint32_t hc_hll_f(const uint8_t *data,\n    int64_t size, char *out);\n")
	if err != nil || len(c) != 1 {
		t.Fatalf("%v, %v", c, err)
	}
	if got, want := c[0].Declaration(), "int32_t hc_hll_f(const uint8_t *data, int64_t size, char *out)"; got != want {
		t.Errorf("declaration %q, want %q", got, want)
	}
	if got, want := c[0].Doc, "Two lines."; got != want {
		t.Errorf("comment %q, want %q", got, want)
	}
}

func TestTable_RejectsAShapeThatIsNotTheHeaders(t *testing.T) {
	header := "int32_t hc_hll_check(const int64_t *values, int32_t rows, int64_t precision, uint8_t *out, hc_error *error);"
	_, err := newModel(udf.Functions[:1], header)
	if err == nil || !strings.Contains(err.Error(), "BytesChecked") || !strings.Contains(err.Error(), "Int64Int64ToSketch") {
		t.Errorf("error %v, want one with both shapes", err)
	}
}

func TestScalar_OfIntegers(t *testing.T) {
	m, err := newModel(nil, "int32_t hc_hist_f(const int64_t *values, int32_t rows, int64_t precision, double *out, hc_error *error);")
	if err != nil {
		t.Fatal(err)
	}
	s := m.Scalars[0]
	got := []string{s.Constant(), s.Java(), s.ColumnParams(), s.ColumnBody(), s.RowParams(), s.RowResult()}
	want := []string{"HIST_F", "histF", "long[] values, int rows, long precision, double[] out",
		"float64(Scalar.HIST_F, new Arguments(rows, null, null, values, precision), out);", "long value, long precision", "double"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}
