// SPDX-License-Identifier: Apache-2.0

package udf

import "strings"

// A Kind is the kind of an SQL type. The zero Kind is invalid.
type Kind uint8

const (
	KindVarchar Kind = iota + 1
	KindVarbinary
	KindHLL
	KindBigint
	KindDouble
	KindArray
	KindRow
	// Kinds of ids only, which a plugin converts (ids.go).
	KindChar
	KindUUID
	KindDate
	KindTinyint
	KindSmallint
	KindInteger
	KindDecimal
)

// A Type is an SQL type of an argument or a result.
type Type struct {
	Kind   Kind
	Elem   *Type   // of an array
	Fields []Field // of a row
}

// A Field is a named column of a row, or a parameter of a function.
type Field struct {
	Name string
	Type Type
}

// The types of the function table.
var (
	Varchar        = Type{Kind: KindVarchar}
	Varbinary      = Type{Kind: KindVarbinary}
	HLL            = Type{Kind: KindHLL}
	Bigint         = Type{Kind: KindBigint}
	Double         = Type{Kind: KindDouble}
	HLLArray       = Type{Kind: KindArray, Elem: &HLL}
	VarbinaryArray = Type{Kind: KindArray, Elem: &Varbinary}
	BigintArray    = Type{Kind: KindArray, Elem: &Bigint}
	BoundsRow      = Type{Kind: KindRow, Fields: []Field{{"lower", Double}, {"upper", Double}}}
	IntervalRow    = Type{Kind: KindRow, Fields: []Field{{"estimate", Double}, {"lower", Double}, {"upper", Double}}}
)

// String returns the type as it is written in SQL.
func (t Type) String() string {
	switch t.Kind {
	case KindVarchar:
		return "varchar"
	case KindVarbinary:
		return "varbinary"
	case KindHLL:
		return "HLL"
	case KindBigint:
		return "bigint"
	case KindDouble:
		return "double"
	case KindChar:
		return "char(x)"
	case KindUUID:
		return "uuid"
	case KindDate:
		return "date"
	case KindTinyint:
		return "tinyint"
	case KindSmallint:
		return "smallint"
	case KindInteger:
		return "integer"
	case KindDecimal:
		return "decimal(p,0)"
	case KindArray:
		return "array(" + t.Elem.String() + ")"
	case KindRow:
		return "row(" + joinFields(t.Fields) + ")"
	default:
		return "no type"
	}
}

func joinFields(fields []Field) string {
	parts := make([]string, len(fields))
	for i, f := range fields {
		parts[i] = f.Name + " " + f.Type.String()
	}
	return strings.Join(parts, ", ")
}

// IsBytes reports whether values of the type are byte strings: varchar, char, varbinary and HLL.
func (t Type) IsBytes() bool {
	return t.Kind == KindVarchar || t.Kind == KindChar || t.Kind == KindVarbinary || t.Kind == KindHLL
}
