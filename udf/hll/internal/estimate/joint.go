// SPDX-License-Identifier: Apache-2.0

package estimate

import "math"

// A fit is the maximum of the likelihood of two sketches over rates from 0 up (Ertl 2017, arXiv
// 1702.01284, section 5.2). The paper climbs by BFGS over the logarithms of the rates; Newton's method over
// the rates themselves takes a handful of steps, and can say that a rate is exactly zero.
type fit struct {
	likelihood
	registers float64 // 2^p
	best      rates
	value     float64 // the likelihood there
	smaller   float64 // the improved estimate of the smaller set, in ids
}

// ids returns a fitted rate as a number of ids.
func (f *fit) ids(i int) float64 { return float64(f.best[i] * f.registers) }

// init finds the maximum, and reports whether both sets have an id.
func (f *fit) init(p uint8, j *JointHistogram) bool {
	var other JointHistogram
	if !j.inOrder() {
		other = j.swapped()
		j = &other
	}
	f.registers = float64(uint64(1) << p)
	f.likelihood.init(j)
	first, second, union := j.first(), j.second(), j.union()
	a, b, u := Improved(p, &first), Improved(p, &second), Improved(p, &union)
	f.smaller = min(a, b)
	f.best, f.value = f.climb(f.start(a/f.registers, b/f.registers, u/f.registers), none)
	return a > 0 && b > 0
}

// start returns the rates of inclusion and exclusion, given those of the first set, the second and the
// union, but none at zero that may have to grow. Where the registers say nothing (a small set that a large
// one outdoes in every register may as well be contained as apart) the fit stays there: contained.
func (f *fit) start(a, b, u float64) rates {
	small := min(a, b)
	x := min(max(a+b-u, float64(0.01*small)), small)
	if f.proven[onlyFirst] && x > float64(0.99*a) || f.proven[onlySecond] && x > float64(0.99*b) {
		x = float64(0.99 * small)
	}
	return rates{a - x, b - x, x}
}

const (
	maxSteps = 100 // of one climb; 4 to 8 is usual
	// maxEvaluations limits the work of a fit and its interval over any registers. The most seen is 408, over crafted
	// ones; 30 is usual.
	maxEvaluations = 10_000
	polish         = 1e-6 // a Newton step that promises less than half of it is the last one
)

// none is the held rate of a climb that holds no rate.
const none = -1

// climb maximises the likelihood over rates >= 0 and returns the maximum: Newton's method, projected onto
// the bounds, damped (Levenberg-Marquardt) where a step would not climb. The held rate stays as it is.
func (l *likelihood) climb(r rates, held int) (rates, float64) {
	here := l.at(r)
	damping := 0.0
	for n := 0; n < maxSteps && l.evaluations < maxEvaluations; n++ {
		step, gain, ok := here.step(r, held, damping)
		if !ok {
			damping = more(damping)
			continue
		}
		next, there := l.move(r, step)
		if there.value > here.value {
			r, here = next, there
			left := float64(gain * (1 + damping)) // what an undamped step would promise
			damping = less(damping)
			if left < polish {
				break
			}
		} else if gain < polish {
			break // a rounding error from the maximum
		} else {
			damping = more(damping)
		}
	}
	return r, here.value
}

func more(damping float64) float64 { return max(1e-3, float64(10*damping)) }

func less(damping float64) float64 {
	if damping < 0.1 {
		return 0
	}
	return float64(0.01 * damping)
}

// move takes a step from r, as far as the bounds allow: a rate may fall to zero if it would stay there,
// else to an eighth.
func (l *likelihood) move(r, step rates) (next rates, there slope) {
	reached := false
	for i := range r {
		next[i] = r[i] + step[i]
		if next[i] <= 0 {
			next[i] = 0
			reached = reached || r[i] > 0
			if l.proven[i] {
				next[i] = float64(0.125 * r[i])
			}
		}
	}
	there = l.at(next)
	if reached {
		again := false
		for i := range r {
			if next[i] == 0 && r[i] > 0 && !(there.grad[i] <= 0) {
				next[i] = float64(0.125 * r[i])
				again = true
			}
		}
		if again {
			there = l.at(next)
		}
	}
	return next, there
}

// step returns the damped Newton step from r in the rates that are free (neither held, nor zero and
// better below), and the product of the step with the gradient: twice what it adds to a quadratic.
// It is not ok where the damped information is not positive definite.
func (s *slope) step(r rates, held int, damping float64) (step rates, gain float64, ok bool) {
	var index [3]int
	n := 0
	for i := range r {
		if i != held && (r[i] > 0 || s.grad[i] > 0) {
			index[n] = i
			n++
		}
	}
	var a [3][3]float64
	var x [3]float64
	for i := range n {
		for k := range i + 1 {
			a[i][k] = s.info[index[i]][index[k]]
		}
		x[i] = s.grad[index[i]]
		if damping > 0 {
			// In the scale of the rate itself where there is no information: then a step of r/damping.
			scale := a[i][i]
			if rate := r[index[i]]; rate > 0 {
				scale += math.Abs(x[i]) / rate
			}
			a[i][i] += float64(damping * scale)
		}
	}
	if !solve(&a, &x, n) {
		return rates{}, 0, false
	}
	for i := range n {
		step[index[i]] = x[i]
		gain += float64(x[i] * s.grad[index[i]])
	}
	return step, gain, true
}

// solve replaces x by the solution of a y = x for the symmetric matrix whose lower triangle is in a, by
// the decomposition a = L D L', and reports whether a is positive definite.
func solve(a *[3][3]float64, x *[3]float64, n int) bool {
	var d [3]float64
	for i := range n {
		for k := range i {
			for q := range k {
				a[i][k] -= float64(float64(a[i][q]*a[k][q]) * d[q])
			}
			a[i][k] = a[i][k] / d[k]
		}
		d[i] = a[i][i]
		for q := range i {
			d[i] -= float64(float64(a[i][q]*a[i][q]) * d[q])
		}
		if !(d[i] > float64(1e-14*a[i][i])) || d[i] > math.MaxFloat64 {
			return false
		}
	}
	for i := range n {
		for k := range i {
			x[i] -= float64(a[i][k] * x[k])
		}
	}
	for i := n - 1; i >= 0; i-- {
		x[i] = x[i] / d[i]
		for k := i + 1; k < n; k++ {
			x[i] -= float64(a[k][i] * x[k])
		}
	}
	return true
}
