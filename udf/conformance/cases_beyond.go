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
	const empty12, empty14 = "030c", "030e"
	for _, sigmas := range []string{"0", "4", "-1", "258", "4294967297"} {
		a.ask(Rejected{}, "bounds", sigmas, empty12)
	}
	a.ask(Rejected{PrecisionMismatch}, "intersect", empty12, empty14)
	a.ask(Rejected{PrecisionMismatch}, "jaccard", empty14, empty12)
	a.ask(Bits{}, "improved", empty12)
	a.ask(alive.Want, "create", "12", "61")
	askIntegers(a)
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
