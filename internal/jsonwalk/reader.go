// SPDX-License-Identifier: Apache-2.0

package jsonwalk

import (
	"encoding/binary"
	"unicode/utf8"
)

// A Reader reads a checked value in one pass, front to back. Members and Elements look for the end of each member before they
// yield it, which reads a value once for each level of nesting; a Reader reads it once.
//
// Every method but Kind needs a value at the Reader's place, and goes to what follows it:
//
//	if r.Object() {
//		for key, ok := r.Key(); ok; key, ok = r.Key() {
//			r.Skip() // or Value, or Object again: one value for each key
//		}
//	}
type Reader struct {
	v []byte
	i int
}

// Reader returns a Reader at the beginning of the value.
func (v Value) Reader() Reader { return Reader{v: v} }

// Kind returns the type of the value at the Reader's place.
func (r *Reader) Kind() Kind { return Value(r.v[r.i:]).Kind() }

// Object enters an object. It skips any other value and returns false.
func (r *Reader) Object() bool {
	if r.Kind() != Object {
		r.Skip()
		return false
	}
	r.i = spaces(r.v, r.i+1)
	return true
}

// Key returns the next key of the object, decoded, and goes to its value. At the object's end it leaves the object and returns
// false. Keys that occur twice are returned twice.
func (r *Reader) Key() (key []byte, ok bool) {
	v, i := r.v, r.i
	if v[i] == ',' {
		i = spaces(v, i+1)
	}
	if v[i] == '}' {
		r.leave(i + 1)
		return nil, false
	}
	end, plain := passPlain(v, i)
	key = v[i+1 : end-1 : end-1]
	if !plain {
		key = decode(key)
	}
	r.i = spaces(v, spaces(v, end)+1)
	return key, true
}

// Array enters an array, of which Element goes to the elements. It skips any other value and returns false.
func (r *Reader) Array() bool {
	if r.Kind() != Array {
		r.Skip()
		return false
	}
	r.i = spaces(r.v, r.i+1)
	return true
}

// Element goes to the next element of the array. At the array's end it leaves the array and returns false.
func (r *Reader) Element() bool {
	if r.v[r.i] == ',' {
		r.i = spaces(r.v, r.i+1)
	}
	if r.v[r.i] == ']' {
		r.leave(r.i + 1)
		return false
	}
	return true
}

// Value returns the value.
func (r *Reader) Value() Value {
	from := r.i
	if from == len(r.v) {
		return nil
	}
	end := pass(r.v, from)
	r.leave(end)
	return r.v[from:end:end]
}

// Skip passes the value.
func (r *Reader) Skip() { r.Value() }

// leave goes to what follows a value that ends at i.
func (r *Reader) leave(i int) {
	for i < len(r.v) && r.v[i] <= ' ' { // a checked document has no other control characters between values
		i++
	}
	r.i = i
}

// passPlain returns the end of the string that begins at i, and whether it is ASCII without escapes: what it stands for is
// its text.
func passPlain(v Value, i int) (end int, plain bool) {
	k, high := i+1, uint64(0)
	for k+8 <= len(v) {
		word := binary.LittleEndian.Uint64(v[k:])
		at := special(word)
		if at == 8 {
			high |= word
			k += 8
			continue
		}
		high |= word & (1<<(8*at) - 1)
		if v[k+at] == '"' && high&tops == 0 {
			return k + at + 1, true
		}
		break
	}
	end = passText(v, i)
	for _, c := range v[i+1 : end-1] {
		if c >= utf8.RuneSelf || c == '\\' {
			return end, false
		}
	}
	return end, true
}
