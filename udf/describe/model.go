// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"path"
	"strings"

	"github.com/headcount-hll/headcount/udf"
	"github.com/headcount-hll/headcount/udf/hll"
)

// A model is what the templates see: the functions of headcount.h and the signatures of the table.
type model struct {
	C       []cFunction
	Scalars []*scalar
	SQL     []*signature
	Errors  []errorCode

	DefaultPrecision int64
	ABIVersion       string // HC_ABI_VERSION
	Path             string // of the file that is written
}

// Package returns the Java package of the file that is written.
func (m *model) Package() string {
	_, folder, _ := strings.Cut(path.Dir(m.Path), "/java/")
	return strings.ReplaceAll(folder, "/", ".")
}

// IsTrino reports whether the file is for Trino's plugin, and not for PrestoDB's.
func (m *model) IsTrino() bool { return strings.HasSuffix(m.Package(), ".trino") }

// IsPresto reports whether the file is for PrestoDB's plugin.
func (m *model) IsPresto() bool { return strings.HasSuffix(m.Package(), ".presto") }

// IsSpi483 reports whether the file is compiled against the SPI of Trino 483 rather than 476.
func (m *model) IsSpi483() bool { return strings.HasSuffix(m.Package(), ".spi483") }

// A factory is what a class that creates states of an aggregation depends on.
type factory struct {
	Class string
	State string // the interface of the states
	Heap  string // the class of the states
	Sum   string // how arrays are added; "" for sketches
}

// Factory returns the state factory that the file holds.
func (m *model) Factory() factory {
	class := strings.TrimSuffix(path.Base(m.Path), ".java")
	f := factory{Class: class, State: strings.TrimSuffix(class, "Factory"), Heap: "HeapArrayState"}
	switch f.State {
	case "SketchState":
		f.Heap = "HeapSketchState"
	case "ArrayState":
		f.Sum = "ArraySum.ARRAYS"
	case "HistogramState":
		f.Sum = "ArraySum.HISTOGRAMS"
	}
	return f
}

// EngineName returns the name of the engine that the file is for.
func (m *model) EngineName() string {
	if m.IsTrino() {
		return "Trino"
	}
	return "PrestoDB"
}

// A scalar is a C function over rows without state: what a backend offers, whatever SQL names it has.
type scalar struct {
	cFunction
	Columns  []string // its columns of byte strings, in Java: sketches, or ids, or a and b
	Integers bool     // it takes one column of integers, and none of byte strings
	Arrays   bool     // its columns are arrays of bigint, and a sketch that it returns is one
	Percents bool     // it takes a column of doubles after the others
	Sizes    bool     // it takes three integers a row after its column
	Number   string   // its parameter that is the same number for all rows; "" if it has none
	Result   string   // NOTHING, INT64, FLOAT64 or SKETCH
	Width    int      // with FLOAT64, the doubles of a row
	Text     bool     // its column is varchar
	SQLName  string   // the name that the sidecar knows it by; "" if the table has none
	ofBytes  bool     // SQLName is of a signature over bytes
}

// A signature is a row of the table.
type signature struct {
	*udf.Function
	Scalar *scalar // nil of an aggregate, and of a union over an array
}

func newModel(table []udf.Function, header string) (*model, error) {
	c, err := parseHeader(header)
	if err != nil {
		return nil, err
	}
	m := &model{C: c, Errors: errorsOf(header), DefaultPrecision: hll.DefaultPrecision, ABIVersion: abiVersionOf(header)}
	bySymbol := map[string]*scalar{}
	for _, f := range c {
		s, err := newScalar(f)
		if err != nil {
			return nil, err
		}
		if s != nil {
			m.Scalars = append(m.Scalars, s)
			bySymbol[f.Symbol] = s
		}
	}
	declared := map[string]bool{}
	for _, f := range c {
		declared[f.Symbol] = true
	}
	for i := range table {
		f := &table[i]
		if !declared[f.Symbol] {
			return nil, fmt.Errorf("table: %s calls %s, which headcount.h does not declare", f.Signature(), f.Symbol)
		}
		s := &signature{Function: f}
		if f.Role != udf.Aggregate {
			s.Scalar = bySymbol[f.Symbol]
		}
		if s.Scalar != nil && !f.IsOverID() {
			if shape := s.Scalar.shape(); shape != f.Shape() {
				return nil, fmt.Errorf("table: %s has the shape %s, and headcount.h declares %s as %s", f.Signature(), f.Shape(), f.Symbol, shape)
			}
			s.Scalar.named(f)
		}
		m.SQL = append(m.SQL, s)
	}
	return m, nil
}

// newScalar reads a scalar from its declaration; nil if the function is none.
func newScalar(f cFunction) (*scalar, error) {
	if strings.Contains(f.Symbol, "_state_") || len(f.Params) == 0 || f.Params[len(f.Params)-1].Type != "hc_error *" {
		return nil, nil
	}
	s := &scalar{cFunction: f, Width: 1, Result: "NOTHING", Arrays: strings.HasPrefix(f.Symbol, "hc_hist_")}
	for _, p := range f.Params {
		switch p.Type + p.Name {
		case "const uint8_t *data":
			s.Columns = []string{"sketches"}
		case "const uint8_t *a_data":
			s.Columns = []string{"a"}
		case "const uint8_t *b_data":
			s.Columns = append(s.Columns, "b")
		case "const int64_t *values":
			s.Integers = true
		case "const int64_t *sizes":
			s.Sizes = true
		case "const double *percents":
			s.Percents = true
		case "int64_t *out":
			s.Result = "INT64"
		case "double *out":
			s.Result = "FLOAT64"
		case "uint8_t *out":
			s.Result = "SKETCH"
		default:
			if p.Type == "int64_t" && p.Name != "size" && p.Name != "a_size" && p.Name != "b_size" && p.Name != "capacity" {
				if s.Number != "" {
					return nil, fmt.Errorf("headcount.h: %s has two numbers, which no template knows", f.Symbol)
				}
				s.Number = p.Name
			}
		}
	}
	return s, nil
}

// shape returns the shape of the declaration, the zero Shape if there is none for it.
func (s *scalar) shape() udf.Shape {
	key := fmt.Sprint(len(s.Columns))
	if s.Integers {
		key = "values"
	}
	if s.Number != "" {
		key += " number"
	}
	if s.Percents {
		key += " percents"
	}
	if s.Sizes {
		key += " sizes"
	}
	if s.Arrays {
		key += " arrays"
	}
	return map[string]udf.Shape{
		"1 NOTHING":                 udf.BytesChecked,
		"1 INT64":                   udf.SketchToInt64,
		"1 FLOAT64":                 udf.SketchToFloat64,
		"1 number FLOAT64":          udf.SketchInt64ToFloat64s,
		"2 FLOAT64":                 udf.SketchesToFloat64s,
		"1 number SKETCH":           udf.BytesInt64ToSketch,
		"0 number SKETCH":           udf.Int64ToSketch,
		"2 SKETCH":                  udf.SketchesToSketch,
		"2 arrays FLOAT64":          udf.ArraysToFloat64,
		"2 percents arrays FLOAT64": udf.ArraysFloat64ToFloat64,
		"1 sizes arrays SKETCH":     udf.TextInt64sToArray,
		"values number SKETCH":      udf.Int64Int64ToSketch,
	}[key+" "+s.Result]
}

// named notes what a row of the table says of the function that it calls.
func (s *scalar) named(f *udf.Function) {
	if f.Result.Kind == udf.KindRow {
		s.Width = len(f.Result.Fields)
	}
	if len(f.Params) > 0 && f.Params[0].Type.Kind == udf.KindVarchar {
		s.Text = true
		s.Columns = []string{f.Params[0].Name + "s"}
	}
	// The first name over bytes, or else the first: what is sent is bytes.
	ofBytes := len(f.Params) > 0 && f.Params[0].Type.Kind == udf.KindVarbinary
	if f.Role == udf.Scalar && (s.SQLName == "" || ofBytes && !s.ofBytes) {
		s.SQLName, s.ofBytes = f.Name, ofBytes
	}
}

// Java returns the name of the Java method.
func (s *scalar) Java() string { return camel(s.Short()) }

// Class returns the name of a Java class for the signature: its name and the types of its parameters.
func (s *signature) Class() string {
	class := pascal(s.Name)
	if len(s.Params) > 0 {
		class += "Of"
	}
	for _, p := range s.Params {
		class += typeName(p.Type)
	}
	if s.Role == udf.Cast {
		class += "As" + typeName(s.Result)
	}
	return class
}

func typeName(t udf.Type) string {
	if t.Kind == udf.KindArray {
		return typeName(*t.Elem) + "Array"
	}
	name, _, _ := strings.Cut(t.String(), "(")
	return pascal(strings.ToLower(name))
}

func pascal(name string) string {
	c := camel(name)
	return strings.ToUpper(c[:1]) + c[1:]
}

func camel(name string) string {
	words := strings.Split(name, "_")
	for i, w := range words[1:] {
		words[i+1] = strings.ToUpper(w[:1]) + w[1:]
	}
	return strings.Join(words, "")
}
