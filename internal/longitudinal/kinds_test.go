// SPDX-License-Identifier: Apache-2.0

package longitudinal

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/apache/arrow-go/v18/parquet/file"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/headcount-hll/headcount/internal/ping"
	"github.com/headcount-hll/headcount/internal/view"
)

const kindsView = `
partition: {name: day, path: d}
columns:
  - {name: client_id, type: varchar, path: c}
  - {name: activitydate, type: date, path: d8}
  - {name: double, type: double, path: f}
  - {name: flag, path: h.F, histogram: {kind: flag}}
  - {name: exponential, path: h.X, histogram: {kind: exponential, high: 8, n_buckets: 4}}
  - {name: keyed, path: k.N, histogram: {kind: categorical, labels: [a], keyed: true}}
  - {name: search_counts, path: s, as: searches}
`

// kindsPing has all columns, except on every third day.
func kindsPing(client string, day int) string {
	date := fmt.Sprintf("201611%02d", day)
	if day%3 == 0 {
		return fmt.Sprintf(`{"c":%q,"d":%q,"d8":"2016-11-%02d"}`, client, date, day)
	}
	return fmt.Sprintf(`{"c":%q,"d":%q,"d8":"2016-11-%02d","f":%d.5,"h":{"F":{"values":{"1":%d},"sum":1},"X":{"values":{"3":%d},"sum":9}},
		"k":{"N":{"one":{"values":{"1":%[4]d},"sum":1}}},"s":{"g.bar":{"sum":%[4]d}}}`, client, date, day, day, day%2, day)
}

func kindsSource(t *testing.T, days ...int) (*Pings, []string) {
	t.Helper()
	d, err := view.Parse([]byte(kindsView))
	require.NoError(t, err)
	var text strings.Builder
	for _, day := range days {
		for _, client := range []string{"a", "b", "c"} {
			text.WriteString(strings.ReplaceAll(kindsPing(client, day), "\n", " ") + "\n")
		}
	}
	path := filepath.Join(t.TempDir(), "pings.json")
	require.NoError(t, os.WriteFile(path, []byte(text.String()), 0o600))
	return &Pings{View: d, Options: view.Options{Inputs: []string{path}, From: -1 << 31, To: 1<<31 - 1, MaxRejects: 0, Rejects: ping.NewRejects(nil)}}, []string{path}
}

func TestBuild_ListsByKindOfMeasure(t *testing.T) {
	source, _ := kindsSource(t, 2, 3, 4)
	o := Options{Threads: 2, Memory: 1 << 20, SpillDir: t.TempDir(), To: 99, CreatedBy: "test"}
	var out bytes.Buffer
	_, err := Build(context.Background(), &out, source, o)
	require.NoError(t, err)
	rows := read(t, out.Bytes())
	require.Len(t, rows, 3)
	exponential := func(n float64) any { return map[string]any{"values": []any{0.0, 0.0, n, 0.0}, "sum": 9.0} }
	keyed := func(n float64) any { return []any{map[string]any{"key": "one", "value": []any{0.0, n}}} }
	searches := func(n float64) any { return []any{map[string]any{"engine": "g", "source": "bar", "count": n}} }
	for column, want := range map[string][]any{
		"activitydate":  {"2016-11-02", "2016-11-03", "2016-11-04"},
		"double":        {2.5, nil, 4.5},
		"flag":          {false, nil, false},
		"exponential":   {exponential(2), nil, exponential(4)},
		"keyed":         {keyed(2), nil, keyed(4)},
		"search_counts": {searches(2), nil, searches(4)},
	} {
		assert.Equal(t, want, rows[0][column], column)
	}
	in, err := file.NewParquetReader(bytes.NewReader(out.Bytes()))
	require.NoError(t, err)
	said := in.MetaData().KeyValueMetadata()
	assert.Equal(t, `{"kind":"exponential","bounds":[0,1,3,8],"keyed":false}`, *said.FindValue(view.HistogramKey("exponential")))
	assert.Equal(t, `{"kind":"categorical","labels":["a"],"keyed":true}`, *said.FindValue(view.HistogramKey("keyed")))
}

// A table is the same from pings, from their view, and as an update.
func TestUpdate_ListsByKindOfMeasure(t *testing.T) {
	o := Options{Threads: 2, Memory: 1 << 20, SpillDir: t.TempDir(), To: 99, CreatedBy: "test"}
	build := func(source Source) []byte {
		var out bytes.Buffer
		_, err := Build(context.Background(), &out, source, o)
		require.NoError(t, err)
		return out.Bytes()
	}
	all, paths := kindsSource(t, 1, 2, 3, 4, 5, 6)
	folder := t.TempDir()
	_, err := all.View.Run(context.Background(), view.Options{Inputs: paths, Folder: folder, From: -1 << 31, To: 1<<31 - 1, Threads: 2, Memory: 1 << 20,
		SpillDir: t.TempDir(), Rejects: ping.NewRejects(nil), CreatedBy: "test"})
	require.NoError(t, err)
	of := func(first, last int) *View {
		var days []string
		for day := first; day <= last; day++ {
			days = append(days, filepath.Join(folder, fmt.Sprintf("day=201611%02d", day)))
		}
		v, err := OpenView(days)
		require.NoError(t, err)
		assert.Empty(t, v.LeftOut)
		return v
	}
	want := read(t, build(of(1, 6)))
	require.Len(t, want, 3)
	fromPings := read(t, build(all))
	for _, row := range fromPings {
		delete(row, "day") // a view has it in the folder's name
	}
	assert.Equal(t, want, fromPings)
	for split := 1; split < 6; split++ {
		base := filepath.Join(t.TempDir(), "base.parquet")
		require.NoError(t, os.WriteFile(base, build(of(1, split)), 0o600))
		var out bytes.Buffer
		_, err = Update(context.Background(), &out, base, of(split+1, 6), o)
		require.NoError(t, err)
		assert.Equal(t, want, read(t, out.Bytes()), "%d days and %d", split, 6-split)
	}
}
