package extract

import "github.com/headcount-hll/headcount/internal/jsonwalk"

// A histogram is what is used of a ping's histogram. Its memory is used again.
type histogram struct {
	fields          sequence[histogramField]
	sum, kind       number
	hasSum, hasKind bool
	hasValues       bool
	buckets         []bucket
	notNumbers      int64 // buckets whose key is not a whole number
}

// A bucket is a member of a histogram's values.
type bucket struct{ bound, n int64 }

// A histogramField is a member of a histogram. The zero value is one that was not met before.
type histogramField uint8

const (
	otherField histogramField = iota + 1
	valuesField
	sumField
	kindField
)

func fieldOf(name []byte) histogramField {
	switch string(name) {
	case "values":
		return valuesField
	case "sum":
		return sumField
	case "histogram_type":
		return kindField
	}
	return otherField
}

// valid reports whether all that makes a histogram is there.
func (h *histogram) valid() bool { return h.hasValues && h.hasSum && h.hasKind }

// A preamble is how the histograms of a metric begin: pings repeat the text from the brace to the buckets.
type preamble struct {
	text    string // "" if nothing is known
	after   *link[histogramField]
	kind    number
	hasKind bool
	changes int // how often the text was another
}

// What is not taken as a preamble: text that is long, or that changes from ping to ping.
const (
	longestPreamble = 200
	mostChanges     = 8
)

// read reads a histogram. Of members that occur twice the last one counts.
func (h *histogram) read(p *jsonwalk.Parser, known *preamble) {
	h.hasSum, h.hasKind, h.hasValues = false, false, false
	place := p.Place()
	if known.text != "" && p.EnterLike(known.text) {
		h.fields.at, h.kind, h.hasKind = known.after, known.kind, known.hasKind
		h.values(p)
	} else if p.Object() {
		h.fields.begin()
	} else {
		return
	}
	for field, name, ok := h.fields.next(p); ok; field, name, ok = h.fields.next(p) {
		if *field == 0 {
			*field = fieldOf(name)
		}
		switch *field {
		case valuesField:
			if !h.hasValues && !h.hasSum {
				h.learn(known, p.From(place))
			}
			h.values(p)
		case sumField:
			h.sum, h.hasSum = wholeAt(p)
		case kindField:
			h.kind, h.hasKind = wholeAt(p)
		default:
			p.Skip()
		}
	}
}

// learn keeps how a histogram began.
func (h *histogram) learn(known *preamble, text []byte) {
	if len(text) <= longestPreamble && known.changes < mostChanges {
		*known = preamble{string(text), h.fields.at, h.kind, h.hasKind, known.changes + 1}
	}
}

// values reads the buckets. A count that is not a whole number is 0; one outside int64 is the nearest int64.
func (h *histogram) values(p *jsonwalk.Parser) {
	h.buckets, h.notNumbers = h.buckets[:0], 0
	h.hasValues = p.Object()
	if !h.hasValues {
		return
	}
	for {
		bound, short := p.WholeKey()
		if !short {
			key, more := p.Key()
			if !more {
				return
			}
			if bound, short = bucketOf(key); !short {
				h.notNumbers++
				p.Skip()
				continue
			}
		}
		n, short := p.Whole()
		if !short {
			other, _ := wholeOf(p.Value())
			n = other.saturated()
		}
		h.buckets = append(h.buckets, bucket{bound, n})
	}
}

// wholeAt reads a whole number at the parser's place.
func wholeAt(p *jsonwalk.Parser) (number, bool) {
	if n, ok := p.Whole(); ok {
		return number{whole: n}, true
	}
	return wholeOf(p.Value())
}
