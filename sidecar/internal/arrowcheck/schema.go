// SPDX-License-Identifier: Apache-2.0

package arrowcheck

import (
	"fmt"
	"strings"
)

// A Kind is the type of a column. The zero Kind is a type that this package does not read.
type Kind uint8

const (
	Int64 Kind = iota + 1 // also the integers whose values all fit int64
	Float64
	Binary
	LargeBinary
	Utf8
	LargeUtf8
	List
	LargeList
	BinaryView
	Utf8View
	ListView
	LargeListView
)

var kindNames = [...]string{"other", "int64", "float64", "binary", "large_binary", "utf8", "large_utf8", "list", "large_list",
	"binary_view", "utf8_view", "list_view", "large_list_view"}

// Large reports whether the kind has 64-bit offsets.
func (k Kind) Large() bool {
	return k == LargeBinary || k == LargeUtf8 || k == LargeList || k == LargeListView
}

// IsBinary reports whether the values are byte strings.
func (k Kind) IsBinary() bool { return k == Binary || k == LargeBinary || k == BinaryView }

// IsText reports whether the values are UTF-8 text.
func (k Kind) IsText() bool { return k == Utf8 || k == LargeUtf8 || k == Utf8View }

// IsList reports whether the values are lists.
func (k Kind) IsList() bool { return k == List || k == LargeList || k.isListView() }

func (k Kind) isView() bool     { return k == BinaryView || k == Utf8View }
func (k Kind) isListView() bool { return k == ListView || k == LargeListView }

// A Field is a column of a schema.
type Field struct {
	Name  string
	Kind  Kind   // of a dictionary-encoded field, the kind of its values
	Elem  *Field // of a list
	other string // the type of a field of the zero Kind, or of an integer other than int64

	// Of an integer: the bytes of a value, 0 for 8, and whether it has no sign.
	width    int
	unsigned bool

	dictionary *dictionaryType // nil if the field is not dictionary-encoded
}

// A dictionaryType says how a dictionary-encoded field is stored. The values come in dictionary batches with this id.
type dictionaryType struct {
	id    int64
	index Field // of kind Int64
	value Field // the field without its dictionary
}

// Type returns the name of the field's type in PROTOCOL.md: int64, list<binary>, dictionary<utf8>.
func (f *Field) Type() string {
	switch {
	case f.dictionary != nil:
		return "dictionary<" + f.dictionary.value.Type() + ">"
	case f.Kind == 0 || f.width != 0:
		return f.other
	case f.Kind.IsList():
		return kindNames[f.Kind] + "<" + f.Elem.Type() + ">"
	default:
		return kindNames[f.Kind]
	}
}

// A Schema is the schema of a stream.
type Schema struct {
	Fields   []Field
	Metadata map[string]string
}

// String returns the types of the fields, separated by commas.
func (s *Schema) String() string {
	types := make([]string, len(s.Fields))
	for i := range s.Fields {
		types[i] = s.Fields[i].Type()
	}
	return strings.Join(types, ",")
}

// Limits of a schema, well above what any function takes.
const (
	maxFields   = 64
	maxMetadata = 256
)

// Fields of the tables Schema, Field, KeyValue, Int and FloatingPoint, and the types of the union Type.
const (
	schemaEndianness = 0
	schemaFields     = 1
	schemaMetadata   = 2

	fieldName       = 0
	fieldTypeType   = 2
	fieldType       = 3
	fieldDictionary = 4
	fieldChildren   = 5

	keyValueKey   = 0
	keyValueValue = 1

	intBitWidth = 0
	intIsSigned = 1

	dictionaryID    = 0
	dictionaryIndex = 1
	dictionaryKind  = 3

	floatPrecision  = 0
	precisionDouble = 2
)

// typeNames holds the names of the members of the union Type, by number.
var typeNames = [...]string{"none", "null", "int", "floating point", "binary", "utf8", "bool", "decimal", "date", "time",
	"timestamp", "interval", "list", "struct", "union", "fixed_size_binary", "fixed_size_list", "map", "duration",
	"large_binary", "large_utf8", "large_list", "run_end_encoded", "binary_view", "utf8_view", "list_view", "large_list_view"}

// kinds holds the kinds by the name of their type. An int has the kind Int64 unless it is a uint64.
var kinds = map[string]Kind{"binary": Binary, "utf8": Utf8, "list": List, "large_binary": LargeBinary,
	"large_utf8": LargeUtf8, "large_list": LargeList, "binary_view": BinaryView, "utf8_view": Utf8View,
	"list_view": ListView, "large_list_view": LargeListView}

// ReadSchema reads the metadata of a schema message. A field of a type that this package does not read has the zero
// Kind, so that the caller can name its type in an error.
func ReadSchema(metadata []byte) (*Schema, error) {
	m, err := open(metadata)
	if err != nil {
		return nil, err
	}
	if m.kind != headerSchema {
		return nil, errorf("a message of kind %d: expected the schema", m.kind)
	}
	t := m.header
	if t.int16At(schemaEndianness) != 0 {
		return nil, errorf("big-endian data: send little-endian")
	}
	s := &Schema{Fields: readFields(t, schemaFields, true), Metadata: readMetadata(t)}
	if t.err != nil {
		return nil, t.err
	}
	return s, nil
}

// readFields reads the vector of fields in field i. top means that they are the schema's own fields, not children.
func readFields(t flatTable, i int, top bool) []Field {
	start, n := t.vectorAt(i, 4)
	if n > maxFields {
		t.fail("a schema of %d fields: the maximum is %d", n, maxFields)
		return nil
	}
	fields := make([]Field, n)
	for i := range fields {
		fields[i] = readField(t.table(t.follow(start+4*i)), top)
	}
	return fields
}

func readField(t flatTable, top bool) Field {
	if t.err != nil {
		return Field{}
	}
	f := Field{Name: t.stringAt(fieldName)}
	id := int(t.byteAt(fieldTypeType))
	if id >= len(typeNames) {
		t.fail("field %.40q has the unknown type %d", f.Name, id)
		return f
	}
	f.other = typeNames[id]
	f.Kind = kinds[f.other]
	switch f.other {
	case "int":
		of, ok := t.tableAt(fieldType)
		if !ok {
			t.fail("field %.40q has no type", f.Name)
			return f
		}
		f.readInt(of)
	case "floating point":
		if of, ok := t.tableAt(fieldType); ok && of.int16At(floatPrecision) == precisionDouble {
			f.Kind = Float64
		}
	}
	if (f.Kind.IsList() || f.Kind == Float64) && !top {
		f.Kind = 0 // no function takes a list of lists or of doubles
	}
	if f.Kind.IsList() {
		children := readFields(t, fieldChildren, false)
		if len(children) != 1 {
			t.fail("list %.40q has %d children: must be 1", f.Name, len(children))
			return f
		}
		f.Elem = &children[0]
	}
	if t.present(fieldDictionary) {
		f.readDictionary(t)
	}
	return f
}

// readDictionary reads how the field's values are encoded. A dictionary of values that are not byte strings or integers
// gives the field the zero Kind.
func (f *Field) readDictionary(t flatTable) {
	of, _ := t.tableAt(fieldDictionary)
	if of.flat == nil || t.err != nil {
		return
	}
	d := &dictionaryType{id: of.int64At(dictionaryID), index: Field{Name: f.Name, Kind: Int64, width: 4}, value: *f}
	if of.int16At(dictionaryKind) != 0 {
		t.fail("field %.40q has a dictionary of kind %d: must be 0, a dense array", f.Name, of.int16At(dictionaryKind))
		return
	}
	if of.present(dictionaryIndex) {
		index, _ := of.tableAt(dictionaryIndex)
		d.index = Field{Name: f.Name}
		d.index.readInt(index)
		if t.err == nil && d.index.Kind == 0 {
			d.index.Kind, d.index.width = Int64, 0 // uint64: an index above 2^63 is negative here, and so outside every dictionary
		}
	}
	if f.Kind.IsList() {
		f.Kind = 0
	}
	f.dictionary = d
}

// readInt reads the type of an integer from its table Int.
func (f *Field) readInt(of flatTable) {
	bits, signed := of.int32At(intBitWidth), of.byteAt(intIsSigned) != 0
	switch bits {
	case 8, 16, 32:
		f.Kind, f.width, f.unsigned = Int64, int(bits/8), !signed
	case 64:
		if signed {
			f.Kind = Int64
			return
		}
	default:
		of.fail("field %.40q is an integer of %d bits", f.Name, bits)
		return
	}
	f.other = fmt.Sprint("int", bits)
	if !signed {
		f.other = "u" + f.other
	}
}

func readMetadata(t flatTable) map[string]string {
	start, n := t.vectorAt(schemaMetadata, 4)
	if n > maxMetadata {
		t.fail("a schema of %d metadata keys: the maximum is %d", n, maxMetadata)
		return nil
	}
	all := make(map[string]string, n)
	for i := range n {
		pair := t.table(t.follow(start + 4*i))
		if t.err != nil {
			return nil
		}
		all[pair.stringAt(keyValueKey)] = pair.stringAt(keyValueValue)
	}
	return all
}
