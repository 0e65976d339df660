// SPDX-License-Identifier: Apache-2.0

package hll

import (
	"github.com/headcount-hll/headcount/udf/errs"
	"github.com/headcount-hll/headcount/udf/hll/internal/register"
)

// Decode checks that b is a sketch and returns it. A [Sketch] comes only from here, so no other function checks it again.
// Decode allocates nothing except an error, reads b once, and keeps b.
//
// Any other bytes are an [errs.Malformed] error that names the wrong byte. Algebird accepts some of them and throws later
// (FORMAT.md, "What is rejected").
func Decode(b []byte) (Sketch, error) {
	s, err := decodeHeader(b)
	if err != nil {
		return Sketch{}, err
	}
	if s.form == denseForm {
		err = s.checkRegisters(register.Largest(s.body))
	} else {
		s.ordered, err = checkEntries(s.precision, s.body)
	}
	if err != nil {
		return Sketch{}, err
	}
	return s, nil
}

// decodeHeader checks the form, the precision and the length, but no registers or entries.
func decodeHeader(b []byte) (Sketch, error) {
	if len(b) < headerSize {
		return Sketch{}, invalid(errs.Malformed, "ends at byte %d: a sketch begins with a type byte (02 dense, 03 sparse) and a precision byte", len(b))
	}
	if b[0] != denseForm && b[0] != sparseForm {
		return Sketch{}, invalid(errs.Malformed, "byte 0: type %02x, must be 02 (dense) or 03 (sparse)", b[0])
	}
	if b[1] < MinPrecision || b[1] > MaxPrecision {
		return Sketch{}, invalid(errs.Malformed, "byte 1: precision %d, must be %d to %d", b[1], MinPrecision, MaxPrecision)
	}
	s := Sketch{precision: Precision{b[1]}, form: b[0], body: b[headerSize:], bytes: b}
	if s.form == denseForm {
		if want := s.precision.Registers(); len(s.body) != want {
			return Sketch{}, invalid(errs.Malformed, "ends at byte %d: a dense sketch of precision %d has %d bytes", len(b), b[1], headerSize+want)
		}
		return s, nil
	}
	if width := s.precision.entryWidth(); len(s.body)%width != 0 {
		return Sketch{}, invalid(errs.Malformed, "ends at byte %d, inside an entry: a sparse sketch of precision %d has 2 + %d bytes for each entry", len(b), b[1], width)
	}
	return s, nil
}

// checkRegisters returns an error if largest, the largest register of a dense sketch, is too large.
func (s Sketch) checkRegisters(largest byte) error {
	limit := s.precision.largestRho()
	if largest <= limit {
		return nil
	}
	for i, r := range s.body {
		if r > limit {
			return invalid(errs.Malformed, "byte %d: register %d holds %d, at most %d at precision %d", headerSize+i, i, r, limit, s.precision.bits)
		}
	}
	return invalid(errs.Malformed, "a register holds %d, at most %d at precision %d", largest, limit, s.precision.bits)
}

// IsSparse reports whether b starts like a sparse sketch. It checks nothing else: it is for callers that estimate work.
func IsSparse(b []byte) bool { return len(b) > 0 && b[0] == sparseForm }
