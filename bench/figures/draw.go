// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"image/color"
	"os"
	"path/filepath"
	"strconv"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
)

// A curve is a line of a figure.
type curve struct {
	name   string
	x, y   []float64
	color  color.Color
	dashed bool // a reference, without marks
}

// A figure is curves over a logarithmic axis.
type figure struct {
	file, title, x, y string
	curves            []curve
	ticks             []plot.Tick // of the horizontal axis
	low, high, step   float64     // of the vertical axis
	logarithmic       bool        // the vertical axis too, from the first to the last of yTicks
	yTicks            []plot.Tick
	legendBelow       bool // at the lower left
}

var (
	blue   = color.RGBA{0x1f, 0x5f, 0xa8, 0xff}
	orange = color.RGBA{0xc7, 0x5b, 0x12, 0xff}
	green  = color.RGBA{0x2f, 0x7d, 0x4f, 0xff}
	grey   = color.RGBA{0x80, 0x80, 0x80, 0xff}
)

// draw draws the curves of make accuracy's tables into a folder.
func draw(all tables, folder string) error {
	figures, err := estimateFigures(all)
	if err != nil {
		return err
	}
	intersections, err := intersectionFigure(all)
	if err != nil {
		return err
	}
	return saveAll(append(figures, intersections), folder)
}

func saveAll(figures []figure, folder string) error {
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	for _, f := range figures {
		if err := f.save(folder); err != nil {
			return fmt.Errorf("%s: %w", f.file, err)
		}
	}
	return nil
}

func (f figure) save(folder string) error {
	plot.DefaultFont.Variant = "Sans"
	p := plot.New()
	p.Title.Text, p.X.Label.Text, p.Y.Label.Text = f.title, f.x, f.y
	p.BackgroundColor = color.White // the text stays readable on a dark page
	p.X.Scale, p.X.Tick.Marker = plot.LogScale{}, plot.ConstantTicks(f.ticks)
	p.Legend.Top, p.Legend.Left = !f.legendBelow, f.legendBelow || f.logarithmic
	p.Legend.XOffs = vg.Points(-4)
	ticks := f.evenTicks()
	if f.logarithmic {
		ticks, f.low, f.high = f.yTicks, f.yTicks[0].Value, f.yTicks[len(f.yTicks)-1].Value
		p.Y.Scale, p.Legend.XOffs = plot.LogScale{}, vg.Points(4)
	}
	p.Y.Tick.Marker = plot.ConstantTicks(ticks)
	p.Add(plotter.NewGrid())
	for _, c := range f.curves {
		if err := c.add(p); err != nil {
			return err
		}
	}
	p.X.Min, p.X.Max = p.X.Min/1.3, p.X.Max*1.3
	p.Y.Min, p.Y.Max = f.low, f.high
	return p.Save(7*vg.Inch, 3.6*vg.Inch, filepath.Join(folder, f.file))
}

func (f figure) evenTicks() (ticks []plot.Tick) {
	for y := f.low; y <= f.high && f.step > 0; y += f.step {
		ticks = append(ticks, plot.Tick{Value: y, Label: strconv.FormatFloat(y, 'f', -1, 64)})
	}
	return ticks
}

func (c curve) add(p *plot.Plot) error {
	points := make(plotter.XYs, len(c.x))
	for i := range points {
		points[i] = plotter.XY{X: c.x[i], Y: c.y[i]}
	}
	line, marks, err := plotter.NewLinePoints(points)
	if err != nil {
		return err
	}
	line.Color, marks.Color, marks.Radius = c.color, c.color, vg.Points(1.8)
	if c.dashed {
		line.Dashes = []vg.Length{vg.Points(5), vg.Points(3)}
		p.Add(line)
	} else {
		line.Width = vg.Points(1.5)
		p.Add(line, marks)
	}
	if c.name != "" {
		p.Legend.Add(c.name, line)
	}
	return nil
}
