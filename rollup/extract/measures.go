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
	"github.com/headcount-hll/headcount/udf/hist"
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
	table     *table
	seg       uint32
	name      []byte // scratch
	histogram histogram
	caser     cases.Caser
}

func newWalker(t *table) *walker { return &walker{table: t, caser: cases.Upper(language.Und)} }

// payload adds everything that counts in a ping's payload.
func (w *walker) payload(payload jsonwalk.Value) {
	r := payload.Reader()
	members(&r, func(name []byte) {
		switch string(name) {
		case "childPayloads":
			w.children(&r)
		case "processes":
			w.processes(&r)
		default:
			w.section(&r, name, parent)
		}
	})
}

// members calls use with the key of every member of an object, with the reader at its value.
func members(r *jsonwalk.Reader, use func(key []byte)) {
	if !r.Object() {
		return
	}
	for key, ok := r.Key(); ok; key, ok = r.Key() {
		use(key)
	}
}

func (w *walker) children(r *jsonwalk.Reader) {
	if !r.Array() {
		return
	}
	for r.Element() {
		members(r, func(name []byte) { w.section(r, name, content) })
	}
}

// section adds the member of a payload that has histograms or measurements.
func (w *walker) section(r *jsonwalk.Reader, name []byte, p process) {
	switch string(name) {
	case "histograms":
		w.plain(r, p)
	case "keyedHistograms":
		w.keyed(r, p)
	case "simpleMeasurements":
		w.simple(r, p)
	default:
		r.Skip()
	}
}

// processes adds the histograms of content and gpu, and the scalars of these and parent.
func (w *walker) processes(r *jsonwalk.Reader) {
	members(r, func(named []byte) {
		i := slices.Index(processNames[:], string(named))
		if i < 0 {
			r.Skip()
			return
		}
		p := process(i)
		members(r, func(name []byte) {
			switch {
			case string(name) == "histograms" && p != parent:
				w.plain(r, p)
			case string(name) == "keyedHistograms" && p != parent:
				w.keyed(r, p)
			case string(name) == "scalars":
				w.scalars(r, p)
			case string(name) == "keyedScalars":
				w.keyedScalars(r, p)
			default:
				r.Skip()
			}
		})
	})
}

func (w *walker) plain(r *jsonwalk.Reader, p process) {
	members(r, func(name []byte) { w.addHistogram(r, name, nil, p) })
}

func (w *walker) keyed(r *jsonwalk.Reader, p process) {
	members(r, func(name []byte) {
		if notKeyed[string(name)] {
			w.table.counts[LeftOutByName]++
			r.Skip()
			return
		}
		members(r, func(label []byte) { w.addHistogram(r, name, label, p) })
	})
}

// addHistogram adds the histogram at the reader's place.
func (w *walker) addHistogram(r *jsonwalk.Reader, name, label []byte, p process) {
	h := &w.histogram
	h.read(r)
	switch {
	case !h.valid():
		w.table.counts[NotHistogram]++
	case h.sum.negative:
		w.table.counts[NegativeSum]++
	case h.kind.whole == countType && !h.kind.over:
		w.value(w.prefixed(definitions.CountPrefix, name), label, p, h.sum)
	default:
		if e := w.table.entry(w.seg, name, label, p); e != nil {
			e.add(h.sum)
			w.buckets(e, h)
		}
	}
}

// buckets adds the counts of a histogram.
func (w *walker) buckets(e *entry, h *histogram) {
	if h.notNumbers > 0 {
		w.table.counts[BucketNotNumber] += h.notNumbers
	}
	layout, next := w.table.metrics.all[e.metric].layout, 0
	for _, b := range h.buckets {
		i := layout.ExactFrom(next, b.bound)
		if i < 0 {
			w.table.counts[BucketUndefined]++
			continue
		}
		e.buckets[i] = hist.Add(e.buckets[i], b.n)
		next = i + 1
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
		i := w.table.metrics.all[e.metric].layout.Bucket(n.float())
		e.buckets[i] = hist.Add(e.buckets[i], 1)
	}
}

func (w *walker) simple(r *jsonwalk.Reader, p process) {
	members(r, func(name []byte) {
		if r.Kind() != jsonwalk.Object {
			w.numeric(w.upper(definitions.SimplePrefix, name), nil, p, r.Value())
			return
		}
		members(r, func(part []byte) {
			w.numeric(w.upper(definitions.SimplePrefix, name, []byte("_"), part), nil, p, r.Value())
		})
	})
}

func (w *walker) scalars(r *jsonwalk.Reader, p process) {
	members(r, func(name []byte) {
		if w.isNavigation(name) {
			r.Skip()
			return
		}
		w.numeric(w.upper(definitions.ScalarPrefix, name), nil, p, r.Value())
	})
}

func (w *walker) keyedScalars(r *jsonwalk.Reader, p process) {
	members(r, func(name []byte) {
		if w.isNavigation(name) {
			r.Skip()
			return
		}
		full := bytes.Clone(w.upper(definitions.ScalarPrefix, name))
		members(r, func(label []byte) { w.numeric(full, w.upper("", label), p, r.Value()) })
	})
}

// isNavigation reports whether a scalar is left out by its name, and counts it.
func (w *walker) isNavigation(name []byte) bool {
	if !bytes.HasPrefix(name, navigation) {
		return false
	}
	w.table.counts[LeftOutByName]++
	return true
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
