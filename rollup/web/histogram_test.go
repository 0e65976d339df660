// SPDX-License-Identifier: Apache-2.0

package web_test

import (
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"
)

// A distribution is what the tests read of the API's answer.
type distribution struct {
	Series []struct {
		Name        string
		Histogram   []int64
		Shares      []float64
		Sum, Count  int64
		Samples     float64
		Mean        *struct{ Value float64 }
		Percentiles []struct{ P, Value float64 }
		First, Last int
	}
}

const gc = "?channel=nightly&version=51&metric=GC_MS"

func TestHistogram_ShowsTheNumbersOfTheAPI(t *testing.T) {
	service := serve(t, nil)
	p := open(t, "light", 1440, service.address+gc)
	var want distribution
	service.answer("v1/build_id/distribution"+gc, &want)
	require.Len(t, want.Series, 1)
	s := want.Series[0]

	figures := evaluate[[]string](p, `[...document.querySelectorAll('#view > .scroll tbody tr')].map((r) => r.cells[1].dataset.value)`)
	expected := []string{strconv.FormatInt(s.Count, 10), strconv.FormatFloat(s.Samples, 'f', -1, 64), strconv.FormatInt(s.Sum, 10), float(s.Mean.Value)}
	for _, q := range s.Percentiles {
		expected = append(expected, float(q.Value))
	}
	require.Equal(t, expected, figures)

	rows := evaluate[[][]string](p, `[...document.querySelectorAll('#buckets tbody tr')].map((r) => [...r.cells].map((c) => c.dataset.value))`)
	require.Len(t, rows, s.Last-s.First+1)
	for i, row := range rows {
		require.Equal(t, strconv.FormatInt(s.Histogram[s.First+i], 10), row[1])
		require.Equal(t, float(s.Shares[s.First+i]), row[2])
	}
	bars := evaluate[int](p, `document.querySelectorAll('.plot svg rect').length`)
	filled := 0
	for _, n := range s.Histogram {
		if n > 0 {
			filled++
		}
	}
	require.Equal(t, filled, bars)
	require.Equal(t, 10, evaluate[int](p, `document.querySelectorAll('[data-marker]').length`), "9 percentiles and the mean")
	p.requireQuiet(service.address)
}

// float writes a number as JavaScript does.
func float(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }

// TestPages_PicturesForPeople leaves screenshots of every view in build/pages, and holds each to draw something and to
// fit its width.
func TestPages_PicturesForPeople(t *testing.T) {
	service := serve(t, nil)
	pages := map[string]string{
		"histogram": gc, "compare": gc + "&compare=os", "multiples": gc + "&compare=os&layout=multiples",
		"categorical": "?channel=nightly&version=51&metric=TELEMETRY_TEST_CATEGORICAL",
		"keyed":       "?channel=nightly&version=51&metric=KEYED_ENUM&compare=label&show=cumulative",
		"evolution":   gc + "&view=evolution&few=30", "evolution-compare": gc + "&view=evolution&few=10&compare=os&lines=50&lines=95&ref=20161031",
	}
	for _, scheme := range []string{"light", "dark"} {
		for _, width := range []int64{1440, 390} {
			p := open(t, scheme, width, service.address)
			for name, query := range pages {
				p.Resize(width, 900)
				p.open(service.address + query)
				require.Positive(t, evaluate[int](p, `document.querySelectorAll('.plot svg :is(rect, path)').length`), name)
				require.LessOrEqual(t, evaluate[int64](p, `document.documentElement.scrollWidth`), width, "%s is wider than the window", name)
				p.keepPicture(name + "-" + scheme + "-" + strconv.FormatInt(width, 10) + ".png")
			}
			p.requireQuiet(service.address)
		}
	}
}
