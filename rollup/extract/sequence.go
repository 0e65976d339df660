package extract

import (
	"bytes"

	"github.com/headcount-hll/headcount/internal/jsonwalk"
)

// A sequence finds what belongs to the keys of an object. Pings of one program have their keys in one order: after a key it
// expects the text that followed it last time, up to the value of the next key, which costs a comparison of bytes.
type sequence[T any] struct {
	index map[string]*link[T]
	first link[T] // before the first key
	at    *link[T]
	spare link[T] // of a key that is not kept
}

// A link is a key.
type link[T any] struct {
	name   []byte
	next   *link[T] // that followed last time; nil if none is expected
	text   string   // from the end of this key's value to the value of next
	joined joined
	value  T
}

// A joined is a link's text and what the value of the next link begins with; the zero value is none.
type joined struct {
	text    string
	changes int // of the repeated text that it ends with
}

// What a sequence keeps: a ping with other keys in each document must not fill the memory.
const (
	mostLinks   = 1 << 14
	longestLink = 128 // bytes of a key
	longestText = 256 // bytes between two values
)

// begin goes to the beginning of an object.
func (s *sequence[T]) begin() { s.at = &s.first }

// next goes to the value of the object's next key. It returns what is kept for the key, at first a zero value to be set, and the
// key, until the next call.
func (s *sequence[T]) next(p *jsonwalk.Parser) (kept *T, name []byte, ok bool) {
	if n := s.at.next; n != nil && p.KeyLike(s.at.text) {
		s.at = n
		return &n.value, n.name, true
	}
	place := p.Place()
	key, ok := p.Key()
	if !ok {
		return nil, nil, false
	}
	l := s.index[string(key)]
	if l == nil {
		if len(s.index) == mostLinks || len(key) > longestLink {
			s.spare = link[T]{}
			return &s.spare.value, key, true
		}
		l = s.keep(key)
	}
	s.at.expect(l, p.From(place))
	s.at = l
	return &l.value, l.name, true
}

// expect keeps what followed.
func (l *link[T]) expect(next *link[T], text []byte) {
	if len(text) > longestText {
		return
	}
	if l.next != next || l.text != string(text) {
		l.next, l.text, l.joined = next, string(text), joined{}
	}
}

// nextHistogram is next, but if the histogram begins as last time it goes to the value of the member that ends form.begin.
func nextHistogram(s *sequence[named], p *jsonwalk.Parser) (known *named, name []byte, entered, ok bool) {
	at := s.at
	expected := at.next
	if expected != nil && at.joined.text != "" && at.joined.changes == expected.value.form.begin.changes && p.MemberLike(at.joined.text) {
		s.at = expected
		return &expected.value, expected.name, true, true
	}
	known, name, ok = s.next(p)
	if !ok || expected == nil || known != &expected.value {
		return known, name, false, ok
	}
	if begin := &known.form.begin; begin.text != "" && at.joined.changes != begin.changes {
		at.joined = joined{at.text + begin.text, begin.changes}
	}
	return known, name, false, true
}

func (s *sequence[T]) keep(key []byte) *link[T] {
	l := &link[T]{name: bytes.Clone(key)}
	if s.index == nil {
		s.index = map[string]*link[T]{}
	}
	s.index[string(key)] = l
	return l
}
