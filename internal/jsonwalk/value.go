// SPDX-License-Identifier: Apache-2.0

package jsonwalk

import (
	"bytes"
	"strconv"
	"unicode/utf8"
	"unsafe"
)

// A Kind is the type of a JSON value. The zero Kind is that of a value that is not there.
type Kind uint8

const (
	Missing Kind = iota
	Null
	Bool
	Number
	String
	Array
	Object
)

func (k Kind) String() string {
	return [...]string{"missing", "null", "boolean", "number", "string", "array", "object"}[k]
}

// A Value is the text of a value in a checked document, whose memory it shares. A nil Value is one that is not there.
// Values come from Paths.Find and from other values only: their methods rely on the check.
type Value []byte

// Kind returns the type.
func (v Value) Kind() Kind {
	if len(v) == 0 {
		return Missing
	}
	switch v[0] {
	case '{':
		return Object
	case '[':
		return Array
	case '"':
		return String
	case 't', 'f':
		return Bool
	case 'n':
		return Null
	}
	return Number
}

// Text returns a string's characters as valid UTF-8, and whether the value is a string. They share the document's memory if
// nothing in them is escaped.
func (v Value) Text() ([]byte, bool) {
	if v.Kind() != String {
		return nil, false
	}
	return decode(v[1 : len(v)-1]), true
}

// decode returns what a string's inside stands for: itself, or a copy.
func decode(inside []byte) []byte {
	if bytes.IndexByte(inside, '\\') < 0 && utf8.Valid(inside) {
		return inside
	}
	return appendText(make([]byte, 0, len(inside)), inside)
}

// Bool returns a boolean, and whether the value is one.
func (v Value) Bool() (value, ok bool) {
	return v.Kind() == Bool && v[0] == 't', v.Kind() == Bool
}

// Int returns a whole number, and whether the value is one: without fraction or exponent, within int64.
func (v Value) Int() (int64, bool) {
	if v.Kind() != Number {
		return 0, false
	}
	n, err := strconv.ParseInt(unsafe.String(unsafe.SliceData(v), len(v)), 10, 64)
	return n, err == nil
}

// Float returns a number as the nearest float64, and whether the value is one that is finite.
func (v Value) Float() (float64, bool) {
	if v.Kind() != Number {
		return 0, false
	}
	f, err := strconv.ParseFloat(unsafe.String(unsafe.SliceData(v), len(v)), 64)
	return f, err == nil
}

// Members yields an object's members in the document's order, each key decoded; of other values nothing. A key that occurs
// twice is yielded twice: the last one counts.
func (v Value) Members(yield func(key []byte, value Value) bool) {
	if v.Kind() != Object {
		return
	}
	for i := spaces(v, 1); v[i] != '}'; {
		end := passText(v, i)
		key := decode(v[i+1 : end-1])
		from := spaces(v, spaces(v, end)+1)
		end = pass(v, from)
		if !yield(key, v[from:end:end]) {
			return
		}
		if i = spaces(v, end); v[i] == ',' {
			i = spaces(v, i+1)
		}
	}
}

// Elements yields an array's elements; of other values nothing.
func (v Value) Elements(yield func(Value) bool) {
	if v.Kind() != Array {
		return
	}
	for i := spaces(v, 1); v[i] != ']'; {
		end := pass(v, i)
		if !yield(v[i:end:end]) {
			return
		}
		if i = spaces(v, end); v[i] == ',' {
			i = spaces(v, i+1)
		}
	}
}

// Get returns the value at a path below an object, or nil.
func (v Value) Get(path ...string) Value {
	for _, name := range path {
		var found Value
		for key, value := range v.Members {
			if string(key) == name {
				found = value
			}
		}
		v = found
	}
	return v
}

// Len returns how many members an object has, or elements an array.
func (v Value) Len() (n int) {
	for range v.Members {
		n++
	}
	for range v.Elements {
		n++
	}
	return n
}

func spaces(v Value, i int) int {
	for v[i] == ' ' || v[i] == '\n' || v[i] == '\r' || v[i] == '\t' {
		i++
	}
	return i
}

// passText returns the end of the string that begins at i.
func passText(v Value, i int) int {
	for i++; ; i++ {
		switch v[i] {
		case '"':
			return i + 1
		case '\\':
			i++
		}
	}
}

// pass returns the end of the value that begins at i.
func pass(v Value, i int) int {
	depth := 0
	for {
		switch v[i] {
		case '"':
			i = passText(v, i)
		case '{', '[':
			depth++
			i++
			continue
		case '}', ']':
			depth--
			i++
		case ',', ':', ' ', '\n', '\r', '\t':
			i++
			continue
		default:
			for i < len(v) && v[i] != ',' && v[i] != '}' && v[i] != ']' && v[i] > ' ' {
				i++
			}
		}
		if depth == 0 {
			return i
		}
	}
}
