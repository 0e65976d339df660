// SPDX-License-Identifier: Apache-2.0

package conformance

// ProtocolCases returns cases that are in no vector: lines that are not a request, NULLs, precisions that become others in a
// narrower integer. After each, the driver has to answer the next request.
func ProtocolCases() []Case {
	var cases []Case
	a := &asker{prefix: "protocol/", yield: func(c Case) error {
		cases = append(cases, c, alive)
		return nil
	}}
	askUnparsable(a)
	askNull(a)
	for _, p := range narrowed {
		_ = a.askInvalidPrecision(p) // yield returns no error
	}
	return cases
}

// alive follows every protocol case: "a" at precision 12, from FORMAT.md.
var alive = Case{
	Name: "protocol/the next request",
	Line: "create 12 61",
	Want: Meaning{fromRegisters(12, map[int]byte{709: 2}), SparseForm},
}

// narrowed are precisions that 8, 16 or 32 bits take for 12, and the ends of the ranges.
var narrowed = []string{
	"3", "25", "-1", "0", "268", "65548", "4294967308", "-4294967284", "2147483648", "-2147483649", "8589934592",
	"9223372036854775807", "-9223372036854775808",
}

func askUnparsable(a *asker) {
	unknown := Rejected{Unknown}
	a.ask(unknown, "")
	a.ask(unknown, "frobnicate", "030c")
	a.ask(unknown, "create")
	a.ask(unknown, "create", "12")
	a.ask(unknown, "create", "twelve", "61")
	a.ask(unknown, "create", "12", "6")
	a.ask(unknown, "create", "12", "6g")
	a.ask(unknown, "check", "030")
	a.ask(unknown, "check", "zz")
	a.ask(unknown, "check", "030c", "030c")
	a.ask(unknown, "union", "030c")
	a.ask(unknown, "cardinality")
}

func askNull(a *asker) {
	a.ask(Exactly("ok null"), "merge", "null")
	a.ask(Exactly("ok null"), "merge", "null", "null", "null")
	a.ask(alive.Want, "merge", "null", "030cc50202", "null")
	a.ask(Rejected{Malformed}, "merge", "null", "-")
}
