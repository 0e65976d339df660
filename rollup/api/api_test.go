package api_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"flag"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/headcount-hll/headcount/rollup/api"
	"github.com/headcount-hll/headcount/rollup/definitions"
	"github.com/headcount-hll/headcount/rollup/extract"
	"github.com/headcount-hll/headcount/rollup/store"
	"github.com/headcount-hll/headcount/rollup/store/files"
)

func defined(t *testing.T) *definitions.Set {
	t.Helper()
	set, err := definitions.ReadFile("../testdata/definitions.json")
	if err != nil {
		t.Fatal(err)
	}
	return set
}

// partials aggregates the pings of testdata and returns the folder.
func partials(t *testing.T) string {
	t.Helper()
	folder := t.TempDir()
	_, err := extract.Aggregate(context.Background(), extract.Config{
		Definitions: defined(t), Inputs: []string{"../testdata/pings.json.gz"}, Output: folder,
	})
	if err != nil {
		t.Fatal(err)
	}
	return folder
}

func serve(t *testing.T, c api.Config) *httptest.Server {
	t.Helper()
	c.Definitions = defined(t)
	if c.Store == nil {
		s, err := files.Open(partials(t))
		if err != nil {
			t.Fatal(err)
		}
		c.Store = s
	}
	c.WithheldMetrics = append(c.WithheldMetrics, api.DefaultWithheldMetrics...)
	handler, err := api.New(c)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return server
}

// get returns the answer to a request with header fields, NAME, VALUE...
func get(t *testing.T, url string, fields ...string) (*http.Response, string) {
	t.Helper()
	request, err := http.NewRequest(http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(fields); i += 2 {
		request.Header.Set(fields[i], fields[i+1])
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response, string(body)
}

const ofNightly = "/aggregates_by/submission_date/channels/nightly/?version=51&dates=20161101,20161102&metric="

var update = flag.Bool("update", false, "write the golden files")

// TestAPI_AnswersAsInGoldenFiles holds the form of every answer. That the numbers are right is held by the tests of extract and by
// TestAggregates_EqualTheOriginal.
func TestAPI_AnswersAsInGoldenFiles(t *testing.T) {
	server := serve(t, api.Config{WithheldChannels: []string{"release"}})
	for name, path := range map[string]string{
		"status":           "/status",
		"channels":         "/aggregates_by/build_id/channels/",
		"dates":            "/aggregates_by/submission_date/channels/nightly/dates/",
		"filters":          "/filters/?channel=nightly&version=51",
		"linear":           ofNightly + "TINY_LINEAR",
		"flag":             ofNightly + "TELEMETRY_TEST_FLAG&child=false",
		"categorical":      ofNightly + "TELEMETRY_TEST_CATEGORICAL&os=Linux",
		"keyed":            ofNightly + "KEYED_ENUM&application=Firefox&architecture=x86&child=true&label=a",
		"v1_group":         "/v1/submission_date/sums?channel=nightly&version=51&date=20161101&metric=GC_RESET,TINY_EXP&group=process&percentile=50,99.9",
		"v1_csv":           "/v1/submission_date/sums?channel=nightly&version=51&date=20161101&metric=GC_RESET&group=os,e10s_enabled&format=csv",
		"v1_sql":           "/v1/build_id/sql?channel=nightly&version=51&date=20161031&metric=WEBRTC_CALLS&os=Li'nux&e10s_enabled=true&group=process",
		"v1_choices":       "/v1/submission_date/choices?channel=nightly&version=51",
		"v1_values":        "/v1/submission_date/values?channel=nightly&version=51&metric=GC_RESET&column=os",
		"v1_distribution":  "/v1/submission_date/distribution?channel=nightly&version=51&date=20161101&metric=TINY_EXP&compare=process",
		"v1_evolution":     "/v1/build_id/evolution?channel=nightly&version=51&metric=TINY_EXP&percentile=50,95",
		"v1_evolution_sql": "/v1/build_id/evolution/sql?channel=nightly&version=51&metric=TINY_EXP&compare=os",
		"count":            ofNightly + "WEBRTC_CALLS&os=Linux",
		"error_metric":     ofNightly + "NOT_THERE",
		"error_nothing":    ofNightly + "GC_MS&os=Haiku",
		"error_parameter":  ofNightly + "GC_MS&country=DE",
		"error_missing":    "/aggregates_by/build_id/channels/nightly/?version=51&metric=GC_MS",
		"error_release":    "/aggregates_by/build_id/channels/release/dates/",
		"error_withheld":   ofNightly + "SCALARS_BROWSER.SEARCH.X",
		"error_filters":    "/filters/?channel=nightly",
		"error_path":       "/aggregates_by/week/channels/",
		"error_v1_column":  "/v1/build_id/sums?channel=nightly&version=51&date=20161031&metric=GC_MS&group=sum",
		"error_percentile": "/v1/build_id/sums?channel=nightly&version=51&date=20161031&metric=GC_MS&percentile=101",
	} {
		response, body := get(t, server.URL+path)
		got := response.Status + "\n"
		for _, field := range []string{"Content-Type", "Cache-Control", "Access-Control-Allow-Origin", "Allow"} {
			if value := response.Header.Get(field); value != "" {
				got += field + ": " + strings.ReplaceAll(value, strings.TrimPrefix(server.URL, "http://"), "HOST") + "\n"
			}
		}
		got += "\n" + body + "\n"
		golden := filepath.Join("testdata", name+".txt")
		if *update {
			if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(golden)
		if err != nil {
			t.Fatal(err)
		}
		if got != string(want) {
			t.Errorf("%s: %s\nis\n%.1500s\nwant\n%.1500s", name, path, got, want)
		}
	}
}

// TestAggregates_EqualTheOriginal adds the original's rows up and asks for the same.
func TestAggregates_EqualTheOriginal(t *testing.T) {
	server := serve(t, api.Config{})
	type sum struct {
		Histogram  []int64
		Count, Sum int64
	}
	want := map[string]*sum{}
	for _, r := range originalRows(t) {
		if r.Channel != "nightly" || r.Version != "51" || r.Metric != "GC_MS" && r.Metric != "KEYED_ENUM" {
			continue
		}
		key := r.Metric + r.Day + r.Label
		if want[key] == nil {
			want[key] = &sum{Histogram: make([]int64, len(r.Histogram))}
		}
		for i, n := range r.Histogram {
			want[key].Histogram[i] += n
		}
		want[key].Count += r.Count
		want[key].Sum += r.Sum
	}
	compared := 0
	for _, metric := range []string{"GC_MS", "KEYED_ENUM"} {
		_, body := get(t, server.URL+ofNightly+metric)
		var got struct {
			Data []struct {
				Date, Label string
				sum
			}
		}
		if err := json.Unmarshal([]byte(body), &got); err != nil {
			t.Fatal(err)
		}
		for _, g := range got.Data {
			w := want[metric+g.Date+g.Label]
			if w == nil || !slices.Equal(g.Histogram, w.Histogram) || g.Count != w.Count || g.Sum != w.Sum {
				t.Errorf("%s %s %q is %+v, want %+v", metric, g.Date, g.Label, g.sum, w)
			}
			compared++
		}
	}
	if compared != len(want) || compared < 10 {
		t.Errorf("%d sums answered, want %d", compared, len(want))
	}
}

type originalRow struct {
	Day, Channel, Version, Metric, Label string
	Histogram                            []int64
	Sum, Count                           int64
}

func originalRows(t *testing.T) (rows []originalRow) {
	t.Helper()
	file, err := os.Open("../testdata/expected_submission_date.jsonl.gz")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	text, err := gzip.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	for decoder := json.NewDecoder(text); ; {
		r := struct {
			originalRow
			Day string `json:"submission_date"`
		}{}
		if err := decoder.Decode(&r); err == io.EOF {
			return rows
		} else if err != nil {
			t.Fatal(err)
		}
		r.originalRow.Day = r.Day
		rows = append(rows, r.originalRow)
	}
}

func TestAPI_AnswersNotModifiedForItsTag(t *testing.T) {
	server := serve(t, api.Config{})
	for _, encoding := range []string{"identity", "gzip"} {
		first, body := get(t, server.URL+ofNightly+"KEYED_ENUM", "Accept-Encoding", encoding)
		tag := first.Header.Get("ETag")
		if tag == "" || len(body) == 0 || (first.Header.Get("Content-Encoding") == "gzip") != (encoding == "gzip") {
			t.Fatalf("tag %q, encoding %q of %d bytes", tag, first.Header.Get("Content-Encoding"), len(body))
		}
		second, body := get(t, server.URL+ofNightly+"KEYED_ENUM", "If-None-Match", tag, "Accept-Encoding", encoding)
		if second.StatusCode != http.StatusNotModified || body != "" {
			t.Errorf("%s: status %s with %d bytes, want 304", encoding, second.Status, len(body))
		}
	}
	if other, _ := get(t, server.URL+ofNightly+"KEYED_ENUM", "If-None-Match", `"other"`); other.StatusCode != http.StatusOK {
		t.Errorf("status %s for another tag, want 200", other.Status)
	}
}

func TestAPI_AnswersWithheldChannelForToken(t *testing.T) {
	server := serve(t, api.Config{WithheldChannels: []string{"release"}, Tokens: []string{"secret"}})
	path := server.URL + "/aggregates_by/build_id/channels/release/dates/"
	for token, want := range map[string]int{"Bearer secret": 200, "Bearer secre": 403, "secret": 403, "Bearer ": 403} {
		if response, _ := get(t, path, "Authorization", token); response.StatusCode != want {
			t.Errorf("Authorization %q: status %s, want %d", token, response.Status, want)
		}
	}
	for _, other := range []string{"/filters/?channel=release&version=51", "/v1/build_id/sums?channel=release&version=51&date=1&metric=GC_MS",
		"/aggregates_by/build_id/channels/release/?version=51&dates=1&metric=GC_MS"} {
		if response, _ := get(t, server.URL+other); response.StatusCode != 403 {
			t.Errorf("%s: status %s, want 403", other, response.Status)
		}
	}
}

func TestAPI_RejectsForeignText(t *testing.T) {
	server := serve(t, api.Config{})
	for _, parameter := range []string{"version", "dates", "metric", "application", "architecture", "os", "osVersion", "label", "child"} {
		for _, value := range []string{"%00", "%27%20OR%20%271%27=%271", "%ff", "%27%3B%20DROP%20TABLE%20x", "..%2F..%2F"} {
			path := ofNightly + "GC_MS"
			path = strings.ReplaceAll(path, "&"+parameter+"=", "&x"+parameter+"=")
			response, body := get(t, server.URL+strings.Replace(path, "?", "?"+parameter+"="+value+"&", 1))
			if response.StatusCode < 400 || response.StatusCode >= 500 || strings.Contains(strings.ToUpper(body), "SELECT") {
				t.Errorf("%s=%s: %s %s", parameter, value, response.Status, body)
			}
		}
	}
	response, _ := get(t, server.URL+ofNightly+strings.Repeat("x", 900_000))
	if response.StatusCode != http.StatusRequestURITooLong {
		t.Errorf("0.9 MB of query: status %s, want 414", response.Status)
	}
	posted, err := http.Post(server.URL+"/status", "text/plain", bytes.NewReader(nil))
	if err != nil {
		t.Fatal(err)
	}
	posted.Body.Close()
	if posted.StatusCode != http.StatusMethodNotAllowed || posted.Header.Get("Allow") == "" {
		t.Errorf("POST: status %s, Allow %q", posted.Status, posted.Header.Get("Allow"))
	}
}

func TestAPI_LimitsRate(t *testing.T) {
	server := serve(t, api.Config{Rate: 1})
	for range 50 {
		if response, _ := get(t, server.URL+"/status"); response.StatusCode == http.StatusTooManyRequests {
			return
		}
	}
	t.Error("50 requests at a rate of 1 a second were all answered")
}

// broken is a store that has failed.
type broken struct{ store.Store }

func (broken) Sums(context.Context, *store.Query) ([]store.Sum, error) {
	return nil, &os.PathError{Op: "SELECT secret FROM table", Path: "/secret", Err: os.ErrInvalid}
}

func TestAPI_HidesErrorsOfTheStore(t *testing.T) {
	server := serve(t, api.Config{Store: broken{}})
	response, body := get(t, server.URL+ofNightly+"GC_MS")
	if response.StatusCode != http.StatusServiceUnavailable || strings.Contains(body, "secret") {
		t.Errorf("status %s, body %s", response.Status, body)
	}
}
