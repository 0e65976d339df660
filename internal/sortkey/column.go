// SPDX-License-Identifier: Apache-2.0

// Package sortkey encodes the values of a group's columns as bytes that compare in the order of the values.
//
// The order is column by column, NULL last, false before true, numbers and dates ascending, strings by their bytes. A key
// holds all values, so groups are sorted, spilled and merged by comparing bytes.
package sortkey

import (
	"fmt"
	"strings"
)

// A Type is the SQL type of a column. The zero Type is invalid.
type Type uint8

// The types of the columns of client_count, other than the sketches.
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
	return 0, fmt.Errorf("type %q is not one of varchar, boolean, integer, bigint, date", name)
}

// A Column is a column of a key.
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
