package hll

import (
	"github.com/headcount-hll/headcount/udf/hll/internal/fp"
)

// rates are what the likelihood of two sketches depends on: the expected number of ids per register that
// are only in the first set, only in the second, and in both.
type rates [3]float64

const (
	onlyFirst = iota
	onlySecond
	inBoth
)

// A likelihood is the logarithm of the probability of two sketches' registers as a function of the
// rates a, b and x under the Poisson model (Ertl 2017, section 4.2). A register of the first sketch is the
// larger of two independent ones, of ids only there and of ids in both; so, with f_r(0) = e^-r and
// f_r(k) = e^(-r/2^k) (1 - e^(-r/2^k)),
//
//	P(K1 = i < K2 = k) = f_(a+x)(i) f_b(k)      P(K1 = i > K2 = k) = f_a(i) f_(b+x)(k)
//	P(K1 = K2 = 0)     = e^-(a+b+x)
//	P(K1 = K2 = k)     = e^(-(a+b+x)/2^k) z,    z = (1-X) + X (1-A)(1-B),  A = e^(-a/2^k), ...
//
// and the logarithm is a linear function of the rates plus, for each level k >= 1, counts times
// ln(1 - e^(-r/2^k)) for r = a, b, a+x, b+x and count times ln z.
type likelihood struct {
	level  [len(histogram{})]levelCounts
	top    int     // the highest level with a count
	linear rates   // the coefficients of the linear part, negated
	proven [3]bool // registers show that there are ids of this kind: the rate cannot be zero
}

// levelCounts are the counts of one level k: registers that hold k, as in jointHistogram.
type levelCounts struct{ aLess, aMore, bLess, bMore, equal float64 }

func (l *likelihood) init(j *jointHistogram) {
	l.top = 1
	for k := range l.level {
		c := levelCounts{float64(j.aLess[k]), float64(j.aMore[k]), float64(j.bLess[k]), float64(j.bMore[k]), float64(j.equal[k])}
		l.level[k] = c
		if k > l.top && c != (levelCounts{}) {
			l.top = k
		}
	}
	for k := l.top; k >= 0; k-- {
		c, s := &l.level[k], fp.Pow2(-k)
		l.proven[onlyFirst] = l.proven[onlyFirst] || c.aMore > 0 // above another register: at least 1
		l.proven[onlySecond] = l.proven[onlySecond] || c.bMore > 0
		l.linear[onlyFirst] += float64(s * (c.aLess + c.aMore + c.equal))
		l.linear[onlySecond] += float64(s * (c.bLess + c.bMore + c.equal))
		l.linear[inBoth] += float64(s * (c.aLess + c.bLess + c.equal))
	}
}

// A slope is the likelihood at one point, with its gradient and its Hessian negated (the observed
// information), by rates.
type slope struct {
	value float64
	grad  [3]float64
	info  [3][3]float64 // the lower triangle
}

// at returns the likelihood at r. The value is -Inf where the registers are impossible.
func (l *likelihood) at(r rates) (s slope) {
	scale := fp.Pow2(-l.top)
	// 1 - e^(-r/2^k), from the highest level down: 1 - e^-2u = g (2 - g) for g = 1 - e^-u.
	ga := -fp.Expm1(float64(-r[onlyFirst] * scale))
	gb := -fp.Expm1(float64(-r[onlySecond] * scale))
	gx := -fp.Expm1(float64(-r[inBoth] * scale))
	for k := l.top; k > 0; k-- {
		c := &l.level[k]
		if *c != (levelCounts{}) {
			s.addLevel(c, scale, ga, gb, gx)
		}
		ga, gb, gx = float64(ga*(2-ga)), float64(gb*(2-gb)), float64(gx*(2-gx))
		scale += scale
	}
	for i, n := range l.linear {
		s.value -= float64(n * r[i])
		s.grad[i] -= n
	}
	return s
}

func (s *slope) addLevel(c *levelCounts, scale, ga, gb, gx float64) {
	if c.aMore > 0 {
		d, dd := s.addLog(c.aMore, ga, scale)
		s.grad[onlyFirst] += d
		s.info[onlyFirst][onlyFirst] += dd
	}
	if c.bMore > 0 {
		d, dd := s.addLog(c.bMore, gb, scale)
		s.grad[onlySecond] += d
		s.info[onlySecond][onlySecond] += dd
	}
	if c.aLess > 0 {
		d, dd := s.addLog(c.aLess, ga+float64(gx*(1-ga)), scale)
		s.addSum(onlyFirst, d, dd)
	}
	if c.bLess > 0 {
		d, dd := s.addLog(c.bLess, gb+float64(gx*(1-gb)), scale)
		s.addSum(onlySecond, d, dd)
	}
	if c.equal > 0 {
		s.addEqual(c.equal, scale, ga, gb, gx)
	}
}

// addLog adds n ln(g), g = 1 - e^-u, and returns its first and negated second derivative by u*2^k:
// n (1-g)/g and n (1-g)/g^2.
func (s *slope) addLog(n, g, scale float64) (d, dd float64) {
	s.value += float64(n * fp.Log(g))
	d = float64(n*scale) * ((1 - g) / g)
	return d, float64(d*scale) / g
}

// addSum adds the derivatives of a term that depends on the sum of rate i and the rate of both.
func (s *slope) addSum(i int, d, dd float64) {
	s.grad[i] += d
	s.grad[inBoth] += d
	s.info[i][i] += dd
	s.info[inBoth][i] += dd
	s.info[inBoth][inBoth] += dd
}

// addEqual adds n ln(z). With the derivatives by a/2^k, b/2^k and x/2^k
//
//	z_a = -z_aa = -z_ax = A X (1-B)   z_b = -z_bb = -z_bx = B X (1-A)   z_ab = A B X   z_x = -z_xx = 1 - z
//
// the Hessian of ln z is z_ij/z - (z_i/z)(z_j/z).
func (s *slope) addEqual(n, scale, ga, gb, gx float64) {
	x := 1 - gx
	z := gx + float64(x*float64(ga*gb))
	s.value += float64(n * fp.Log(z))
	a := float64(float64((1-ga)*x)*gb) / z
	b := float64(float64((1-gb)*x)*ga) / z
	ab := float64(float64((1-ga)*(1-gb))*x) / z
	e := (1 - z) / z
	w := float64(n * scale)
	s.grad[onlyFirst] += float64(w * a)
	s.grad[onlySecond] += float64(w * b)
	s.grad[inBoth] += float64(w * e)
	w = float64(w * scale)
	s.info[onlyFirst][onlyFirst] += float64(w * float64(a*(1+a)))
	s.info[onlySecond][onlyFirst] += float64(w * (float64(a*b) - ab))
	s.info[onlySecond][onlySecond] += float64(w * float64(b*(1+b)))
	s.info[inBoth][onlyFirst] += float64(w * float64(a*(1+e)))
	s.info[inBoth][onlySecond] += float64(w * float64(b*(1+e)))
	s.info[inBoth][inBoth] += float64(w * float64(e*(1+e)))
}
