// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"image/color"
	"strings"

	"gonum.org/v1/plot"
)

// The columns of make accuracy's table of estimates.
const (
	columnSize = iota
	columnRMS
	columnRatio // of the RMS error to se(n)
	columnBias
	columnCompatibleRMS
	columnCompatibleBias
	columnCovered // by 1 sigma; by 2 and 3 follow
)

// The columns of its table of intersections.
const (
	_ = iota // the sizes, as text
	columnShared
	columnConventional
	columnJoint
)

var sizeTicks = []plot.Tick{{Value: 1, Label: "1"}, {Value: 10, Label: "10"}, {Value: 100, Label: "100"}, {Value: 1e3, Label: "1,000"},
	{Value: 1e4, Label: "10,000"}, {Value: 1e5, Label: "100,000"}, {Value: 1e6, Label: "1 million"}, {Value: 1e7, Label: "10 million"}}

// estimateFigures returns error, bias and coverage by the size of the set.
func estimateFigures(all tables) ([]figure, error) {
	t, err := all.titled(`^Precision 12, \d+ sets`)
	if err != nil {
		return nil, err
	}
	var columns [columnCovered + 3][]float64
	for i := range columns {
		if columns[i], err = t.column(i); err != nil {
			return nil, err
		}
	}
	size := columns[columnSize]
	se := make([]float64, len(size))
	for i := range se {
		se[i] = columns[columnRMS][i] / columns[columnRatio][i]
	}
	const x = "distinct ids"
	return []figure{
		{file: "error.svg", title: "RMS error, % (precision 12)", x: x, ticks: sizeTicks, low: 0, high: 3.5, step: 0.5, curves: []curve{
			{name: "cardinality", x: size, y: columns[columnCompatibleRMS], color: orange},
			{name: "hll_estimate", x: size, y: columns[columnRMS], color: blue},
			{name: "se(n), on which hll_bounds rests", x: size, y: se, color: grey, dashed: true},
		}},
		{file: "bias.svg", title: "Bias, % (precision 12)", x: x, ticks: sizeTicks, low: -0.5, high: 3, step: 0.5, curves: []curve{
			{name: "cardinality", x: size, y: columns[columnCompatibleBias], color: orange},
			{name: "hll_estimate", x: size, y: columns[columnBias], color: blue},
		}},
		coverage(size, columns[columnCovered:]),
	}, nil
}

func coverage(size []float64, covered [][]float64) figure {
	f := figure{file: "coverage.svg", title: "Sets whose size is within hll_bounds, % (precision 12)", x: "distinct ids",
		ticks: sizeTicks, low: 60, high: 100.5, step: 5, legendBelow: true}
	for i, normal := range []float64{68.27, 95.45, 99.73} {
		f.curves = append(f.curves,
			curve{name: fmt.Sprintf("%d sigma: %.1f %% is wanted", i+1, normal), x: size, y: covered[i], color: []color.Color{blue, green, orange}[i]},
			curve{x: []float64{size[0], size[len(size)-1]}, y: []float64{normal, normal}, color: grey, dashed: true})
	}
	return f
}

// intersectionFigure returns the errors for two sets of a million ids by the share of common ids.
func intersectionFigure(all tables) (figure, error) {
	t, err := all.titled(`^Precision 12, \d+ pairs`)
	if err != nil {
		return figure{}, err
	}
	equal := &table{title: t.title}
	for _, row := range t.rows {
		if strings.HasPrefix(row[0], "1000000 / 1000000") && row[columnShared] != "0" && row[columnShared] != "1000000" {
			equal.rows = append(equal.rows, row)
		}
	}
	var columns [columnJoint + 1][]float64
	for i := columnShared; i < len(columns); i++ {
		if columns[i], err = equal.column(i); err != nil {
			return figure{}, err
		}
	}
	share := make([]float64, len(equal.rows))
	for i, shared := range columns[columnShared] {
		share[i] = shared / 1e6 * 100
	}
	return figure{file: "intersection.svg", title: "RMS error of the intersection of two sets of a million, ids (precision 12)",
		x: "ids that are in both, % of each", low: 0, high: 30000, step: 5000,
		ticks: []plot.Tick{{Value: 0.1, Label: "0.1"}, {Value: 1, Label: "1"}, {Value: 10, Label: "10"}, {Value: 50, Label: "50"}},
		curves: []curve{
			{name: "inclusion-exclusion, clipped at zero", x: share, y: columns[columnConventional], color: orange},
			{name: "hll_intersection", x: share, y: columns[columnJoint], color: blue},
		}}, nil
}
