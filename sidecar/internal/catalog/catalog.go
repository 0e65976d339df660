// SPDX-License-Identifier: Apache-2.0

// Package catalog lists the functions that the sidecar serves, over Arrow Flight and over REST.
//
// The list follows from the function table in package udf. On the wire HLL and varbinary are one type, and the casts
// are a function, so several signatures of SQL may be one here.
package catalog

import (
	"fmt"
	"strings"

	"github.com/headcount-hll/headcount/udf"
)

// A Function is one signature on the wire.
type Function struct {
	Name string // as in SQL, or [CheckName]
	Of   *udf.Function
	// Args are the types of the arguments. Where HLL and varbinary are one signature, the type that Of takes.
	Args []udf.Type
}

// CheckName names the cast of varbinary to HLL. The cast of HLL to varbinary is the same function.
const CheckName = "hll_check"

// Functions holds every signature once, in the order of the function table.
var Functions = list()

func list() (all []*Function) {
	known := map[string]bool{}
	for i := range udf.Functions {
		of := &udf.Functions[i]
		f := &Function{Name: of.Name, Of: of}
		if of.Role == udf.Cast {
			f.Name = CheckName
		}
		for _, p := range of.Params {
			f.Args = append(f.Args, p.Type)
		}
		if s := f.Spelling(); !known[s] {
			known[s] = true
			all = append(all, f)
		}
	}
	return all
}

// Spelling returns the name and the argument types, as the wire names a signature: hll_create(utf8,int64).
func (f *Function) Spelling() string {
	types := make([]string, len(f.Args))
	for i, t := range f.Args {
		types[i] = typeName(t)
	}
	return f.Name + "(" + strings.Join(types, ",") + ")"
}

// Aggregate reports whether the function aggregates groups of rows.
func (f *Function) Aggregate() bool { return f.Of.Role == udf.Aggregate }

// Named returns the signatures that a name selects: all signatures of a bare name, or the one with that spelling.
func Named(name string) (all []*Function) {
	for _, f := range Functions {
		if f.Name == name || f.Spelling() == name {
			all = append(all, f)
		}
	}
	return all
}

// typeName returns Arrow's name of an argument type.
func typeName(t udf.Type) string {
	switch t.Kind {
	case udf.KindVarchar:
		return "utf8"
	case udf.KindVarbinary, udf.KindHLL:
		return "binary"
	case udf.KindBigint:
		return "int64"
	case udf.KindDouble:
		return "float64"
	case udf.KindArray:
		return "list<" + typeName(*t.Elem) + ">"
	default:
		panic(fmt.Sprintf("catalog: no function takes %s", t))
	}
}
