// SPDX-License-Identifier: Apache-2.0

package estimate

import "slices"

// A Histogram is the number of registers of a sketch by value: h[k] registers hold k. The sum is 2^p at precision p, and
// no register is above 128-p.
type Histogram [128]uint32

// A JointHistogram is what the likelihood of two sketches of one precision depends on: the histograms of their registers,
// separately where register i of the first, K1, is below, above or equal to register i of the second, K2 (Ertl 2017,
// arXiv 1702.01284, section 5.1, equation 71).
type JointHistogram struct {
	aLess, aMore Histogram // K1 where K1 < K2, and where K1 > K2
	bLess, bMore Histogram // K2 where K2 < K1, and where K2 > K1
	equal        Histogram // either, where K1 = K2
}

// JointHistogramOf returns the joint histogram of two sketches, from their registers.
func JointHistogramOf(a, b []byte) (j JointHistogram) {
	b = b[:len(a)]
	for i, r := range a {
		r, t := r&127, b[i]&127 // in range for the compiler; registers are below 128
		switch {
		case r < t:
			j.aLess[r]++
			j.bMore[t]++
		case r > t:
			j.aMore[r]++
			j.bLess[t]++
		default:
			j.equal[r]++
		}
	}
	return j
}

// first returns the histogram of the first sketch's registers.
func (j *JointHistogram) first() (h Histogram) { return sum3(&j.aLess, &j.aMore, &j.equal) }

// second returns the histogram of the second sketch's registers.
func (j *JointHistogram) second() (h Histogram) { return sum3(&j.bLess, &j.bMore, &j.equal) }

// union returns the histogram of the union's registers, max(K1, K2).
func (j *JointHistogram) union() (h Histogram) { return sum3(&j.aMore, &j.bMore, &j.equal) }

// swapped returns the same two sketches in the other order.
func (j *JointHistogram) swapped() JointHistogram {
	return JointHistogram{j.bLess, j.bMore, j.aLess, j.aMore, j.equal}
}

// inOrder reports whether the first sketch sorts before the second, by an order of their registers. Results do not depend
// on the order of the arguments because the sketches are put into this order first.
func (j *JointHistogram) inOrder() bool {
	order := slices.Compare(j.aLess[:], j.bLess[:])
	if order == 0 {
		order = slices.Compare(j.aMore[:], j.bMore[:])
	}
	return order <= 0
}

func sum3(a, b, c *Histogram) (h Histogram) {
	for k := range h {
		h[k] = a[k] + b[k] + c[k]
	}
	return h
}
