// SPDX-License-Identifier: Apache-2.0

// Package nested encodes values of nested Arrow types as bytes: what a program keeps of a value between two files.
//
// A value is a byte 0 if it is NULL, else a byte 1 and: of a boolean a byte, of integers and dates a varint, of a double its bits in
// eight bytes, of text its length and its bytes, of a list its length and its elements, of a struct its fields, of a map its length and for
// each entry the key and the value. Lengths are uvarints.
package nested

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
)

// Supported reports whether values of a type can be encoded.
func Supported(t arrow.DataType) bool {
	switch t := t.(type) {
	case *arrow.BooleanType, *arrow.Int32Type, *arrow.Int64Type, *arrow.Float64Type, *arrow.Date32Type, *arrow.StringType:
		return true
	case *arrow.ListType:
		return Supported(t.Elem())
	case *arrow.MapType:
		return Supported(t.KeyType()) && Supported(t.ItemType())
	case *arrow.StructType:
		for _, f := range t.Fields() {
			if !Supported(f.Type) {
				return false
			}
		}
		return true
	}
	return false
}

// AppendNull appends NULL.
func AppendNull(to []byte) []byte { return append(to, 0) }

// AppendBool appends a boolean.
func AppendBool(to []byte, v bool) []byte {
	if v {
		return append(to, 1, 1)
	}
	return append(to, 1, 0)
}

// AppendInt appends an integer or a date.
func AppendInt(to []byte, v int64) []byte { return binary.AppendVarint(append(to, 1), v) }

// AppendDouble appends a double.
func AppendDouble(to []byte, v float64) []byte {
	return binary.BigEndian.AppendUint64(append(to, 1), math.Float64bits(v))
}

// AppendText appends text.
func AppendText(to []byte, v []byte) []byte {
	return append(binary.AppendUvarint(append(to, 1), uint64(len(v))), v...)
}

// AppendLength appends the beginning of a list of n elements, or of a map of n entries. The caller appends the elements.
func AppendLength(to []byte, n int) []byte { return binary.AppendUvarint(append(to, 1), uint64(n)) }

// AppendStruct appends the beginning of a struct. The caller appends the fields.
func AppendStruct(to []byte) []byte { return append(to, 1) }

// Append appends value i of an array of a supported type.
func Append(to []byte, values arrow.Array, i int) []byte {
	if values.IsNull(i) {
		return AppendNull(to)
	}
	switch values := values.(type) {
	case *array.Boolean:
		return AppendBool(to, values.Value(i))
	case *array.Int32:
		return AppendInt(to, int64(values.Value(i)))
	case *array.Int64:
		return AppendInt(to, values.Value(i))
	case *array.Date32:
		return AppendInt(to, int64(values.Value(i)))
	case *array.Float64:
		return AppendDouble(to, values.Value(i))
	case *array.String:
		return AppendText(to, []byte(values.Value(i)))
	case *array.Struct:
		to = AppendStruct(to)
		for f := range values.NumField() {
			to = Append(to, values.Field(f), i)
		}
		return to
	case *array.Map:
		from, end := values.ValueOffsets(i)
		to = AppendLength(to, int(end-from))
		for at := int(from); at < int(end); at++ {
			to = Append(Append(to, values.Keys(), at), values.Items(), at)
		}
		return to
	case *array.List:
		from, end := values.ValueOffsets(i)
		to = AppendLength(to, int(end-from))
		for at := int(from); at < int(end); at++ {
			to = Append(to, values.ListValues(), at)
		}
		return to
	}
	panic(fmt.Sprintf("nested: no encoding of %s", values.DataType())) // a fault of the caller, who asked Supported
}

// Build appends the value that in begins with to a builder of its type, and returns the rest.
func Build(to array.Builder, in []byte) (rest []byte, err error) {
	d := decoder{in: in}
	d.build(to)
	return d.in, d.err
}

var errDamaged = errors.New("nested: damaged value")

// A decoder reads a value. After an error it reads zeros.
type decoder struct {
	in  []byte
	err error
}

func (d *decoder) take(n uint64) []byte {
	if uint64(len(d.in)) < n {
		d.in, d.err = nil, errDamaged
		return nil
	}
	taken := d.in[:n]
	d.in = d.in[n:]
	return taken
}

func (d *decoder) flag() bool {
	b := d.take(1)
	return len(b) == 1 && b[0] != 0
}

func (d *decoder) int() int64 {
	v, n := binary.Varint(d.in)
	d.take(uint64(max(n, 0)))
	if n <= 0 {
		d.in, d.err = nil, errDamaged
	}
	return v
}

func (d *decoder) length() uint64 {
	v, n := binary.Uvarint(d.in)
	d.take(uint64(max(n, 0)))
	if n <= 0 {
		d.in, d.err = nil, errDamaged
	}
	return v
}

func (d *decoder) double() float64 {
	bits := d.take(8)
	if bits == nil {
		return 0
	}
	return math.Float64frombits(binary.BigEndian.Uint64(bits))
}

// entries calls element for each of a list's elements. An element takes at least one byte.
func (d *decoder) entries(element func()) {
	for n := d.length(); n > 0 && d.err == nil; n-- {
		element()
	}
}

// key reads a key of a map. NULL is none: Arrow's maps panic if they have it.
func (d *decoder) key(to array.Builder) {
	if len(d.in) > 0 && d.in[0] == 0 {
		d.in, d.err = nil, errDamaged
	}
	d.build(to)
}

func (d *decoder) build(to array.Builder) {
	if !d.flag() {
		to.AppendNull()
		return
	}
	switch to := to.(type) {
	case *array.BooleanBuilder:
		to.Append(d.flag())
	case *array.Int32Builder:
		to.Append(int32(d.int()))
	case *array.Int64Builder:
		to.Append(d.int())
	case *array.Date32Builder:
		to.Append(arrow.Date32(d.int()))
	case *array.Float64Builder:
		to.Append(d.double())
	case *array.StringBuilder:
		to.BinaryBuilder.Append(d.take(d.length()))
	case *array.StructBuilder:
		to.Append(true)
		for f := range to.NumField() {
			d.build(to.FieldBuilder(f))
		}
	case *array.MapBuilder:
		to.Append(true)
		d.entries(func() {
			d.key(to.KeyBuilder())
			d.build(to.ItemBuilder())
		})
	case *array.ListBuilder:
		to.Append(true)
		d.entries(func() { d.build(to.ValueBuilder()) })
	default:
		panic(fmt.Sprintf("nested: no builder for %T", to)) // a fault of the caller, who asked Supported
	}
}
