// SPDX-License-Identifier: Apache-2.0

package arrowcheck

import "encoding/binary"

// flat is an unchecked flatbuffer. A read outside it returns 0 and sets err, unless err is already set.
type flat struct {
	data []byte
	err  error
}

func (f *flat) fail(format string, args ...any) {
	if f.err == nil {
		f.err = errorf(format, args...)
	}
}

// inside reports whether the flatbuffer has n bytes at offset at. If not, it sets err.
func (f *flat) inside(at, n int) bool {
	if f.err != nil {
		return false
	}
	if at < 0 || n < 0 || at > len(f.data)-n {
		f.fail("metadata: %d bytes at byte %d, outside its %d bytes", n, at, len(f.data))
		return false
	}
	return true
}

func (f *flat) u16(at int) int {
	if !f.inside(at, 2) {
		return 0
	}
	return int(binary.LittleEndian.Uint16(f.data[at:]))
}

func (f *flat) u32(at int) int {
	if !f.inside(at, 4) {
		return 0
	}
	return int(binary.LittleEndian.Uint32(f.data[at:]))
}

func (f *flat) i64(at int) int64 {
	if !f.inside(at, 8) {
		return 0
	}
	return int64(binary.LittleEndian.Uint64(f.data[at:]))
}

// follow returns the target of the offset stored at at. Offsets point forwards only, so following them ends.
func (f *flat) follow(at int) int {
	by := f.u32(at)
	if by == 0 {
		f.fail("metadata: an offset of 0 at byte %d", at)
	}
	return at + by
}

// A flatTable is a table of a flatbuffer. Its fields are numbered from 0 in the order of the schema file, where a union
// counts as two.
type flatTable struct {
	*flat
	at, size  int // offset and length of the table
	vtable, n int // offset and number of the field offsets in its vtable
}

func (f *flat) table(at int) flatTable {
	// This offset alone may point backwards. The vtable that it points to has no further offsets to follow.
	vtable := at - int(int32(f.u32(at)))
	length, size := f.u16(vtable), f.u16(vtable+2)
	if length < 4 || size < 4 || !f.inside(vtable, length) || !f.inside(at, size) {
		f.fail("metadata: the table at byte %d has an invalid vtable", at)
		return flatTable{flat: f}
	}
	return flatTable{flat: f, at: at, size: size, vtable: vtable + 4, n: (length - 4) / 2}
}

// field returns the offset of field i, which has size bytes, or false if the table does not have the field.
func (t flatTable) field(i, size int) (int, bool) {
	if i >= t.n {
		return 0, false
	}
	offset := t.u16(t.vtable + 2*i)
	if offset == 0 {
		return 0, false
	}
	if offset > t.size-size {
		t.fail("metadata: field %d of the table at byte %d is outside the table", i, t.at)
		return 0, false
	}
	return t.at + offset, true
}

func (t flatTable) byteAt(i int) byte {
	if at, ok := t.field(i, 1); ok && t.inside(at, 1) {
		return t.data[at]
	}
	return 0
}

func (t flatTable) int16At(i int) int16 {
	if at, ok := t.field(i, 2); ok {
		return int16(t.u16(at))
	}
	return 0
}

func (t flatTable) int32At(i int) int32 {
	if at, ok := t.field(i, 4); ok {
		return int32(t.u32(at))
	}
	return 0
}

func (t flatTable) int64At(i int) int64 {
	if at, ok := t.field(i, 8); ok {
		return t.i64(at)
	}
	return 0
}

func (t flatTable) tableAt(i int) (flatTable, bool) {
	at, ok := t.field(i, 4)
	if !ok {
		return flatTable{}, false
	}
	return t.table(t.follow(at)), t.err == nil
}

// vectorAt returns the offset and the number of a vector's elements, of width bytes each. A vector that the table does
// not have has 0 elements.
func (t flatTable) vectorAt(i, width int) (start, n int) {
	at, ok := t.field(i, 4)
	if !ok {
		return 0, 0
	}
	at = t.follow(at)
	if n = t.u32(at); n > len(t.data)/width || !t.inside(at+4, n*width) {
		t.fail("metadata: a vector of %d elements at byte %d, outside its %d bytes", n, at, len(t.data))
		return 0, 0
	}
	return at + 4, n
}

func (t flatTable) stringAt(i int) string {
	start, n := t.vectorAt(i, 1)
	return string(t.data[start : start+n])
}

// present reports whether the table has field i, which has four bytes.
func (t flatTable) present(i int) bool {
	_, ok := t.field(i, 4)
	return ok
}
