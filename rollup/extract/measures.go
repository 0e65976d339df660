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

// A walker collects the measures of a ping.
type walker struct {
	collected
	histograms, keyedNames, simples, scalarNames sequence[named]

	name      []byte // scratch
	histogram histogram
	caser     cases.Caser
}

func newWalker(t *table) *walker {
	return &walker{collected: collected{table: t}, caser: cases.Upper(language.Und)}
}

// payload collects everything that counts in a ping's payload.
func (w *walker) payload(p *jsonwalk.Parser) {
	w.reset()
	members(p, func(name []byte) {
		switch string(name) {
		case "childPayloads":
			w.children(p)
		case "processes":
			w.processes(p)
		default:
			w.section(p, name, parent)
		}
	})
}

// members calls use with the key of every member of an object, with the reader at its value.
func members(r *jsonwalk.Parser, use func(key []byte)) {
	if !r.Object() {
		return
	}
	for key, ok := r.Key(); ok; key, ok = r.Key() {
		use(key)
	}
}

func (w *walker) children(r *jsonwalk.Parser) {
	if !r.Array() {
		return
	}
	for r.Element() {
		members(r, func(name []byte) { w.section(r, name, content) })
	}
}

// section adds the member of a payload that has histograms or measurements.
func (w *walker) section(r *jsonwalk.Parser, name []byte, p process) {
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
func (w *walker) processes(r *jsonwalk.Parser) {
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

func (w *walker) plain(r *jsonwalk.Parser, p process) {
	if !r.Object() {
		return
	}
	w.histograms.begin()
	for known, name, entered, ok := nextHistogram(&w.histograms, r); ok; known, name, entered, ok = nextHistogram(&w.histograms, r) {
		w.addHistogram(r, known, entered, name, nil, p)
	}
}

func (w *walker) keyed(r *jsonwalk.Parser, p process) {
	if !r.Object() {
		return
	}
	w.keyedNames.begin()
	for known, name, ok := w.keyedNames.next(r); ok; known, name, ok = w.keyedNames.next(r) {
		if notKeyed[string(name)] {
			w.leave(LeftOutByName, 1)
			r.Skip()
			continue
		}
		members(r, func(label []byte) { w.addHistogram(r, known, false, name, label, p) })
	}
}

// addHistogram adds the histogram at the parser's place, or the one that nextHistogram entered. The name is used where nothing is known of it.
func (w *walker) addHistogram(r *jsonwalk.Parser, known *named, entered bool, name, label []byte, p process) {
	h := &w.histogram
	h.read(r, &known.form, entered, w.pairs)
	switch {
	case !h.valid():
		w.leave(NotHistogram, 1)
	case h.sum.negative:
		w.leave(NegativeSum, 1)
	case h.kind.whole == countType && !h.kind.over:
		if !known.count.done {
			w.look(&known.count, w.prefixed(definitions.CountPrefix, name))
		}
		w.value(&known.count, label, p, h.sum)
	default:
		if !known.metric.done {
			w.look(&known.metric, name)
		}
		w.add(&known.metric, label, p, h)
	}
}

func (w *walker) simple(r *jsonwalk.Parser, p process) {
	if !r.Object() {
		return
	}
	w.simples.begin()
	for known, name, ok := w.simples.next(r); ok; known, name, ok = w.simples.next(r) {
		if r.Kind() != jsonwalk.Object {
			if !known.metric.done {
				w.look(&known.metric, w.upper(definitions.SimplePrefix, name))
			}
			w.numeric(r, &known.metric, nil, p)
			continue
		}
		members(r, func(part []byte) {
			var metric lookup
			w.look(&metric, w.upper(definitions.SimplePrefix, name, []byte("_"), part))
			w.numeric(r, &metric, nil, p)
		})
	}
}

func (w *walker) scalars(r *jsonwalk.Parser, p process) {
	if !r.Object() {
		return
	}
	w.scalarNames.begin()
	for known, name, ok := w.scalarNames.next(r); ok; known, name, ok = w.scalarNames.next(r) {
		if w.scalar(&known.metric, name) {
			w.numeric(r, &known.metric, nil, p)
		} else {
			r.Skip()
		}
	}
}

func (w *walker) keyedScalars(r *jsonwalk.Parser, p process) {
	members(r, func(name []byte) {
		var metric lookup
		if !w.scalar(&metric, name) {
			r.Skip()
			return
		}
		members(r, func(label []byte) { w.numeric(r, &metric, w.upper("", label), p) })
	})
}

// scalar looks a scalar up. It counts one that is left out by its name, and returns false.
func (w *walker) scalar(metric *lookup, name []byte) bool {
	switch {
	case metric.done:
	case bytes.HasPrefix(name, navigation):
		*metric = lookup{done: true, reason: LeftOutByName}
	default:
		w.look(metric, w.upper(definitions.ScalarPrefix, name))
	}
	if metric.reason == LeftOutByName {
		w.leave(LeftOutByName, 1)
	}
	return metric.reason != LeftOutByName
}

// numeric adds the value at the parser's place if it is a number or boolean; other values are no measures.
func (w *walker) numeric(r *jsonwalk.Parser, metric *lookup, label []byte, p process) {
	if n, ok := r.Whole(); ok {
		w.value(metric, label, p, number{whole: n})
		return
	}
	n, isNumber, finite := numberOf(r.Value())
	switch {
	case !isNumber:
	case !finite:
		w.leave(NotFinite, 1)
	case n.negative:
		w.leave(NegativeValue, 1)
	default:
		w.value(metric, label, p, n)
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
