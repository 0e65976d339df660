// SPDX-License-Identifier: Apache-2.0

package estimate

import (
	"fmt"
	"math"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/headcount-hll/headcount/udf/hll/internal/fp"
)

// The accuracy of the estimates over random sets, held to the limits that the documentation states. The
// ordinary run is a short one with limits wide enough for its noise. HEADCOUNT_ACCURACY=5000 runs as many
// sets a size, with larger sizes and the limits themselves, and prints the tables in Markdown; it takes
// minutes.
func accuracySets(t *testing.T, short int) (sets int, long bool) {
	t.Helper()
	s := os.Getenv("HEADCOUNT_ACCURACY")
	if s == "" {
		return short, false
	}
	sets, err := strconv.Atoi(s)
	if err != nil || sets < 2 {
		t.Fatalf("HEADCOUNT_ACCURACY=%s: must be a number of sets, 2 or more", s)
	}
	return sets, true
}

// table prints rows in Markdown where the run is a long one.
type table struct {
	long  bool
	lines []string
}

func (r *table) row(cells ...any) {
	var b strings.Builder
	for _, c := range cells {
		if x, ok := c.(float64); ok {
			c = strconv.FormatFloat(x, 'f', 3, 64)
		}
		fmt.Fprintf(&b, "| %v ", c)
	}
	r.lines = append(r.lines, b.String()+"|")
	if len(r.lines) == 1 {
		r.lines = append(r.lines, strings.Repeat("|---", len(cells))+"|")
	}
}

func (r *table) print(title string) {
	if r.long {
		fmt.Printf("\n%s\n\n%s\n\n", title, strings.Join(r.lines, "\n"))
	}
}

// moments are of errors.
type moments struct{ n, sum, squares float64 }

func (m *moments) add(x float64) { m.n, m.sum, m.squares = m.n+1, m.sum+x, m.squares+x*x }
func (m *moments) bias() float64 { return m.sum / m.n }
func (m *moments) rms() float64  { return math.Sqrt(m.squares / m.n) }

// sizeErrors are the errors at one size of set.
type sizeErrors struct {
	size             int
	improved, compat moments
	covered          [4]float64 // by sigmas
}

// compatibleEstimate is the estimate of FORMAT.md, which the improved estimate should beat.
func compatibleEstimate(p uint8, h *Histogram) float64 {
	m := float64(int(1) << p)
	sum := 0.0
	for k, n := range h {
		sum += math.Ldexp(float64(n), -k)
	}
	e := 0.7213 / (1 + 1.079/m) * m * m / sum
	if e <= 2.5*m && h[0] > 0 {
		e = m * fp.Log(m/float64(h[0]))
	}
	return e
}

func (e *sizeErrors) observe(p uint8, h *Histogram) {
	n := float64(e.size)
	estimate := Improved(p, h)
	e.improved.add(estimate - n)
	e.compat.add(compatibleEstimate(p, h) - n)
	for sigmas := 1; sigmas <= 3; sigmas++ {
		lower, upper := Bounds(p, estimate, 1<<p-int(h[0]), sigmas)
		if lower <= n && n <= upper {
			e.covered[sigmas]++
		}
	}
}

func observeSizes(p uint8, sets int, sizes []int) []sizeErrors {
	errors := make([]sizeErrors, len(sizes))
	s := simulation(100 + uint64(p))
	registers := make([]byte, 1<<p)
	for range sets {
		clear(registers)
		n := 0
		for i, size := range sizes { // each set grows through all sizes
			s.add(registers, p, size-n)
			n = size
			h := histogramOf(registers)
			errors[i].size = size
			errors[i].observe(p, &h)
		}
	}
	return errors
}

var normal = [4]float64{0, 68.27, 95.45, 99.73}

func TestAccuracy_OfTheEstimateAndItsBounds(t *testing.T) {
	const p = 12
	sets, long := accuracySets(t, 400)
	sizes := []int{1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 3000, 5000, 8000, 10240, 12000, 15000, 20000, 30000, 50000, 100000}
	noise := 4 / math.Sqrt(float64(sets)) // four standard deviations of a mean, in those of one set
	if long {
		sizes = append(sizes, 200000, 500000, 1000000)
		if sets >= 2000 {
			sizes = append(sizes, 2000000, 5000000, 10000000)
			noise = 0
		}
	}
	report := table{long: long}
	report.row("n", "RMS, % of n", "RMS / se(n)", "bias, %", "compatible RMS, %", "bias, %", "1 sigma", "2", "3")
	for _, e := range observeSizes(p, sets, sizes) {
		n, se := float64(e.size), standardError(p, float64(e.size))
		ratio, bias := e.improved.rms()/se, 100*e.improved.bias()/n
		var coverage [4]float64
		for sigmas := 1; sigmas <= 3; sigmas++ {
			coverage[sigmas] = 100 * e.covered[sigmas] / float64(sets)
			wide := noise * math.Sqrt(normal[sigmas]*(100-normal[sigmas]))
			if coverage[sigmas] < normal[sigmas]-2-wide || e.size >= 2000 && coverage[sigmas] > normal[sigmas]+2+wide {
				t.Errorf("%d ids: bounds at %d sigmas cover %.1f %%, want %.1f", e.size, sigmas, coverage[sigmas], normal[sigmas])
			}
		}
		report.row(e.size, 100*e.improved.rms()/n, ratio, bias, 100*e.compat.rms()/n, 100*e.compat.bias()/n, coverage[1], coverage[2], coverage[3])
		if e.size >= 100 {
			if limit := 1.06 * (1 + 0.71*noise); ratio > limit {
				t.Errorf("%d ids: RMS error is %.3f times the standard error, want at most %.3f", e.size, ratio, limit)
			}
			if limit := 0.1 + noise*100*se/n; math.Abs(bias) > limit {
				t.Errorf("%d ids: bias %.3f %%, want at most %.3f", e.size, bias, limit)
			}
		}
	}
	report.print(fmt.Sprintf("Precision %d, %d sets a size", p, sets))
}

func TestAccuracy_AtOtherPrecisions(t *testing.T) {
	sets, long := accuracySets(t, 300)
	sets = min(sets, 2000)
	noise := 4 / math.Sqrt(float64(sets))
	report := table{long: long}
	report.row("precision", "n", "RMS / se(n)", "bias, %", "1 sigma", "2", "3")
	for _, p := range []uint8{4, 6, 8, 10, 14} {
		m := 1 << p
		for _, e := range observeSizes(p, sets, []int{m / 4, m, 3 * m, 20 * m}) {
			ratio := e.improved.rms() / standardError(p, float64(e.size))
			covered := 100 / float64(sets)
			report.row(p, e.size, ratio, 100*e.improved.bias()/float64(e.size), covered*e.covered[1], covered*e.covered[2], covered*e.covered[3])
			// With few registers the estimator has a bias of its own, which falls with their number.
			if limit := 1.06 + 6/float64(m) + 0.71*noise; ratio > limit {
				t.Errorf("precision %d, %d ids: RMS error is %.2f times the standard error, want at most %.2f", p, e.size, ratio, limit)
			}
		}
	}
	report.print("Other precisions")
}

// overlap is a case of two sets, with the least ratio of RMS errors between inclusion-exclusion, clipped at
// zero, and the joint estimate.
type overlap struct {
	onlyA, onlyB, both int
	ratio              float64
}

func (c overlap) String() string {
	return fmt.Sprintf("%d / %d", c.onlyA+c.both, c.onlyB+c.both)
}

var shortOverlaps = []overlap{
	{29970, 29970, 30, 3}, {29700, 29700, 300, 2.2}, {27000, 27000, 3000, 1.8}, {15000, 15000, 15000, 1.15},
	{1000, 50000, 100, 1}, {500, 50000, 500, 1}, {0, 50000, 1000, 1}, {0, 0, 10000, 1}, {50, 50, 50, 1}, {1000, 1000, 0, 1},
}

var longOverlaps = []overlap{
	{999000, 999000, 1000, 3}, {990000, 990000, 10000, 2.2}, {900000, 900000, 100000, 1.8}, {500000, 500000, 500000, 1.15},
	{1000000, 1000000, 0, 1}, {0, 0, 1000000, 1},
	{9000, 999000, 1000, 1}, {5000, 995000, 5000, 1}, {0, 990000, 10000, 1}, {10000, 1000000, 0, 1},
	{99900, 99900, 100, 1}, {90000, 90000, 10000, 1}, {900, 99900, 100, 1}, {0, 99000, 1000, 1}, {0, 100000, 100, 1},
	{9990, 9990, 10, 1}, {9000, 9000, 1000, 1}, {5000, 5000, 5000, 1}, {10000, 10000, 0, 1},
	{900, 900, 100, 1}, {500, 500, 500, 1}, {1000, 1000, 0, 1}, {0, 1000, 1000, 1}, {90, 90, 10, 1}, {50, 50, 50, 1}, {5, 5, 5, 1}, {0, 0, 100, 1}, {0, 10, 10, 1},
}

func TestAccuracy_OfIntersections(t *testing.T) {
	const p = 12
	sets, long := accuracySets(t, 150)
	cases := shortOverlaps
	noise := 4 / math.Sqrt(float64(sets))
	if long {
		cases = longOverlaps
		sets = min(sets, 2000)
		if sets == 2000 {
			noise = 0
		}
	}
	report := table{long: long}
	report.row("sizes", "shared", "inclusion-exclusion, clipped", "joint", "ratio", "bias", "2 sigmas cover, %", "reach zero, %", "mean width")
	for i, c := range cases {
		s := simulation(200 + uint64(i))
		var conventional, joint, width moments
		covered, zero := 0.0, 0.0
		n := float64(c.both)
		for range sets {
			j := s.joint(p, c.onlyA, c.onlyB, c.both)
			a, b, u := j.first(), j.second(), j.union()
			conventional.add(max(0, Improved(p, &a)+Improved(p, &b)-Improved(p, &u)) - n)
			estimate, lower, upper := Intersection(p, &j)
			joint.add(estimate - n)
			width.add(upper - lower)
			if lower <= n && n <= upper {
				covered += 100 / float64(sets)
			}
			if lower == 0 {
				zero += 100 / float64(sets)
			}
		}
		ratio := conventional.rms() / joint.rms()
		report.row(c, c.both, conventional.rms(), joint.rms(), ratio, joint.bias(), covered, zero, width.bias())
		// Where both estimates say the same, up to noise, neither error is the larger.
		if limit := c.ratio*(1-noise) - 0.005; ratio < limit && joint.rms() > 0.05 {
			t.Errorf("%v, %d shared: RMS error %.2f times smaller than inclusion-exclusion's, want %.2f", c, c.both, ratio, limit)
		}
		if limit := 93 - noise*math.Sqrt(93*7); covered < limit {
			t.Errorf("%v, %d shared: the interval covers %.1f %%, want %.1f", c, c.both, covered, limit)
		}
	}
	report.print(fmt.Sprintf("Precision %d, %d pairs a case", p, sets))
}
