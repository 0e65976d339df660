package extract

import (
	"bufio"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/headcount-hll/headcount/rollup/definitions"
	"github.com/headcount-hll/headcount/rollup/partial"
	"github.com/headcount-hll/headcount/udf/hist"
)

// A stored is the numbers of a row of the original.
type stored struct {
	Histogram []int64 `json:"histogram"`
	Sum       int64   `json:"sum"`
	Count     int64   `json:"count"`
}

// A rowKey is the dimensions of a row of the original.
type rowKey struct {
	Day          string `json:"submission_date"`
	Channel      string `json:"channel"`
	Version      string `json:"version"`
	BuildID      string `json:"build_id"`
	Application  string `json:"application"`
	Architecture string `json:"architecture"`
	OS           string `json:"os"`
	OSVersion    string `json:"os_version"`
	Metric       string `json:"metric"`
	Label        string `json:"label"`
	Process      string `json:"process"`
}

func TestAggregate_EqualsTheOriginal(t *testing.T) {
	report := checkAgainstOriginal(t, "../testdata", "../testdata/definitions.json", "../testdata/pings.json.gz", Config{})
	if report.Pings != 400 || report.Counted != 233 {
		t.Errorf("%d pings read and %d counted, want 400 and 233", report.Pings, report.Counted)
	}
	passedOver := int64(0)
	for reason, n := range report.Not {
		if strings.HasPrefix(string(reason), "ping: ") {
			passedOver += n
		}
	}
	if passedOver != 400-233 {
		t.Errorf("%d pings passed over with a reason, want %d: %v", passedOver, 400-233, report.Not)
	}
}

func TestAggregate_EqualsTheOriginalWhereItSpills(t *testing.T) {
	report := checkAgainstOriginal(t, "../testdata", "../testdata/definitions.json", "../testdata/pings.json.gz",
		Config{Memory: 1 << 20, Threads: 3, SpillFolder: t.TempDir()})
	if report.Spills < 10 {
		t.Errorf("%d spills, want at least 10", report.Spills)
	}
}

func TestAggregate_EqualsTheOriginalWithoutAddedDimensions(t *testing.T) {
	checkAgainstOriginal(t, "../testdata", "../testdata/definitions.json", "../testdata/pings.json.gz",
		Config{Dimensions: []Dimension{}})
}

// checkAgainstOriginal aggregates pings and compares each row, summed over the added dimensions, with what the original
// made of them.
func checkAgainstOriginal(t *testing.T, folder, defined, pings string, c Config) *Report {
	t.Helper()
	var err error
	if c.Definitions, err = definitions.ReadFile(defined); err != nil {
		t.Fatal(err)
	}
	c.Inputs, c.Output = []string{pings}, t.TempDir()
	report, err := Aggregate(context.Background(), c)
	if err != nil {
		t.Fatal(err)
	}
	for _, kind := range partial.Kinds {
		got := readRows(t, c.Output, kind)
		want := readOriginal(t, filepath.Join(folder, fmt.Sprintf("expected_%s.jsonl.gz", kind)))
		if len(got) != len(want) {
			t.Errorf("%s: %d rows, want %d", kind, len(got), len(want))
		}
		wrong := 0
		for k, w := range want {
			g, ok := got[k]
			if !ok || !slices.Equal(g.Histogram, w.Histogram) || g.Sum != w.Sum || g.Count != w.Count {
				if wrong++; wrong <= 5 {
					t.Errorf("%s: %+v is %+v, %v; want %+v", kind, k, g, ok, w)
				}
			}
		}
		if wrong > 0 {
			t.Errorf("%s: %d of %d rows differ", kind, wrong, len(want))
		}
	}
	return report
}

func readRows(t *testing.T, root string, kind partial.Kind) map[rowKey]stored {
	t.Helper()
	files, err := partial.List(root)
	if err != nil {
		t.Fatal(err)
	}
	all := map[rowKey]stored{}
	for _, file := range files {
		if file.Kind != kind {
			continue
		}
		reader, err := partial.Open(file.Path)
		if err != nil {
			t.Fatal(err)
		}
		for {
			r, err := reader.Next()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
			k := rowKey{file.Day, r.Channel, r.Version, r.BuildID, r.Application, r.Architecture, r.OS, r.OSVersion,
				r.Metric, r.Label, r.Process}
			s := all[k]
			all[k] = stored{hist.Sum(s.Histogram, r.Histogram), hist.Add(s.Sum, r.Sum), s.Count + r.Count}
		}
		if err := reader.Close(); err != nil {
			t.Fatal(err)
		}
	}
	return all
}

func readOriginal(t *testing.T, path string) map[rowKey]stored {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	text, err := gzip.NewReader(bufio.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	all := map[rowKey]stored{}
	for decoder := json.NewDecoder(text); ; {
		var r struct {
			rowKey
			stored
		}
		if err := decoder.Decode(&r); err == io.EOF {
			return all
		} else if err != nil {
			t.Fatal(err)
		}
		all[r.rowKey] = r.stored
	}
}
