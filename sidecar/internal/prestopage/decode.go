// SPDX-License-Identifier: Apache-2.0

package prestopage

import (
	"encoding/binary"
	"fmt"
	"math"

	"github.com/headcount-hll/headcount/udf"
)

// Names of encodings.
const (
	variableWidth = "VARIABLE_WIDTH"
	longArray     = "LONG_ARRAY"
	array         = "ARRAY"
	row           = "ROW"
	runLength     = "RLE"
	dictionary    = "DICTIONARY"
)

const (
	maxName = 64 // bytes of an encoding's name
	// maxDepth is the maximum nesting of blocks. PrestoDB nests an array's elements in a dictionary in a run.
	maxDepth = 8
	// identityBytes is the size of a dictionary's identity, which has a meaning only inside PrestoDB.
	identityBytes = 24
)

// block reads a block of values of a type. Its errors do not name the channel.
func (r *reader) block(t udf.Type, depth int) (udf.Column, error) {
	if depth == maxDepth {
		return udf.Column{}, fmt.Errorf("blocks nested more than %d deep", maxDepth)
	}
	at := r.at
	length, err := r.count("length of an encoding's name")
	if err != nil {
		return udf.Column{}, err
	}
	if length > maxName {
		return udf.Column{}, fmt.Errorf("an encoding's name of %d bytes at byte %d", length, at)
	}
	raw, err := r.take(length, "encoding's name")
	if err != nil {
		return udf.Column{}, err
	}
	switch name := string(raw); {
	case name == variableWidth && t.IsBytes():
		return r.bytes(t)
	case name == longArray && (t.Kind == udf.KindBigint || t.Kind == udf.KindDouble):
		return r.longs(t)
	case name == array && t.Kind == udf.KindArray:
		return r.array(t, depth)
	case name == runLength:
		return r.run(t, depth)
	case name == dictionary:
		return r.dictionary(t, depth)
	default:
		return udf.Column{}, fmt.Errorf("encoding %q at byte %d: expected %s", name, at, expected(t))
	}
}

// expected names the encoding and the type of a block in errors.
func expected(t udf.Type) string {
	switch {
	case t.IsBytes():
		return variableWidth + " of " + t.String()
	case t.Kind == udf.KindArray:
		return array + " of " + t.String()
	default:
		return longArray + " of " + t.String()
	}
}

func (r *reader) bytes(t udf.Type) (udf.Column, error) {
	n, err := r.count("number of rows")
	if err != nil {
		return udf.Column{}, err
	}
	ends, err := r.ints(n, "ends")
	if err != nil {
		return udf.Column{}, err
	}
	null, _, err := r.nulls(n)
	if err != nil {
		return udf.Column{}, err
	}
	total, err := r.count("number of bytes")
	if err != nil {
		return udf.Column{}, err
	}
	data, err := r.take(total, "values")
	if err != nil {
		return udf.Column{}, err
	}
	starts, lengths := make([]int32, n), ends
	from := int32(0)
	for i, end := range ends {
		if end < from || int(end) > total {
			return udf.Column{}, fmt.Errorf("row %d from %d to %d, outside the %d bytes of values", i, from, end, total)
		}
		starts[i], lengths[i] = from, end-from
		from = end
	}
	column, err := udf.NewBytes(t, data, starts, lengths)
	if err != nil {
		return udf.Column{}, err
	}
	column.Null = null
	return column, nil
}

func (r *reader) longs(t udf.Type) (udf.Column, error) {
	n, err := r.count("number of rows")
	if err != nil {
		return udf.Column{}, err
	}
	null, present, err := r.nulls(n)
	if err != nil {
		return udf.Column{}, err
	}
	raw, err := r.take(8*present, "values")
	if err != nil {
		return udf.Column{}, err
	}
	column := udf.Column{Type: t, Rows: n, Null: null}
	bits := make([]int64, n)
	for i := range bits {
		if !column.IsNull(i) {
			bits[i] = int64(binary.LittleEndian.Uint64(raw))
			raw = raw[8:]
		}
	}
	if t.Kind == udf.KindBigint {
		column.Int64 = bits
		return column, nil
	}
	column.Float64 = make([]float64, n)
	for i, b := range bits {
		column.Float64[i] = math.Float64frombits(uint64(b))
	}
	return column, nil
}

func (r *reader) array(t udf.Type, depth int) (udf.Column, error) {
	elems, err := r.block(*t.Elem, depth+1)
	if err != nil {
		return udf.Column{}, fmt.Errorf("elements: %w", err)
	}
	n, err := r.count("number of rows")
	if err != nil {
		return udf.Column{}, err
	}
	offsets, err := r.ints(n+1, "offsets")
	if err != nil {
		return udf.Column{}, err
	}
	if offsets[0] != 0 || int(offsets[n]) != elems.Rows {
		return udf.Column{}, fmt.Errorf("offsets from %d to %d, for %d elements", offsets[0], offsets[n], elems.Rows)
	}
	for i := range n {
		if offsets[i] > offsets[i+1] {
			return udf.Column{}, fmt.Errorf("row %d from element %d to %d", i, offsets[i], offsets[i+1])
		}
	}
	null, _, err := r.nulls(n)
	if err != nil {
		return udf.Column{}, err
	}
	return udf.Column{Type: t, Rows: n, Null: null, Elems: &elems, Ends: offsets[1:]}, nil
}

func (r *reader) run(t udf.Type, depth int) (udf.Column, error) {
	n, err := r.count("length of a run")
	if err != nil {
		return udf.Column{}, err
	}
	value, err := r.block(t, depth+1)
	if err != nil {
		return udf.Column{}, fmt.Errorf("run: %w", err)
	}
	if value.Rows != 1 {
		return udf.Column{}, fmt.Errorf("a run-length block of %d values: expected 1", value.Rows)
	}
	return r.expand(&value, n, func(int) int { return 0 })
}

func (r *reader) dictionary(t udf.Type, depth int) (udf.Column, error) {
	n, err := r.count("number of rows")
	if err != nil {
		return udf.Column{}, err
	}
	values, err := r.block(t, depth+1)
	if err != nil {
		return udf.Column{}, fmt.Errorf("dictionary: %w", err)
	}
	indexes, err := r.ints(n, "indexes")
	if err != nil {
		return udf.Column{}, err
	}
	for i, index := range indexes {
		if index < 0 || int(index) >= values.Rows {
			return udf.Column{}, fmt.Errorf("row %d has index %d in a dictionary of %d values", i, index, values.Rows)
		}
	}
	if _, err := r.take(identityBytes, "a dictionary's identity"); err != nil {
		return udf.Column{}, err
	}
	return r.expand(&values, n, func(i int) int { return int(indexes[i]) })
}

// expand returns a column of n rows, where row i is row from(i) of values. Byte strings share memory.
func (r *reader) expand(values *udf.Column, n int, from func(int) int) (udf.Column, error) {
	if err := r.spend(n); err != nil {
		return udf.Column{}, err
	}
	out := udf.Column{Type: values.Type, Rows: n, Data: values.Data}
	out.Null = gather(values.Null, n, from)
	out.Starts, out.Lengths = gather(values.Starts, n, from), gather(values.Lengths, n, from)
	out.Int64, out.Float64 = gather(values.Int64, n, from), gather(values.Float64, n, from)
	if values.Elems == nil {
		return out, nil
	}
	var elements []int
	out.Ends = make([]int32, n)
	for i := range n {
		first, end := elementsOf(values, from(i))
		if all := len(elements) + end - first; all > r.values {
			return udf.Column{}, r.spend(all)
		}
		for ; first < end; first++ {
			elements = append(elements, first)
		}
		out.Ends[i] = int32(len(elements))
	}
	elems, err := r.expand(values.Elems, len(elements), func(i int) int { return elements[i] })
	out.Elems = &elems
	return out, err
}

// elementsOf returns the range of the elements of an array's row.
func elementsOf(c *udf.Column, row int) (first, end int) {
	if row > 0 {
		first = int(c.Ends[row-1])
	}
	return first, int(c.Ends[row])
}

// gather returns n values, where value i is values[from(i)]. It returns nil if values is nil.
func gather[T any](values []T, n int, from func(int) int) []T {
	if values == nil {
		return nil
	}
	out := make([]T, n)
	for i := range out {
		out[i] = values[from(i)]
	}
	return out
}
