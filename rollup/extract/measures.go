package extract

import (
	"bytes"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/language"

	"github.com/headcount-hll/headcount/internal/jsonwalk"
	"github.com/headcount-hll/headcount/rollup/definitions"
)

// A process is where a measure was taken. The numbers are in the order of the names.
type process uint8

const (
	content process = iota
	gpu
	parent
)

var processNames = [...]string{content: "content", gpu: "gpu", parent: "parent"}

// countType is the histogram_type of a count, of which the sum goes into a histogram as one value.
const countType = 4

var (
	// notKeyed are the metrics that are left out where they are keyed: their labels are unbounded.
	notKeyed = map[string]bool{"MESSAGE_MANAGER_MESSAGE_SIZE": true, "VIDEO_DETAILED_DROPPED_FRAMES_PROPORTION": true}
	// navigation is the beginning of the scalars that are left out.
	navigation = []byte("browser.engagement.navigation")
)

// A walker adds the measures of a ping to a table.
type walker struct {
	table *table
	seg   uint32
	name  []byte // scratch
	caser cases.Caser
}

func newWalker(t *table) *walker { return &walker{table: t, caser: cases.Upper(language.Und)} }

// payload adds everything that counts in a ping's payload.
func (w *walker) payload(payload jsonwalk.Value) {
	for name, v := range payload.Members {
		switch string(name) {
		case "histograms":
			w.plain(v, parent)
		case "keyedHistograms":
			w.keyed(v, parent)
		case "simpleMeasurements":
			w.simple(v, parent)
		case "childPayloads":
			for child := range v.Elements {
				w.section(child, content)
			}
		case "processes":
			w.processes(v)
		}
	}
}

// section adds the histograms and measurements of a child's payload.
func (w *walker) section(payload jsonwalk.Value, p process) {
	for name, v := range payload.Members {
		switch string(name) {
		case "histograms":
			w.plain(v, p)
		case "keyedHistograms":
			w.keyed(v, p)
		case "simpleMeasurements":
			w.simple(v, p)
		}
	}
}

// processes adds the histograms of content and gpu, and the scalars of these and parent.
func (w *walker) processes(processes jsonwalk.Value) {
	for named, members := range processes.Members {
		i := slices.Index(processNames[:], string(named))
		if i < 0 {
			continue
		}
		p := process(i)
		for name, v := range members.Members {
			switch {
			case string(name) == "histograms" && p != parent:
				w.plain(v, p)
			case string(name) == "keyedHistograms" && p != parent:
				w.keyed(v, p)
			case string(name) == "scalars":
				w.scalars(v, p)
			case string(name) == "keyedScalars":
				w.keyedScalars(v, p)
			}
		}
	}
}

func (w *walker) plain(histograms jsonwalk.Value, p process) {
	for name, v := range histograms.Members {
		w.histogram(name, nil, p, v)
	}
}

func (w *walker) keyed(histograms jsonwalk.Value, p process) {
	for name, labels := range histograms.Members {
		if notKeyed[string(name)] {
			w.table.counts[LeftOutByName]++
			continue
		}
		for label, v := range labels.Members {
			w.histogram(name, label, p, v)
		}
	}
}

func (w *walker) histogram(name, label []byte, p process, v jsonwalk.Value) {
	var values, sumText, kindText jsonwalk.Value
	for field, value := range v.Members {
		switch string(field) {
		case "values":
			values = value
		case "sum":
			sumText = value
		case "histogram_type":
			kindText = value
		}
	}
	sum, ok := wholeOf(sumText)
	kind, typed := wholeOf(kindText)
	switch {
	case values.Kind() != jsonwalk.Object || !ok || !typed:
		w.table.counts[NotHistogram]++
	case sum.negative:
		w.table.counts[NegativeSum]++
	case kind.whole == countType && !kind.over:
		w.value(w.prefixed(definitions.CountPrefix, name), label, p, sum)
	default:
		if e := w.table.entry(w.seg, name, label, p); e != nil {
			e.add(sum)
			w.buckets(e, values)
		}
	}
}

// buckets adds the counts of a histogram. A count that is no whole number is 0.
func (w *walker) buckets(e *entry, values jsonwalk.Value) {
	layout := w.table.metrics.all[e.metric].layout
	for key, v := range values.Members {
		bound, ok := bucketOf(key)
		if !ok {
			w.table.counts[BucketNotNumber]++
			continue
		}
		i := layout.Exact(bound)
		if i < 0 {
			w.table.counts[BucketUndefined]++
			continue
		}
		n, _ := wholeOf(v)
		e.addBucket(i, n)
	}
}

// value adds a number as a histogram of one value.
func (w *walker) value(name, label []byte, p process, n number) {
	if n.negative {
		w.table.counts[NegativeValue]++
		return
	}
	if e := w.table.entry(w.seg, name, label, p); e != nil {
		e.add(n)
		e.addBucket(w.table.metrics.all[e.metric].layout.Bucket(n.float()), number{whole: 1})
	}
}

func (w *walker) simple(measurements jsonwalk.Value, p process) {
	for name, v := range measurements.Members {
		if v.Kind() != jsonwalk.Object {
			w.numeric(w.upper(definitions.SimplePrefix, name), nil, p, v)
			continue
		}
		for part, v := range v.Members {
			w.numeric(w.upper(definitions.SimplePrefix, name, []byte("_"), part), nil, p, v)
		}
	}
}

func (w *walker) scalars(scalars jsonwalk.Value, p process) {
	for name, v := range scalars.Members {
		if bytes.HasPrefix(name, navigation) {
			w.table.counts[LeftOutByName]++
			continue
		}
		w.numeric(w.upper(definitions.ScalarPrefix, name), nil, p, v)
	}
}

func (w *walker) keyedScalars(scalars jsonwalk.Value, p process) {
	for name, labels := range scalars.Members {
		if bytes.HasPrefix(name, navigation) {
			w.table.counts[LeftOutByName]++
			continue
		}
		full := bytes.Clone(w.upper(definitions.ScalarPrefix, name))
		for label, v := range labels.Members {
			w.numeric(full, w.upper("", label), p, v)
		}
	}
}

// numeric adds a value if it is a number or boolean; other values are no measures.
func (w *walker) numeric(name, label []byte, p process, v jsonwalk.Value) {
	n, isNumber, finite := numberOf(v)
	switch {
	case !isNumber:
	case !finite:
		w.table.counts[NotFinite]++
	default:
		w.value(name, label, p, n)
	}
}

// prefixed returns prefix and name in the walker's scratch.
func (w *walker) prefixed(prefix string, name []byte) []byte {
	w.name = append(append(w.name[:0], prefix...), name...)
	return w.name
}

// upper returns prefix and the parts in upper case, as Unicode has it, in the walker's scratch.
func (w *walker) upper(prefix string, parts ...[]byte) []byte {
	w.name = append(w.name[:0], prefix...)
	ascii := true
	for _, part := range parts {
		for _, c := range part {
			ascii = ascii && c < utf8.RuneSelf
			if 'a' <= c && c <= 'z' {
				c -= 'a' - 'A'
			}
			w.name = append(w.name, c)
		}
	}
	if !ascii {
		w.name = w.caser.Bytes(bytes.ToValidUTF8(w.name, []byte("\uFFFD")))
	}
	return w.name
}

// validName reports whether a metric's name has only the characters that are stored.
func validName(name string) bool {
	for _, c := range []byte(name) {
		if !('A' <= c && c <= 'Z' || 'a' <= c && c <= 'z' || '0' <= c && c <= '9' || strings.IndexByte("_-[].", c) >= 0) {
			return false
		}
	}
	return name != ""
}
