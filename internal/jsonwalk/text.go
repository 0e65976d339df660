// SPDX-License-Identifier: Apache-2.0

package jsonwalk

import (
	"encoding/binary"
	"math/bits"
	"unicode/utf16"
	"unicode/utf8"
)

// text checks the string that begins at i and returns where it ends. Eight bytes are looked at together.
func (s *scanner) text(i int) (int, error) {
	b := s.b
	for i++; ; {
		for i+8 <= len(b) {
			at := special(binary.LittleEndian.Uint64(b[i:]))
			i += at
			if at < 8 {
				break
			}
		}
		for i < len(b) && b[i] != '"' && b[i] != '\\' && b[i] >= ' ' {
			i++
		}
		if i >= len(b) {
			return s.fail(i, nil)
		}
		switch b[i] {
		case '"':
			return i + 1, nil
		case '\\':
			end, err := s.escape(i)
			if err != nil {
				return end, err
			}
			i = end
		default:
			return s.fail(i, ErrSyntax)
		}
	}
}

const (
	ones = 0x0101010101010101
	tops = 0x8080808080808080
)

// special returns which of eight bytes is the first that is a quote, a backslash or a control character, or 8. A borrow
// can only mark a byte behind one that is marked rightly, so the first is right.
func special(w uint64) int {
	quote, slash := w^(ones*'"'), w^(ones*'\\')
	marks := ((quote-ones)&^quote | (slash-ones)&^slash | (w-ones*' ')&^w) & tops
	return bits.TrailingZeros64(marks) / 8
}

// digits reads the digits with which eight bytes begin, and returns how many there are. A carry can only mark a byte behind one
// that is marked rightly.
func digits(b []byte) (value int64, n int) {
	w := binary.LittleEndian.Uint64(b) ^ ones*'0'
	marks := ((w + ones*6) | w) & (ones * 0xF0)
	n = bits.TrailingZeros64(marks) / 8
	w <<= 64 - 8*n // zeros, then the digits
	w = w*10 + w>>8
	const pairs = 0x000000FF000000FF // two digits each
	w = ((w&pairs)*(100+1_000_000<<32) + (w>>16&pairs)*(1+10_000<<32)) >> 32
	return int64(w), n
}

// escape checks what a backslash at i begins, and returns where it ends.
func (s *scanner) escape(i int) (int, error) {
	if i+1 >= len(s.b) {
		return s.fail(i+1, nil)
	}
	switch s.b[i+1] {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		return i + 2, nil
	case 'u':
		for k := i + 2; k < i+6; k++ {
			if k >= len(s.b) || hex(s.b[k]) < 0 {
				return s.fail(k, ErrSyntax)
			}
		}
		return i + 6, nil
	}
	return s.fail(i+1, ErrSyntax)
}

func hex(c byte) rune {
	switch {
	case '0' <= c && c <= '9':
		return rune(c - '0')
	case 'a' <= c|0x20 && c|0x20 <= 'f':
		return rune(c|0x20-'a') + 10
	}
	return -1
}

// appendText appends what a checked string's inside stands for, as valid UTF-8.
func appendText(to, inside []byte) []byte {
	for i := 0; i < len(inside); {
		switch c := inside[i]; {
		case c == '\\':
			var n int
			to, n = appendEscape(to, inside[i:])
			i += n
		case c < utf8.RuneSelf:
			to = append(to, c)
			i++
		default:
			r, n := utf8.DecodeRune(inside[i:])
			to = utf8.AppendRune(to, r)
			i += n
		}
	}
	return to
}

// appendEscape appends the character of the escape at the beginning of a checked text, and returns its length.
func appendEscape(to, text []byte) ([]byte, int) {
	switch c := text[1]; c {
	case 'b':
		return append(to, '\b'), 2
	case 'f':
		return append(to, '\f'), 2
	case 'n':
		return append(to, '\n'), 2
	case 'r':
		return append(to, '\r'), 2
	case 't':
		return append(to, '\t'), 2
	case 'u':
		r := unit(text)
		if utf16.IsSurrogate(r) && len(text) >= 12 && text[6] == '\\' && text[7] == 'u' {
			if pair := utf16.DecodeRune(r, unit(text[6:])); pair != utf8.RuneError {
				return utf8.AppendRune(to, pair), 12
			}
		}
		return utf8.AppendRune(to, r), 6 // U+FFFD for a lone surrogate
	default:
		return append(to, c), 2
	}
}

func unit(text []byte) rune {
	return hex(text[2])<<12 | hex(text[3])<<8 | hex(text[4])<<4 | hex(text[5])
}
