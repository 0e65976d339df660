// SPDX-License-Identifier: Apache-2.0

package sortkey

import (
	"bytes"
	"encoding/binary"
	"errors"
)

// The first byte of a value in a key. NULL sorts after every value.
const (
	present = 1
	absent  = 2
)

// A string ends with two zero bytes. A zero byte in it is followed by escape, so that a string sorts before all
// strings that begin with it.
const escape = 0xff

// AppendNull appends NULL of any type.
func AppendNull(key []byte) []byte { return append(key, absent) }

// AppendBool appends a boolean.
func AppendBool(key []byte, v bool) []byte {
	if v {
		return append(key, present, 1)
	}
	return append(key, present, 0)
}

// AppendInt32 appends an integer, or a date in days since 1970-01-01.
func AppendInt32(key []byte, v int32) []byte {
	return binary.BigEndian.AppendUint32(append(key, present), uint32(v)^1<<31)
}

// AppendInt64 appends a bigint.
func AppendInt64(key []byte, v int64) []byte {
	return binary.BigEndian.AppendUint64(append(key, present), uint64(v)^1<<63)
}

// AppendString appends a varchar.
func AppendString(key, v []byte) []byte {
	key = append(key, present)
	for {
		zero := bytes.IndexByte(v, 0)
		if zero < 0 {
			break
		}
		key = append(append(key, v[:zero+1]...), escape)
		v = v[zero+1:]
	}
	return append(append(key, v...), 0, 0)
}

// A Value is the value of one column of a group. The column's type says which field holds it.
type Value struct {
	Null bool
	Int  int64  // boolean (0 or 1), integer, bigint, date
	Text []byte // varchar
}

var errKey = errors.New("sortkey: the key does not match its columns")

// Decode appends the values of a key to values and returns them. A Text shares the key's memory where the
// string has no zero byte.
func Decode(values []Value, key []byte, columns []Column) ([]Value, error) {
	for _, column := range columns {
		v, rest, err := cut(key, column.Type)
		if err != nil {
			return nil, err
		}
		values, key = append(values, v), rest
	}
	if len(key) > 0 {
		return nil, errKey
	}
	return values, nil
}

// Cut returns the key of the first n columns and the key of the others.
func Cut(key []byte, columns []Column, n int) (first, others []byte, err error) {
	others = key
	for _, column := range columns[:n] {
		if _, others, err = cut(others, column.Type); err != nil {
			return nil, nil, err
		}
	}
	return key[:len(key)-len(others)], others, nil
}

// leastWidth is the smallest number of bytes of a value, after the first byte.
var leastWidth = [...]int{Varchar: 2, Boolean: 1, Integer: 4, Bigint: 8, Date: 4}

// cut decodes the first value of a key and returns the rest of the key.
func cut(key []byte, t Type) (v Value, rest []byte, err error) {
	if len(key) > 0 && key[0] == absent {
		return Value{Null: true}, key[1:], nil
	}
	if len(key) < 1+leastWidth[t] || key[0] != present {
		return Value{}, nil, errKey
	}
	key = key[1:]
	switch t {
	case Varchar:
		return cutString(key)
	case Boolean:
		return Value{Int: int64(key[0])}, key[1:], nil
	case Bigint:
		return Value{Int: int64(binary.BigEndian.Uint64(key) ^ 1<<63)}, key[8:], nil
	default:
		return Value{Int: int64(int32(binary.BigEndian.Uint32(key) ^ 1<<31))}, key[4:], nil
	}
}

func cutString(key []byte) (v Value, rest []byte, err error) {
	for from := 0; ; {
		zero := bytes.IndexByte(key[from:], 0)
		if zero < 0 || from+zero+1 >= len(key) {
			return Value{}, nil, errKey
		}
		end := from + zero
		switch {
		case key[end+1] == 0 && v.Text == nil:
			return Value{Text: key[:end:end]}, key[end+2:], nil
		case key[end+1] == 0:
			return Value{Text: append(v.Text, key[from:end]...)}, key[end+2:], nil
		}
		v.Text = append(v.Text, key[from:end+1]...)
		from = end + 2
	}
}
