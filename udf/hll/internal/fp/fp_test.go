// SPDX-License-Identifier: Apache-2.0

package fp

import (
	"math"
	"math/big"
	"testing"
)

var inf, nan = math.Inf(1), math.NaN()

// A tested function has with its oracle and the arguments worth trying.
type testedFunction struct {
	name   string
	f      func(float64) float64
	oracle func(float64) *big.Float
	draw   func(r *rng) float64 // a random argument within the domain
	edges  []float64
}

// eachWay returns each value with its two neighbours.
func eachWay(values ...float64) (all []float64) {
	for _, v := range values {
		all = append(all, math.Nextafter(v, -inf), v, math.Nextafter(v, inf))
	}
	return all
}

var functions = []testedFunction{
	{"Log", Log, oracleLog, drawPositive, eachWay(0x1p-1074, 0x1p-1022, 0.5, math.Sqrt2/2, 1, math.Sqrt2, 2, math.E, 1e300)[1:]},
	{"Exp", Exp, oracleExp, drawExponent, eachWay(-745.13321910194, -708.3964185322641, -1, -0x1p-60, 0x1p-60, math.Ln2/2, -math.Ln2/2, 1, 709.78271289338)},
	{"Expm1", Expm1, oracleExpm1, drawExponent, eachWay(-745, -40, -37.42994775023705, -0.34, 0x1p-1022, 0x1p-1074, -0x1p-30, 0.34, math.Ln2/2, math.Ln2, 40, 709.78271289338)},
}

// drawPositive returns any positive finite double in half of the draws, one near 1 otherwise.
func drawPositive(r *rng) float64 {
	if r.next()&1 == 0 {
		return 0.25 + 4*r.unit()
	}
	return math.Float64frombits(1 + r.next()%(0x7ff0000000000000-1))
}

func drawExponent(r *rng) float64 {
	switch r.next() & 3 {
	case 0:
		return float64(1454*r.unit()) - 745
	case 1:
		return 4*r.unit() - 2
	case 2:
		return float64(80*r.unit()) - 40
	default:
		return math.Ldexp(r.unit()-0.5, -int(r.next()%200))
	}
}

func TestFunctions_AreWithinOneUlp(t *testing.T) {
	n := 20000
	if testing.Short() {
		n = 2000
	}
	for _, s := range functions {
		r := rng(1)
		worst, at := 0.0, 0.0
		for i := range n + len(s.edges) {
			x := 0.0
			if i < len(s.edges) {
				x = s.edges[i]
			} else {
				x = s.draw(&r)
			}
			if u := ulps(s.f(x), s.oracle(x)); !(u <= worst) {
				worst, at = u, x
			}
		}
		t.Logf("%s: at most %.3f ulp, at %x", s.name, worst, at)
		if !(worst < 1) {
			t.Errorf("%s(%x) = %x is %.3f ulp from the true value", s.name, at, s.f(at), worst)
		}
	}
}

func TestFunctions_HandleSpecialCases(t *testing.T) {
	negZero := math.Copysign(0, -1)
	for _, c := range []struct {
		name string
		f    func(float64) float64
		x, y float64
	}{
		{"Log", Log, nan, nan}, {"Log", Log, inf, inf}, {"Log", Log, -inf, nan}, {"Log", Log, -1, nan},
		{"Log", Log, 0, -inf}, {"Log", Log, negZero, -inf}, {"Log", Log, 1, 0}, {"Log", Log, 2, math.Ln2},
		{"Exp", Exp, nan, nan}, {"Exp", Exp, inf, inf}, {"Exp", Exp, -inf, 0}, {"Exp", Exp, 0, 1}, {"Exp", Exp, negZero, 1},
		{"Exp", Exp, 709.79, inf}, {"Exp", Exp, -745.2, 0}, {"Exp", Exp, -745.1, 0x1p-1074}, {"Exp", Exp, 1, math.E},
		{"Expm1", Expm1, nan, nan}, {"Expm1", Expm1, inf, inf}, {"Expm1", Expm1, -inf, -1}, {"Expm1", Expm1, 0, 0},
		{"Expm1", Expm1, negZero, negZero}, {"Expm1", Expm1, 709.79, inf}, {"Expm1", Expm1, -100, -1},
	} {
		if got := c.f(c.x); math.Float64bits(got) != math.Float64bits(c.y) && !(got != got && c.y != c.y) {
			t.Errorf("%s(%v) = %v, want %v", c.name, c.x, got, c.y)
		}
	}
}

func TestPow2_AgreesWithLdexp(t *testing.T) {
	for k := -1100; k <= 1100; k++ {
		if got, want := Pow2(k), math.Ldexp(1, k); got != want {
			t.Fatalf("Pow2(%d) = %x, want %x", k, got, want)
		}
	}
}

func TestFunctions_AllocateNothing(t *testing.T) {
	x := 1.25
	if n := testing.AllocsPerRun(10, func() { x = Log(Exp(Expm1(x))) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func benchmark(b *testing.B, f func(float64) float64) {
	sum := 0.0
	for i := range b.N {
		sum += f(1 + float64(i&1023)*0x1p-8)
	}
	sink = sum
}

var sink float64

func BenchmarkLog(b *testing.B)   { benchmark(b, Log) }
func BenchmarkExp(b *testing.B)   { benchmark(b, Exp) }
func BenchmarkExpm1(b *testing.B) { benchmark(b, Expm1) }
