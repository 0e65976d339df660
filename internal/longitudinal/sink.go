// SPDX-License-Identifier: Apache-2.0

package longitudinal

import (
	"bytes"
	"errors"
	"slices"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"

	"github.com/headcount-hll/headcount/internal/sortkey"
	"github.com/headcount-hll/headcount/internal/view"
)

// A sink takes the values of a column of an updated table: many from the earlier one, and few new ones.
type sink interface {
	// begin takes the earlier values that copy copies from.
	begin(old columnReader) error
	copy(from, to int)
	add(v sortkey.Value) error
	finish() (arrow.Array, error)
}

// newSink returns a sink for values of a type, which is a dictionary's where the earlier table has one.
func newSink(t arrow.DataType) sink {
	switch t.ID() {
	case arrow.DICTIONARY:
		return &codeSink{fixedSink: fixedSink[int32]{of: arrow.PrimitiveTypes.Int32}, codes: map[string]int32{}}
	case arrow.INT32:
		return &fixedSink[int32]{of: t, from: func(c columnReader) []int32 { return c.int32 }}
	case arrow.DATE32:
		return &fixedSink[arrow.Date32]{of: t, from: func(c columnReader) []arrow.Date32 { return c.dates }}
	case arrow.INT64:
		return &fixedSink[int64]{of: t, from: func(c columnReader) []int64 { return c.int64 }}
	}
	return &builderSink{to: array.NewBuilder(memory.DefaultAllocator, t)}
}

// A fixedSink copies values of a fixed length as memory.
type fixedSink[T int32 | int64 | arrow.Date32] struct {
	of     arrow.DataType
	from   func(columnReader) []T
	old    columnReader
	source []T
	values []T
	valid  []bool // nil as long as all are
}

func (s *fixedSink[T]) begin(old columnReader) error {
	s.old, s.source = old, s.from(old)
	s.grow()
	return nil
}

// grow makes room for the earlier values, and for some new ones.
func (s *fixedSink[T]) grow() { s.values = slices.Grow(s.values, len(s.source)+len(s.source)/16+16) }

func (s *fixedSink[T]) copy(from, to int) {
	n := len(s.values)
	s.values = append(s.values, s.source[from:to]...)
	if s.old.NullN() == 0 {
		if s.valid != nil {
			s.valid = appendTrue(s.valid, to-from)
		}
		return
	}
	s.valid = appendTrue(s.valid, n-len(s.valid))
	for i := from; i < to; i++ {
		s.valid = append(s.valid, s.old.IsValid(i))
	}
}

func appendTrue(to []bool, n int) []bool {
	at := len(to)
	to = slices.Grow(to, n)[:at+n]
	for i := range to[at:] {
		to[at+i] = true
	}
	return to
}

func (s *fixedSink[T]) put(v T, null bool) {
	if null && s.valid == nil {
		s.valid = appendTrue([]bool{}, len(s.values))
	}
	s.values = append(s.values, v)
	if s.valid != nil {
		s.valid = append(s.valid, !null)
	}
}

func (s *fixedSink[T]) add(v sortkey.Value) error {
	s.put(T(v.Int), v.Null)
	return nil
}

func (s *fixedSink[T]) finish() (arrow.Array, error) {
	bits, nulls := bitmap(s.valid)
	buffers := []*memory.Buffer{bits, memory.NewBufferBytes(arrow.GetBytes(s.values))}
	data := array.NewData(s.of, len(s.values), buffers, nil, nulls, 0)
	defer data.Release()
	s.values, s.valid = nil, nil
	return array.MakeFromData(data), nil
}

// bitmap returns a bit for each value, or nil if valid is, and how many are false.
func bitmap(valid []bool) (buffer *memory.Buffer, nulls int) {
	if valid == nil {
		return nil, 0
	}
	nulls = len(valid)
	bits := make([]byte, (len(valid)+7)/8)
	for i, v := range valid {
		if v {
			bits[i/8] |= 1 << (i % 8)
			nulls--
		}
	}
	return memory.NewBufferBytes(bits), nulls
}

// A codeSink copies the codes of a dictionary. New texts are added to the dictionary.
type codeSink struct {
	fixedSink[int32]
	codes map[string]int32
	texts *array.StringBuilder
	last  []byte // the text that was asked for last, unless it is empty
	at    int32  // its code
}

func (s *codeSink) begin(old columnReader) error {
	s.old, s.source = old, old.codes
	s.grow()
	clear(s.codes)
	s.last = nil
	s.texts = array.NewStringBuilder(memory.DefaultAllocator)
	for i := range old.text.Len() {
		s.code(textBytes(old.text.Value(i)))
	}
	if len(s.codes) != old.text.Len() {
		return errors.New("a dictionary of the table has a text twice")
	}
	for i, code := range old.codes {
		if uint(code) >= uint(old.text.Len()) && old.IsValid(i) {
			return errors.New("a code of the table is not in its dictionary")
		}
	}
	return nil
}

func (s *codeSink) code(text []byte) int32 {
	if len(s.last) > 0 && bytes.Equal(s.last, text) {
		return s.at
	}
	code, ok := s.codes[string(text)]
	if !ok {
		code = int32(len(s.codes))
		s.codes[string(text)] = code
		s.texts.BinaryBuilder.Append(text)
	}
	s.last, s.at = text, code
	return code
}

func (s *codeSink) add(v sortkey.Value) error {
	code := int32(0)
	if !v.Null {
		code = s.code(v.Text)
	}
	s.put(code, v.Null)
	return nil
}

// textCodes is the type of text with a dictionary.
var textCodes = &arrow.DictionaryType{IndexType: arrow.PrimitiveTypes.Int32, ValueType: arrow.BinaryTypes.String}

func (s *codeSink) finish() (arrow.Array, error) {
	indices, err := s.fixedSink.finish()
	if s.texts.Len() == 0 {
		s.texts.Append("") // the library wants a text for the code 0 of NULL
	}
	texts := s.texts.NewArray()
	defer indices.Release()
	defer texts.Release()
	return array.NewDictionaryArray(textCodes, indices, texts), err
}

// A builderSink copies value by value.
type builderSink struct {
	old columnReader
	to  array.Builder
	err error
}

func (s *builderSink) begin(old columnReader) error {
	s.old = old
	return nil
}

func (s *builderSink) copy(from, to int) {
	for i := from; i < to && s.err == nil; i++ {
		s.err = s.add(s.old.at(i))
	}
}

func (s *builderSink) add(v sortkey.Value) error {
	if s.err != nil {
		return s.err
	}
	return view.Append(s.to, v)
}

func (s *builderSink) finish() (arrow.Array, error) { return s.to.NewArray(), s.err }
