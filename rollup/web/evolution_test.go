// SPDX-License-Identifier: Apache-2.0

package web_test

import (
	"encoding/csv"
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/headcount-hll/headcount/rollup/partial"
	"github.com/headcount-hll/headcount/rollup/store/files"
)

// The tail of GC_MS moves on the fourth day and stays there: 100 of 1,000 submissions go from bucket 10 to bucket 40.
func movedTail(t *testing.T) *files.Store {
	t.Helper()
	days := map[string][]partial.Row{}
	for i, day := range []string{"20261101", "20261102", "20261103", "20261104", "20261105", "20261106"} {
		row := partial.Row{
			Channel: "nightly", Version: "51", Application: "Firefox", Architecture: "x86", OS: "Linux", OSVersion: "4.4",
			Extra: []string{"true"}, Metric: "GC_MS", Process: "parent", Histogram: make([]int64, 50), Sum: 20_000, Count: 1000,
		}
		row.Histogram[10] = 1000
		if i >= 3 {
			row.Histogram[10], row.Histogram[40] = 900, 100
		}
		days[day] = []partial.Row{row}
	}
	return storeOf(t, []string{"e10s_enabled"}, days)
}

func TestEvolution_MarksWhereThe95thPercentileMoved(t *testing.T) {
	service := serve(t, movedTail(t))
	p := open(t, "light", 1440, service.address+gc+"&kind=submission_date&view=evolution&lines=50&lines=95")
	require.Equal(t, []string{"20261104"}, evaluate[[]string](p, `[...document.querySelectorAll('[data-changed]')].map((m) => m.dataset.changed)`), "one mark, on one line")
	list := evaluate[[]string](p, `[...document.querySelectorAll('[data-change]')].map((c) => c.textContent)`)
	require.Len(t, list, 1)
	require.Contains(t, list[0], "2026-11-04")
	require.Contains(t, list[0], "95th")
	require.NotContains(t, list[0], "50th")
	p.requireQuiet(service.address)
}

// A ratio divides the sums of two measures, and what is saved has the numbers of the page.
func TestEvolution_SavesRatioAndFigures(t *testing.T) {
	service := serve(t, nil)
	folder := t.TempDir()
	query := gc + "&view=evolution&few=10&over=GC_RESET"
	p := open(t, "light", 1440, service.address+query)
	var want struct {
		Series []struct {
			Points []struct {
				Date  string
				Ratio *struct{ Value float64 }
			}
		}
	}
	service.answer("v1/build_id/evolution"+gc+"&few=10&over=GC_RESET", &want)
	var sums [2]struct{ Series []struct{ Sum int64 } }
	service.answer("v1/build_id/distribution"+gc+"&date="+want.Series[0].Points[0].Date, &sums[0])
	service.answer("v1/build_id/distribution"+strings.Replace(gc, "GC_MS", "GC_RESET", 1)+"&date="+want.Series[0].Points[0].Date, &sums[1])
	require.InDelta(t, float64(sums[0].Series[0].Sum)/float64(sums[1].Series[0].Sum), want.Series[0].Points[0].Ratio.Value, 1e-9)
	shown := evaluate[[]string](p, `[...document.querySelectorAll('#points tbody tr')].map((r) => r.cells[4].dataset.value)`)
	for i, point := range want.Series[0].Points {
		require.Equal(t, float(point.Ratio.Value), shown[i])
	}

	saved := p.save(folder, "GC_MS-evolution", "CSV", "JSON", "HTML")
	records, err := csv.NewReader(strings.NewReader(saved["CSV"])).ReadAll()
	require.NoError(t, err)
	require.Len(t, records, len(want.Series[0].Points)+1)
	require.NoError(t, json.Unmarshal([]byte(saved["JSON"]), &want))
	require.Contains(t, saved["HTML"], "FROM headcount_rollup.rollups")
	p.requireQuiet(service.address)
}

// Percentiles of 0.1 and of 0.4 are at different places beside one of 100 million.
func TestEvolution_LogarithmicAxisReachesTheSmallest(t *testing.T) {
	days := map[string][]partial.Row{}
	for i, day := range []string{"20261101", "20261102"} {
		row := partial.Row{
			Channel: "nightly", Version: "51", Application: "Firefox", Architecture: "x86", OS: "Linux", OSVersion: "4.4",
			Extra: []string{"true"}, Metric: "WIDE_EXP", Process: "parent", Histogram: make([]int64, 10), Sum: 1, Count: 1000,
		}
		row.Histogram[0], row.Histogram[8] = []int64{500, 125}[i], []int64{500, 875}[i]
		days[day] = []partial.Row{row}
	}
	service := serve(t, storeOf(t, []string{"e10s_enabled"}, days))
	p := open(t, "light", 1440, service.address+"?channel=nightly&version=51&metric=WIDE_EXP&kind=submission_date&view=evolution&lines=5&lines=95&y=log")
	heights := evaluate[[]float64](p, `[...document.querySelectorAll('circle[data-key="5"]')].map((c) => Number(c.getAttribute('cy')))`)
	require.Len(t, heights, 2)
	require.Greater(t, heights[0]-heights[1], 5.0, heights)
	p.requireQuiet(service.address)
}
