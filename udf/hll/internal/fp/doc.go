// SPDX-License-Identifier: Apache-2.0

// Package fp holds the elementary functions that the estimators need, with the same bits on every
// architecture.
//
// The standard library's math.Log and math.Exp are written in assembly on some architectures, and
// the compiler may fuse x*y + z into one rounding on arm64, ppc64, s390x and riscv64. Two nodes of
// one cluster could then disagree about the last bit of an estimate. Here each function is plain Go,
// made of additions, products, quotients and bit operations, whose rounding IEEE 754 defines; each product is wrapped in an explicit float64 conversion, which the Go specification
// ("Floating-point operators") says prevents fusion. A test holds the source to that rule.
//
// Each result is less than 1 ulp from the true value; the tests compare with math/big. Special
// cases (NaN, infinities, zeros, arguments outside the domain) are those of package math.
package fp

import "math"

// Ln 2 in two parts: ln2Hi has 42 significant bits, so that its product with an exponent (11 bits)
// is exact; ln2Lo is the rest.
const (
	ln2Hi = 0x1.62e42fefa38p-1
	ln2Lo = math.Ln2 - ln2Hi
)

// Pow2 returns 2^k: zero below the smallest subnormal number, +Inf above the largest power.
func Pow2(k int) float64 {
	switch {
	case k > 1023:
		return math.Inf(1)
	case k >= -1022:
		return math.Float64frombits(uint64(k+1023) << 52)
	case k >= -1074:
		return math.Float64frombits(1 << uint(k+1074))
	default:
		return 0
	}
}
