// SPDX-License-Identifier: Apache-2.0

package pages_test

import (
	"math"
	"os"
	"regexp"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"
)

// leastDistance is how far apart two colours of series must be in CIELAB: 2 is just noticeable beside each other, and lines are thin.
const leastDistance = 30

func TestStyle_ColoursOfSeriesDiffer(t *testing.T) {
	style, err := os.ReadFile("assets/style.css")
	require.NoError(t, err)
	found := regexp.MustCompile(`--s(\d): (#[0-9a-f]{6})`).FindAllStringSubmatch(string(style), -1)
	require.Len(t, found, 16, "8 light and 8 dark")
	for _, scheme := range [][][]string{found[:8], found[8:]} {
		for i, a := range scheme {
			for _, b := range scheme[:i] {
				require.Greater(t, distance(t, a[2], b[2]), float64(leastDistance), "series %s and %s: %s, %s", a[1], b[1], a[2], b[2])
			}
		}
	}
}

// distance is CIE76 of two colours of sRGB, #rrggbb.
func distance(t *testing.T, a, b string) float64 {
	t.Helper()
	x, y := lab(t, a), lab(t, b)
	return math.Sqrt((x[0]-y[0])*(x[0]-y[0]) + (x[1]-y[1])*(x[1]-y[1]) + (x[2]-y[2])*(x[2]-y[2]))
}

func lab(t *testing.T, text string) [3]float64 {
	t.Helper()
	var rgb [3]float64
	for i := range rgb {
		n, err := strconv.ParseUint(text[1+2*i:3+2*i], 16, 8)
		require.NoError(t, err)
		if v := float64(n) / 255; v <= 0.04045 {
			rgb[i] = v / 12.92
		} else {
			rgb[i] = math.Pow((v+0.055)/1.055, 2.4)
		}
	}
	f := func(v float64) float64 {
		if v > 216.0/24389 {
			return math.Cbrt(v)
		}
		return (24389.0/27*v + 16) / 116
	}
	x := f((0.4124*rgb[0] + 0.3576*rgb[1] + 0.1805*rgb[2]) / 0.95047)
	y := f(0.2126*rgb[0] + 0.7152*rgb[1] + 0.0722*rgb[2])
	z := f((0.0193*rgb[0] + 0.1192*rgb[1] + 0.9505*rgb[2]) / 1.08883)
	return [3]float64{116*y - 16, 500 * (x - y), 200 * (y - z)}
}
