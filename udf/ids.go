// SPDX-License-Identifier: Apache-2.0

package udf

import (
	"slices"
	"strings"
)

// An IDType is an SQL type of ids without a kernel of its own: an engine's plugin converts such an id to the text or the
// integer that the function of the table hashes.
type IDType struct {
	Type Type
	Doc  string // how the id is hashed; of a type that is not one of ids, why it is an error
	// Literal is an id in the SQL of Trino and PrestoDB, and Text what is hashed of it; "" if it is an error.
	Literal, Text string
}

// The types of ids of a function over varchar and of one over bigint. Varbinary is the first: hll_agg has a row for it.
var (
	textIDs = []IDType{
		{Varbinary, "A varbinary is hashed by its bytes.", "X'63306666'", "c0ff"},
		{Type{Kind: KindChar}, "A char is hashed without its trailing spaces.", "CAST('c0ff' AS char(8))", "c0ff"},
		{Type{Kind: KindUUID}, "A uuid is hashed by its canonical lower-case text.",
			"CAST('C0FFEE00-0000-4000-8000-0123456789AB' AS uuid)", "c0ffee00-0000-4000-8000-0123456789ab"},
		{Type{Kind: KindDate}, "A date is hashed as YYYY-MM-DD.", "DATE '2016-09-05'", "2016-09-05"},
		{Type{Kind: KindDecimal}, "A decimal without a scale is hashed by its decimal text.",
			"CAST('123456789012345678901' AS decimal(21, 0))", "123456789012345678901"},
		{Double, "A number with a fraction is not an id, and an error: cast whole numbers to bigint.", "DOUBLE '42'", ""},
	}
	wholeIDs = []IDType{
		{Type{Kind: KindTinyint}, "", "TINYINT '-7'", "-7"},
		{Type{Kind: KindSmallint}, "", "SMALLINT '-32768'", "-32768"},
		{Type{Kind: KindInteger}, "", "INTEGER '2147483647'", "2147483647"},
	}
)

// Signatures returns the signatures of an SQL engine with a plugin: the table, with the overloads for the other types of
// ids after each function over ids. The overloads are not of the sidecar, whose clients convert by themselves.
func Signatures() []Function {
	var all []Function
	for i := range Functions {
		f := &Functions[i]
		all = append(all, *f)
		for _, id := range f.Ids {
			all = append(all, f.overID(id))
		}
	}
	return all
}

// IsOverID reports whether the function is an overload that [Signatures] adds, and not a row of the table.
func (f *Function) IsOverID() bool {
	_, isRow := Find(f.Name, typesOf(f.Params)...)
	return !isRow
}

// overID returns the overload for a type of ids.
func (f *Function) overID(id IDType) Function {
	over := *f
	over.Params = slices.Clone(f.Params)
	over.Params[0].Type = id.Type
	over.Ids = nil
	over.Doc = strings.TrimSpace(f.Doc + " " + id.Doc)
	precision := ""
	if len(f.Params) > 1 {
		precision = ", 14"
	}
	call := f.Name + "(id" + precision + ")"
	rows := " FROM (VALUES (" + id.Literal + ")) AS t (id)"
	if id.Text == "" && f.Role == Scalar {
		over.Example, over.ExampleResult = "SELECT try("+call+")"+rows, "null"
		return over
	}
	if id.Text == "" { // the call is an error if a row comes to it
		over.Example = "SELECT count(s) FROM (SELECT " + call + " AS s" + rows + " WHERE id IS NULL) AS u"
		over.ExampleResult = "0"
		return over
	}
	over.Example = "SELECT to_hex(cast(" + call + " AS varbinary)) = to_hex(cast(hll_create('" + id.Text + "'" + precision + ") AS varbinary))" + rows
	over.ExampleResult = "true"
	return over
}

func typesOf(params []Field) []Type {
	types := make([]Type, len(params))
	for i, p := range params {
		types[i] = p.Type
	}
	return types
}
