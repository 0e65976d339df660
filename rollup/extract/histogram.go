package extract

import "github.com/headcount-hll/headcount/internal/jsonwalk"

// A histogram is what is used of a ping's histogram. Its memory is used again.
type histogram struct {
	fields          sequence[histogramField]
	sum, kind       number
	hasSum, hasKind bool
	hasValues       bool
	pairs           []jsonwalk.Pair // lower bound and count, behind those of other histograms
	from            int             // where its own begin
	notNumbers      int64           // buckets whose key is not a whole number
}

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

// A form is the text that the histograms of a metric repeat from ping to ping.
type form struct {
	begin, end repeated // from the brace to the buckets, and from the sum to the brace
	after      *link[histogramField]
	kind       number
	hasKind    bool
}

// A repeated is text as it was last time; "" if nothing is known.
type repeated struct {
	text    string
	changes int // how often the text was another
}

// What is not taken as repeated: text that is long, or that changes from ping to ping.
const (
	longestRepeated = 200
	mostChanges     = 8
)

// learn keeps a text, if it may be repeated.
func (r *repeated) learn(text []byte) bool {
	if len(text) > longestRepeated || r.changes == mostChanges {
		return false
	}
	r.text = string(text)
	r.changes++
	return true
}

// read reads a histogram, and appends its pairs to others. If it was entered, the place is behind known.begin. Of members that occur twice the last
// one counts.
func (h *histogram) read(p *jsonwalk.Parser, known *form, entered bool, others []jsonwalk.Pair) {
	h.pairs, h.from = others, len(others)
	h.hasSum, h.hasKind, h.hasValues = false, false, false
	place := p.Place()
	if entered || known.begin.text != "" && p.EnterLike(known.begin.text) {
		h.fields.at, h.kind, h.hasKind = known.after, known.kind, known.hasKind
		h.values(p)
	} else if p.Object() {
		h.fields.begin()
	} else {
		return
	}
	behind := -1 // the place behind the sum, if other fields alone came after it
	for field, name, ok := h.fields.next(p); ok; field, name, ok = h.fields.next(p) {
		if *field == 0 {
			*field = fieldOf(name)
		}
		if *field != otherField {
			behind = -1
		}
		switch *field {
		case valuesField:
			if !entered && !h.hasValues && !h.hasSum && known.begin.learn(p.From(place)) {
				known.after, known.kind, known.hasKind = h.fields.at, h.kind, h.hasKind
			}
			h.values(p)
		case sumField:
			h.sum, h.hasSum = wholeAt(p)
			if known.end.text != "" && p.LeaveLike(known.end.text) {
				return
			}
			behind = p.Place()
		case kindField:
			h.kind, h.hasKind = wholeAt(p)
		default:
			p.Skip()
		}
	}
	if behind >= 0 {
		known.end.learn(p.Since(behind))
	}
}

// values reads the buckets. A count that is not a whole number is 0; one outside int64 is the nearest int64.
func (h *histogram) values(p *jsonwalk.Parser) {
	h.pairs, h.notNumbers = h.pairs[:h.from], 0
	h.hasValues = p.Object()
	if !h.hasValues {
		return
	}
	for {
		var left bool
		if h.pairs, left = p.Pairs(h.pairs); left {
			return
		}
		key, more := p.Key()
		if !more {
			return
		}
		bound, isNumber := bucketOf(key)
		if !isNumber {
			h.notNumbers++
			p.Skip()
			continue
		}
		n, ok := p.Whole()
		if !ok {
			other, _ := wholeOf(p.Value())
			n = other.saturated()
		}
		h.pairs = append(h.pairs, jsonwalk.Pair{Key: bound, N: n})
	}
}

// wholeAt reads a whole number at the parser's place.
func wholeAt(p *jsonwalk.Parser) (number, bool) {
	if n, ok := p.Whole(); ok {
		return number{whole: n}, true
	}
	return wholeOf(p.Value())
}
