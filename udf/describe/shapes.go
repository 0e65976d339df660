// SPDX-License-Identifier: Apache-2.0

package main

import (
	"strings"
)

// The pieces of the Java methods of a scalar, by its columns, its number and its result.

// HasRows reports whether the function is called for rows of a column.
func (s *scalar) HasRows() bool { return len(s.Columns) > 0 || s.Integers }

// ColumnResult returns the type that the method over columns returns.
func (s *scalar) ColumnResult() string {
	switch {
	case s.Result != "SKETCH":
		return "void"
	case !s.HasRows():
		return "byte[]"
	default:
		return "Column"
	}
}

// ColumnParams returns the parameters of the method over columns.
func (s *scalar) ColumnParams() string {
	var params []string
	for _, c := range s.Columns {
		params = append(params, "Column "+c)
	}
	if s.Integers {
		params = append(params, "long[] values", "int rows")
	}
	if s.Number != "" {
		params = append(params, "long "+s.Number)
	}
	if s.Percents {
		params = append(params, "double[] percents")
	}
	if s.Sizes {
		params = append(params, "long[] sizes")
	}
	switch s.Result {
	case "INT64":
		params = append(params, "long[] out")
	case "FLOAT64":
		params = append(params, "double[] out")
	}
	return strings.Join(params, ", ")
}

// ColumnTypes returns the types of ColumnParams.
func (s *scalar) ColumnTypes() string {
	params := strings.Split(s.ColumnParams(), ", ")
	for i, p := range params {
		params[i], _, _ = strings.Cut(p, " ")
	}
	return strings.Join(params, ", ")
}

// ColumnBody returns the statement of the method over columns.
func (s *scalar) ColumnBody() string {
	rows, columns, values, number, percents := "1", "null, null", "null", "0", ""
	switch len(s.Columns) {
	case 1:
		rows, columns = s.Columns[0]+".rows()", s.Columns[0]+", null"
	case 2:
		rows, columns = s.Columns[0]+".rows()", strings.Join(s.Columns, ", ")
	}
	if s.Integers {
		rows, values = "rows", "values"
	}
	if s.Sizes {
		values = "sizes"
	}
	if s.Number != "" {
		number = s.Number
	}
	if s.Percents {
		percents = ", percents"
	}
	of := "Scalar." + s.Constant() + ", new Arguments(" + strings.Join([]string{rows, columns, values, number}, ", ") + percents + ")"
	switch {
	case s.Result == "NOTHING":
		return "check(" + of + ");"
	case s.Result == "INT64":
		return "int64(" + of + ", out);"
	case s.Result == "FLOAT64":
		return "float64(" + of + ", out);"
	case !s.HasRows():
		return "return sketches(" + of + ").row(0);"
	default:
		return "return sketches(" + of + ");"
	}
}

// RowResult returns the type that the method over one row returns.
func (s *scalar) RowResult() string {
	switch {
	case s.Result == "NOTHING":
		return "void"
	case s.Result == "INT64":
		return "long"
	case s.Result == "SKETCH":
		return "byte[]"
	case s.Width == 1:
		return "double"
	default:
		return "double[]"
	}
}

// RowArrays returns the names of the arrays, starts and lengths of the method over one row.
func (s *scalar) RowArrays() [][3]string {
	if len(s.Columns) == 1 {
		return [][3]string{{"array", "start", "length"}}
	}
	var all [][3]string
	for _, c := range s.Columns {
		all = append(all, [3]string{c, c + "Start", c + "Length"})
	}
	return all
}

// RowParams returns the parameters of the method over one row.
func (s *scalar) RowParams() string {
	var params []string
	for _, a := range s.RowArrays() {
		params = append(params, "byte[] "+a[0], "int "+a[1], "int "+a[2])
	}
	if s.Integers {
		params = append(params, "long value")
	}
	if s.Number != "" {
		params = append(params, "long "+s.Number)
	}
	if s.Percents {
		params = append(params, "double percent")
	}
	if s.Sizes {
		params = append(params, "long low", "long high", "long n")
	}
	return strings.Join(params, ", ")
}

// RowArgs returns the arguments that pass RowParams on.
func (s *scalar) RowArgs() string {
	params := strings.Split(s.RowParams(), ", ")
	for i, p := range params {
		_, params[i], _ = strings.Cut(p, " ")
	}
	return strings.Join(params, ", ")
}

// RowBody returns the statements of the method over one row, by way of columns of one row.
func (s *scalar) RowBody() string {
	var args []string
	for _, a := range s.RowArrays() {
		args = append(args, "Column.of("+a[0]+", "+a[1]+", "+a[2]+")")
	}
	if s.Integers {
		args = append(args, "new long[] {value}", "1")
	}
	if s.Number != "" {
		args = append(args, s.Number)
	}
	if s.Percents {
		args = append(args, "new double[] {percent}")
	}
	if s.Sizes {
		args = append(args, "new long[] {low, high, n}")
	}
	call := s.Java() + "(" + strings.Join(args, ", ")
	switch {
	case s.Result == "NOTHING":
		return call + ");"
	case s.Result == "SKETCH":
		return "return " + call + ").row(0);"
	default:
		out := s.NewOut() + "\n        " + call + ", out);\n        return out"
		if s.Width == 1 {
			out += "[0]"
		}
		return out + ";"
	}
}

// NewOut returns the declaration of an array for the numbers of one row.
func (s *scalar) NewOut() string {
	if s.Result == "INT64" {
		return "long[] out = new long[1];"
	}
	return "double[] out = new double[" + string(rune('0'+s.Width)) + "];"
}

// ByRow reports whether the method over one row is worth a native call of its own. A joint estimate of two sketches takes
// long whatever their size.
func (s *scalar) ByRow() bool {
	return !s.Sizes && (len(s.Columns) == 1 || len(s.Columns) == 2 && s.Result == "SKETCH")
}

// Capacity returns a guess at the bytes of the sketch that the method over one row returns.
func (s *scalar) Capacity() string {
	switch {
	case s.Text:
		return "SMALL"
	case len(s.Columns) == 2:
		return "Math.max(aLength, bLength) + SMALL"
	default:
		return "length + SMALL"
	}
}

// BytesArgs returns the arguments of the method over one row, taken from values a and b and from number.
func (s *scalar) BytesArgs() string {
	var args []string
	for _, v := range []string{"a", "b"}[:len(s.Columns)] {
		args = append(args, v+".array()", v+".start()", v+".length()")
	}
	if s.Number != "" {
		args = append(args, "number")
	}
	return strings.Join(args, ", ")
}

// ArrayArgs returns the arguments of the method over one row, each byte string a whole array.
func (s *scalar) ArrayArgs() string {
	var args []string
	for _, a := range s.RowArrays() {
		args = append(args, a[0], "0", a[0]+".length")
	}
	if s.Integers {
		args = append(args, "value")
	}
	if s.Number != "" {
		args = append(args, s.Number)
	}
	if s.Percents {
		args = append(args, "percent")
	}
	if s.Sizes {
		args = append(args, "low", "high", "n")
	}
	return strings.Join(args, ", ")
}

// ByBytes reports whether the arguments are byte strings and a number, and nothing else.
func (s *scalar) ByBytes() bool { return !s.Integers && !s.Percents && !s.Sizes }

// ValuesPerRow returns how many integers of a column a row has.
func (s *scalar) ValuesPerRow() int {
	switch {
	case s.Integers:
		return 1
	case s.Sizes:
		return 3
	default:
		return 0
	}
}

// Eval returns the name of the method of ScalarCalls.
func (s *scalar) Eval() string {
	switch s.Result {
	case "NOTHING", "INT64":
		return "int64"
	case "FLOAT64":
		return "float64"
	default:
		return "sketch"
	}
}

// Verb returns the name of the function in the conformance protocol.
func (s *scalar) Verb() string {
	switch name := s.Short(); name {
	case "compatible_estimate":
		return "estimate"
	case "estimate":
		return "improved"
	case "intersection":
		return "intersect"
	default:
		return strings.Replace(name, "hist_", "histogram_", 1)
	}
}

// Format returns the method of the conformance driver that writes the result.
func (s *scalar) Format() string {
	switch s.Result {
	case "INT64":
		return "Long.toString"
	case "FLOAT64":
		if s.Arrays {
			return "Answers.bitsOrNull"
		}
		return "Answers.bits"
	default:
		return "Answers.hex"
	}
}
