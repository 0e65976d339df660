package conformance

// The functions that the original library does not have: improved, bounds, intersect and jaccard. No vector says
// what they return, so that is held to be the same from every subject; what they refuse follows from the rules.

// EachBeyondCase calls yield with what these functions have to refuse, and with the little that is certain.
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
		a.ask(Refused{}, "bounds", sigmas, empty12)
	}
	a.ask(Refused{PrecisionMismatch}, "intersect", empty12, empty14)
	a.ask(Refused{PrecisionMismatch}, "jaccard", empty14, empty12)
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
	refused, sound, bad := Refused{Malformed}, soundBeside(encoded), field(encoded)
	a.ask(refused, "improved", bad)
	a.ask(refused, "bounds", "2", bad)
	a.ask(refused, "intersect", sound, bad)
	a.ask(refused, "intersect", bad, sound)
	a.ask(refused, "jaccard", sound, bad)
	a.ask(refused, "jaccard", bad, sound)
	return a.err
}
