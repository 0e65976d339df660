// Package sortkey is what groups of clients are told apart by: the values of their columns, a date among
// them or not, and their order.
//
// A key is the values of one group in bytes that sort as the group does: column by column, NULL last, false
// before true, numbers and dates ascending, strings by their bytes. It says everything, so that groups can be
// sorted, spilled and merged without looking at a column.
package sortkey

import (
	"fmt"
	"strings"
)

// A Type is the type of a column, by its name in SQL. The zero Type is none.
type Type uint8

// The types that client_count can hold beside its sketches.
const (
	Varchar Type = iota + 1
	Boolean
	Integer
	Bigint
	Date
)

var typeNames = map[Type]string{
	Varchar: "varchar", Boolean: "boolean", Integer: "integer", Bigint: "bigint", Date: "date",
}

// String returns the type's name in SQL.
func (t Type) String() string { return typeNames[t] }

// ParseType returns the type of that name.
func ParseType(name string) (Type, error) {
	for t, known := range typeNames {
		if strings.EqualFold(name, known) {
			return t, nil
		}
	}
	return 0, fmt.Errorf("type %q is none of varchar, boolean, integer, bigint, date", name)
}

// A Column is a named column of groups.
type Column struct {
	Name string
	Type Type
}

// Names returns the columns' names.
func Names(columns []Column) []string {
	names := make([]string, len(columns))
	for i, c := range columns {
		names[i] = c.Name
	}
	return names
}
