// SPDX-License-Identifier: Apache-2.0

package main

import (
	"strings"

	"github.com/headcount-hll/headcount/udf"
)

// The pieces of an engine's class for a signature.

// A list is the signatures of one role, as a template makes a Java list of them.
type list struct {
	SQL       []*signature
	Doc, Name string
}

func listOf(m *model, role, doc, name string) list {
	l := list{Doc: doc, Name: name}
	for _, s := range m.SQL {
		if s.Role.String() == role {
			l.SQL = append(l.SQL, s)
		}
	}
	return l
}

// sqlType returns the argument of Trino's and PrestoDB's annotation SqlType.
func sqlType(t udf.Type) string {
	switch t.Kind {
	case udf.KindHLL:
		return "HllType.NAME"
	case udf.KindVarchar:
		return `"varchar(x)"`
	case udf.KindVarbinary, udf.KindBigint, udf.KindDouble, udf.KindTinyint, udf.KindSmallint, udf.KindInteger, udf.KindDate, udf.KindUUID:
		return "StandardTypes." + strings.ToUpper(t.String())
	default:
		return `"` + t.String() + `"`
	}
}

// javaType returns the Java type of a value that is not NULL.
func javaType(t udf.Type) string {
	switch {
	case t.IsBytes():
		return "Slice"
	case t.Kind == udf.KindDouble:
		return "double"
	default:
		return "long"
	}
}

// IsArrayUnion reports whether the function unites the sketches of an array: not a call of a C function, but a state.
func (s *signature) IsArrayUnion() bool {
	return s.Shape() == udf.SketchArrayToSketch
}

// IsNullable reports whether the function takes NULL and returns it then, in two forms. It is so with one
// column, unless Java converts it or the result is an array.
func (s *signature) IsNullable() bool {
	return s.Scalar != nil && len(s.Scalar.Columns) == 1 && !s.OverArrays() && len(s.IDForms(true)) == 0
}

// IsChecked reports whether the function, a cast or to_hll, checks the bytes and returns them.
func (s *signature) IsChecked() bool {
	return s.Shape() == udf.BytesChecked && s.Result.Kind == udf.KindHLL
}

// IsRow reports whether the result is a row of doubles.
func (s *signature) IsRow() bool { return s.Result.Kind == udf.KindRow }

// HasLength reports whether the signature has a length variable.
func (s *signature) HasLength() bool {
	return len(s.Params) > 0 && strings.HasSuffix(sqlType(s.Params[0].Type), `(x)"`)
}

// JavaResult returns the Java type of the result; row is the engine's for a row of doubles.
func (s *signature) JavaResult(row string) string {
	switch {
	case s.Result.IsBytes():
		return "Slice"
	case s.IsRow():
		return row
	case !s.IsNullable():
		return javaType(s.Result)
	case s.Result.Kind == udf.KindDouble:
		return "Double"
	default:
		return "Long"
	}
}

// Open returns what turns an array of doubles into the result, up to its parenthesis.
func (s *signature) Open() string {
	switch {
	case s.IsRow():
		return "Results.row("
	case s.Scalar.Result == "FLOAT64":
		return "ScalarCalls.first("
	default:
		return ""
	}
}

// Close closes the parenthesis of Open.
func (s *signature) Close() string {
	if s.Open() == "" {
		return ""
	}
	return ")"
}

// inputs returns how many parameters are columns.
func (s *signature) inputs() int {
	if s.Scalar.Integers {
		return 1
	}
	return len(s.Scalar.Columns)
}

// NumberArg returns the number that a call passes, preceded by a comma: the argument, the default precision, or 0 where
// the method of ScalarCalls takes a number that the function does not.
func (s *signature) NumberArg() string {
	switch last := len(s.Params) - 1; {
	case s.Scalar.Number == "" && (s.Scalar.Eval() == "int64" || len(s.Scalar.Columns) != 1):
		return ""
	case s.Scalar.Number == "":
		return ", 0"
	case last >= s.inputs():
		return ", " + s.Params[last].Name
	default:
		return ", Scalar.DEFAULT_PRECISION"
	}
}

// ValueArgs returns all arguments of a call for values, each preceded by a comma.
func (s *signature) ValueArgs() string {
	args := ""
	for _, p := range s.Params[:s.inputs()] {
		args += ", " + p.Name
	}
	return args + s.NumberArg()
}

// AggregateConstant returns what an aggregate does with a row, as a constant of Java's SqlFunction.Aggregate.
func (s *signature) AggregateConstant() string {
	switch {
	case s.Role != udf.Aggregate:
		return ""
	case s.SumsHistograms():
		return "AGGREGATE_HISTOGRAMS"
	case s.SumsArrays():
		return "SUM_ARRAYS"
	case strings.HasSuffix(s.Symbol, "_state_merge"):
		return "MERGE"
	case strings.HasSuffix(s.Symbol, "_int64"):
		return "ADD_INT64"
	default:
		return "ADD"
	}
}

// OverArrays reports whether the function is a scalar over arrays of bigint, or returns one.
func (s *signature) OverArrays() bool { return s.Scalar != nil && s.Scalar.Arrays }

// SumsArrays reports whether the function is an aggregate over arrays of bigint.
func (s *signature) SumsArrays() bool { return strings.HasPrefix(s.Symbol, "hc_hist_state_") }

// SumsHistograms reports whether these arrays end with sum and count.
func (s *signature) SumsHistograms() bool { return s.Symbol == "hc_hist_state_aggregate" }

// State returns the name of the state of an engine's aggregate.
func (s *signature) State() string {
	switch {
	case s.SumsHistograms():
		return "HistogramState"
	case s.SumsArrays():
		return "ArrayState"
	default:
		return "SketchState"
	}
}

// TrinoBlock returns the class of Trino's blocks of an aggregate's input.
func (s *signature) TrinoBlock() string {
	switch {
	case s.SumsArrays():
		return "ArrayBlock"
	case s.Params[0].Type.IsBytes():
		return "VariableWidthBlock"
	default:
		return "LongArrayBlock"
	}
}

// PassesBlocks reports whether PrestoDB passes an aggregate's input by block and position.
func (s *signature) PassesBlocks() bool { return s.SumsArrays() || s.Params[0].Type.IsBytes() }

// StateCall returns the call of an engine's SketchState for a row of a block, or for a value that is not of a block.
func (s *signature) StateCall(value string) string {
	if value == "" {
		value = "block, position"
	}
	switch {
	case s.SumsArrays():
		return "add(" + value + ")"
	case s.AggregateConstant() == "MERGE":
		return "merge(" + value + ")"
	case len(s.Params) > 1:
		return "add(" + value + ", " + s.Params[1].Name + ")"
	default:
		return "add(" + value + ", Scalar.DEFAULT_PRECISION)"
	}
}

// Group returns the class around the signature's.
func (s *signature) Group() string {
	switch s.Role {
	case udf.Cast:
		return "Casts"
	case udf.Aggregate:
		return "Aggregations"
	default:
		return "Scalars"
	}
}
