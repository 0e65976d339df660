// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"github.com/headcount-hll/headcount/internal/pages/pagetest"
)

// A tab is a page in Chromium.
type tab struct{ *pagetest.Tab }

// open starts a browser with the system's setting, light or dark, and opens a page.
func open(t *testing.T, scheme, address string) *tab {
	t.Helper()
	p := &tab{pagetest.Open(t, scheme, 1200, 900)}
	require.NoError(t, chromedp.Do(p.Ctx, chromedp.Navigate(address), chromedp.WaitVisible(chromedp.CSS(".plot svg"))))
	return p
}

// requireQuiet holds the page to have asked for nothing but itself and complained of nothing.
func (p *tab) requireQuiet(address string) {
	p.Helper()
	complaints, requests := p.Seen()
	require.Empty(p, complaints)
	require.Equal(p, []string{address}, requests)
}

// evaluate returns what a script in the page gives.
func evaluate[V any](p *tab, script string) V {
	p.Helper()
	return pagetest.Evaluate[V](p.Tab, script)
}

// page writes a page of engagement and returns its address.
func page(t *testing.T, args ...string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "engagement.html")
	run(t, append([]string{"engagement", "--format", "html", "-o", path}, args...)...)
	return "file://" + path
}

// series returns what a plot was given of a kind, estimate or exact, by segment.
func (p *tab) series(plot, kind string) map[string][]*float64 {
	p.Helper()
	return evaluate[map[string][]*float64](p, fmt.Sprintf(`Object.fromEntries(
		echarts.getInstanceByDom(document.getElementById('%s')).getOption().series
			.filter((s) => s.id?.startsWith('%s ')).map((s) => [s.name, s.data]))`, plot, kind))
}

func TestPage_ShowsTheFiguresOfTheCSVWithoutNetworkOrErrors(t *testing.T) {
	address := page(t, "--by", "normalizedchannel", "--exact", activity, counts)
	p := open(t, "light", address)
	table := evaluate[[][]string](p, `[...document.querySelectorAll('tbody tr')].map((r) => [...r.cells].map((c) => c.dataset.value))`)
	days := evaluate[[]string](p, `figures.days`)
	plots := map[string]map[string][]*float64{}
	for _, plot := range []string{"dau", "mau", "er"} {
		plots[plot], plots["exact "+plot] = p.series(plot, "estimate"), p.series(plot, "exact")
	}
	p.requireQuiet(address)

	want, err := csv.NewReader(strings.NewReader(read(t, fixture+"expected_engagement.csv"))).ReadAll()
	require.NoError(t, err)
	require.Len(t, table, len(want)-1)
	for i, row := range want[1:] {
		exact := len(table[i]) - 4 // the bounds are between the figures and the exact ones
		require.Equal(t, row, slices.Concat(table[i][:6], table[i][exact:]))
		requirePlotted(t, plots, days, row)
	}
	require.Len(t, days, 33)
	require.Equal(t, "2016-10-08", days[6])
	require.Nil(t, plots["dau"]["release"][6], "the missing day is a gap")
}

// requirePlotted looks for the figures of a row of the expected CSV in the plots.
func requirePlotted(t *testing.T, plots map[string]map[string][]*float64, days, row []string) {
	t.Helper()
	segment := row[0]
	if segment == "" {
		segment = "NULL"
	}
	for at, day := range days {
		if day != row[1] {
			continue
		}
		for plot, field := range map[string]int{"dau": 2, "mau": 4, "er": 5, "exact dau": 6, "exact mau": 8, "exact er": 9} {
			value := plots[plot][segment][at]
			require.NotNil(t, value)
			require.InDelta(t, number(t, row[field]), *value, 1e-12, "%s of %s on %s", plot, segment, day)
		}
		return
	}
	t.Errorf("the plots have no day %s", row[1])
}

// Every plot has a colour for each segment, its labels and the ground of the system's setting.
func TestPage_PlotsInLightAndDark(t *testing.T) {
	address := page(t, "--by", "normalizedchannel", "--exact", activity, counts)
	for _, scheme := range []string{"light", "dark"} {
		p := open(t, scheme, address)
		for _, plot := range []string{"dau", "mau", "er", "segments"} {
			labels := evaluate[string](p, fmt.Sprintf(`[...document.querySelectorAll('#%s svg text')].map((e) => e.textContent).join('|')`, plot))
			require.Contains(t, labels, "nightly")
			if plot != "segments" {
				require.Contains(t, labels, "Oct 10")
				require.Contains(t, labels, "no data")
			}
			picture, err := chromedp.Run(p.Ctx, chromedp.Screenshot(chromedp.CSS("#"+plot)))
			require.NoError(t, err)
			shown, err := png.Decode(bytes.NewReader(picture))
			require.NoError(t, err)
			requireColours(t, shown, 5)
			requireGround(t, shown, scheme == "dark")
			keepPicture(t, scheme+"-"+plot+".png", picture)
		}
		p.requireQuiet(address)
	}
}

// requireColours counts the distinct strong colours of a picture that cover more than a trace of it.
func requireColours(t *testing.T, picture image.Image, least int) {
	t.Helper()
	pixels := map[color.Color]int{}
	for y := picture.Bounds().Min.Y; y < picture.Bounds().Max.Y; y++ {
		for x := picture.Bounds().Min.X; x < picture.Bounds().Max.X; x++ {
			c := color.NRGBAModel.Convert(picture.At(x, y)).(color.NRGBA)
			if max(c.R, c.G, c.B)-min(c.R, c.G, c.B) > 80 {
				pixels[c]++
			}
		}
	}
	strong := 0
	for _, n := range pixels {
		if n >= 30 {
			strong++
		}
	}
	require.GreaterOrEqual(t, strong, least, "the plot shows no line for some segment")
}

func requireGround(t *testing.T, picture image.Image, dark bool) {
	t.Helper()
	ground := color.GrayModel.Convert(picture.At(picture.Bounds().Min.X+1, picture.Bounds().Min.Y+1)).(color.Gray)
	require.Equal(t, dark, ground.Y < 128)
}

// keepPicture leaves a screenshot in build/pages, for people to look at.
func keepPicture(t *testing.T, name string, picture []byte) {
	t.Helper()
	folder := filepath.Join("..", "..", "build", "pages")
	require.NoError(t, os.MkdirAll(folder, 0o755))
	require.NoError(t, os.WriteFile(filepath.Join(folder, name), picture, 0o644))
}

func TestPage_ShowsTotals(t *testing.T) {
	address := page(t, "--by", "os", "--total", "--exact", activity, counts)
	p := open(t, "light", address)
	estimates := evaluate[[][]any](p, `echarts.getInstanceByDom(document.getElementById('totals')).getOption().series
		.find((s) => s.id === 'estimate').data.map((d) => d.value)`)
	require.Equal(t, [][]any{{2369.0, "Linux"}, {3868.0, "Darwin"}, {52854.0, "Windows_NT"}}, estimates)
	p.requireQuiet(address)
}

// Whoever writes the activity chooses the names of segments: they are text, wherever they are shown.
func TestPage_NamesOfSegmentsAreText(t *testing.T) {
	const name = `</script><script>document.title='taken'</script><img src=x onerror="document.title='taken'">`
	in := filepath.Join(t.TempDir(), "a.csv")
	var text strings.Builder
	text.WriteString("client_id,activitydate,os\n")
	for day := 1; day <= 28; day++ {
		text.WriteString("x,2016-09-" + time.Date(2016, 9, day, 0, 0, 0, 0, time.UTC).Format("02") + ",\"" + strings.ReplaceAll(name, `"`, `""`) + "\"\n")
	}
	require.NoError(t, os.WriteFile(in, []byte(text.String()), 0o600))
	counts := filepath.Join(t.TempDir(), "counts.parquet")
	run(t, "build", "-o", counts, in)

	address := page(t, "--by", "os", counts)
	p := open(t, "light", address)
	evaluate[any](p, `echarts.getInstanceByDom(document.getElementById('dau')).dispatchAction({type: 'showTip', seriesIndex: 2, dataIndex: 0})`)
	require.Equal(t, "Engagement by os", evaluate[string](p, `document.title`))
	require.Equal(t, name, evaluate[string](p, `document.querySelector('tbody td').textContent`))
	require.Contains(t, evaluate[string](p, `document.getElementById('dau').textContent`), name)
	require.Contains(t, evaluate[string](p, `document.querySelector('.tip').textContent`), name)
	p.requireQuiet(address)
	// Even markup that gets into the page does not run: the policy allows the page's own scripts and style alone.
	require.NotContains(t, evaluate[string](p, `document.querySelector('meta[http-equiv]').content`), "unsafe")
	evaluate[any](p, `window.violated = []; addEventListener('securitypolicyviolation', (e) => violated.push(e.violatedDirective));
		document.body.insertAdjacentHTML('beforeend', '<img src="data:," onerror="document.title = 1" style="width: 3px">'); 0`)
	p.Await(`violated.includes('script-src-attr') && violated.includes('style-src-attr')`)
	require.Equal(t, "Engagement by os", evaluate[string](p, `document.title`))
}
