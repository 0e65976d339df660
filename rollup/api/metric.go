package api

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/headcount-hll/headcount/rollup/definitions"
	"github.com/headcount-hll/headcount/udf/hist"
)

// A described is a metric as requests name it.
type described struct {
	name, stored string
	definitions.Metric
	length int // buckets that are answered
}

// describe returns what is known of a metric by the name that requests use: that of its definition, or of a prefix.
func (s *server) describe(name string) (*described, error) {
	if s.withheld(name) || s.withheld(strings.TrimPrefix(name, definitions.CountPrefix)) {
		return nil, &httpError{code: http.StatusForbidden, text: fmt.Sprintf("the metric %s is withheld", name)}
	}
	d := &described{name: name, stored: name}
	if m, ok := s.Definitions.Defined(name); ok && m.Kind == hist.Count {
		d.stored = definitions.CountPrefix + name
	}
	var ok bool
	if d.Metric, ok = s.Definitions.Stored(d.stored); !ok {
		return nil, notFound("the metric is not known")
	}
	d.length = d.Layout.Len()
	if d.Kind == hist.Flag {
		d.length = 2 // the last bucket of a flag is always empty
	}
	return d, nil
}

// buckets returns the lower bounds of the buckets, or the labels of a categorical metric.
func (d *described) buckets() any {
	if d.Kind == hist.Categorical {
		return append(append([]string{}, d.Labels...), "spill")
	}
	return d.Layout.Bounds()[:d.length]
}

// trim returns the buckets of a histogram that are answered. Buckets that are missing are 0.
func (d *described) trim(histogram []int64) []int64 {
	for len(histogram) < d.length {
		histogram = append(histogram, 0)
	}
	return histogram[:d.length]
}

// Use counters count pages and documents that used a feature; how many there were is another metric.
const useCounter = "USE_COUNTER2_"

// total returns the stored name of the metric that counts what a use counter is a part of, or "".
func (d *described) total() string {
	switch {
	case !strings.HasPrefix(d.stored, useCounter):
		return ""
	case strings.HasSuffix(d.stored, "_DOCUMENT"):
		return definitions.CountPrefix + "CONTENT_DOCUMENTS_DESTROYED"
	case strings.HasSuffix(d.stored, "_PAGE"):
		return definitions.CountPrefix + "TOP_LEVEL_CONTENT_DOCUMENTS_DESTROYED"
	}
	return ""
}
