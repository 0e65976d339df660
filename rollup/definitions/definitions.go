// Package definitions reads histogram definitions in the format of Firefox's Histograms.json and tells the layout of
// every metric that a roll-up can hold.
package definitions

import (
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/headcount-hll/headcount/udf/hist"
)

// Prefixes of the metrics that are not defined under their own name.
const (
	CountPrefix   = "[[COUNT]]_"       // the values of a histogram of kind count
	SimplePrefix  = "SIMPLE_MEASURES_" // simpleMeasurements
	ScalarPrefix  = "SCALARS_"         // scalars and keyed scalars
	startupPrefix = "STARTUP_"         // STARTUP_X can have the definition of X
)

// useCounters are the prefixes of metrics that are boolean without a definition.
var useCounters = []string{"USE_COUNTER_", "USE_COUNTER2_"}

// maxSize is the largest file of definitions in bytes. Firefox's has 1 MB.
const maxSize = 64 << 20

// Layouts of values that have no definition of their own.
var (
	CountLayout  = mustLayout(hist.Exponential, 1, 10000, 100) // counts and scalars
	SimpleLayout = mustLayout(hist.Exponential, 1, 30000, 50)  // simpleMeasurements
	booleans     = mustLayout(hist.Boolean, 0, 0, 0)
)

func mustLayout(kind hist.Kind, low, high, n int64) hist.Layout {
	layout, err := hist.NewLayout(kind, low, high, n)
	if err != nil {
		panic(err)
	}
	return layout
}

// A Metric is what is known of a metric.
type Metric struct {
	Kind        hist.Kind
	Description string
	Labels      []string // of a categorical histogram
	Layout      hist.Layout
}

// A Set is the definitions of a file. It is not changed after it was read, so that goroutines can share it.
type Set struct {
	metrics map[string]Metric
}

// ReadFile reads the definitions of a file. One whose name ends in .gz is decompressed.
func ReadFile(path string) (*Set, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	var text io.Reader = file
	if strings.HasSuffix(path, ".gz") {
		if text, err = gzip.NewReader(file); err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
	}
	set, err := Read(text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return set, nil
}

// Read reads definitions: a JSON object with a definition for each name. It fails on the first one that has no layout.
func Read(r io.Reader) (*Set, error) {
	text, err := io.ReadAll(io.LimitReader(r, maxSize+1))
	if err != nil {
		return nil, err
	}
	if len(text) > maxSize {
		return nil, fmt.Errorf("definitions: more than %d bytes", maxSize)
	}
	var entries map[string]definition
	if err := json.Unmarshal(text, &entries); err != nil {
		return nil, fmt.Errorf("definitions: %w", err)
	}
	set := &Set{make(map[string]Metric, len(entries))}
	for name, entry := range entries {
		metric, err := entry.metric()
		if err != nil {
			return nil, fmt.Errorf("definitions: %s: %w", name, err)
		}
		set.metrics[name] = metric
	}
	return set, nil
}

// Names returns the names that the file defines, in order.
func (s *Set) Names() []string {
	names := make([]string, 0, len(s.metrics))
	for name := range s.metrics {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// Defined returns the definition of a name as the file has it.
func (s *Set) Defined(name string) (Metric, bool) {
	metric, ok := s.metrics[name]
	return metric, ok
}

// Stored returns what is known of a metric under the name by which roll-ups store it: one with a prefix, or one of the
// file.
func (s *Set) Stored(name string) (Metric, bool) {
	switch {
	case strings.HasPrefix(name, CountPrefix):
		metric := Metric{Kind: hist.Count, Layout: CountLayout}
		metric.Description = s.metrics[strings.TrimPrefix(name, CountPrefix)].Description
		return metric, true
	case strings.HasPrefix(name, SimplePrefix):
		return Metric{Kind: hist.Exponential, Layout: SimpleLayout}, true
	case strings.HasPrefix(name, ScalarPrefix):
		return Metric{Kind: hist.Exponential, Layout: CountLayout}, true
	}
	if metric, ok := s.metrics[name]; ok {
		return metric, true
	}
	if rest, ok := strings.CutPrefix(name, startupPrefix); ok {
		if metric, ok := s.metrics[rest]; ok {
			return metric, true
		}
	}
	for _, prefix := range useCounters {
		if strings.HasPrefix(name, prefix) {
			return Metric{Kind: hist.Boolean, Layout: booleans}, true
		}
	}
	return Metric{}, false
}

// A definition is an entry of the file. Some files have numbers as text.
type definition struct {
	Kind        string   `json:"kind"`
	Description string   `json:"description"`
	Low         number   `json:"low"`
	High        number   `json:"high"`
	Buckets     number   `json:"n_buckets"`
	Values      number   `json:"n_values"`
	Labels      []string `json:"labels"`
}

func (d *definition) metric() (Metric, error) {
	kind, err := hist.ParseKind(d.Kind)
	if err != nil {
		return Metric{}, err
	}
	low, n := int64(d.Low), int64(d.Buckets)
	if low == 0 {
		low = 1
	}
	switch kind {
	case hist.Enumerated:
		n = int64(d.Values)
	case hist.Categorical:
		n = int64(len(d.Labels))
	}
	layout, err := hist.NewLayout(kind, low, int64(d.High), n)
	return Metric{kind, d.Description, d.Labels, layout}, err
}

type number int64

// UnmarshalJSON reads 50 and "50".
func (n *number) UnmarshalJSON(text []byte) error {
	value, err := strconv.ParseInt(strings.Trim(string(text), `"`), 10, 64)
	if err != nil {
		return fmt.Errorf("%.40s is not a whole number", text)
	}
	*n = number(value)
	return nil
}
