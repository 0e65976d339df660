package partial_test

import (
	"errors"
	"io"
	"math"
	"math/rand/v2"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"testing"

	"github.com/apache/arrow-go/v18/parquet/file"
	"github.com/apache/arrow-go/v18/parquet/metadata"

	"github.com/headcount-hll/headcount/rollup/partial"
)

// written writes rows and returns the file's path.
func written(t *testing.T, rows []partial.Row, extra ...string) string {
	t.Helper()
	root := t.TempDir()
	w, err := partial.NewWriter(root, partial.BuildID, "20261129", extra)
	if err != nil {
		t.Fatal(err)
	}
	for i := range rows {
		if err := w.Write(&rows[i]); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return filepath.Join(partial.Folder(root, partial.BuildID, "20261129"), partial.FileName)
}

// requireReadBack reads rows by arrow-go.
func requireReadBack(t *testing.T, path string, want []partial.Row) {
	t.Helper()
	r, err := partial.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	for i := range want {
		got, err := r.Next()
		if err != nil {
			t.Fatalf("row %d: %v", i, err)
		}
		if len(got.Histogram)+len(want[i].Histogram) == 0 {
			got.Histogram = want[i].Histogram
		}
		if len(got.Extra)+len(want[i].Extra) == 0 {
			got.Extra = want[i].Extra
		}
		if !reflect.DeepEqual(*got, want[i]) {
			t.Fatalf("row %d: %+v, want %+v", i, *got, want[i])
		}
	}
	if _, err := r.Next(); !errors.Is(err, io.EOF) {
		t.Fatalf("behind the last row: %v", err)
	}
}

// randomRows returns rows of several row groups, of which some histograms are empty and some build ids NULL.
func randomRows(random *rand.Rand, n int) []partial.Row {
	rows := make([]partial.Row, n)
	text := func(n int) string { return strconv.Itoa(random.IntN(n)) }
	for i := range rows {
		r := partial.Row{Channel: text(3), Version: text(2), Application: "Firefox", Architecture: text(2), OS: "ÖS" + text(3), OSVersion: text(40),
			Extra: []string{text(2)}, Metric: strconv.Itoa(i / 50), Label: text(100_000), Process: text(3), Sum: random.Int64(), Count: random.Int64N(9)}
		if random.IntN(3) > 0 {
			r.BuildID = text(4)
		}
		r.Histogram = make([]int64, random.IntN(12))
		for b := range r.Histogram {
			r.Histogram[b] = random.Int64N(40) * random.Int64N(1000)
		}
		rows[i] = r
	}
	rows[0].Histogram, rows[1].Histogram, rows[2].Histogram = []int64{math.MinInt64, -1, math.MaxInt64}, nil, make([]int64, 600_000)
	return rows
}

func TestWriter_IsReadBack(t *testing.T) {
	rows := randomRows(rand.New(rand.NewPCG(19, 1)), 150_000)
	requireReadBack(t, written(t, rows, "e10s_enabled"), rows)
}

// TestWriter_ManyNumbers writes more numbers than a dictionary has, in lists that are not empty and in some that are.
func TestWriter_ManyNumbers(t *testing.T) {
	for _, empty := range []bool{false, true} {
		var rows []partial.Row
		next := int64(0)
		for i := range 70_000 {
			r := partial.Row{Metric: "M", BuildID: "20261129", Count: int64(i) << 20, Sum: -int64(i)}
			for range 20 {
				r.Histogram = append(r.Histogram, next/2)
				next++
			}
			if empty && i%1000 == 0 {
				r.Histogram = nil
			}
			rows = append(rows, r)
		}
		rows[40_000].Histogram = make([]int64, 70_000)
		path := written(t, rows)
		requireReadBack(t, path, rows)
		if got := pagesWithAndWithoutCodes(t, path); got[0] == 0 || got[1] == 0 {
			t.Errorf("pages with and without codes: %v", got)
		}
	}
}

// pagesWithAndWithoutCodes counts the pages of the first row group's histograms.
func pagesWithAndWithoutCodes(t *testing.T, path string) (n [2]int) {
	t.Helper()
	in, err := file.OpenParquetFile(path, false)
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	pages, err := in.RowGroup(0).GetColumnPageReader(in.MetaData().Schema.ColumnIndexByName("histogram.list.element"))
	if err != nil {
		t.Fatal(err)
	}
	for pages.Next() {
		if page, ok := pages.Page().(*file.DataPageV1); ok {
			if page.Encoding() == 0 { // PLAIN
				n[1]++
			} else {
				n[0]++
			}
		}
	}
	return n
}

func TestWriter_Statistics(t *testing.T) {
	long := strings.Repeat("x", 5000)
	path := written(t, []partial.Row{
		{Channel: "beta", Version: "52", Metric: long, Label: "ü", Histogram: []int64{1}, Sum: -7, Count: 9},
		{Channel: "aurora", Version: "6", BuildID: "20261129", Metric: "M", Histogram: []int64{2}, Sum: 1 << 40, Count: 3},
	})
	in, err := file.OpenParquetFile(path, false)
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	if in.NumRows() != 2 || in.NumRowGroups() != 1 {
		t.Errorf("%d rows in %d row groups", in.NumRows(), in.NumRowGroups())
	}
	statistics := func(name string) metadata.TypedStatistics {
		chunk, err := in.MetaData().RowGroup(0).ColumnChunk(in.MetaData().Schema.ColumnIndexByName(name))
		if err != nil {
			t.Fatal(err)
		}
		s, err := chunk.Statistics()
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	for name, want := range map[string][2]string{"channel": {"aurora", "beta"}, "version": {"52", "6"}, "build_id": {"20261129", "20261129"}, "label": {"", "ü"}} {
		s := statistics(name).(*metadata.ByteArrayStatistics)
		if string(s.Min()) != want[0] || string(s.Max()) != want[1] {
			t.Errorf("%s: %q to %q, want %q", name, s.Min(), s.Max(), want)
		}
	}
	if n := statistics("build_id").NullCount(); n != 1 {
		t.Errorf("%d build ids are NULL, want 1", n)
	}
	if s := statistics("sum").(*metadata.Int64Statistics); s.Min() != -7 || s.Max() != 1<<40 {
		t.Errorf("sums from %d to %d", s.Min(), s.Max())
	}
	metric := in.MetaData().RowGroups[0].Columns[in.MetaData().Schema.ColumnIndexByName("metric")].MetaData.Statistics
	if metric.MaxValue != nil || string(metric.MinValue) != "M" {
		t.Errorf("a text of 5,000 bytes is a statistic: %q to %q", metric.MinValue, metric.MaxValue)
	}
	if s := statistics("histogram.list.element"); s != nil {
		t.Errorf("histograms have statistics: %v", s)
	}
}

func TestWriter_RejectsOtherDimensions(t *testing.T) {
	w, err := partial.NewWriter(t.TempDir(), partial.BuildID, "20261129", []string{"e10s_enabled"})
	if err != nil {
		t.Fatal(err)
	}
	defer w.Abort()
	if err := w.Write(&partial.Row{}); err == nil || !strings.Contains(err.Error(), "row of 10 dimensions in a file of 11") {
		t.Errorf("error %v", err)
	}
}

// FuzzWriter holds rows to what is read of their file.
func FuzzWriter(f *testing.F) {
	f.Add(uint64(1), []byte{1, 2, 3, 0, 255, 0, 0, 0, 0, 0, 0, 0, 0, 0, 7})
	f.Add(uint64(2), []byte{0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 200, 3})
	f.Fuzz(func(t *testing.T, seed uint64, data []byte) {
		random := rand.New(rand.NewPCG(seed, 0))
		var rows []partial.Row
		for _, b := range data {
			r := partial.Row{Channel: strings.Repeat("c", int(b)%5), Version: strconv.Itoa(int(b)), Metric: strconv.Itoa(len(rows) / 3), Sum: int64(b) - 9, Count: int64(b % 7)}
			if b%4 > 0 {
				r.BuildID = strconv.Itoa(random.IntN(3))
			}
			for range int(b) % 40 {
				r.Histogram = append(r.Histogram, random.Int64N(1<<(b%48)))
			}
			for range random.IntN(1 + int(b)%5) {
				rows = append(rows, r)
			}
		}
		requireReadBack(t, written(t, rows), rows)
	})
}

func TestChannels_AreThoseOfAllRowGroups(t *testing.T) {
	rows := make([]partial.Row, 70_000) // more than a row group
	for i := range rows {
		rows[i] = partial.Row{Channel: []string{"aurora", "beta"}[i/30_000%2], Histogram: []int64{1}}
	}
	rows[len(rows)-1].Channel = "release"
	got, err := partial.Channels(written(t, rows))
	if want := []string{"aurora", "beta", "release"}; err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%v, %v, want %v", got, err, want)
	}
	if got, err := partial.Channels(written(t, nil)); err != nil || len(got) != 0 {
		t.Errorf("%v, %v of a file without rows, want none", got, err)
	}
}
