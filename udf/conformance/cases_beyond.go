// SPDX-License-Identifier: Apache-2.0

package conformance

import (
	"math"
	"strconv"
)

// The functions that the original library does not have: improved, bounds, intersect and jaccard. No vector says
// what they return, so every driver has to return the same; what they reject follows from the rules.

// EachBeyondCase calls yield with what these functions have to reject, and with the few answers that are certain.
func EachBeyondCase(yield func(Case) error) error {
	malformed, err := readVectors("malformed")
	if err != nil {
		return err
	}
	for _, v := range malformed {
		a := &asker{prefix: "beyond/" + v.Name + "/", yield: yield}
		if err := askBeyondMalformed(a, &v); err != nil {
			return err
		}
	}
	a := &asker{prefix: "beyond/", yield: yield}
	const empty12 = "030c"
	one12, one14 := field(sketchOf(12, []byte("a")).EncodeSparse()), field(sketchOf(14, []byte("a")).EncodeSparse())
	for _, sigmas := range []string{"0", "4", "-1", "258", "4294967297"} {
		a.ask(Rejected{}, "bounds", sigmas, empty12)
	}
	a.ask(Rejected{PrecisionMismatch}, "intersect", one12, one14)
	a.ask(Rejected{PrecisionMismatch}, "jaccard", one14, one12)
	a.ask(Bits{}, "improved", empty12)
	a.ask(alive.Want, "create", "12", "61")
	askIntegers(a)
	askEmpty(a)
	return a.err
}

// askIntegers asks for the sketches of whole numbers, which are those of their decimal texts. The oracle has hashed the text.
func askIntegers(a *asker) {
	for _, v := range []int64{0, 1, -1, 9, 10, -10, 99, 42, math.MaxInt32, math.MinInt32, 1_234_567_890_123_456,
		12_345_678_901_234_567, math.MaxInt64, math.MinInt64} {
		id := strconv.FormatInt(v, 10)
		for _, p := range []int{4, 12, 14, 24} {
			a.ask(Meaning{sketchOf(p, []byte(id)), SparseForm}, "create_int64", number(p), id)
		}
	}
	for _, p := range []string{"3", "25", "-1", "4294967308"} {
		a.ask(Rejected{PrecisionRange}, "create_int64", p, "7")
	}
	a.ask(Rejected{}, "create_int64", "12", "9223372036854775808")
	a.ask(Rejected{}, "create_int64", "12")
}

func askBeyondMalformed(a *asker, v *vector) error {
	encoded, err := fromHex(*v.Hex)
	if err != nil {
		return err
	}
	if _, err := ReadSketch(encoded); err == nil {
		return nil
	}
	rejected, valid, bad := Rejected{Malformed}, validLike(encoded), field(encoded)
	a.ask(rejected, "improved", bad)
	a.ask(rejected, "bounds", "2", bad)
	a.ask(rejected, "intersect", valid, bad)
	a.ask(rejected, "intersect", bad, valid)
	a.ask(rejected, "jaccard", valid, bad)
	a.ask(rejected, "jaccard", bad, valid)
	return a.err
}

// askEmpty unites empty sketches with sketches of another precision. The empty set has no precision: the union has that of the
// others, and the smallest of all precisions if all are empty. In the original it is an error.
func askEmpty(a *asker) {
	for _, p := range []int{4, 10, 14, 18, 24} {
		full := sketchOf(p, []byte("a"))
		for _, q := range []int{5, 12, 16, 20} {
			empty, smallest := Sketch{Precision: q}, Sketch{Precision: min(p, q)}
			for _, e := range []string{field(empty.EncodeSparse()), field(empty.EncodeDense())} {
				for _, f := range []string{field(full.EncodeSparse()), field(full.EncodeDense())} {
					a.ask(Meaning{full, AnyForm}, "union", e, f)
					a.ask(Meaning{full, AnyForm}, "union", f, e)
					a.ask(Meaning{full, AnyForm}, "merge", e, "null", f)
					a.ask(Meaning{full, AnyForm}, "merge", f, e, f)
				}
				other := field(Sketch{Precision: p}.EncodeDense())
				a.ask(Meaning{smallest, AnyForm}, "union", e, other)
				a.ask(Meaning{smallest, AnyForm}, "union", other, e)
				a.ask(Meaning{smallest, AnyForm}, "merge", e, other, e)
				a.ask(Meaning{smallest, AnyForm}, "merge", other, e, field(Sketch{Precision: p}.EncodeSparse()))
			}
		}
	}
	empty := field(Sketch{Precision: 12}.EncodeDense())
	a.ask(Bits{}, "jaccard", field(sketchOf(14, []byte("a")).EncodeSparse()), empty)
	a.ask(Rejected{PrecisionMismatch}, "merge", empty, field(sketchOf(14, []byte("a")).EncodeSparse()),
		field(sketchOf(10, []byte("a")).EncodeSparse()))
}
