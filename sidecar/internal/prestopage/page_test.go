// SPDX-License-Identifier: Apache-2.0

package prestopage

import (
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/headcount-hll/headcount/udf"
)

// recorded returns the pages that PrestoDB wrote, by name.
func recorded(t testing.TB) map[string][]byte {
	t.Helper()
	text, err := os.ReadFile("testdata/pages.txt")
	if err != nil {
		t.Fatal(err)
	}
	pages := map[string][]byte{}
	for line := range strings.Lines(string(text)) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		name, digits, _ := strings.Cut(strings.TrimSpace(line), " ")
		page, err := hex.DecodeString(digits)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		pages[name] = page
	}
	return pages
}

// show formats a column.
func show(c *udf.Column) string {
	rows := make([]string, c.Rows)
	for i := range rows {
		rows[i] = showRow(c, i)
	}
	return strings.Join(rows, " ")
}

func showRow(c *udf.Column, i int) string {
	switch {
	case c.IsNull(i):
		return "NULL"
	case c.Type.IsBytes():
		return "'" + string(c.Bytes(i)) + "'"
	case c.Type.Kind == udf.KindBigint:
		return fmt.Sprint(c.Int64[i])
	case c.Type.Kind == udf.KindDouble:
		return fmt.Sprint(c.Float64[i])
	}
	first, end := elementsOf(c, i)
	elements := []string{}
	for ; first < end; first++ {
		elements = append(elements, showRow(c.Elems, first))
	}
	return "[" + strings.Join(elements, " ") + "]"
}

var readings = []struct {
	page  string
	types []udf.Type
	want  []string
}{
	{"varbinary", []udf.Type{udf.Varbinary}, []string{"'a' NULL '' 'bcd'"}},
	{"varbinary", []udf.Type{udf.HLL}, []string{"'a' NULL '' 'bcd'"}},
	{"varbinary-no-nulls", []udf.Type{udf.Varchar}, []string{"'a' 'bcd'"}},
	{"varbinary-checksummed", []udf.Type{udf.Varbinary}, []string{"'a' NULL '' 'bcd'"}},
	{"bigint", []udf.Type{udf.Bigint}, []string{"1 NULL -5"}},
	{"nine-bigints", []udf.Type{udf.Bigint}, []string{"NULL 1 2 3 4 5 6 7 NULL"}},
	{"double", []udf.Type{udf.Double}, []string{"0.5 NULL"}},
	{"array", []udf.Type{udf.HLLArray}, []string{"['a' NULL] NULL [] ['bc']"}},
	{"run", []udf.Type{udf.Varbinary}, []string{"'xy' 'xy' 'xy'"}},
	{"run-of-null", []udf.Type{udf.Varbinary}, []string{"NULL NULL"}},
	{"dictionary", []udf.Type{udf.Varbinary}, []string{"'b' 'a' NULL"}},
	{"dictionary-of-arrays", []udf.Type{udf.HLLArray}, []string{"['b' NULL] ['a'] ['b' NULL]"}},
	{"run", []udf.Type{udf.HLL, udf.HLL}, []string{"'xy' 'xy' 'xy'", "'xy' 'xy' 'xy'"}},
	{"two-channels", []udf.Type{udf.Varbinary, udf.Bigint}, []string{"'a' 'b'", "1 2"}},
}

func TestDecode_ReadsPrestoPages(t *testing.T) {
	pages := recorded(t)
	for _, r := range readings {
		t.Run(r.page, func(t *testing.T) {
			rows, columns, err := Decode(pages[r.page], r.types, 100)
			if err != nil {
				t.Fatal(err)
			}
			for i, want := range r.want {
				if got := show(&columns[i]); got != want || rows != columns[i].Rows {
					t.Errorf("channel %d, %d rows: %s, want %s", i, rows, got, want)
				}
			}
		})
	}
}

func TestDecode_ReturnsRowsWithoutTypes(t *testing.T) {
	for _, page := range []string{"no-channels", "bigint"} {
		if rows, columns, err := Decode(recorded(t)[page], nil, 100); rows != 3 || columns != nil || err != nil {
			t.Errorf("%s: %d rows, %v, %v", page, rows, columns, err)
		}
	}
}

func TestDecode_IgnoresBytesAfterThePage(t *testing.T) {
	page := append(recorded(t)["bigint"], bytes.Repeat([]byte{0xff}, 1000)...)
	_, columns, err := Decode(page, []udf.Type{udf.Bigint}, 100)
	if err != nil || show(&columns[0]) != "1 NULL -5" {
		t.Fatal(columns, err)
	}
}

func TestAppend_WritesPrestoPages(t *testing.T) {
	null := []bool{false, true, false}
	double := func(values ...float64) udf.Column {
		return udf.Column{Type: udf.Double, Rows: len(values), Float64: values}
	}
	for _, w := range []struct {
		page  string
		parts []udf.Column
	}{
		{"varbinary", []udf.Column{udf.BytesOf(udf.Varbinary, []byte("a"), nil, []byte{}, []byte("bcd"))}},
		{"varbinary", []udf.Column{
			udf.BytesOf(udf.Varbinary, []byte("a")), udf.BytesOf(udf.Varbinary, nil, []byte{}), udf.BytesOf(udf.Varbinary, []byte("bcd")),
		}},
		{"varbinary-no-nulls", []udf.Column{udf.BytesOf(udf.HLL, []byte("a"), []byte("bcd"))}},
		{"bigint", []udf.Column{{Type: udf.Bigint, Rows: 3, Null: null, Int64: []int64{1, 99, -5}}}},
		{"double", []udf.Column{double(0.5), {Type: udf.Double, Rows: 1, Null: []bool{true}, Float64: []float64{0}}}},
		{"row", []udf.Column{{
			Type: udf.BoundsRow, Rows: 3, Null: null, Parts: []udf.Column{double(1, 0, 3), double(2, 0, 4)},
		}}},
	} {
		got, err := Append([]byte("before"), w.parts[0].Type, w.parts)
		if err != nil {
			t.Fatal(w.page, err)
		}
		if want := recorded(t)[w.page]; !bytes.Equal(got, append([]byte("before"), want...)) {
			t.Errorf("%s:\n%x, want\n%x", w.page, got[6:], want)
		}
	}
}

func TestDecode_ReportsTheNumberOfChannels(t *testing.T) {
	_, _, err := Decode(recorded(t)["two-channels"], []udf.Type{udf.Varbinary}, 100)
	if !errors.Is(err, ErrChannels) || !strings.Contains(err.Error(), "2 channels for 1 arguments") {
		t.Error(err)
	}
}
