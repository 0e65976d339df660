// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"image/color"
	"math"
	"strconv"

	"gonum.org/v1/plot"
)

// The columns of make bench-scale's tables. The first is the precision, the second the number of rows or segments.
const (
	columnCount         = 1
	columnBuildCPU      = 4
	columnLibrarySecond = 3
	columnCommandSecond = 5
)

// scaleFigures returns the CPU time of building by rows and of unions by segments.
func scaleFigures(all tables) ([]figure, error) {
	build, err := all.titled(`^Rows of activity into sketches`)
	if err != nil {
		return nil, err
	}
	query, err := all.titled(`^Unions of segments`)
	if err != nil {
		return nil, err
	}
	rows := figure{file: "scale-build.svg", title: "CPU of headcount build, seconds", x: "rows", ticks: powers(7, 9), yTicks: powers(0, 4), logarithmic: true}
	segments := figure{file: "scale-query.svg", title: "CPU of a union of segments, seconds", x: "segments", ticks: powers(3, 6), yTicks: powers(-4, 3), logarithmic: true}
	for i, precision := range []string{"12", "14"} {
		for _, c := range []struct {
			figure *figure
			from   *table
			column int
			name   string
			color  color.Color
		}{
			{&rows, build, columnBuildCPU, "", []color.Color{blue, orange}[i]},
			{&segments, query, columnLibrarySecond, "C library, ", []color.Color{blue, green}[i]},
			{&segments, query, columnCommandSecond, "headcount merge, ", []color.Color{orange, grey}[i]},
		} {
			line, err := c.from.line(precision, c.column)
			if err != nil {
				return nil, err
			}
			line.name, line.color = c.name+"precision "+precision, c.color
			c.figure.curves = append(c.figure.curves, line)
		}
	}
	return []figure{rows, segments}, nil
}

// line returns a column over the counts of a precision's rows, without the row of the slope.
func (t *table) line(precision string, column int) (curve, error) {
	one := &table{title: t.title}
	for _, row := range t.rows {
		if _, err := strconv.Atoi(row[columnCount]); row[0] == precision && err == nil {
			one.rows = append(one.rows, row)
		}
	}
	if len(one.rows) == 0 {
		return curve{}, fmt.Errorf("table %q has no row of precision %s", t.title, precision)
	}
	x, err := one.column(columnCount)
	if err != nil {
		return curve{}, err
	}
	y, err := one.column(column)
	return curve{x: x, y: y}, err
}

// powers returns ticks at the powers of ten from 10^low to 10^high.
func powers(low, high int) (ticks []plot.Tick) {
	for e := low; e <= high; e++ {
		value := math.Pow10(e)
		label := fmt.Sprintf("10^%d", e)
		if e >= -4 && e <= 2 {
			label = strconv.FormatFloat(value, 'f', -1, 64)
		}
		ticks = append(ticks, plot.Tick{Value: value, Label: label})
	}
	return ticks
}
