// SPDX-License-Identifier: Apache-2.0

package api

import (
	"math"

	"github.com/headcount-hll/headcount/udf/hist"
)

// sigmas is the width of every bound.
const sigmas = 2

// A figure is a number with its bounds at 2 sigmas. A bound is null where it is not known, or has no limit.
type figure struct {
	Value *float64 `json:"value"`
	Lower *float64 `json:"lower"`
	Upper *float64 `json:"upper"`
}

type percentile struct {
	P float64 `json:"p"`
	figure
}

// A summary is what is computed of a sum. Mean is null and percentiles are empty without samples, and for categorical
// metrics.
type summary struct {
	Sum         int64        `json:"sum"`
	Count       int64        `json:"count"`
	Samples     float64      `json:"samples"`
	Mean        *figure      `json:"mean"`
	Percentiles []percentile `json:"percentiles"`
}

// observations returns the independent observations behind a sum: the samples of one submission depend on each other, so
// that there are no more than submissions.
func (c *cell) observations() float64 {
	return min(hist.Total(c.histogram), float64(c.count))
}

func (c *cell) summary(percentiles []float64) (summary, error) {
	out := summary{Sum: c.sum, Count: c.count, Samples: hist.Total(c.histogram), Percentiles: []percentile{}}
	if c.metric.Kind == hist.Categorical || out.Samples == 0 {
		return out, nil
	}
	var err error
	if out.Mean, err = c.mean(); err != nil {
		return out, err
	}
	bounds, n := c.metric.Layout.Bounds()[:c.metric.length], c.observations()
	for _, p := range percentiles {
		value, _, err := hist.Percentile(bounds, c.histogram, p)
		if err != nil {
			return out, err
		}
		lower, upper, ok, err := hist.PercentileBounds(bounds, c.histogram, p, n, sigmas)
		if err != nil {
			return out, err
		}
		out.Percentiles = append(out.Percentiles, percentile{p, newFigure(value, lower, upper, ok)})
	}
	return out, nil
}

func (c *cell) mean() (*figure, error) {
	bounds := c.metric.Layout.Bounds()[:c.metric.length]
	value, ok, err := hist.Mean(bounds, c.histogram)
	if err != nil || !ok {
		return nil, err
	}
	lower, upper, known, err := hist.MeanBounds(bounds, c.histogram, c.observations(), sigmas)
	f := newFigure(value, lower, upper, known)
	return &f, err
}

func newFigure(value, lower, upper float64, bounded bool) figure {
	f := figure{Value: &value}
	if bounded {
		f.Lower, f.Upper = finite(lower), finite(upper)
	}
	return f
}

func finite(v float64) *float64 {
	if math.IsInf(v, 0) || math.IsNaN(v) {
		return nil
	}
	return &v
}

// differs reports whether the bounds of two figures have no value in common.
func (f *figure) differs(other *figure) bool {
	if f.Lower == nil || other.Lower == nil {
		return false
	}
	above := func(a, b *figure) bool { return b.Upper != nil && *a.Lower >= *b.Upper }
	return above(f, other) || above(other, f)
}

// ratio returns the sum of a over the sum of b. The bounds take the relative bounds of both means as independent.
func ratio(a, b *cell) (*figure, error) {
	if b == nil || b.sum == 0 {
		return nil, nil
	}
	value := float64(a.sum) / float64(b.sum)
	left, err := a.mean()
	if err != nil {
		return nil, err
	}
	right, err := b.mean()
	if err != nil {
		return nil, err
	}
	width := math.Hypot(left.relative(), right.relative())
	f := newFigure(value, max(value*(1-width), 0), value*(1+width), !math.IsNaN(width))
	return &f, nil
}

// relative returns half the distance of the bounds over the value; NaN where it is not known.
func (f *figure) relative() float64 {
	if f == nil || f.Lower == nil || f.Upper == nil || *f.Value == 0 {
		return math.NaN()
	}
	return (*f.Upper - *f.Lower) / 2 / math.Abs(*f.Value)
}
