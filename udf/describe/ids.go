// SPDX-License-Identifier: Apache-2.0

package main

import "github.com/headcount-hll/headcount/udf"

// The overloads for ids of types that the C functions do not take.

// An idForm is a Java type of an SQL type's values, and how it becomes what is hashed.
type idForm struct {
	Java  string // the type of the parameter id
	Block string // the type of Trino's block in its place, with the id's position; "" for the value
	Text  string // the expression of the id's text as a byte[]; "" if the value is an integer
	IsAny bool   // whether every value is an error
}

// IDForms returns the Java types of the first parameter, an id that Java converts; none if its values are passed on as
// they are.
func (s *signature) IDForms(isTrino bool) []idForm {
	if len(s.Params) == 0 || s.Params[0].Name != "id" {
		return nil
	}
	switch s.Params[0].Type.Kind {
	case udf.KindDate:
		return []idForm{{Java: "long", Text: "IdText.date(id)"}}
	case udf.KindUUID:
		if isTrino && s.Role == udf.Aggregate { // a value would be two objects for each id
			return []idForm{{Block: "Int128ArrayBlock", Text: "UuidBlocks.text(block, position)"}}
		}
		return []idForm{{Java: "Slice", Text: "IdText.uuid(SliceBlocks.bytesOf(id))"}}
	case udf.KindDecimal:
		long := idForm{Java: "Slice", Text: "IdText.integer(Decimals.decodeUnscaledValue(id))"}
		if isTrino {
			long = idForm{Java: "Int128", Text: "IdText.integer(id.toBigInteger())"}
		}
		if !isTrino && s.Role == udf.Aggregate { // PrestoDB would have two functions of one signature
			return []idForm{long}
		}
		return []idForm{{Java: "long"}, long}
	case udf.KindDouble:
		return []idForm{{Java: "double", IsAny: true}}
	case udf.KindTinyint, udf.KindSmallint, udf.KindInteger:
		if s.Role == udf.Aggregate {
			return []idForm{{Java: "long"}}
		}
	}
	return nil
}

// IsDecimal reports whether the signature has a variable for the digits of a decimal.
func (s *signature) IsDecimal() bool {
	return len(s.Params) > 0 && s.Params[0].Type.Kind == udf.KindDecimal
}

// ScalarArgs returns the arguments of ScalarCalls.sketch for an id.
func (s *signature) ScalarArgs(f idForm) string {
	if f.Text == "" {
		return "Scalar.CREATE_INT64, id" + s.NumberArg()
	}
	return "Scalar.CREATE, Slices.wrappedBuffer(" + f.Text + ")" + s.NumberArg()
}
