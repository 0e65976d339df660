// SPDX-License-Identifier: Apache-2.0

// Package conformance holds the vectors of the original library and runs them against any program that answers
// the conformance protocol: a request per line in, an answer per line out. It does not import the library that it tests:
// the right answers come from the vectors, from the rules of udf/hll/FORMAT.md, and from an oracle.
package conformance

import (
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
)

// Case is one request and what a right answer to it is.
type Case struct {
	Name string // file/vector/request
	Line string // the request, without the line's end
	Want Want
}

// Files are the files of vectors, in the order in which they are run.
var Files = []string{
	"hash", "create", "sets", "threshold", "merges", "edges", "malformed", "downsize", "linear", "spark_functions",
}

// LeftToSQL names the vectors that the protocol cannot ask, since a NULL there never reaches the functions; the
// end-to-end tests ask them of a server.
var LeftToSQL = map[string]bool{
	"hllCreate(null,12)":   true,
	"hllCreate(null,2)":    true,
	"hllCardinality(null)": true,
}

// EachCase calls yield with the cases of every vector of a file, in order, and returns how many vectors gave
// at least one. It stops at the first error, its own or yield's.
func EachCase(file string, yield func(Case) error) (used int, err error) {
	turn, found := map[string]func(*asker, *vector) error{
		"hash":            askHash,
		"create":          askCreate,
		"sets":            askSet,
		"threshold":       askSet,
		"merges":          askMerge,
		"edges":           askEdge,
		"malformed":       askMalformed,
		"downsize":        askDownsize,
		"linear":          askLinear,
		"spark_functions": askSpark,
	}[file]
	if !found {
		return 0, fmt.Errorf("no file of vectors %q", file)
	}
	vectors, err := readVectors(file)
	if err != nil {
		return 0, err
	}
	for i := range vectors {
		v := &vectors[i]
		a := &asker{prefix: file + "/" + v.Name + "/", yield: yield}
		if err := turn(a, v); err != nil {
			return used, fmt.Errorf("%s/%s: %w", file, v.Name, err)
		}
		if a.asked > 0 || LeftToSQL[v.Name] {
			used++
		}
	}
	return used, nil
}

// asker turns the facts of one vector into cases.
type asker struct {
	prefix string
	yield  func(Case) error
	asked  int
	err    error
}

// ask adds a case; fields are joined by spaces. After an error it does nothing.
func (a *asker) ask(want Want, verb string, fields ...string) {
	if a.err != nil {
		return
	}
	a.asked++
	line := verb
	if len(fields) > 0 {
		line += " " + strings.Join(fields, " ")
	}
	a.err = a.yield(Case{Name: a.prefix + verb, Line: line, Want: want})
}

// field writes bytes as the protocol does.
func field(b []byte) string {
	if len(b) == 0 {
		return "-"
	}
	return hex.EncodeToString(b)
}

func number(n int) string { return strconv.Itoa(n) }

// askRead asks everything that reads one sketch: that it is one, its precision, cardinality and estimate.
func (a *asker) askRead(encoded []byte, s Sketch, cardinality *int64, estimateBits *string) error {
	a.ask(Exactly("ok"), "check", field(encoded))
	a.ask(Number(int64(s.Precision)), "precision", field(encoded))
	return a.askCount(encoded, s, cardinality, estimateBits)
}

func (a *asker) askCount(encoded []byte, s Sketch, cardinality *int64, estimateBits *string) error {
	if cardinality == nil || estimateBits == nil {
		return fmt.Errorf("a valid sketch, and the vector has no cardinality or estimate")
	}
	want, err := wantEstimate(*estimateBits, 1<<s.Precision-s.NonZero(), s.Precision)
	if err != nil {
		return err
	}
	a.ask(Number(*cardinality), "cardinality", field(encoded))
	a.ask(want, "estimate", field(encoded))
	return a.err
}

// askInvalid asks bytes that are not a sketch of every function that takes one, on either side.
func (a *asker) askInvalid(encoded []byte) error {
	valid, bad := validLike(encoded), field(encoded)
	rejected := Rejected{Malformed}
	for _, verb := range []string{"check", "precision", "cardinality", "estimate", "merge"} {
		a.ask(rejected, verb, bad)
	}
	a.ask(rejected, "union", valid, bad)
	a.ask(rejected, "union", bad, valid)
	a.ask(rejected, "merge", valid, "null", bad)
	a.ask(rejected, "reduce", "4", bad)
	return a.err
}

// validLike is a sketch of the precision that the bytes seem to have, so that nothing but their fault can be
// the reason for an error.
func validLike(encoded []byte) string {
	valid := Sketch{Precision: 12}
	if len(encoded) > 1 && encoded[1] >= minPrecision && encoded[1] <= maxPrecision {
		valid.Precision = int(encoded[1])
	}
	return field(valid.EncodeSparse())
}

// askInvalidPrecision asks for a precision that there is none of, of every function that takes one.
func (a *asker) askInvalidPrecision(p string) error {
	rejected := Rejected{PrecisionRange}
	a.ask(rejected, "create", p, "61")
	a.ask(rejected, "build", p, "61", "62")
	a.ask(rejected, "empty", p)
	a.ask(rejected, "reduce", p, "030cc50202")
	return a.err
}
