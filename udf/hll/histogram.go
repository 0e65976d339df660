package hll

import "slices"

// A histogram counts the registers of a sketch by value: h[k] registers hold k. The counts of a sketch
// of precision p add up to 2^p, and no register is above 128-p.
type histogram [128]uint32

// A jointHistogram is all that the likelihood of two sketches of one precision depends on: their
// registers by value, apart for where register i of the first, K1, is below, above or equal to register i
// of the second, K2 (Ertl 2017, arXiv 1702.01284, section 5.1, equation 71).
type jointHistogram struct {
	aLess, aMore histogram // K1 where K1 < K2, and where K1 > K2
	bLess, bMore histogram // K2 where K2 < K1, and where K2 > K1
	equal        histogram // either, where K1 = K2
}

// first returns the histogram of the first sketch's registers.
func (j *jointHistogram) first() (h histogram) { return sum3(&j.aLess, &j.aMore, &j.equal) }

// second returns the histogram of the second sketch's registers.
func (j *jointHistogram) second() (h histogram) { return sum3(&j.bLess, &j.bMore, &j.equal) }

// union returns the histogram of the union's registers, max(K1, K2).
func (j *jointHistogram) union() (h histogram) { return sum3(&j.aMore, &j.bMore, &j.equal) }

// swapped returns the same two sketches in the other order.
func (j *jointHistogram) swapped() jointHistogram {
	return jointHistogram{j.bLess, j.bMore, j.aLess, j.aMore, j.equal}
}

// inOrder reports whether the two sketches are in the order in which they are compared: any order that
// depends on the registers alone, so that the order of arguments cannot show in a result.
func (j *jointHistogram) inOrder() bool {
	order := slices.Compare(j.aLess[:], j.bLess[:])
	if order == 0 {
		order = slices.Compare(j.aMore[:], j.bMore[:])
	}
	return order <= 0
}

func sum3(a, b, c *histogram) (h histogram) {
	for k := range h {
		h[k] = a[k] + b[k] + c[k]
	}
	return h
}
