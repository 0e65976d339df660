// SPDX-License-Identifier: Apache-2.0

package udf

import "strings"

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

	call
}

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
	return &Accumulator{update: f.update, result: f.Result}
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
