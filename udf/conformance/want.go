// SPDX-License-Identifier: Apache-2.0

package conformance

import (
	"encoding/hex"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// Want decides whether an answer is right.
type Want interface {
	// Check returns an error that says what is wrong with an answer, nil if it is right.
	Check(answer string) error
	// String says what a right answer is.
	String() string
}

// Exactly wants one answer.
type Exactly string

// Number wants "ok N".
func Number(n int64) Want { return Exactly("ok " + strconv.FormatInt(n, 10)) }

func (w Exactly) String() string { return string(w) }

func (w Exactly) Check(answer string) error {
	if answer != string(w) {
		return fmt.Errorf("not %q", string(w))
	}
	return nil
}

// Form is what a sketch's encoding is expected to be. The zero value expects either.
type Form int

const (
	AnyForm Form = iota
	SparseForm
	DenseForm
)

func formOf(sparse bool) Form {
	if sparse {
		return SparseForm
	}
	return DenseForm
}

// Meaning wants "ok SKETCH" with the registers of Sketch and, unless Form is AnyForm, in that form.
type Meaning struct {
	Sketch Sketch
	Form   Form
}

func (w Meaning) String() string {
	s := w.Sketch
	s.Dense = w.Form == DenseForm
	if w.Form == AnyForm {
		return "ok, and the registers of a " + strings.TrimPrefix(s.String(), "sparse ")
	}
	return "ok, and the registers of a " + s.String()
}

func (w Meaning) Check(answer string) error {
	text, found := strings.CutPrefix(answer, "ok ")
	if !found {
		return fmt.Errorf("not ok and a sketch")
	}
	got, err := parseSketch(text)
	switch {
	case err != nil:
		return fmt.Errorf("not a sketch: %w", err)
	case !got.SameRegisters(w.Sketch):
		return fmt.Errorf("other registers: a %v", got)
	case w.Form == SparseForm && got.Dense, w.Form == DenseForm && !got.Dense:
		return fmt.Errorf("the right registers in the wrong form: a %v", got)
	}
	return nil
}

func parseSketch(text string) (Sketch, error) {
	if text != strings.ToLower(text) {
		return Sketch{}, fmt.Errorf("hex digits in upper case")
	}
	encoded, err := hex.DecodeString(text)
	if err != nil {
		return Sketch{}, err
	}
	return ReadSketch(encoded)
}

// Bits wants "ok BITS": a double in 16 hex digits, at most ULPs units in the last place from the expected one.
type Bits struct {
	Expected uint64
	ULPs     uint64
}

func (w Bits) String() string {
	return fmt.Sprintf("ok %016x (%v) within %d ulp", w.Expected, math.Float64frombits(w.Expected), w.ULPs)
}

func (w Bits) Check(answer string) error {
	text, found := strings.CutPrefix(answer, "ok ")
	if !found || len(text) != 16 || text != strings.ToLower(text) {
		return fmt.Errorf("not ok and 16 hex digits")
	}
	got, err := strconv.ParseUint(text, 16, 64)
	if err != nil {
		return err
	}
	if ulpsApart(got, w.Expected) > w.ULPs {
		return fmt.Errorf("%v is another number", math.Float64frombits(got))
	}
	return nil
}

// ulpsApart is how many doubles lie between two of the same sign; of different signs, very many.
func ulpsApart(a, b uint64) uint64 {
	return max(a, b) - min(a, b)
}

// Rejected wants "error CODE message", the message in ASCII. An empty Code means any code.
type Rejected struct{ Code string }

// The codes of the protocol.
const (
	Malformed         = "malformed"
	PrecisionRange    = "precision_range"
	PrecisionMismatch = "precision_mismatch"
	Unknown           = "unknown"
	TooLarge          = "too_large"
)

func (w Rejected) String() string {
	code := w.Code
	if code == "" {
		code = "(any code)"
	}
	return "error " + code + " and a message"
}

func (w Rejected) Check(answer string) error {
	rest, found := strings.CutPrefix(answer, "error ")
	if !found {
		return fmt.Errorf("not an error")
	}
	code, message, _ := strings.Cut(rest, " ")
	if w.Code != "" && code != w.Code {
		return fmt.Errorf("an error with the code %q", code)
	}
	if strings.TrimSpace(message) == "" {
		return fmt.Errorf("no message")
	}
	for _, r := range message {
		if r < ' ' || r > '~' {
			return fmt.Errorf("%q in the message is not printable ASCII", r)
		}
	}
	return nil
}
