// SPDX-License-Identifier: Apache-2.0

package view

import (
	"context"
	"encoding/json"
	"path/filepath"
	"testing"

	"github.com/apache/arrow-go/v18/parquet/file"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const histogramView = `
partition: {name: day, path: d}
columns:
  - {name: flag, path: h.F, histogram: {kind: flag}}
  - {name: count, path: h.C, histogram: {kind: count}}
  - {name: "bool", path: h.B, histogram: {kind: boolean}}
  - {name: enum, path: h.E, histogram: {kind: enumerated, n_values: 3}}
  - {name: category, path: h.K, histogram: {kind: categorical, labels: [a, b]}}
  - {name: linear, path: h.L, histogram: {kind: linear, high: 10, n_buckets: 4}}
  - {name: exponential, path: h.X, histogram: {kind: exponential, high: 8, n_buckets: 4}}
  - {name: keyed, path: k.N, histogram: {kind: count, keyed: true}}
  - {name: keyed_linear, path: k.L, histogram: {kind: linear, high: 10, n_buckets: 4, keyed: true}}
`

func TestHistogram_ValueByKind(t *testing.T) {
	d, err := Parse([]byte(histogramView))
	require.NoError(t, err)
	folder := t.TempDir()
	o := options(t, folder, write(t, lines(
		`{"d":"20200101","h":{"F":{"values":{"0":0,"1":1,"2":0},"sum":1},"C":{"values":{"0":7},"sum":7},"B":{"values":{"0":2,"1":3,"2":0},"sum":3},
			"E":{"values":{"1":4,"3":1,"17":9,"x":1},"sum":7},"K":{"values":{"0":1,"2":5},"sum":11},
			"L":{"values":{"0":1,"1":2,"5":1.5,"10":true},"sum":9007199254740993},"X":{"values":{"1":2,"3":3,"8":4},"sum":50}},
		  "k":{"N":{"b":{"values":{},"sum":2},"a":{"values":{},"sum":1},"a":{"values":{},"sum":3},"none":{"sum":1}},"L":{"x":{"values":{"5":1},"sum":6}}}}`,
		`{"d":"20200101","h":{"F":{"values":{"0":1,"1":0},"sum":0},"C":{"values":{},"sum":-1},"B":{"values":[1],"sum":1},"E":{"values":{}},"K":7,"L":{"values":{},"sum":1.5}},
		  "k":{"N":{},"L":[]}}`)))
	result, err := d.Run(context.Background(), o)
	require.NoError(t, err)
	assert.Equal(t, map[string]int64{"count": 1, "bool": 1, "enum": 1, "category": 1, "linear": 1, "keyed_linear": 1}, result.Counts.Other)
	path := filepath.Join(folder, "day=20200101", fileName)
	pair := func(key string, value any) any { return map[string]any{"key": key, "value": value} }
	assert.ElementsMatch(t, []map[string]any{
		{"flag": true, "count": 7.0, "bool": []any{2.0, 3.0}, "enum": []any{0.0, 4.0, 0.0, 1.0}, "category": []any{1.0, 0.0, 5.0},
			"linear":       map[string]any{"values": []any{1.0, 2.0, 0.0, 0.0}, "sum": 9007199254740992.0}, // as JSON has it
			"exponential":  map[string]any{"values": []any{0.0, 2.0, 3.0, 4.0}, "sum": 50.0},
			"keyed":        []any{pair("a", 3.0), pair("b", 2.0)},
			"keyed_linear": []any{pair("x", map[string]any{"values": []any{0.0, 0.0, 0.0, 0.0}, "sum": 6.0})}},
		{"flag": false, "count": nil, "bool": nil, "enum": nil, "category": nil, "linear": nil, "exponential": nil, "keyed": []any{}, "keyed_linear": nil},
	}, rowsOf(t, path))

	in, err := file.OpenParquetFile(path, false)
	require.NoError(t, err)
	defer func() { require.NoError(t, in.Close()) }()
	for column, want := range map[string]string{
		"flag":         `{"kind":"flag","keyed":false}`,
		"bool":         `{"kind":"boolean","bounds":[0,1],"keyed":false}`,
		"category":     `{"kind":"categorical","labels":["a","b"],"keyed":false}`,
		"exponential":  `{"kind":"exponential","bounds":[0,1,3,8],"keyed":false}`,
		"keyed_linear": `{"kind":"linear","bounds":[0,1,6,10],"keyed":true}`,
	} {
		said := in.MetaData().KeyValueMetadata().FindValue(HistogramKey(column))
		require.NotNil(t, said, column)
		assert.JSONEq(t, want, *said, column)
		assert.True(t, json.Valid([]byte(*said)))
	}
}

func TestHistogram_Errors(t *testing.T) {
	for text, want := range map[string]string{
		"type: bigint, histogram: {kind: count}": "leave out type",
		"histogram: {kind: round}":               "round",
		"histogram: {kind: linear, high: 10}":    "buckets",
		"histogram: {kind: categorical}":         "labels",
		"histogram: {kind: flag, buckets: 3}":    "buckets",
	} {
		_, err := Parse([]byte("partition: {name: d, path: a}\ncolumns: [{name: x, path: b, " + text + "}]"))
		assert.ErrorContains(t, err, want, text)
	}
}
