// SPDX-License-Identifier: Apache-2.0

package conformance

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
)

// Vectors of linear counting and of spark-hyperloglog's own functions.

// everyZeroUpTo is the largest precision at which every count of zero registers is asked.
const everyZeroUpTo = 12

// askLinear asks for the cardinality with every count of zero registers at the smaller precisions and with a
// selection at the larger. The vector states all of them as one hash, to which the formula is held first.
func askLinear(a *asker, v *vector) error {
	p := v.precision()
	m := 1 << p
	truncated := make([]int64, m+1)
	var text bytes.Buffer
	for z := 1; z <= m; z++ {
		truncated[z] = int64(linearCount(z, p))
		fmt.Fprintf(&text, "%d\n", truncated[z])
	}
	if err := sameSHA256(v.TruncatedSHA256, text.Bytes()); err != nil {
		return fmt.Errorf("the formula m*ln(m/z): %w", err)
	}
	step := 1
	if p > everyZeroUpTo {
		step = m/64 + 1
	}
	for z := 1; z <= m; z += step {
		a.ask(Number(truncated[z]), "cardinality", field(withZeros(p, z)))
	}
	for _, sample := range v.Samples {
		encoded := withZeros(p, sample.ZeroCount)
		want, err := wantEstimate(sample.EstimateBits, sample.ZeroCount, p)
		if err != nil {
			return err
		}
		a.ask(Number(sample.Cardinality), "cardinality", field(encoded))
		a.ask(want, "estimate", field(encoded))
	}
	return askAlpha(a, v)
}

// withZeros is a dense sketch with z registers of 0 and the others 1. Where the zeros begin depends on z, so that
// they fall on every place of a vector register.
func withZeros(p, z int) []byte {
	m := 1 << p
	encoded := append([]byte{typeDense, byte(p)}, bytes.Repeat([]byte{1}, m)...)
	for i := range z {
		encoded[2+(z*7+i)%m] = 0
	}
	return encoded
}

// askAlpha asks for the estimate with all registers 1, which is 2 * alpha * m: of a number and a power of two,
// so that the bits of alpha show.
func askAlpha(a *asker, v *vector) error {
	bits, err := strconv.ParseUint(v.AlphaBits, 16, 64)
	if err != nil {
		return fmt.Errorf("alpha_bits: %w", err)
	}
	const exponent = 1 << 52
	all := append([]byte{typeDense, byte(v.Bits)}, bytes.Repeat([]byte{1}, 1<<v.Bits)...)
	a.ask(Bits{Expected: bits + uint64(v.Bits+1)*exponent}, "estimate", field(all))
	return a.err
}

func askSpark(a *asker, v *vector) error {
	switch {
	case LeftToSQL[v.Name]:
		return nil
	case strings.HasPrefix(v.Name, "hllC"):
		return askSparkScalar(a, v)
	case v.Outcome != "" && v.Outcome != "ok":
		ten, twelve := sketchOf(10, []byte("a")), sketchOf(12, []byte("b"))
		a.ask(Rejected{PrecisionMismatch}, "merge", field(ten.EncodeSparse()), field(twelve.EncodeSparse()))
		a.ask(Rejected{PrecisionMismatch}, "merge", field(ten.EncodeSparse()), "null", field(twelve.EncodeDense()))
		return a.err
	}
	result, err := fromB64(v.ResultB64)
	if err != nil {
		return err
	}
	s, err := ReadSketch(result)
	if err != nil {
		return err
	}
	a.ask(Exactly("ok"), "check", field(result))
	a.ask(Number(*v.Cardinality), "cardinality", field(result))
	return askSparkMerge(a, v, s)
}

// askSparkMerge asks the aggregate. Spark's is always dense and ours need not be; Spark's of nothing is an empty
// sketch of 12 bits and ours is NULL: both documented.
func askSparkMerge(a *asker, v *vector, s Sketch) error {
	want := Meaning{s, AnyForm}
	if v.IDs.Rule != "" {
		pieces, err := rebuild(v.IDs, v.precision(), v.PartitionCount)
		if err != nil {
			return err
		}
		a.ask(want, "merge", encodeAll(pieces)...)
		ids, err := idFields(v.IDs)
		if err != nil {
			return err
		}
		a.ask(want, "build", append([]string{number(v.precision())}, ids...)...)
		return a.err
	}
	fields, ids := sparkRows(v)
	if ids == 0 {
		a.ask(Exactly("ok null"), "merge", append(fields, "null")...)
		return a.err
	}
	a.ask(want, "merge", fields...)
	return a.err
}

// sparkRows lists the rows of a merge: the sketch of an id, or null; without those whose flag is not true.
func sparkRows(v *vector) (fields []string, ids int) {
	for i, partition := range v.Partitions {
		for j, id := range partition {
			switch {
			case v.Flags != nil && (v.Flags[i][j] == nil || !*v.Flags[i][j]):
			case id == nil:
				fields = append(fields, "null")
			default:
				ids++
				fields = append(fields, field(sketchOf(v.precision(), []byte(*id)).EncodeSparse()))
			}
		}
	}
	return fields, ids
}

func askSparkScalar(a *asker, v *vector) error {
	switch v.Name {
	case "hllCreate(a,3)":
		return a.askInvalidPrecision("3")
	case "hllCreate(a,25)":
		return a.askInvalidPrecision("25")
	case "hllCardinality(empty array)":
		return a.askInvalid(nil)
	case "hllCreate(empty string,12)":
		encoded, err := fromB64(v.Outcome)
		if err != nil {
			return err
		}
		s, err := ReadSketch(encoded)
		if err != nil {
			return err
		}
		a.ask(Meaning{s, SparseForm}, "create", "12", "-")
		return a.err
	}
	return fmt.Errorf("no request is known for it")
}
