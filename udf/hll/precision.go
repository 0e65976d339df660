// SPDX-License-Identifier: Apache-2.0

package hll

import "github.com/headcount-hll/headcount/udf/errs"

// MinPrecision and MaxPrecision are the limits of the format.
const (
	MinPrecision = 4
	MaxPrecision = 24
	// DefaultPrecision is the precision of client_count: 4,096 registers, a standard error of 1.6 %.
	DefaultPrecision = 12
)

// A Precision is the logarithm (base 2) of the number of registers, 4..24. The zero value is invalid: precisions come from
// [NewPrecision] or from a sketch.
type Precision struct{ bits uint8 }

// NewPrecision returns the precision p, or a [errs.PrecisionRange] error.
func NewPrecision(p int64) (Precision, error) {
	if p < MinPrecision || p > MaxPrecision {
		return Precision{}, invalid(errs.PrecisionRange, "precision %d: must be %d to %d", p, MinPrecision, MaxPrecision)
	}
	return Precision{uint8(p)}, nil
}

// Int returns the precision as a number, 4..24.
func (p Precision) Int() int { return int(p.bits) }

// Registers returns 2^p.
func (p Precision) Registers() int { return 1 << p.bits }

// largestRho returns the largest value of a register. Of the 128 bits of a hash, p select the register; rho is the position
// of the first 1 in the others.
func (p Precision) largestRho() uint8 { return 128 - p.bits }

// sparseLimit returns the most entries of a sparse sketch that is written: entries*16 <= 2^p, as in Algebird.
func (p Precision) sparseLimit() int { return 1 << p.bits >> 4 }

// indexWidth returns the bytes of an index in a sparse entry: ceil(p/8).
func (p Precision) indexWidth() int { return (int(p.bits) + 7) / 8 }

// entryWidth returns the bytes of a sparse entry: an index and a rho.
func (p Precision) entryWidth() int { return p.indexWidth() + 1 }
