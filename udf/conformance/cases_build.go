// SPDX-License-Identifier: Apache-2.0

package conformance

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
)

// Vectors that begin with ids: hash, create, sets and threshold.

// mostIDs is the largest set that is asked as one line of ids. Larger ones are asked as a merge of parts.
const mostIDs = 20_000

// parts into which a larger set is cut.
const parts = 4

func askHash(a *asker, v *vector) error {
	id, err := fromHex(v.InputHex)
	if err != nil {
		return err
	}
	if v.Rho12 < 1 || v.J12 >= 1<<12 {
		return fmt.Errorf("j12 %d, rho12 %d", v.J12, v.Rho12)
	}
	want := Meaning{fromRegisters(12, map[int]byte{v.J12: byte(v.Rho12)}), SparseForm}
	a.ask(want, "create", "12", field(id))
	return a.err
}

func askCreate(a *asker, v *vector) error {
	if v.Hex == nil || v.Bits < minPrecision || v.Bits > maxPrecision {
		// Presto's function made a sketch of precision 25 and above, which nothing could read back.
		return a.askInvalidPrecision(strconv.FormatInt(v.Bits, 10))
	}
	encoded, err := fromHex(*v.Hex)
	if err != nil {
		return err
	}
	s, err := ReadSketch(encoded)
	if err != nil {
		return err
	}
	id, err := fromHex(v.UTF8Hex)
	if err != nil {
		return err
	}
	want := Meaning{s, formOf(v.Sparse)}
	a.ask(want, "create", number(v.precision()), field(id))
	a.ask(want, "build", number(v.precision()), field(id), field(id))
	return a.askRead(encoded, s, v.Cardinality, v.EstimateBits)
}

func askSet(a *asker, v *vector) error {
	s, err := stated(v)
	if err != nil {
		return err
	}
	s.Dense = !v.Sparse
	encoded := s.EncodeSparse()
	if s.Dense {
		encoded = s.EncodeDense()
	}
	if v.B64 != nil { // the original's own order of entries
		if encoded, err = fromB64(*v.B64); err != nil {
			return err
		}
	}
	if err := a.askRead(encoded, s, v.Cardinality, v.EstimateBits); err != nil {
		return err
	}
	if err := a.askDense(v, s); err != nil {
		return err
	}
	return a.askBuilt(v, s)
}

// askDense asks a set that is written sparse for its dense form, which has estimates of its own. Above precision
// 16 only a few sets are asked, because a line has up to 33 megabytes.
func (a *asker) askDense(v *vector, s Sketch) error {
	switch {
	case !v.Sparse:
		return nil
	case v.precision() <= 16:
		return a.askCount(s.EncodeDense(), s, v.DenseCard, v.DenseEstimate)
	}
	switch v.Name {
	case "set-b17-n1000", "set-b21-n1000":
		a.ask(Meaning{s, DenseForm}, "merge", field(s.EncodeSparse()), field(s.EncodeDense()))
		fallthrough
	case "set-b24-n1000":
		if err := holdTo(v.DenseSHA256, s); err != nil {
			return err
		}
		a.ask(Number(*v.DenseCard), "cardinality", field(s.EncodeDense()))
	}
	return a.err
}

// askBuilt asks for the set from its ids.
func (a *asker) askBuilt(v *vector, s Sketch) error {
	want := Meaning{s, formOf(v.Sparse)}
	p := v.precision()
	switch n := v.IDs.count(); {
	case n == 0:
		a.ask(want, "empty", number(p))
	case n <= mostIDs:
		fields, err := idFields(v.IDs)
		if err != nil {
			return err
		}
		a.ask(want, "build", append([]string{number(p)}, fields...)...)
	case v.B64 == nil: // its ids are hashed already; the sets of millions are given as bytes
		pieces, err := rebuild(v.IDs, p, parts)
		if err != nil {
			return err
		}
		a.ask(want, "merge", encodeAll(pieces)...)
	}
	return a.err
}

func idFields(rule idRule) ([]string, error) {
	ids, err := rule.all()
	if err != nil {
		return nil, err
	}
	var fields []string
	for id := range ids {
		fields = append(fields, field(id))
	}
	return fields, nil
}

func encodeAll(sketches []Sketch) []string {
	fields := make([]string, len(sketches))
	for i, s := range sketches {
		fields[i] = field(s.Encode())
	}
	return fields
}

// stated is the sketch that a vector states: its bytes, or, where it has only their hash, what the oracle makes
// of its ids, held to that hash.
func stated(v *vector) (Sketch, error) {
	if v.B64 == nil {
		pieces, err := rebuild(v.IDs, v.precision(), 1)
		if err != nil {
			return Sketch{}, err
		}
		return pieces[0], holdTo(v.DenseSHA256, pieces[0])
	}
	encoded, err := fromB64(*v.B64)
	if err != nil {
		return Sketch{}, err
	}
	if err := sameSHA256(v.SHA256, encoded); err != nil {
		return Sketch{}, err
	}
	s, err := ReadSketch(encoded)
	if err != nil {
		return Sketch{}, err
	}
	if s.Precision != v.precision() || s.Dense == v.Sparse {
		return Sketch{}, fmt.Errorf("the vector says precision %d, sparse %t, its bytes are a %v", v.Bits, v.Sparse, s)
	}
	if v.precision() <= 16 {
		err = holdTo(v.DenseSHA256, s)
	}
	return s, err
}

// rebuild hashes the ids and deals them out to n sketches in turn.
func rebuild(rule idRule, p, n int) ([]Sketch, error) {
	ids, err := rule.all()
	if err != nil {
		return nil, err
	}
	builders := make([]*builder, n)
	for i := range builders {
		builders[i] = newBuilder(p)
	}
	i := 0
	for id := range ids {
		builders[i%n].add(murmur(id))
		i++
	}
	out := make([]Sketch, n)
	for i, b := range builders {
		out[i] = b.sketch()
	}
	return out, nil
}

func holdTo(denseSHA256 string, s Sketch) error { return sameSHA256(denseSHA256, s.EncodeDense()) }

func sameSHA256(want string, b []byte) error {
	if sum := sha256.Sum256(b); hex.EncodeToString(sum[:]) != want {
		return errors.New("the bytes have another SHA-256 than the vector says")
	}
	return nil
}
