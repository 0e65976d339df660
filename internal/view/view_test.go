// SPDX-License-Identifier: Apache-2.0

package view

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet/file"
	"github.com/apache/arrow-go/v18/parquet/pqarrow"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/headcount-hll/headcount/internal/parquetin/parquettest"
	"github.com/headcount-hll/headcount/internal/ping"
)

// activity is a ping with all that client_activity reads.
func activity(client, day, start, channel string) string {
	return fmt.Sprintf(`{"clientId":%q,"meta":{"submissionDate":%q,"geoCountry":"DE"},"application":{"channel":%q,"version":"50.0"},
		"environment":{"system":{"os":{"name":"Linux"}},"settings":{"e10sEnabled":true,"e10sCohort":"test"},"addons":{"activeExperiment":{}}},
		"payload":{"info":{"subsessionStartDate":%q}}}`, client, day, channel, start)
}

func lines(docs ...string) []byte {
	var out []byte
	for _, doc := range docs {
		var one bytes.Buffer
		if err := json.Compact(&one, []byte(doc)); err != nil {
			panic(err)
		}
		out = append(append(out, one.Bytes()...), '\n')
	}
	return out
}

func write(t *testing.T, data []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "pings.json")
	require.NoError(t, os.WriteFile(path, data, 0o600))
	return path
}

func options(t *testing.T, folder string, inputs ...string) Options {
	return Options{Inputs: inputs, Folder: folder, From: -1 << 31, To: 1<<31 - 1, Threads: 2, Memory: 64 << 20, SpillDir: t.TempDir(),
		MaxRejects: 0.005, Rejects: ping.NewRejects(nil), CreatedBy: "test"}
}

// rowsOf returns a file's rows as JSON objects.
func rowsOf(t *testing.T, path string) (rows []map[string]any) {
	t.Helper()
	in, err := file.OpenParquetFile(path, false)
	require.NoError(t, err)
	defer func() { require.NoError(t, in.Close()) }()
	r, err := pqarrow.NewFileReader(in, pqarrow.ArrowReadProperties{BatchSize: 1000}, memory.DefaultAllocator)
	require.NoError(t, err)
	table, err := r.ReadTable(context.Background())
	require.NoError(t, err)
	defer table.Release()
	batches := array.NewTableReader(table, 1000)
	defer batches.Release()
	for batches.Next() {
		text, err := batches.RecordBatch().MarshalJSON()
		require.NoError(t, err)
		var some []map[string]any
		require.NoError(t, json.Unmarshal(text, &some))
		rows = append(rows, some...)
	}
	return rows
}

// files returns the SHA-256 of all files of a folder.
func files(t *testing.T, folder string) map[string]string {
	t.Helper()
	all := map[string]string{}
	require.NoError(t, filepath.WalkDir(folder, func(path string, e os.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			data, err := os.ReadFile(path)
			require.NoError(t, err)
			all[strings.TrimPrefix(path, folder)] = fmt.Sprintf("%x", sha256.Sum256(data))
		}
		return err
	}))
	return all
}

func load(t *testing.T, name string) *Definition {
	t.Helper()
	d, err := Load(name)
	require.NoError(t, err)
	return d
}

func TestRun_ClientActivityRows(t *testing.T) {
	docs := []string{
		activity("a", "20161102", "2016-11-01T00:00:00.0+01:00", "nightly-cck-foo"),
		activity("b", "20161102", "2016-11-03T00:00:00.0+13:00", "wherever"),
		strings.Replace(activity("c", "20161101", "2016-11-01", "beta"), `"activeExperiment":{}`, `"activeExperiment":{"id":"x"}`, 1),
		strings.Replace(activity("d", "20161101", "2016-11-01", "esr"), `"e10sEnabled":true`, `"e10sEnabled":"yes"`, 1),
		`{"clientId":"e","meta":{"submissionDate":"20161101","geoCountry":"xx","appUpdateChannel":"release"},"payload":{"info":{"subsessionStartDate":"2016-11-02x"}}}`,
		strings.Replace(activity("f", "20161101", "2016-11-01", "esr"), `"clientId":"f",`, "", 1),
		activity("g", "20161101", "2016-11-03", "esr"), // two days ahead
		activity("h", "20161101", "2016-05-05", "esr"), // 180 days before
		activity("i", "20161101", "2016-05-04", "esr"), // 181
		activity("j", "20161101", "yesterday 10", "esr"),
	}
	folder := t.TempDir()
	result, err := load(t, "client_activity").Run(context.Background(), options(t, folder, write(t, lines(docs...))))
	require.NoError(t, err)
	assert.Equal(t, map[string]int64{"no client_id": 1, "activitydate too far from the day of submission": 2, "activitydate of another type": 1}, result.Counts.LeftOut)
	assert.Equal(t, map[string]int64{"e10senabled": 1}, result.Counts.Other)
	row := func(client, day, channel, country string, version, os, e10s, cohort any) map[string]any {
		return map[string]any{"client_id": client, "activitydate": day, "normalizedchannel": channel, "country": country,
			"version": version, "os": os, "e10senabled": e10s, "e10scohort": cohort}
	}
	assert.Equal(t, []map[string]any{
		row("a", "2016-11-01", "nightly", "DE", "50.0", "Linux", true, "test"),
		row("b", "2016-11-03", "Other", "DE", "50.0", "Linux", true, "test"),
	}, rowsOf(t, filepath.Join(folder, "submission_date=20161102", fileName)))
	assert.Equal(t, []map[string]any{
		row("c", "2016-11-01", "beta", "DE", "50.0", "Linux", true, nil),
		row("d", "2016-11-01", "esr", "DE", "50.0", "Linux", nil, "test"),
		row("e", "2016-11-02", "release", "??", nil, nil, nil, nil),
		row("h", "2016-05-05", "esr", "DE", "50.0", "Linux", true, "test"),
	}, rowsOf(t, filepath.Join(folder, "submission_date=20161101", fileName)))
}

// The empty text is a column's least one, so that readers do not skip the row groups that have it.
func TestRun_BoundsHaveTheEmptyText(t *testing.T) {
	named := func(client, os string) string {
		return strings.Replace(activity(client, "20161101", "2016-11-01", "esr"), `"name":"Linux"`, fmt.Sprintf(`"name":%q`, os), 1)
	}
	folder := t.TempDir()
	_, err := load(t, "client_activity").Run(context.Background(), options(t, folder, write(t, lines(named("a", ""), named("b", "Linux"), named("c", "")))))
	require.NoError(t, err)
	in, err := file.OpenParquetFile(filepath.Join(folder, "submission_date=20161101", fileName), false)
	require.NoError(t, err)
	defer func() { require.NoError(t, in.Close()) }()
	assert.Equal(t, [2]string{"", "Linux"}, parquettest.Bounds(t, in, "os"))
}

func TestRun_MainSummaryRow(t *testing.T) {
	doc := `{"id":"doc","clientId":"c","creationDate":"2016-11-02T12:00:00.000Z","meta":{"submissionDate":"20161102","sampleId":42.0,"geoCity":"Ulm"},
		"environment":{"profile":{"creationDate":16801},"system":{"os":{"version":10.5},"memoryMB":"many","cpu":{"speedMHz":2800}},"addons":{"activeAddons":{"a":{},"b":{}}}},
		"payload":{"info":{"subsessionLength":9007199254740993,"timezoneOffset":3000000000},"histograms":{"PLUGIN_HANG_NOTICE_COUNT":{"sum":3}},
		"keyedHistograms":{"SEARCH_COUNTS":{"google.urlbar":{"sum":4},"a.b.abouthome":{"sum":1},"nodot":{"sum":9},"x.y":{}},"SUBPROCESS_ABNORMAL_ABORT":{"plugin":{"sum":2}}},
		"simpleMeasurements":{"uptime":22,"firstPaint":-1}}}`
	folder := t.TempDir()
	result, err := load(t, "main_summary").Run(context.Background(), options(t, folder, write(t, lines(doc))))
	require.NoError(t, err)
	assert.Equal(t, map[string]int64{"memory_mb": 1, "timezone_offset": 1}, result.Counts.Other)
	in, err := file.OpenParquetFile(filepath.Join(folder, "submission_date=20161102", fileName), false)
	require.NoError(t, err)
	assert.Contains(t, in.MetaData().Schema.String(), "search_counts")
	require.NoError(t, in.Close())
	rows := rowsOf(t, filepath.Join(folder, "submission_date=20161102", fileName))
	require.Len(t, rows, 1)
	got := rows[0]
	for name, want := range map[string]any{"document_id": "doc", "sample_id": 42.0, "city": "Ulm", "profile_creation_date": "2016-01-01", "os_version": "10.5",
		"memory_mb": nil, "cpu_speed_mhz": 2800.0, "active_addons_count": 2.0, "plugin_hangs": 3.0, "crashes_detected_plugin": 2.0, "uptime": 22.0,
		"first_paint": -1.0, "normalized_channel": "Other", "country": "??", "timezone_offset": nil, "subsession_length": float64(9007199254740993),
		"search_counts": []any{map[string]any{"engine": "a.b", "source": "abouthome", "count": 1.0}, map[string]any{"engine": "google", "source": "urlbar", "count": 4.0}}} {
		assert.Equal(t, want, got[name], name)
	}
	assert.GreaterOrEqual(t, len(got), 40)
}

func TestRun_SameFilesInAnyOrder(t *testing.T) {
	var docs []string
	for i := range 3000 {
		docs = append(docs, activity(fmt.Sprint("client", i*7919%3000), fmt.Sprintf("201611%02d", 1+i%5), "2016-11-01", "beta"))
	}
	d := load(t, "client_activity")
	folder := t.TempDir()
	_, err := d.Run(context.Background(), options(t, folder, write(t, lines(docs...))))
	require.NoError(t, err)
	want := files(t, folder)
	require.Len(t, want, 5)

	slices.Reverse(docs)
	first, second := write(t, lines(docs[:1000]...)), write(t, lines(docs[1000:]...))
	again := t.TempDir()
	for _, day := range []int32{17110, 17107, 17106, 17109, 17108, 17110} { // 2016-11-06 and so on, one twice
		o := options(t, again, second, first)
		o.From, o.To, o.Memory = day, day, 60_000
		_, err := d.Run(context.Background(), o)
		require.NoError(t, err)
	}
	o := options(t, again, second, first)
	_, err = d.Run(context.Background(), o)
	require.NoError(t, err)
	assert.Equal(t, want, files(t, again))
}

func TestRun_FailureChangesNothing(t *testing.T) {
	d := load(t, "client_activity")
	folder := t.TempDir()
	_, err := d.Run(context.Background(), options(t, folder, write(t, lines(activity("a", "20161101", "2016-11-01", "beta")))))
	require.NoError(t, err)
	want := files(t, folder)
	bad := write(t, append(lines(activity("b", "20161101", "2016-11-01", "beta")), "{broken\n"...))
	_, err = d.Run(context.Background(), options(t, folder, bad))
	assert.ErrorContains(t, err, "1 of 2 documents were rejected")
	noDay := write(t, lines(`{"clientId":"a","meta":{"submissionDate":"20161301"}}`))
	_, err = d.Run(context.Background(), options(t, folder, noDay))
	assert.ErrorContains(t, err, string(ReasonNoDay))
	canceled, cancel := context.WithCancel(context.Background())
	cancel()
	_, err = d.Run(canceled, options(t, folder, bad))
	assert.ErrorIs(t, err, context.Canceled)
	assert.Equal(t, want, files(t, folder))

	require.NoError(t, os.WriteFile(filepath.Join(folder, "submission_date=20161101", "part-0.parquet"), nil, 0o600))
	_, err = d.Run(context.Background(), options(t, folder, write(t, lines(activity("a", "20161101", "2016-11-01", "beta")))))
	assert.ErrorContains(t, err, "part-0.parquet")
}

func TestParse_Errors(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"name: x", "partition"},
		{"partition: {name: d, path: a}", "columns"},
		{"partition: {name: d, path: a}\ncolumns: [{name: x, type: text, path: b}]", `type "text"`},
		{"partition: {name: d, path: a}\ncolumns: [{name: x, type: varchar}]", "path"},
		{"partition: {name: d, path: a}\ncolumns: [{name: x, type: varchar, path: b..c}]", "a key is missing"},
		{"partition: {name: d, path: a}\ncolumns: [{name: x, type: date, path: b, as: channel}]", "as:"},
		{"partition: {name: d, path: a}\ncolumns: [{name: d, type: date, path: b}]", "twice"},
		{"partition: {name: d, path: a}\ncolumns: [{name: x, type: varchar, path: b, other: maybe}]", "maybe"},
		{"partition: {name: d, path: a}\ncolumns: [{name: x, type: varchar, path: b, wrong: 1}]", "wrong"},
	} {
		_, err := Parse([]byte(c.text))
		assert.ErrorContains(t, err, c.want, c.text)
	}
	_, err := Load("no_such_view")
	assert.ErrorContains(t, err, "client_activity, main_summary")
}

func TestRun_FilterAndErrors(t *testing.T) {
	d, err := Parse([]byte(`
partition: {name: day, path: d}
filter: [{path: app, in: [Firefox]}]
columns:
  - {name: n, type: integer, path: n, missing: error}
  - {name: f, type: double, path: f}
`))
	require.NoError(t, err)
	folder := t.TempDir()
	o := options(t, folder, write(t, lines(`{"d":"20200101","app":"Firefox","n":1,"f":-0.5}`, `{"d":"20200101","app":"Fennec"}`,
		`{"d":"20200101","app":"Firefox","n":3000000000}`, `{"d":"20200101","app":"Firefox"}`)))
	o.MaxRejects = 0.5
	result, err := d.Run(context.Background(), o)
	require.NoError(t, err)
	assert.Equal(t, int64(1), result.Counts.Filtered)
	_, reasons := o.Rejects.Count()
	assert.Equal(t, map[ping.Reason]int64{ReasonNone: 1, ReasonType: 1}, reasons)
	assert.Equal(t, []map[string]any{{"n": 1.0, "f": -0.5}}, rowsOf(t, filepath.Join(folder, "day=20200101", fileName)))
}

func TestExplain_Example(t *testing.T) {
	all, err := load(t, "client_activity").Explain(context.Background(), []string{write(t, lines(activity("a", "20161101", "2016-11-01", "beta")))})
	require.NoError(t, err)
	assert.Equal(t, Explained{"os", "varchar", "environment.system.os.name", `"Linux"`}, all[6])
	assert.Equal(t, Explained{"e10scohort", "varchar", "environment.settings.e10sCohort", `"test"`}, all[8])
}
