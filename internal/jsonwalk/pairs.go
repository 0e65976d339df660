// SPDX-License-Identifier: Apache-2.0

package jsonwalk

import "slices"

// A Pair is a member of an object whose key and value are whole numbers.
type Pair struct{ Key, N int64 }

const (
	longestPair = 32 // how many bytes from a key's quote on are looked at
	fewestPairs = 64 // for how many there is room
)

// Pairs reads members whose key and value are whole numbers, and appends them: those with up to 7 digits, written without white
// space or with one space behind comma and colon. It stays at the first other one, and near the document's end. If it reads the
// object's last member, it leaves the object and returns true.
func (p *Parser) Pairs(to []Pair) (pairs []Pair, left bool) {
	for {
		i, ok := p.nextKey()
		if !ok {
			return to, false
		}
		to = slices.Grow(to, fewestPairs)
		room := to[len(to):cap(to)]
		n, end := readPairs(p.s.b[i:], room)
		if n == 0 {
			return to, false
		}
		to = to[:len(to)+n]
		p.i, p.ended, p.fresh = i+end, i+end, false
		if p.s.b[i+end] == '}' {
			p.depth--
			p.leave(i + end + 1)
			return to, true
		}
		if n < len(room) {
			return to, false
		}
	}
}

// nextKey returns where the next key begins, if there is one.
func (p *Parser) nextKey() (i int, ok bool) {
	b, i := p.s.b, p.i
	if !p.fresh {
		if i >= len(b) || b[i] != ',' {
			return 0, false
		}
		i = p.s.space(i + 1)
	}
	return i, i < len(b) && b[i] == '"'
}

// genericReadPairs reads pairs from b, which begins with the quote of the first key, until to is full. It returns the number of
// pairs, and where in b the last value ends, at a comma or a brace.
func genericReadPairs(b []byte, to []Pair) (n, end int) {
	for at := 0; n < len(to) && at+longestPair <= len(b); {
		s := (*[longestPair]byte)(b[at:])
		key, i := digits(s[1:])
		if i == 0 || i > 7 || s[i+1] != '"' || s[i+2] != ':' {
			break
		}
		i += 3
		if s[i] == ' ' {
			i++
		}
		value, length := digits(s[i:])
		if length == 0 || length > 7 || length > 1 && s[i] == '0' {
			break
		}
		i += length
		if s[i] != ',' && s[i] != '}' {
			break
		}
		to[n] = Pair{key, value}
		n++
		end = at + i
		if s[i] == '}' {
			break
		}
		if i++; s[i] == ' ' {
			i++
		}
		if s[i] != '"' {
			break
		}
		at += i
	}
	return n, end
}
