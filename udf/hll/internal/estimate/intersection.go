// SPDX-License-Identifier: Apache-2.0

package estimate

import "math"

// Intersection returns the maximum-likelihood estimate of the number of ids that two sets share, and an interval at
// 2 sigmas around it, all finite. The order of the sets does not matter. Where an overlap is not significant, lower is
// exactly 0.
//
// If the fit leaves one set no id of its own, the estimate is that set's improved estimate. It is as good as maximum
// likelihood there, and the intersection of a sketch with itself is then exactly its [Improved] estimate.
//
// The interval is by profile likelihood: at each x the other two rates are fitted again, and x belongs to the interval
// while the deviance, twice the loss of likelihood, is at most 2^2 times the share of the variance that is not due to the
// Poisson model (see share). Both ends are moved by 1/2, because x is an integer.
//
// It takes about 30 evaluations of the likelihood, and a few hundred over crafted registers. Every loop has a limit; at
// the limit the best point so far is returned.
func Intersection(p uint8, j *JointHistogram) (estimate, lower, upper float64) {
	var f fit
	return f.intersection(p, j)
}

func (f *fit) intersection(p uint8, j *JointHistogram) (estimate, lower, upper float64) {
	if !f.init(p, j) {
		return 0, 0, 0
	}
	estimate = f.ids(inBoth)
	if f.best[onlyFirst] == 0 || f.best[onlySecond] == 0 {
		estimate = f.smaller
	}
	return estimate, min(estimate, f.lower()), max(estimate, f.upper())
}

// Jaccard returns the maximum-likelihood estimate of |A and B| / |A or B|, 0 to 1. Two equal sketches give 1, and so do
// two empty ones.
func Jaccard(p uint8, j *JointHistogram) float64 {
	var f fit
	f.init(p, j)
	x := f.best[inBoth]
	all := f.best[onlyFirst] + f.best[onlySecond] + x
	if all == 0 {
		return 1
	}
	return x / all
}

// intervalSigmas is the width of the interval.
const intervalSigmas = 2

// lower returns the lower end of the interval, in ids.
func (f *fit) lower() float64 { return max(0, float64(f.registers*f.end(-1))-0.5) }

// upper returns the upper end of the interval, in ids.
func (f *fit) upper() float64 { return float64(f.registers*f.end(+1)) + 0.5 }

// end returns the lower (-1) or upper (+1) end of the interval for the rate in both sets: 0 where the
// interval reaches it.
func (f *fit) end(direction float64) float64 {
	best := f.best[inBoth]
	variance := f.variance(f.best)
	width := float64(intervalSigmas * math.Sqrt(variance))
	if !(width > 0 && width <= math.MaxFloat64) {
		width = max(best, 1/f.registers)
	}
	inside := point{best, float64(-intervalSigmas * math.Sqrt(f.share(f.best)))}
	for range 100 {
		x := max(0, best+float64(direction*width))
		outside := point{x, f.excess(x)}
		if outside.excess >= 0 {
			return f.crossing(inside, outside)
		}
		if x == 0 {
			return 0
		}
		inside = outside
		width += width
	}
	return inside.x
}

// A point is a rate in both sets and by how many sigmas it is outside the interval.
type point struct{ x, excess float64 }

// crossing returns where the excess is zero between a point inside the interval and one outside: by
// secants through the last two points, or by halves where these leave the bracket.
func (f *fit) crossing(inside, outside point) float64 {
	const (
		rounds = 40
		near   = 1e-3 // sigmas
	)
	last, here := inside, outside
	for range rounds {
		if math.Abs(here.excess) < near {
			break
		}
		x := here.x - float64(here.excess*((here.x-last.x)/(here.excess-last.excess)))
		if !(x > min(inside.x, outside.x) && x < max(inside.x, outside.x)) {
			x = inside.x + float64(0.5*(outside.x-inside.x))
		}
		last, here = here, point{x, f.excess(x)}
		if here.excess < 0 {
			inside = here
		} else {
			outside = here
		}
	}
	return here.x
}

// excess returns by how many sigmas x is outside the interval; negative is inside.
func (f *fit) excess(x float64) float64 {
	r := f.best
	for i := range inBoth {
		// What two sketches know well is the size of each set: keep that where what is in both changes.
		r[i] = max(r[i]+(r[inBoth]-x), float64(0.125*r[i]))
	}
	r[inBoth] = x
	r, value := f.climb(r, inBoth)
	return math.Sqrt(max(0, float64(2*(f.value-value)))) - float64(intervalSigmas*math.Sqrt(f.share(r)))
}

// share returns which part of the variance of the estimate of x, at rates r, is not the Poisson model's
// own. In the model the number of ids in both is itself random; in two given sets it is not, and its
// variance goes out as in [standardError]. That matters below some m ids; above, nearly all remains.
func (f *fit) share(r rates) float64 {
	v := float64(f.variance(r) * f.registers)
	if !(v > 0 && v <= math.MaxFloat64) {
		return 1
	}
	return min(1, max(0, 1-r[inBoth]/v))
}

// variance returns the variance of the estimate of x at rates r under the Poisson model: the element of the
// inverse of the expected information.
func (f *fit) variance(r rates) float64 {
	info := f.expected(r)
	var a [3][3]float64
	var y [3]float64
	n := 0
	var index [3]int
	for i := range r {
		if r[i] > 0 || i == inBoth {
			index[n] = i
			n++
		}
	}
	for i := range n {
		for k := range i + 1 {
			a[i][k] = info[index[i]][index[k]]
		}
	}
	y[n-1] = 1
	if !solve(&a, &y, n) {
		return math.Inf(1)
	}
	return y[n-1]
}

// expected returns the Fisher information of the rates: the information at the counts that they would give
// on average.
func (f *fit) expected(r rates) [3][3]float64 {
	var s slope
	// Levels where each rate is below 2^-24 add next to nothing.
	k := 24 + max(0, math.Ilogb(r[onlyFirst]+r[onlySecond]+r[inBoth]))
	l := levelOf(r, k)
	for ; k > 0; k-- {
		c := l.expected(f.registers)
		s.add(&c, &l)
		l.down()
	}
	return s.info
}

// expected returns the mean counts of m pairs of registers at a level: the probabilities of [likelihood],
// added up over the levels that the other register may have.
func (l *level) expected(m float64) levelCounts {
	ax, bx := l.a.and(l.x), l.b.and(l.x)
	return levelCounts{
		aLess: float64(m * float64(float64(ax.value*ax.rest)*l.b.rest)),
		bLess: float64(m * float64(float64(bx.value*bx.rest)*l.a.rest)),
		aMore: float64(m * float64(float64(l.a.value*l.a.rest)*float64(bx.value*bx.value))),
		bMore: float64(m * float64(float64(l.b.value*l.b.rest)*float64(ax.value*ax.value))),
		equal: float64(m * float64(float64(ax.value*l.b.value)*l.equal())),
	}
}
