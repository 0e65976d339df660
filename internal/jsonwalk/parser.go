// SPDX-License-Identifier: Apache-2.0

package jsonwalk

// A Parser checks and reads a value in one pass, front to back. Paths.Read gives it.
//
// Every method but Kind needs a value at the Parser's place, and goes to what follows it:
//
//	if p.Object() {
//		for key, ok := p.Key(); ok; key, ok = p.Key() {
//			p.Skip() // or Value, or Object again: one value for each key
//		}
//	}
//
// In a malformed document the Parser goes to the document's end: nothing more is there, and Paths.Read returns the error.
type Parser struct {
	s     *scanner
	i     int  // what follows the last value, and white space
	ended int  // where the last value ended
	depth int  // of arrays and objects around the place
	fresh bool // nothing of the array or object that was entered was read
	err   error
}

// fail keeps the first error and goes to the end.
func (p *Parser) fail(err error) {
	if p.err == nil {
		p.err = err
	}
	p.i, p.ended, p.fresh = len(p.s.b), len(p.s.b), true
}

func (p *Parser) failAt(i int) {
	_, err := p.s.fail(i, ErrSyntax)
	p.fail(err)
}

// Kind returns the type of the value at the Parser's place, judged by its first byte.
func (p *Parser) Kind() Kind {
	if p.i >= len(p.s.b) {
		return Missing
	}
	return Value(p.s.b[p.i : p.i+1]).Kind()
}

// Object enters an object. It skips any other value and returns false.
func (p *Parser) Object() bool { return p.enter('{') }

// Array enters an array, of which Element goes to the elements. It skips any other value and returns false.
func (p *Parser) Array() bool { return p.enter('[') }

func (p *Parser) enter(begin byte) bool {
	if p.i >= len(p.s.b) || p.s.b[p.i] != begin {
		p.Skip()
		return false
	}
	if p.depth == MaxDepth {
		_, err := p.s.fail(p.i, ErrDepth)
		p.fail(err)
		return false
	}
	p.depth++
	p.i, p.fresh = p.s.space(p.i+1), true
	return true
}

// more goes to the next member or element. At the end of the array or object it leaves it and returns false.
func (p *Parser) more(end byte) bool {
	b := p.s.b
	if p.i >= len(b) {
		p.failAt(p.i)
		return false
	}
	switch c := b[p.i]; {
	case c == end:
		p.depth--
		p.leave(p.i + 1)
		return false
	case p.fresh:
		p.fresh = false
		return true
	case c == ',':
		p.i = p.s.space(p.i + 1)
		return true
	}
	p.failAt(p.i)
	return false
}

// Element goes to the next element of the array. At the array's end it leaves the array and returns false.
func (p *Parser) Element() bool { return p.more(']') }

// Key returns the next key of the object, decoded, and goes to its value. At the object's end it leaves the object and returns
// false. Keys that occur twice are returned twice.
func (p *Parser) Key() (key []byte, ok bool) {
	if !p.more('}') {
		return nil, false
	}
	from := p.i
	if from >= len(p.s.b) || p.s.b[from] != '"' {
		p.failAt(from)
		return nil, false
	}
	end, err := p.s.text(from)
	if err == nil {
		p.i, err = p.s.colon(end)
	}
	if err != nil {
		p.fail(err)
		return nil, false
	}
	return decode(p.s.b[from+1 : end-1 : end-1]), true
}

// maxDigits is how many digits are within int64 whatever they are.
const maxDigits = 18

// digitsAt reads the digits at i, at most maxDigits.
func (s *scanner) digitsAt(i int) (value int64, end int) {
	b := s.b
	if i+8 <= len(b) {
		if value, n := digits(b[i:]); n < 8 {
			return value, i + n
		}
	}
	for end = i; end < len(b) && b[end]-'0' <= 9 && end-i < maxDigits; end++ {
		value = value*10 + int64(b[end]-'0')
	}
	return value, end
}

// Whole reads a whole number of 1 to 18 digits without a sign. For any other value it returns false and stays.
func (p *Parser) Whole() (n int64, ok bool) {
	b := p.s.b
	n, end := p.s.digitsAt(p.i)
	if end == p.i || end-p.i > 1 && b[p.i] == '0' {
		return 0, false
	}
	if end < len(b) && b[end] != ',' && b[end] != '}' && b[end] != ']' {
		return 0, false
	}
	p.leave(end)
	return n, true
}

// Value returns the value.
func (p *Parser) Value() Value {
	from := p.i
	if from >= len(p.s.b) {
		p.failAt(from)
		return nil
	}
	end, err := p.s.skip(from, p.depth)
	if err != nil {
		p.fail(err)
		return nil
	}
	p.leave(end)
	return p.s.b[from:end:end]
}

// Skip passes the value.
func (p *Parser) Skip() {
	if _, ok := p.Whole(); !ok {
		p.Value()
	}
}

// leave goes to what follows a value that ends at i.
func (p *Parser) leave(i int) {
	p.ended, p.i, p.fresh = i, p.s.space(i), false
}
