// SPDX-License-Identifier: Apache-2.0

package conformance

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
	return a.err
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
