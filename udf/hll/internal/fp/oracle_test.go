// SPDX-License-Identifier: Apache-2.0

package fp

import (
	"math/big"
)

// The oracle: logarithm and exponential in math/big, with 256 bits, by the plainest series.

const oraclePrec = 256

func bigFloat(x float64) *big.Float { return new(big.Float).SetPrec(oraclePrec).SetFloat64(x) }

var bigLn2 = bigAtanhTwice(new(big.Float).SetPrec(oraclePrec).Quo(bigFloat(1), bigFloat(3)))

// bigAtanhTwice returns 2 atanh(s) = 2 (s + s^3/3 + s^5/5 + ...).
func bigAtanhTwice(s *big.Float) *big.Float {
	sum := new(big.Float).SetPrec(oraclePrec)
	if s.Sign() == 0 {
		return sum
	}
	power := new(big.Float).SetPrec(oraclePrec).Set(s)
	square := new(big.Float).SetPrec(oraclePrec).Mul(s, s)
	for n := 1; ; n += 2 {
		term := new(big.Float).SetPrec(oraclePrec).Quo(power, bigFloat(float64(n)))
		sum.Add(sum, term)
		if term.MantExp(nil) < sum.MantExp(nil)-200 {
			return sum.Mul(sum, bigFloat(2))
		}
		power.Mul(power, square)
	}
}

// bigLog returns ln(x) for x > 0: ln(f) + k ln 2, f in [1/2, 1) or, near 1, x itself.
func bigLog(x *big.Float) *big.Float {
	f := new(big.Float).SetPrec(oraclePrec)
	k := x.MantExp(f)
	if k == 1 { // x in [1, 2): no cancellation with ln 2
		f.Set(x)
		k = 0
	}
	num := new(big.Float).SetPrec(oraclePrec).Sub(f, bigFloat(1))
	den := new(big.Float).SetPrec(oraclePrec).Add(f, bigFloat(1))
	log := bigAtanhTwice(num.Quo(num, den))
	return log.Add(log, new(big.Float).SetPrec(oraclePrec).Mul(bigFloat(float64(k)), bigLn2))
}

// bigExpm1 returns e^x - 1: the Taylor series at x/2^k, then k times (1+y)^2 - 1 = y (2 + y).
func bigExpm1(x float64) *big.Float {
	y := bigFloat(x)
	k := max(0, y.MantExp(nil)+4)
	y.SetMantExp(y, -k)
	sum := new(big.Float).SetPrec(oraclePrec)
	if y.Sign() == 0 {
		return sum
	}
	term := bigFloat(1)
	for n := 1; ; n++ {
		term.Mul(term, y)
		term.Quo(term, bigFloat(float64(n)))
		sum.Add(sum, term)
		if term.MantExp(nil) < sum.MantExp(nil)-220 {
			break
		}
	}
	for range k {
		sum.Mul(sum, new(big.Float).SetPrec(oraclePrec).Add(sum, bigFloat(2)))
	}
	return sum
}

func oracleLog(x float64) *big.Float   { return bigLog(bigFloat(x)) }
func oracleExpm1(x float64) *big.Float { return bigExpm1(x) }
func oracleExp(x float64) *big.Float {
	y := bigExpm1(x)
	if x < -1 { // e^x = 1/e^-x, without the cancellation of -1 + 1
		y = bigExpm1(-x)
		y.Add(y, bigFloat(1))
		return y.Quo(bigFloat(1), y)
	}
	return y.Add(y, bigFloat(1))
}

// ulps returns |got - want| in units of the last place of want as a double.
func ulps(got float64, want *big.Float) float64 {
	diff := new(big.Float).SetPrec(oraclePrec).Sub(bigFloat(got), want)
	exp := -1074
	if want.Sign() != 0 {
		exp = max(exp, want.MantExp(nil)-53)
	}
	u, _ := diff.Abs(diff).SetMantExp(diff, -exp).Float64()
	return u
}

// rng is splitmix64.
type rng uint64

func (r *rng) next() uint64 {
	*r += 0x9E3779B97F4A7C15
	z := uint64(*r)
	z = (z ^ z>>30) * 0xBF58476D1CE4E5B9
	z = (z ^ z>>27) * 0x94D049BB133111EB
	return z ^ z>>31
}

// unit returns a multiple of 2^-53 in [0, 1).
func (r *rng) unit() float64 { return float64(r.next()>>11) * 0x1p-53 }
