// SPDX-License-Identifier: Apache-2.0

package main

import "strings"

// A stateCall is a C function over aggregation states: a method of core's States.
type stateCall struct{ cFunction }

// States returns the functions over aggregation states.
func (m *model) States() (all []stateCall) {
	for _, f := range m.C {
		if strings.Contains(f.Symbol, "_state_") {
			all = append(all, stateCall{f})
		}
	}
	return all
}

// Java returns the name of the method.
func (s stateCall) Java() string { return camel(strings.Replace(s.Short(), "state_", "", 1)) }

func (s stateCall) has(name string) bool {
	for _, p := range s.Params {
		if p.Name == name {
			return true
		}
	}
	return false
}

// IsEncode reports whether the function writes sketches; the others take rows.
func (s stateCall) IsEncode() bool { return s.has("out") }

// TakesBytes reports whether the rows are byte strings; otherwise they are integers.
func (s stateCall) TakesBytes() bool { return s.has("data") }

// TakesPrecision reports whether the function takes a precision for all rows.
func (s stateCall) TakesPrecision() bool { return s.has("precision") }

// Inputs returns the parameters of the Java method between the slots and the progress; rows is the name of the number
// of rows, if it is one of them.
func (s stateCall) Inputs(rows string) string {
	inputs := "long[] values, int rows"
	if s.TakesBytes() {
		inputs = "Column column"
		if rows != "" {
			inputs += ", int " + rows
		}
	} else if rows != "" {
		inputs = "long[] values, int " + rows
	}
	if s.TakesPrecision() {
		inputs += ", long precision"
	}
	return inputs
}

// PassOn returns the arguments for Inputs; rows is the number of rows, or "" to pass the column or its number of rows.
func (s stateCall) PassOn(rows string) string {
	args := "values, " + rows
	if s.TakesBytes() {
		args = "column, " + rows
	}
	if s.TakesPrecision() {
		args += ", precision"
	}
	return args
}

// InPlace returns the Java expression of each argument of a call that passes arrays in place, one a line.
func (s stateCall) InPlace() []string {
	rows := "rows"
	if s.TakesBytes() {
		rows = "column.rows()"
	}
	flags := "flags(slots)"
	if s.IsEncode() {
		flags = "0"
	}
	expressions := map[string]string{
		"state": "ofArray(slots.chunk())", "state_size": "size(slots)",
		"slots": "ofArray(slots.starts())", "capacities": "ofArray(slots.capacities())",
		"data": "memory(column)", "size": "(long) column.size()",
		"starts": "ofArray(column.starts())", "lengths": "ofArray(column.lengths())",
		"values": "ofArray(values)", "rows": rows, "precision": "precision", "flags": flags,
		"out": "ofArray(out).asSlice(from)", "capacity": "(long) out.length - from", "ends": "ofArray(ends)",
		"progress": "ofArray(progress.words())", "error": "errorMemory",
	}
	args := make([]string, len(s.Params))
	for i, p := range s.Params {
		args[i] = expressions[p.Name]
	}
	return args
}
