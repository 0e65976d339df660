// SPDX-License-Identifier: Apache-2.0

package udf

import (
	"slices"
	"strings"
)

// A Role is the kind of a function in SQL. All functions of a name have the same role.
type Role uint8

const (
	Scalar Role = iota + 1
	Aggregate
	Cast
)

// String returns the role in lower case.
func (r Role) String() string {
	switch r {
	case Scalar:
		return "scalar"
	case Aggregate:
		return "aggregate"
	case Cast:
		return "cast"
	default:
		return "no role"
	}
}

// A Function is one signature of the table.
type Function struct {
	Name   string // in SQL; a cast is named cast
	Role   Role
	Params []Field
	Result Type
	Nulls  string // the result for NULLs and no input, if it is not the default of its role
	Errors string // which arguments are an error
	Doc    string // one line: what it returns
	// Symbol is the function of cgo/headcount.h that an engine's adapter calls; of an aggregate, that which takes rows
	// into a state.
	Symbol string
	// Example is an expression, or for an aggregate a query. ExampleResult is its result in Trino.
	Example, ExampleResult string
	// OverBytes is set if the function also takes its sketches as varbinary. This is another signature, which returns a
	// sketch as varbinary too. The example is of that signature.
	OverBytes Example
	// Ids are further types of the first parameter, an id: see [Signatures].
	Ids []IDType

	call
}

// An Example is an expression, or for an aggregate a query, and its result in Trino.
type Example struct{ Query, Result string }

// Shape returns the shape of a scalar or a cast; 0 of an aggregate.
func (f *Function) Shape() Shape { return f.shape }

// Signature returns name(type, ...), or cast(type AS type).
func (f *Function) Signature() string {
	types := make([]string, len(f.Params))
	for i, p := range f.Params {
		types[i] = p.Type.String()
	}
	if f.Role == Cast {
		return "cast(" + types[0] + " AS " + f.Result.String() + ")"
	}
	return f.Name + "(" + strings.Join(types, ", ") + ")"
}

// Query returns the example as a query.
func (f *Function) Query() string {
	if strings.HasPrefix(f.Example, "SELECT ") {
		return f.Example
	}
	return "SELECT " + f.Example
}

// Eval evaluates a scalar or a cast for rows rows; each argument has that many. The result of a row with a NULL argument is
// NULL. The first invalid row is an error for the batch, an [errs.Error].
func (f *Function) Eval(rows int, args ...Column) (Column, error) { return f.eval(args, rows) }

// NewAccumulator returns the empty state of an aggregate.
func (f *Function) NewAccumulator() *Accumulator {
	return &Accumulator{call: f.call, result: f.Result}
}

// withBytes returns the table with the signatures over bytes, each after the one over HLL.
func withBytes(table []Function) []Function {
	var all []Function
	for _, f := range table {
		all = append(all, f)
		if f.OverBytes != (Example{}) {
			all = append(all, f.overBytes())
		}
	}
	return all
}

// overBytes returns the signature with varbinary in place of HLL.
func (f *Function) overBytes() Function {
	over := *f
	over.Params = slices.Clone(f.Params)
	for i := range over.Params {
		over.Params[i].Type = asBytes(f.Params[i].Type)
	}
	over.Result = asBytes(f.Result)
	over.Doc += " Takes bytes, which are checked."
	if f.Result.Kind == KindHLL {
		over.Doc = f.Doc + " Takes bytes, which are checked, and returns bytes."
	}
	over.Errors = strings.TrimSuffix(malformed+"; "+f.Errors, "; ")
	over.Example, over.ExampleResult, over.OverBytes = f.OverBytes.Query, f.OverBytes.Result, Example{}
	if f.eval != nil {
		over.eval = func(args []Column, rows int) (Column, error) {
			out, err := f.eval(args, rows)
			out.Type = over.Result
			return out, err
		}
	}
	return over
}

func asBytes(t Type) Type {
	switch {
	case t.Kind == KindHLL:
		return Varbinary
	case t.Kind == KindArray && t.Elem.Kind == KindHLL:
		return VarbinaryArray
	default:
		return t
	}
}

// Find returns the signature of the table with this name and these types of arguments.
func Find(name string, types ...Type) (*Function, bool) {
	for i := range Functions {
		if f := &Functions[i]; f.Name == name && sameTypes(f.Params, types) {
			return f, true
		}
	}
	return nil, false
}

func sameTypes(params []Field, types []Type) bool {
	if len(params) != len(types) {
		return false
	}
	for i, p := range params {
		if p.Type.String() != types[i].String() {
			return false
		}
	}
	return true
}
