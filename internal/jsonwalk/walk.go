// SPDX-License-Identifier: Apache-2.0

// Package jsonwalk reads chosen values out of JSON documents in one pass, without building the document in memory.
//
// A document is checked as a whole (RFC 8259): one that is malformed anywhere is an error, whatever was asked for. What
// is not asked for is checked and skipped. A value is a slice of the document's bytes, decoded when it is asked for.
//
// Where RFC 8259 leaves a choice:
//   - Of members with the same key the last one counts, as in Python, JavaScript and encoding/json.
//   - Bytes that are not UTF-8 are allowed in strings, and decode to U+FFFD, as a lone surrogate (\ud800) does.
//   - NUL in a key or a text (\u0000) is a character as any other. A raw control character is an error.
//   - A number is its text: Int is exact within int64, Float rounds to the nearest float64.
//   - Nesting is limited by MaxDepth.
package jsonwalk

import (
	"errors"
	"fmt"
)

// MaxDepth is how deeply arrays and objects may be nested.
const MaxDepth = 512

// Reasons why a document is malformed.
var (
	ErrSyntax    = errors.New("malformed JSON")
	ErrTruncated = errors.New("JSON cut short")
	ErrDepth     = fmt.Errorf("JSON nested more than %d deep", MaxDepth)
	ErrTrailing  = errors.New("more than one JSON value")
)

// An Error says where a document is malformed. It wraps one of the reasons.
type Error struct {
	Offset int // in the document, in bytes
	Err    error
}

func (e *Error) Error() string { return fmt.Sprintf("byte %d: %v", e.Offset, e.Err) }
func (e *Error) Unwrap() error { return e.Err }

// Check reports whether a document is one well-formed JSON value. The error is an *Error.
func Check(doc []byte) error {
	s := scanner{b: doc}
	end, err := s.skip(s.space(0), 0)
	if err != nil {
		return err
	}
	return s.end(end)
}

// A scanner checks one document.
type scanner struct {
	b     []byte
	stack [MaxDepth/64 + 1]uint64 // a bit for each level of skip: set for an object
}

func (s *scanner) fail(i int, reason error) (int, error) {
	if i >= len(s.b) {
		i, reason = len(s.b), ErrTruncated
	}
	return i, &Error{Offset: i, Err: reason}
}

// end checks that nothing follows the document's value.
func (s *scanner) end(i int) error {
	if i = s.space(i); i < len(s.b) {
		return &Error{Offset: i, Err: ErrTrailing}
	}
	return nil
}

// space returns the place of the first byte from i on that is not white space.
func (s *scanner) space(i int) int {
	for i < len(s.b) && s.b[i] <= ' ' && (s.b[i] == ' ' || s.b[i] == '\n' || s.b[i] == '\r' || s.b[i] == '\t') {
		i++
	}
	return i
}

// skip checks the value that begins at i, which is inside depth arrays and objects, and returns where it ends.
func (s *scanner) skip(i, depth int) (end int, err error) {
	outer := depth
	for {
		if i >= len(s.b) {
			return s.fail(i, nil)
		}
		switch c := s.b[i]; c {
		case '{', '[':
			if depth == MaxDepth {
				return s.fail(i, ErrDepth)
			}
			depth++
			s.set(depth, c == '{')
			if i = s.space(i + 1); i < len(s.b) && s.b[i] == c+2 { // '}' is '{'+2, ']' is '['+2
				depth--
				i++
				break
			}
			if c == '{' {
				if i, err = s.key(i); err != nil {
					return i, err
				}
			}
			continue
		default:
			if i, err = s.scalar(i); err != nil {
				return i, err
			}
		}
		if i, depth, err = s.close(i, depth, outer); err != nil || depth == outer {
			return i, err
		}
	}
}

// close goes on behind a value: over the ends of arrays and objects, to the next value or the end of the outermost.
func (s *scanner) close(i, depth, outer int) (int, int, error) {
	for depth > outer {
		object := s.stack[depth/64]>>(depth%64)&1 != 0
		if i = s.space(i); i >= len(s.b) {
			i, err := s.fail(i, nil)
			return i, depth, err
		}
		switch c := s.b[i]; {
		case c == ',' && object:
			i, err := s.key(s.space(i + 1))
			return i, depth, err
		case c == ',':
			return s.space(i + 1), depth, nil
		case c == '}' && object, c == ']' && !object:
			i++
			depth--
		default:
			i, err := s.fail(i, ErrSyntax)
			return i, depth, err
		}
	}
	return i, depth, nil
}

func (s *scanner) set(depth int, object bool) {
	bit := uint64(1) << (depth % 64)
	s.stack[depth/64] &^= bit
	if object {
		s.stack[depth/64] |= bit
	}
}

// key checks a key and its colon, and returns where the member's value begins.
func (s *scanner) key(i int) (int, error) {
	if i >= len(s.b) || s.b[i] != '"' {
		return s.fail(i, ErrSyntax)
	}
	i, err := s.text(i)
	if err != nil {
		return i, err
	}
	return s.colon(i)
}

func (s *scanner) colon(i int) (int, error) {
	if i = s.space(i); i >= len(s.b) || s.b[i] != ':' {
		return s.fail(i, ErrSyntax)
	}
	return s.space(i + 1), nil
}

// scalar checks a value that is no array and no object.
func (s *scanner) scalar(i int) (int, error) {
	switch c := s.b[i]; {
	case c == '"':
		return s.text(i)
	case c == '-' || '0' <= c && c <= '9':
		return s.number(i)
	case c == 't':
		return s.word(i, "true")
	case c == 'f':
		return s.word(i, "false")
	case c == 'n':
		return s.word(i, "null")
	}
	return s.fail(i, ErrSyntax)
}

func (s *scanner) word(i int, word string) (int, error) {
	for k := range len(word) {
		if i+k >= len(s.b) || s.b[i+k] != word[k] {
			return s.fail(i+k, ErrSyntax)
		}
	}
	return i + len(word), nil
}

func (s *scanner) number(i int) (int, error) {
	if s.b[i] == '-' {
		i++
	}
	if i < len(s.b) && s.b[i] == '0' {
		i++
	} else if end := s.digits(i); end > i {
		i = end
	} else {
		return s.fail(i, ErrSyntax)
	}
	if i < len(s.b) && s.b[i] == '.' {
		end := s.digits(i + 1)
		if end == i+1 {
			return s.fail(end, ErrSyntax)
		}
		i = end
	}
	if i < len(s.b) && s.b[i]|0x20 == 'e' {
		i++
		if i < len(s.b) && (s.b[i] == '+' || s.b[i] == '-') {
			i++
		}
		end := s.digits(i)
		if end == i {
			return s.fail(end, ErrSyntax)
		}
		i = end
	}
	return i, nil
}

func (s *scanner) digits(i int) int {
	for i < len(s.b) && s.b[i]-'0' <= 9 {
		i++
	}
	return i
}
