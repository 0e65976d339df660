// SPDX-License-Identifier: Apache-2.0

package jsonwalk

// What a Parser does faster where documents repeat themselves: text that is known to be well-formed is compared, and not parsed.

// Place returns the Parser's place, for From and Since.
func (p *Parser) Place() int { return p.i }

// From returns the document from a place to where the Parser is now.
func (p *Parser) From(place int) []byte { return p.s.b[place:p.i] }

// Since returns the document from a place to where the last value ended.
func (p *Parser) Since(place int) []byte { return p.s.b[place:p.ended] }

// has reports whether the document has text here, and more behind it. Text may be nested as deep as it is long.
func (p *Parser) has(text string) bool {
	end := p.i + len(text)
	return end < len(p.s.b) && string(p.s.b[p.i:end]) == text && p.depth+len(text) <= MaxDepth
}

// EnterLike enters an object and goes to the value of one of its members, if the document has text here: what From returned, at the
// value of that member of another object, since the Place of that object. Otherwise it returns false and stays.
func (p *Parser) EnterLike(text string) bool {
	if !p.has(text) {
		return false
	}
	p.depth++
	p.i, p.fresh = p.i+len(text), false
	return true
}

// KeyLike goes to the value of the next member, if the document has text here: what From returned, at the value of a member of
// another object, since the Place before its key. Otherwise it returns false and stays.
func (p *Parser) KeyLike(text string) bool {
	if !p.has(text) || p.fresh == (text[0] == ',') {
		return false
	}
	p.i, p.fresh = p.i+len(text), false
	return true
}

// MemberLike goes to the next member, enters its value, an object, and goes to the value of a member of that: KeyLike and EnterLike in one
// comparison, of their texts one behind the other. Otherwise it returns false and stays.
func (p *Parser) MemberLike(text string) bool {
	if !p.has(text) || p.fresh == (text[0] == ',') {
		return false
	}
	p.depth++
	p.i, p.fresh = p.i+len(text), false
	return true
}

// LeaveLike leaves the object, if the document has text here: what Since returned, after another object was left, since the Place
// behind the value of one of its members. Otherwise it returns false and stays.
func (p *Parser) LeaveLike(text string) bool {
	if !p.has(text) || p.fresh {
		return false
	}
	p.depth--
	p.leave(p.i + len(text))
	return true
}
