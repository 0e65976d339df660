// SPDX-License-Identifier: Apache-2.0

package estimate

import "github.com/headcount-hll/headcount/udf/hll/internal/fp"

// rates are what the likelihood of two sketches depends on: the expected number of ids per register that
// are only in the first set, only in the second, and in both.
type rates [3]float64

const (
	onlyFirst = iota
	onlySecond
	inBoth
)

// A likelihood is the logarithm of the probability of two sketches' registers, as a function of the rates
// a, b and x under the Poisson model (Ertl 2017, arXiv 1702.01284, section 5.1, equations 66 to 70). A
// register is the larger of two independent ones: of the ids only in its set, and of the ids in both.
// So, with f_r(0) = e^-r and f_r(k) = e^(-r/2^k) (1 - e^(-r/2^k)),
//
//	P(K1 = i < K2 = k) = f_(a+x)(i) f_b(k)      P(K1 = i > K2 = k) = f_a(i) f_(b+x)(k)
//	P(K1 = K2 = 0)     = e^-(a+b+x)
//	P(K1 = K2 = k)     = e^(-(a+b+x)/2^k) z,    z = (1-X) + X (1-A)(1-B),  A = e^(-a/2^k), ...
//
// The logarithm is a linear function of the rates plus, for each level k >= 1, a count times
// ln(1 - e^(-r/2^k)) for each r of a, b, a+x, b+x, and a count times ln z. Registers are taken as
// unbounded, as in [Improved].
type likelihood struct {
	level  [len(Histogram{})]levelCounts
	top    int     // the highest level with a count
	linear rates   // the coefficients of the linear part, negated
	proven [3]bool // registers show that there are ids of this kind: the rate cannot be zero

	evaluations int // calls of at, at most maxEvaluations and a few
}

// levelCounts are the counts of one level k: registers that hold k, as in JointHistogram.
type levelCounts struct{ aLess, aMore, bLess, bMore, equal float64 }

func (l *likelihood) init(j *JointHistogram) {
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
	l.evaluations++
	level := levelOf(r, l.top)
	for k := l.top; k > 0; k-- {
		if c := &l.level[k]; *c != (levelCounts{}) {
			s.add(c, &level)
		}
		level.down()
	}
	for i, n := range l.linear {
		s.value -= float64(n * r[i])
		s.grad[i] -= n
	}
	return s
}

// add adds a level's logarithms.
func (s *slope) add(c *levelCounts, l *level) {
	if c.aMore > 0 {
		d, dd := s.addLog(c.aMore, l.a, l.scale)
		s.grad[onlyFirst] += d
		s.info[onlyFirst][onlyFirst] += dd
	}
	if c.bMore > 0 {
		d, dd := s.addLog(c.bMore, l.b, l.scale)
		s.grad[onlySecond] += d
		s.info[onlySecond][onlySecond] += dd
	}
	if c.aLess > 0 {
		d, dd := s.addLog(c.aLess, l.a.and(l.x), l.scale)
		s.addSum(onlyFirst, d, dd)
	}
	if c.bLess > 0 {
		d, dd := s.addLog(c.bLess, l.b.and(l.x), l.scale)
		s.addSum(onlySecond, d, dd)
	}
	if c.equal > 0 {
		s.addEqual(c.equal, l)
	}
}

// addLog adds n ln(1 - e^-u) and returns its first and negated second derivative by the rate:
// n e^-u / (1 - e^-u) and n e^-u / (1 - e^-u)^2, times one and two powers of the level's scale.
func (s *slope) addLog(n float64, u exponential, scale float64) (d, dd float64) {
	s.value += float64(n * fp.Log(u.rest))
	d = float64(float64(n*scale)*u.value) / u.rest
	return d, float64(d*scale) / u.rest
}

// addSum adds the derivatives of a term that depends on the sum of rate i and the rate of both.
func (s *slope) addSum(i int, d, dd float64) {
	s.grad[i] += d
	s.grad[inBoth] += d
	s.info[i][i] += dd
	s.info[inBoth][i] += dd
	s.info[inBoth][inBoth] += dd
}

// addEqual adds n ln(z). With derivatives by a/2^k, b/2^k and x/2^k,
//
//	z_a = -z_aa = -z_ax = A X (1-B)   z_b = -z_bb = -z_bx = B X (1-A)   z_ab = A B X
//	z_x = -z_xx = 1 - z = X (A + B (1-A))
//
// and the Hessian of ln z is z_ij/z - (z_i/z)(z_j/z).
func (s *slope) addEqual(n float64, l *level) {
	z := l.equal()
	s.value += float64(n * fp.Log(z))
	a := float64(float64(l.a.value*l.x.value)*l.b.rest) / z
	b := float64(float64(l.b.value*l.x.value)*l.a.rest) / z
	ab := float64(float64(l.a.value*l.b.value)*l.x.value) / z
	x := float64(l.x.value*(l.a.value+float64(l.b.value*l.a.rest))) / z
	w := float64(n * l.scale)
	s.grad[onlyFirst] += float64(w * a)
	s.grad[onlySecond] += float64(w * b)
	s.grad[inBoth] += float64(w * x)
	w = float64(w * l.scale)
	s.info[onlyFirst][onlyFirst] += float64(w * float64(a*(1+a)))
	s.info[onlySecond][onlyFirst] += float64(w * (float64(a*b) - ab))
	s.info[onlySecond][onlySecond] += float64(w * float64(b*(1+b)))
	s.info[inBoth][onlyFirst] += float64(w * float64(a*(1+x)))
	s.info[inBoth][onlySecond] += float64(w * float64(b*(1+x)))
	s.info[inBoth][inBoth] += float64(w * float64(x*(1+x)))
}

// A level holds what the likelihood needs of a level k: the scale 2^-k, and e^(-r/2^k) for each rate r.
type level struct {
	scale   float64
	a, b, x exponential
}

func levelOf(r rates, k int) level {
	scale := fp.Pow2(-k)
	return level{
		scale: scale,
		a:     exponentialOf(float64(r[onlyFirst] * scale)),
		b:     exponentialOf(float64(r[onlySecond] * scale)),
		x:     exponentialOf(float64(r[inBoth] * scale)),
	}
}

// down goes from level k to k-1, where each exponent is twice as large.
func (l *level) down() {
	l.scale += l.scale
	l.a, l.b, l.x = l.a.squared(), l.b.squared(), l.x.squared()
}

// equal returns z = (1-X) + X (1-A) (1-B).
func (l *level) equal() float64 {
	return l.x.rest + float64(l.x.value*float64(l.a.rest*l.b.rest))
}

// An exponential is e^-u for u >= 0, and 1 - e^-u, each as exact as a double can be.
type exponential struct{ value, rest float64 }

func exponentialOf(u float64) exponential {
	rest := -fp.Expm1(-u)
	if rest > 0.5 {
		return exponential{fp.Exp(-u), rest}
	}
	return exponential{1 - rest, rest}
}

// squared returns e^-2u. The smaller part is found first: 1 - e^-2u = (1 - e^-u) (2 - (1 - e^-u)).
func (e exponential) squared() exponential {
	if e.rest > 0.5 {
		value := float64(e.value * e.value)
		return exponential{value, 1 - value}
	}
	rest := float64(e.rest * (2 - e.rest))
	return exponential{1 - rest, rest}
}

// and returns e^-(u+v).
func (e exponential) and(f exponential) exponential {
	return exponential{float64(e.value * f.value), e.rest + float64(e.value*f.rest)}
}
