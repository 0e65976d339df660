package extract

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/headcount-hll/headcount/internal/ping"
	"github.com/headcount-hll/headcount/rollup/definitions"
	"github.com/headcount-hll/headcount/rollup/partial"
)

const rulesDefinitions = `{
	"LIN": {"kind": "linear", "high": 10, "n_buckets": 5},
	"CALLS": {"kind": "count"},
	"BOOL": {"kind": "boolean"}
}`

// pingWith returns a ping that counts, with a payload, after replacements of its text.
func pingWith(payload string, replace ...string) string {
	ping := `{"meta":{"submissionDate":"20260101","sampleId":7},
		"application":{"name":"Firefox","channel":"nightly","version":"51.0a1","buildId":"20260102030405","architecture":"x86"},
		"environment":{"system":{"os":{"name":"Linux","version":"4.4.0"}},"settings":{"e10sEnabled":true}},"payload":` + payload + `}`
	return strings.NewReplacer(replace...).Replace(ping)
}

// aggregate returns the rows by submission date of pings as text, METRIC/LABEL/PROCESS=HISTOGRAM SUM COUNT.
func aggregate(t *testing.T, c Config, pings ...string) (rows map[string]string, report *Report) {
	t.Helper()
	var err error
	if c.Definitions, err = definitions.Read(strings.NewReader(rulesDefinitions)); err != nil {
		t.Fatal(err)
	}
	c.Output = t.TempDir()
	file := filepath.Join(t.TempDir(), "pings.jsonl")
	var text strings.Builder
	for _, p := range pings {
		text.WriteString(strings.ReplaceAll(p, "\n", " ") + "\n")
	}
	if err := os.WriteFile(file, []byte(text.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	c.Inputs = []string{file}
	if report, err = Aggregate(context.Background(), c); err != nil {
		t.Fatal(err)
	}
	files, err := partial.List(c.Output)
	if err != nil {
		t.Fatal(err)
	}
	rows = map[string]string{}
	for _, file := range files {
		if file.Kind == partial.SubmissionDate {
			addRows(t, rows, file.Path)
		}
	}
	return rows, report
}

func addRows(t *testing.T, rows map[string]string, path string) {
	t.Helper()
	reader, err := partial.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	for {
		r, err := reader.Next()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		name := fmt.Sprintf("%s/%s/%s", r.Metric, r.Label, r.Process)
		if len(r.Extra) > 0 {
			name += "/" + strings.Join(r.Extra, "/")
		}
		trimmed := strings.TrimRight(fmt.Sprint(r.Histogram), "0 ]")
		rows[name] = fmt.Sprintf("%s] %d %d", strings.TrimSuffix(trimmed, " 0"), r.Sum, r.Count)
	}
}

func TestAggregate_PassesOverPingsByReason(t *testing.T) {
	for replaced, want := range map[[2]string]Reason{
		{`"sampleId":7`, `"sampleId":"7"`}:                           NoSample,
		{`"sampleId":7`, `"sampleId":100`}:                           NoSample,
		{`"sampleId":7`, `"other":7`}:                                NoSample,
		{`"channel":"nightly"`, `"channel":"nightly-x"`}:             OtherChannel,
		{`"name":"Firefox"`, `"name":"Fennec"`}:                      OtherProduct,
		{`"buildId":"20260102030405"`, `"buildId":"local"`}:          NoBuildID,
		{`"submissionDate":"20260101"`, `"submissionDate":"../../"`}: NoDay,
		{`"architecture":"x86"`, `"architecture":null`}:              FieldMissing,
		{`"name":"Linux"`, `"name":{}`}:                              FieldMissing,
		{`"architecture":"x86"`, `"architecture":"x\u0000"`}:         NulInDimension,
	} {
		rows, report := aggregate(t, Config{}, pingWith(`{"simpleMeasurements":{"a":1}}`, replaced[0], replaced[1]))
		if len(rows) != 0 || report.Not[want] != 1 {
			t.Errorf("%s: rows %v, reasons %v; want none and %q", replaced[1], rows, report.Not, want)
		}
	}
}

func TestAggregate_CountsMeasures(t *testing.T) {
	for payload, want := range map[string]string{
		`{"histograms":{"LIN":{"values":{"0":1," 1 ":2,"+4":1},"sum":9,"histogram_type":1}}}`:                    "LIN//parent/true=[1 2 1] 9 1",
		`{"histograms":{"LIN":{"values":{"1":true,"4":1.5,"0":null},"sum":true,"histogram_type":1}}}`:            "LIN//parent/true=[0 1] 1 1",
		`{"processes":{"gpu":{"histograms":{"LIN":{"values":{},"sum":0,"histogram_type":1}}}}}`:                  "LIN//gpu/true=[] 0 1",
		`{"childPayloads":[7,{"keyedHistograms":{"BOOL":{"é":{"values":{"1":3},"sum":3,"histogram_type":2}}}}]}`: "BOOL/é/content/true=[0 3] 3 1",
		`{"histograms":{"CALLS":{"values":{},"sum":3,"histogram_type":4}}}`:                                      "[[COUNT]]_CALLS//parent/true=[0 0 0 1] 3 1",
		`{"simpleMeasurements":{"js":{"x":2.75}}}`:                                                               "SIMPLE_MEASURES_JS_X//parent/true=[0 0 1] 2 1",
		`{"simpleMeasurements":{"up":true}}`:                                                                     "SIMPLE_MEASURES_UP//parent/true=[0 1] 1 1",
		`{"processes":{"content":{"scalars":{"a.b":0}}}}`:                                                        "SCALARS_A.B//content/true=[1] 0 1",
		`{"processes":{"parent":{"keyedScalars":{"k":{"straße":1}}}}}`:                                           "SCALARS_K/STRASSE/parent/true=[0 1] 1 1",
		`{"histograms":{"STARTUP_LIN":{"values":{"0":1},"sum":0,"histogram_type":1}}}`:                           "STARTUP_LIN//parent/true=[1] 0 1",
	} {
		rows, report := aggregate(t, Config{}, pingWith(payload))
		name, numbers, _ := strings.Cut(want, "=")
		if len(rows) != 1 || rows[name] != numbers {
			t.Errorf("%s: rows %v, reasons %v; want %s", payload, rows, report.Not, want)
		}
	}
}

func TestAggregate_ReadsHistogramsThatBeginAndEndInOtherWays(t *testing.T) {
	counts := []string{
		`{"range":[1,2],"histogram_type":1,"values":{"0":1},"sum":1}`,
		`{"range":[1,2],"histogram_type":1,"values":{"0":1},"sum":1}`,
		`{"range":[1,2],"histogram_type":1,"values":{"0":1}}`,                              // no sum
		`{"range":[1,2],"histogram_type":1,"values":5,"sum":1}`,                            // no values
		`{"range":[1,2],"histogram_type":1,"values":{"0":1},"sum":1,"histogram_type":"x"}`, // no type
		`{"sum":1,"histogram_type":1,"values":{"0":1}}`,
		`{"range":[1,2],"values":{"0":1},"sum":1,"histogram_type":1}`,
		`{"range":[1,2],"values":{"0":1},"sum":1}`, // no type
		`{"range":[1,2],"values":{"0":9},"values":{"0":1},"sum":1,"histogram_type":1}`,
		`{"range":[1,2],"values":{"0":9},"values":{"0":1},"sum":1,"histogram_type":1}`,
		`{"range":[1,2],"histogram_type":1,"values":{"0":1},"sum":1,"z":0}`,
		`{"range":[1,2],"histogram_type":1,"values":{"0":1},"sum":1,"z":0}`,
		`{"range":[1,2],"histogram_type":1,"values":{"0":1},"sum":9,"z":0,"sum":2}`,
		`{"range":[1,2],"histogram_type":1,"values":{"0":1},"sum":1,"z":0,"values":5}`, // no values
	}
	var pings []string
	for _, h := range counts {
		pings = append(pings, pingWith(`{"histograms":{"LIN":`+h+`}}`))
	}
	rows, report := aggregate(t, Config{Threads: 1}, pings...)
	if rows["LIN//parent/true"] != "[9] 10 9" || report.Not[NotHistogram] != 5 {
		t.Errorf("rows %v, reasons %v; want 9 histograms, and 5 left out", rows, report.Not)
	}
}

func TestAggregate_AddsLargeAndNegativeCounts(t *testing.T) {
	payload := pingWith(`{"histograms":{"LIN":{"values":{"0":3000000000,"1":-5,"4":7,"7":9223372036854775807},"sum":5000000000000,"histogram_type":1}}}`)
	less := pingWith(`{"histograms":{"LIN":{"values":{"0":1,"1":2,"4":-3,"7":0},"sum":1,"histogram_type":1}}}`)
	rows, report := aggregate(t, Config{Threads: 1}, payload, less, payload)
	if want := "[6000000001 -8 11 9223372036854775807] 10000000000001 3"; rows["LIN//parent/true"] != want {
		t.Errorf("rows %v, reasons %v; want %s", rows, report.Not, want)
	}
}

func TestAggregate_LeavesOutMeasuresByReason(t *testing.T) {
	for payload, want := range map[string]Reason{
		`{"histograms":{"LIN":{"values":[],"sum":1,"histogram_type":1}}}`:                   NotHistogram,
		`{"histograms":{"LIN":{"values":{},"sum":1.0,"histogram_type":1}}}`:                 NotHistogram,
		`{"histograms":{"LIN":{"values":{},"sum":1,"histogram_type":"1"}}}`:                 NotHistogram,
		`{"histograms":{"LIN":{"values":{},"sum":-1,"histogram_type":1}}}`:                  NegativeSum,
		`{"histograms":{"NO":{"values":{},"sum":1,"histogram_type":1}}}`:                    Undefined,
		`{"histograms":{"L'N":{"values":{},"sum":1,"histogram_type":1}}}`:                   InvalidName,
		`{"histograms":{"L\u0000":{"values":{},"sum":1,"histogram_type":1}}}`:               NulInName,
		`{"keyedHistograms":{"LIN":{"\u0000":{"values":{},"sum":1,"histogram_type":1}}}}`:   NulInName,
		`{"keyedHistograms":{"MESSAGE_MANAGER_MESSAGE_SIZE":{"a":{}}}}`:                     LeftOutByName,
		`{"processes":{"parent":{"scalars":{"browser.engagement.navigation.x":1}}}}`:        LeftOutByName,
		`{"simpleMeasurements":{"a":-1}}`:                                                   NegativeValue,
		`{"simpleMeasurements":{"a":-0.5}}`:                                                 NegativeValue,
		`{"simpleMeasurements":{"a":1e999}}`:                                                NotFinite,
		`{"histograms":{"LIN":{"values":{},"sum":9223372036854775808,"histogram_type":1}}}`: SumTooLarge,
		`{"simpleMeasurements":{"a":1e300}}`:                                                SumTooLarge,
	} {
		rows, report := aggregate(t, Config{}, pingWith(payload))
		if len(rows) != 0 || report.Not[want] == 0 {
			t.Errorf("%s: rows %v, reasons %v; want none and %q", payload, rows, report.Not, want)
		}
	}
}

func TestAggregate_SplitsFractionsSoThatTheyAddUp(t *testing.T) {
	off := []string{`"e10sEnabled":true`, `"e10sEnabled":false`}
	half := `{"simpleMeasurements":{"a":1.5}}`
	rows, _ := aggregate(t, Config{}, pingWith(half), pingWith(half, off...), pingWith(half, off...), pingWith(half, off...))
	// 1.5 and 4.5 are 6 together; rounded down alone they would be 1 and 4.
	if rows["SIMPLE_MEASURES_A//parent/true"] != "[0 1] 1 1" || rows["SIMPLE_MEASURES_A//parent/false"] != "[0 3] 5 3" {
		t.Errorf("rows %v, want sums of 1 and 5", rows)
	}
}

func TestAggregate_LeavesOutSumsThatAreTooLargeTogether(t *testing.T) {
	payload := `{"histograms":{"LIN":{"values":{},"sum":4611686018427387904,"histogram_type":1}}}`
	rows, report := aggregate(t, Config{}, pingWith(payload), pingWith(payload, `"e10sEnabled":true`, `"e10sEnabled":false`))
	if len(rows) != 0 || report.Not[SumTooLarge] == 0 {
		t.Errorf("rows %v, reasons %v; want none: the sum over e10sEnabled is 2^63", rows, report.Not)
	}
}

func TestAggregate_AddsADimensionByOneLine(t *testing.T) {
	added, err := ReadDimensions(strings.NewReader("# comment\n\ncountry meta.geoCountry\n"))
	if err != nil {
		t.Fatal(err)
	}
	rows, _ := aggregate(t, Config{Dimensions: added}, pingWith(`{"simpleMeasurements":{"a":1}}`, `"sampleId":7`, `"sampleId":7,"geoCountry":"DE"`))
	if len(rows) != 1 || rows["SIMPLE_MEASURES_A//parent/DE"] == "" {
		t.Errorf("rows %v, want one of DE", rows)
	}
}

func TestReadDimensions_RejectsOtherLines(t *testing.T) {
	for _, text := range []string{"country", "Country a.b", "metric a.b", "a b c", "x a\nx b", "date a", strings.Repeat("a", 70) + " b"} {
		if all, err := ReadDimensions(strings.NewReader(text)); err == nil {
			t.Errorf("%q: %v, expected an error", text, all)
		}
	}
}

func FuzzAggregate(f *testing.F) {
	f.Add(pingWith(`{"histograms":{"LIN":{"values":{"0":1},"sum":9,"histogram_type":1}},"childPayloads":[{}]}`))
	f.Add(pingWith(`{"simpleMeasurements":{"js":{"x":-2.75e5}},"processes":{"gpu":{"keyedScalars":{"a":{"b":1}}}}}`))
	set, err := definitions.Read(strings.NewReader(rulesDefinitions))
	if err != nil {
		f.Fatal(err)
	}
	read := paths(DefaultDimensions())
	f.Fuzz(func(t *testing.T, ping string) {
		w := newWorker(&Config{Definitions: set, Memory: 1 << 30, Threads: 1})
		found, err := read.Read([]byte(ping), nil, payloadSlot, w.walker.payload)
		if err != nil {
			return
		}
		if err := w.add(found); err != nil {
			t.Fatal(err)
		}
		sorted := w.table.sort()
		for {
			key, e, err := sorted.next()
			if errors.Is(err, io.EOF) {
				return
			}
			if strings.Count(string(key), "\x00") != prefixFields+2 || e.fraction < 0 || e.fraction >= 1 || e.sum < 0 {
				t.Fatalf("key %q with %+v", key, e)
			}
		}
	})
}

func TestAggregate_EndsWithTooManyRejects(t *testing.T) {
	set, err := definitions.Read(strings.NewReader(rulesDefinitions))
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	file := filepath.Join(folder, "pings.jsonl")
	if err := os.WriteFile(file, []byte("{}\n[1]\n{\"a\"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	c := Config{Definitions: set, Inputs: []string{file}, Output: filepath.Join(folder, "out")}
	if _, err := Aggregate(context.Background(), c); err == nil || !strings.Contains(err.Error(), "2 of 3 documents") {
		t.Errorf("error %v, want one of 2 of 3 documents", err)
	}
	c.MaxRejects = 1
	c.Rejects = ping.NewRejects(nil)
	if report, err := Aggregate(context.Background(), c); err != nil || report.Pings != 1 {
		t.Errorf("%+v, %v; want one ping", report, err)
	}
}
