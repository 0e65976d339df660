// SPDX-License-Identifier: Apache-2.0

package conformance

import (
	"fmt"
	"strconv"
	"strings"
)

// Vectors that begin with bytes: merges, edges, malformed and downsize.

func askMerge(a *asker, v *vector) error {
	left, err := fromB64(v.LeftB64)
	if err != nil {
		return err
	}
	right, err := fromB64(v.RightB64)
	if err != nil {
		return err
	}
	if v.Outcome != "ok" {
		rejected := Rejected{PrecisionMismatch}
		a.ask(rejected, "union", field(left), field(right))
		a.ask(rejected, "merge", field(left), field(right))
		a.ask(rejected, "merge", "null", field(left), field(left), field(right))
		return a.err
	}
	s, err := stated(v)
	if err != nil {
		return err
	}
	sum := Meaning{s, formOf(v.Sparse)}
	a.ask(sum, "union", field(left), field(right))
	a.ask(sum, "union", field(right), field(left))
	a.ask(sum, "merge", field(left), field(right))
	a.ask(sum, "merge", field(right), "null", field(left), field(right))
	encoded, err := fromB64(*v.B64)
	if err != nil {
		return err
	}
	return a.askRead(encoded, s, v.Cardinality, v.EstimateBits)
}

func askEdge(a *asker, v *vector) error {
	switch {
	case strings.HasPrefix(v.Name, "hashlongs-"):
		return askHashLongs(a, v)
	case v.B64 != nil:
		encoded, err := fromB64(*v.B64)
		if err != nil {
			return err
		}
		return askEdgeBytes(a, v, encoded)
	case v.Hex != nil:
		encoded, err := fromHex(*v.Hex)
		if err != nil {
			return err
		}
		return askEdgeBytes(a, v, encoded)
	}
	return fmt.Errorf("an edge without bytes")
}

// askHashLongs asks a sketch made of the two halves of a crafted hash. Of 128 zeros (after the index) the original
// throws; the rho that they would have is one too large for any sketch.
func askHashLongs(a *asker, v *vector) error {
	h1, err := strconv.ParseUint(v.L0, 16, 64)
	if err != nil {
		return err
	}
	h2, err := strconv.ParseUint(v.L1, 16, 64)
	if err != nil {
		return err
	}
	index, rho := place(h1, h2, v.precision())
	s := fromRegisters(v.precision(), map[int]byte{index: rho})
	if v.Outcome != "ok" {
		return a.askInvalid(s.EncodeSparse())
	}
	encoded, err := fromHex(*v.Hex)
	if err != nil {
		return err
	}
	got, err := ReadSketch(encoded)
	if err != nil {
		return err
	}
	if !got.SameRegisters(s) {
		return fmt.Errorf("the oracle puts %x %x elsewhere", h1, h2)
	}
	return a.askRead(encoded, s, v.Cardinality, v.EstimateBits)
}

func askEdgeBytes(a *asker, v *vector, encoded []byte) error {
	s, err := ReadSketch(encoded)
	if err != nil {
		return a.askInvalid(encoded)
	}
	if err := a.askRead(encoded, s, v.Cardinality, v.EstimateBits); err != nil {
		return err
	}
	a.ask(Meaning{s, AnyForm}, "merge", field(encoded))
	empty := field(Sketch{Precision: s.Precision}.EncodeSparse())
	plusZero := Meaning{s, DenseForm}
	if v.ReencodedHex != "" { // sparse: the vector says what the sum with an empty sketch is
		plusZero.Form = formOf(v.PlusZeroSparse)
		again, err := fromHex(v.ReencodedHex)
		if err != nil {
			return err
		}
		if other, err := ReadSketch(again); err != nil || !other.SameRegisters(s) {
			return fmt.Errorf("reencoded_hex means something else: %w", err)
		}
		a.ask(Exactly("ok"), "check", field(again))
	}
	a.ask(plusZero, "union", field(encoded), empty)
	a.ask(plusZero, "union", empty, field(encoded))
	return a.err
}

// askMalformed asks byte strings: valid sketches are read as the original read them, and all others are errors, including
// those that the original accepted (FORMAT.md, "What is rejected").
func askMalformed(a *asker, v *vector) error {
	encoded, err := fromHex(*v.Hex)
	if err != nil {
		return err
	}
	s, err := ReadSketch(encoded)
	if err != nil {
		return a.askInvalid(encoded)
	}
	if v.FromBytes != "ok" {
		return fmt.Errorf("the original rejects what the rules allow: %s", v.FromBytes)
	}
	a.ask(Meaning{s, AnyForm}, "merge", field(encoded))
	return a.askRead(encoded, s, v.Cardinality, v.EstimateBits)
}

func askDownsize(a *asker, v *vector) error {
	target := number(v.precision())
	if v.Outcome != "" {
		from := Sketch{Precision: v.FromBits}
		a.ask(Rejected{PrecisionRange}, "reduce", target, field(from.EncodeSparse()))
		a.ask(Rejected{PrecisionRange}, "reduce", target, field(from.EncodeDense()))
		return a.err
	}
	encoded, err := fromB64(*v.B64)
	if err != nil {
		return err
	}
	s, err := ReadSketch(encoded)
	if err != nil {
		return err
	}
	source, err := rebuild(v.IDs, v.FromBits, 1)
	if err != nil {
		return err
	}
	want := Meaning{s, AnyForm} // the original leaves a sparse sketch sparse, however full it is
	a.ask(want, "reduce", target, field(source[0].EncodeSparse()))
	a.ask(want, "reduce", target, field(source[0].EncodeDense()))
	a.ask(want, "reduce", target, field(encoded))
	return a.askRead(encoded, s, v.Cardinality, v.EstimateBits)
}
