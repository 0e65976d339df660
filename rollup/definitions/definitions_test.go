package definitions

import (
	"slices"
	"strings"
	"testing"

	"github.com/headcount-hll/headcount/udf/hist"
)

func TestReadFile_KnowsEveryKind(t *testing.T) {
	set, err := ReadFile("../testdata/definitions.json")
	if err != nil {
		t.Fatal(err)
	}
	if n := len(set.Names()); n != 32 {
		t.Errorf("%d definitions, want 32", n)
	}
	for name, want := range map[string]struct {
		kind    hist.Kind
		buckets int
	}{
		"GC_MS": {hist.Exponential, 50}, "GC_MAX_PAUSE_MS": {hist.Linear, 50}, "GC_REASON_2": {hist.Enumerated, 101},
		"GC_RESET": {hist.Boolean, 3}, "TELEMETRY_TEST_FLAG": {hist.Flag, 3}, "TELEMETRY_TEST_COUNT": {hist.Count, 3},
		"TELEMETRY_TEST_CATEGORICAL": {hist.Categorical, 4},
	} {
		metric, ok := set.Defined(name)
		if !ok || metric.Kind != want.kind || metric.Layout.Len() != want.buckets {
			t.Errorf("%s is %v with %d buckets, want %v with %d", name, metric.Kind, metric.Layout.Len(), want.kind, want.buckets)
		}
	}
}

func TestStored_KnowsPrefixes(t *testing.T) {
	set, err := Read(strings.NewReader(`{"X":{"kind":"linear","low":"1","high":"10","n_buckets":"5"},
		"C":{"kind":"count","description":"calls"}}`))
	if err != nil {
		t.Fatal(err)
	}
	for name, buckets := range map[string]int{
		"X": 5, "STARTUP_X": 5, "[[COUNT]]_C": 100, "SIMPLE_MEASURES_A": 50, "SCALARS_B": 100, "USE_COUNTER_Z": 3,
		"USE_COUNTER2_Z_PAGE": 3,
	} {
		if metric, ok := set.Stored(name); !ok || metric.Layout.Len() != buckets {
			t.Errorf("%s has %d buckets, %v; want %d", name, metric.Layout.Len(), ok, buckets)
		}
	}
	if metric, _ := set.Stored("[[COUNT]]_C"); metric.Description != "calls" {
		t.Errorf("description %q, want that of C", metric.Description)
	}
	for _, name := range []string{"Y", "STARTUP_Y", "STARTUP_STARTUP_X", "x", "", "COUNTER_X"} {
		if _, ok := set.Stored(name); ok {
			t.Errorf("%q is known", name)
		}
	}
}

func TestRead_RejectsInvalidDefinitions(t *testing.T) {
	for text, want := range map[string]string{
		`[]`:                      "cannot unmarshal",
		`{"X":{"kind":"other"}}`:  "X",
		`{"X":{"kind":"linear"}}`: "X",
		`{"X":{"kind":"linear","high":10.5,"n_buckets":5}}`:             "10.5",
		`{"X":{"kind":"enumerated","n_values":4000000000}}`:             "X",
		`{"X":{"kind":"exponential","high":100,"n_buckets":123456789}}`: "X",
	} {
		if _, err := Read(strings.NewReader(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error %v, want one that names %s", text, err, want)
		}
	}
}

func TestNames_AreSorted(t *testing.T) {
	set, err := ReadFile("../testdata/definitions.json")
	if err != nil {
		t.Fatal(err)
	}
	if !slices.IsSorted(set.Names()) {
		t.Error("the names are not in order")
	}
}
