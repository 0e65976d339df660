// SPDX-License-Identifier: Apache-2.0

package pingselect

import (
	"encoding/json"
	"fmt"
	"hash/crc32"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// request returns a valid request over a file of the given lines.
func request(t *testing.T, lines ...string) *Request {
	t.Helper()
	path := filepath.Join(t.TempDir(), "pings.jsonl")
	require.NoError(t, os.WriteFile(path, []byte(strings.Join(lines, "\n")), 0o600))
	return &Request{Inputs: []string{path}, Fraction: 1, Sample: ByClients}
}

func (r *Request) want(paths ...string) *Request {
	for _, p := range paths {
		r.Properties, r.Names = append(r.Properties, strings.Split(p, "/")), append(r.Names, p)
	}
	return r
}

// read reads all pings as Python does, through JSON.
func read(t *testing.T, r *Request) ([]map[string]any, Counts) {
	t.Helper()
	text, err := json.Marshal(r)
	require.NoError(t, err)
	parsed, err := ParseRequest(text)
	require.NoError(t, err)
	reader := Open(parsed)
	defer reader.Close()
	var all []map[string]any
	for {
		array, more, err := reader.Next(time.Minute)
		require.NoError(t, err)
		if !more {
			return all, reader.Counts()
		}
		var rows []map[string]any
		require.NoError(t, json.Unmarshal(array, &rows))
		all = append(all, rows...)
	}
}

const gc = `{"range":[1,10000],"bucket_count":50,"histogram_type":0,"values":{"0":1,"5":2,"6":7,"8":1},"sum":12}`

func TestHistogram_BecomesArrays(t *testing.T) {
	for _, c := range []struct{ name, histogram, want string }{
		{"linear", `{"range":[1,4],"bucket_count":5,"histogram_type":1,"values":{"0":1,"3":2,"17":5,"x":5},"sum":7}`,
			`{"bounds":[0,1,2,3,4],"counts":[1,0,0,2,0],"sum":7}`},
		{"boolean", `{"range":[1,2],"bucket_count":3,"histogram_type":2,"values":{"1":3},"sum":3}`, `{"bounds":[0,1,2],"counts":[0,3,0],"sum":3}`},
		{"flag", `{"range":[1,2],"bucket_count":3,"histogram_type":3,"values":{"1":1},"sum":1}`, `true`},
		{"flag that is not set", `{"range":[1,2],"bucket_count":3,"histogram_type":3,"values":{"0":1},"sum":0}`, `false`},
		{"count", `{"range":[1,2],"bucket_count":3,"histogram_type":4,"values":{"0":8},"sum":8}`, `8`},
		{"no sum", `{"range":[1,2],"bucket_count":3,"histogram_type":2,"values":{}}`, `{"bounds":[0,1,2],"counts":[0,0,0],"sum":null}`},
		{"claim of many buckets", `{"range":[1,2000000],"bucket_count":100000,"histogram_type":0,"values":{},"sum":0}`,
			`{"range":[1,2000000],"bucket_count":100000,"histogram_type":0,"values":{},"sum":0}`},
		{"no layout", `{"range":[5,2],"bucket_count":9,"histogram_type":0,"values":{},"sum":0}`,
			`{"range":[5,2],"bucket_count":9,"histogram_type":0,"values":{},"sum":0}`},
		{"an object", `{"values":{"1":1}}`, `{"values":{"1":1}}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			rows, _ := read(t, request(t, `{"h":`+c.histogram+`}`).want("h"))
			require.Len(t, rows, 1)
			got, err := json.Marshal(rows[0]["h"])
			require.NoError(t, err)
			assert.JSONEq(t, c.want, string(got))
		})
	}
}

// Ranks by hand: of 11 counts the median is at rank 5.5, 2.5 into the 7 of the bucket from 6 to 7.
func TestHistogram_BecomesPercentiles(t *testing.T) {
	r := request(t, `{"h":`+gc+`}`).want("h", "none")
	r.OnlyMedian = true
	rows, _ := read(t, r)
	assert.InDelta(t, 6+2.5/7, rows[0]["h"], 1e-12)
	assert.Nil(t, rows[0]["none"])
	r.OnlyMedian, r.Percentiles = false, []float64{0, 50, 100}
	rows, _ = read(t, r)
	assert.InDeltaSlice(t, []float64{0, 6 + 2.5/7, 10}, rows[0]["h"], 1e-12)
}

func TestFilters(t *testing.T) {
	lines := []string{
		`{"n":1,"application":{"channel":"nightly","buildId":"20161101030204"},"meta":{"submissionDate":"20161103"}}`,
		`{"n":2,"application":{"channel":"beta","buildId":"20161107235959"},"meta":{"submissionDate":"20161107"}}`,
		`{"n":3,"application":{"buildId":"20161108000000"},"meta":{"appUpdateChannel":"nightly","submissionDate":"20161108"}}`,
		`{"n":4,"application":{"channel":5},"meta":{}}`,
	}
	channel := [][]string{{"application", "channel"}, {"meta", "appUpdateChannel"}}
	build := [][]string{{"application", "buildId"}}
	for name, c := range map[string]struct {
		filters []Filter
		want    []float64
	}{
		"none":        {nil, []float64{1, 2, 3, 4}},
		"value":       {[]Filter{{Paths: channel, In: []string{"nightly"}}}, []float64{1, 3}},
		"values":      {[]Filter{{Paths: channel, In: []string{"nightly", "beta"}}}, []float64{1, 2, 3}},
		"range":       {[]Filter{{Paths: build, From: "20161101", To: "20161107"}}, []float64{1, 2}},
		"both":        {[]Filter{{Paths: build, From: "20161101", To: "20161107"}, {Paths: channel, In: []string{"nightly"}}}, []float64{1}},
		"lower bound": {[]Filter{{Paths: build, From: "20161101040000", To: "20170101"}}, []float64{2, 3}},
	} {
		t.Run(name, func(t *testing.T) {
			r := request(t, lines...).want("n")
			r.Filters = c.filters
			rows, counts := read(t, r)
			var got []float64
			for _, row := range rows {
				got = append(got, row["n"].(float64))
			}
			assert.ElementsMatch(t, c.want, got)
			assert.Equal(t, int64(len(lines)), counts.Selected+counts.Filtered)
		})
	}
}

func TestSample_OfClients(t *testing.T) {
	var lines []string
	for i := range 3000 {
		lines = append(lines, fmt.Sprintf(`{"clientId":"client-%d","id":"%d"}`, i%1000, i))
	}
	r := request(t, append(lines, `{"id":"no client"}`)...).want("clientId")
	r.Fraction = 0.25
	rows, counts := read(t, r)
	pings := map[string]int{}
	for _, row := range rows {
		pings[row["clientId"].(string)]++
	}
	for i := range 1000 {
		id := fmt.Sprintf("client-%d", i)
		want := 0
		if crc32.ChecksumIEEE([]byte(id))%100 < 25 {
			want = 3
		}
		assert.Equal(t, want, pings[id], id)
	}
	assert.Equal(t, int64(1), counts.WithoutClient)
	assert.Equal(t, int64(3000), counts.Selected+counts.Unsampled)
}

func TestSample_OfPingsIsTheSameAgain(t *testing.T) {
	var lines []string
	for i := range 4000 {
		lines = append(lines, fmt.Sprintf(`{"clientId":"one","id":"document-%d"}`, i))
	}
	r := request(t, lines...).want("id")
	r.Fraction, r.Sample = 0.125, ByPings
	first, _ := read(t, r)
	again, _ := read(t, r)
	assert.InDelta(t, 500, len(first), 120)
	assert.ElementsMatch(t, first, again)
}

func TestWholePings(t *testing.T) {
	rows, _ := read(t, request(t, `{"a":{"b":[1,2]}}`, `{"c":null}`))
	assert.ElementsMatch(t, []map[string]any{{"a": map[string]any{"b": []any{1.0, 2.0}}}, {"c": nil}}, rows)
}

func TestTable_TypesAreThoseOfMostValues(t *testing.T) {
	r := request(t,
		`{"b":true,"i":1,"f":1,"t":"x","h":`+gc+`,"o":{"k":1},"m":"text"}`,
		`{"b":false,"i":9007199254740993,"f":2.5,"t":"\u00e9","h":`+gc+`,"o":[1],"m":7}`,
		`{"b":null,"i":3,"f":1e999,"t":5,"h":{"odd":1},"o":"s","m":8}`,
	).want("b", "i", "f", "t", "h", "o", "m", "none")
	r.Table, r.Threads = true, 1
	reader := Open(r)
	defer reader.Close()
	more, err := reader.Collect(time.Minute)
	require.NoError(t, err)
	require.False(t, more)
	allocator := memory.NewCheckedAllocator(memory.DefaultAllocator)
	defer allocator.AssertSize(t, 0)
	table := reader.Table(allocator)
	defer table.Release()
	require.True(t, table.Next())
	var got []string
	for i, f := range table.Schema().Fields() {
		got = append(got, fmt.Sprintf("%s %s %v", f.Name, f.Type, table.RecordBatch().Column(i)))
	}
	bounds := strings.ReplaceAll("[0 1 2 3 4 5 6 7 8 10 12 14 17 20", " ", ",")
	for i, want := range []string{
		"b bool [true false (null)]", "i int64 [1 9007199254740993 3]", "f float64 [1 2.5 (null)]", `t utf8 ["x" "é" (null)]`,
		"h struct", `o utf8 ["{\"k\":1}" "[1]" "\"s\""]`, "m int64 [(null) 7 8]", "none null [(null)",
	} {
		assert.True(t, strings.HasPrefix(got[i], want), got[i])
	}
	assert.Contains(t, strings.ReplaceAll(got[4], " ", ","), bounds)
	assert.False(t, table.Next())
	require.NoError(t, table.Err())
	assert.Equal(t, map[string]int64{"t": 1, "h": 1, "m": 1}, reader.Counts().OtherType)
}

func TestTable_IsLimited(t *testing.T) {
	r := request(t, `{"a":"`+strings.Repeat("x", 5000)+`"}`).want("a")
	r.Table, r.MaxBytes = true, 1000
	reader := Open(r)
	defer reader.Close()
	_, err := reader.Collect(time.Minute)
	assert.ErrorContains(t, err, "max_bytes")
}

func TestRejects(t *testing.T) {
	r := request(t, `{"a":1}`, `{"a":`, `[]`).want("a")
	r.MaxRejects = 1
	rows, counts := read(t, r)
	assert.Len(t, rows, 1)
	assert.Equal(t, map[string]int64{"truncated": 1, "not a JSON object": 1}, counts.Rejected)
	r.MaxRejects = 0.5
	reader := Open(r)
	defer reader.Close()
	var err error
	for more := true; more && err == nil; {
		_, more, err = reader.Next(time.Minute)
	}
	assert.ErrorContains(t, err, "2 of 3 documents were rejected")
}

func TestClose_EndsAReaderThatWaits(t *testing.T) {
	line := `{"a":"` + strings.Repeat("x", 100_000) + `"}`
	var lines []string
	for range 200 { // 20 batches, more than wait
		lines = append(lines, line)
	}
	reader := Open(request(t, lines...).want("a"))
	_, more, err := reader.Next(time.Minute)
	require.NoError(t, err)
	require.True(t, more)
	reader.Close()
}

func TestRequest_RejectsWhatIsWrong(t *testing.T) {
	valid := `"inputs":["x"],"fraction":1,"sample":"clients"`
	for request, want := range map[string]string{
		`{}`:                                            "no files",
		`{` + valid + `,"frction":1}`:                   "unknown field",
		`{` + valid + `} {}`:                            "more than one JSON value",
		`{` + valid + `,"fraction":0}`:                  "fraction 0",
		`{` + valid + `,"fraction":1.5}`:                "fraction 1.5",
		`{` + valid + `,"fraction":0.005}`:              "steps of 0.01",
		`{` + valid + `,"sample":"days"}`:               `sample "days"`,
		`{` + valid + `,"max_rejects":2}`:               "max_rejects 2",
		`{` + valid + `,"table":true}`:                  "needs properties",
		`{` + valid + `,"percentiles":[101]}`:           "percentile 101",
		`{` + valid + `,"filters":[{"paths":[["a"]]}]}`: "a filter needs",
		`{` + valid + `,"properties":[["a"]]}`:          "0 names of 1 properties",
	} {
		_, err := ParseRequest([]byte(request))
		assert.ErrorContains(t, err, want, request)
	}
	_, err := ParseRequest([]byte(`{` + valid + `,"fraction":0.29}`))
	assert.NoError(t, err)
}
