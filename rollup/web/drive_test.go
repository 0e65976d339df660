// SPDX-License-Identifier: Apache-2.0

package web_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/require"
)

// query returns the value of a name in the address of the page.
func (p *tab) query(name string) []string {
	p.Helper()
	address, err := url.Parse(evaluate[string](p, `location.href`))
	require.NoError(p, err)
	return address.Query()[name]
}

// heading returns what the page is about.
func (p *tab) heading() string {
	p.Helper()
	return evaluate[string](p, `document.querySelector('#view h2').textContent`)
}

func TestHistogram_ChoosesComparesAndGoesBack(t *testing.T) {
	service := serve(t, nil)
	p := open(t, "light", 1440, service.address)
	require.Equal(t, []string{"nightly"}, p.query("channel"), "the address is complete")
	require.Equal(t, []string{"52"}, p.query("version"), "the latest version")

	// A measure is found by words of its name, and chosen by keys.
	p.click(`input[role=combobox]`)
	require.NoError(t, chromedp.Do(p.Ctx, chromedp.SendKeys(chromedp.CSS(`input[role=combobox]`), "gc_ms")))
	p.Await(`document.querySelector('[role=option][aria-selected=true]')?.firstChild.textContent === 'GC_MS'`)
	require.NoError(t, chromedp.Do(p.Ctx, chromedp.SendKeys(chromedp.CSS(`input[role=combobox]`), "\r")))
	p.Await(`document.querySelector('#view h2').textContent === 'GC_MS'`)
	require.Equal(t, []string{"GC_MS"}, p.query("metric"))

	p.choose("Compare by", "os")
	p.Await(`document.querySelectorAll('.plot svg path').length === 3`)
	var want distribution
	service.answer("v1/build_id/distribution?channel=nightly&version=52&metric=GC_MS&compare=os", &want)
	shown := evaluate[[][]string](p, `[...document.querySelectorAll('#view > .scroll tr')].map((r) => [...r.cells].map((c) => c.dataset.value ?? c.textContent))`)
	for i, s := range want.Series {
		require.Equal(t, s.Name, shown[0][i+1])
		require.Equal(t, float(s.Samples), shown[2][i+1])
		require.Equal(t, float(s.Percentiles[6].Value), shown[11][i+1], "the 95th percentile")
	}
	p.click(`[data-choice=multiples]`)
	p.Await(`document.querySelectorAll('.plot svg').length === 3`)
	p.choose("OS", "Linux")
	p.Await(`document.querySelectorAll('.plot svg').length === 1`)

	address := evaluate[string](p, `location.href`)
	numbers := evaluate[string](p, `document.querySelector('#view > .scroll').innerText`)
	p.open(address)
	require.Equal(t, numbers, evaluate[string](p, `document.querySelector('#view > .scroll').innerText`), "the address is the state")

	evaluate[any](p, `history.back()`)
	p.Await(`document.querySelectorAll('.plot svg').length === 3`)
	evaluate[any](p, `history.forward()`)
	p.Await(`document.querySelectorAll('.plot svg').length === 1`)
	p.requireQuiet(service.address)
}

func TestHistogram_ShowsKeysAndHover(t *testing.T) {
	service := serve(t, nil)
	p := open(t, "light", 1440, service.address+"?channel=nightly&version=51&metric=KEYED_ENUM")
	p.Await(`[...document.querySelectorAll('details')].find((d) => d.textContent.startsWith('Keys: all'))?.querySelectorAll('input[type=checkbox]').length > 2`)
	keys := evaluate[[]string](p, `[...document.querySelectorAll('details')].find((d) => d.textContent.startsWith('Keys')).querySelectorAll('input[type=checkbox]').values().map((c) => c.value).toArray()`)
	for _, key := range keys[:2] {
		evaluate[any](p, `[...document.querySelectorAll('input[type=checkbox]')].find((c) => c.value === `+quote(key)+`).click()`)
		p.settle()
	}
	p.Await(`document.querySelectorAll('.plot svg path').length === 2`)
	require.Equal(t, []string{"label"}, p.query("compare"))
	require.Equal(t, keys[:2], p.query("label"))

	p.open(service.address + gc)
	evaluate[any](p, `document.querySelector('.plot svg').focus()`)
	require.NoError(t, chromedp.Do(p.Ctx, chromedp.SendKeys(chromedp.CSS(".plot svg"), kb.End))) // End
	p.Await(`document.getElementById('readout').textContent.startsWith('10,000 or more')`)
	evaluate[any](p, `(() => {
		const box = document.querySelector('.plot svg').getBoundingClientRect();
		document.querySelector('.plot svg').dispatchEvent(new PointerEvent('pointermove', {clientX: box.left + 70, clientY: box.top + 100}));
	})()`)
	var want distribution
	service.answer("v1/build_id/distribution"+gc, &want)
	p.Await(`document.getElementById('readout').textContent.startsWith('0: ')`)
	require.Contains(t, evaluate[string](p, `document.getElementById('readout').textContent.replaceAll(',', '')`), " ("+float(float64(want.Series[0].Histogram[0]))+" samples")
	p.requireQuiet(service.address)
}

func quote(text string) string {
	quoted, _ := json.Marshal(text)
	return string(quoted)
}

func TestEvolution_ShowsNumbersAndReference(t *testing.T) {
	service := serve(t, nil)
	p := open(t, "light", 1440, service.address+gc+"&view=evolution&few=30")
	var want struct {
		Series []struct {
			Points []struct {
				Date        string
				Few         bool
				Count       int64
				Samples     float64
				Mean        struct{ Value float64 }
				Percentiles []struct{ P, Value float64 }
			}
		}
	}
	service.answer("v1/build_id/evolution"+gc+"&few=30", &want)
	rows := evaluate[[][]string](p, `[...document.querySelectorAll('#points tbody tr')].map((r) => [...r.cells].map((c) => c.dataset.value))`)
	points := want.Series[0].Points
	require.Len(t, rows, len(points))
	for i, point := range points {
		require.Equal(t, []string{point.Date, float(float64(point.Count)), float(point.Samples)}, rows[i][:3])
		require.Equal(t, float(point.Mean.Value), rows[i][4])
		require.Equal(t, float(point.Percentiles[2].Value), rows[i][5], "the 5th percentile")
	}
	require.Equal(t, 6, evaluate[int](p, `document.querySelectorAll('circle[data-few]').length`), "the date with few submissions is faint")

	p.click(`[data-plot=figures] svg`) // its middle, the second date
	require.Equal(t, []string{points[1].Date}, p.query("ref"))
	p.moveMouseAway() // a mouse over a plot that is drawn again leaves it at any time, and takes the cursor away
	evaluate[any](p, `document.querySelector('[data-plot=count] svg').focus()`)
	require.NoError(t, chromedp.Do(p.Ctx, chromedp.SendKeys(chromedp.CSS("[data-plot=count] svg"), kb.End))) // End
	p.Await(`document.getElementById('readout').textContent.includes('with the difference to 2016-10-31')`)
	require.Equal(t, 3, evaluate[int](p, `document.querySelectorAll('.plot [data-cursor][visibility=visible]').length`)-3, "the cursor is in all plots, and so is the reference")
	require.Contains(t, evaluate[string](p, `document.getElementById('readout').textContent`), "−18")

	evaluate[any](p, `(() => { const from = document.getElementById('range-from'); from.value = 1; from.dispatchEvent(new Event('change')); })()`)
	p.Await(`document.querySelectorAll('#points tbody tr').length === 2`)
	require.Equal(t, []string{points[1].Date}, p.query("from"))

	p.open(service.address + gc + "&view=evolution&few=10&over=GC_RESET")
	p.Await(`document.querySelector('[data-plot=ratio] circle')`)
	require.Equal(t, "GC_MS / GC_RESET", p.heading())
	p.requireQuiet(service.address)
}

func TestPages_SayWhatIsWrongAndRecover(t *testing.T) {
	service := serve(t, nil)
	p := open(t, "light", 1440, service.address+gc)
	for name, between := range map[string]func(http.ResponseWriter, *http.Request) bool{
		"status 503": func(w http.ResponseWriter, _ *http.Request) bool {
			w.WriteHeader(http.StatusServiceUnavailable)
			return true
		},
		"cannot be":         func(http.ResponseWriter, *http.Request) bool { panic(http.ErrAbortHandler) },
		"is not JSON":       func(w http.ResponseWriter, _ *http.Request) bool { w.Write([]byte("<html>")); return true },
		"not have the form": func(w http.ResponseWriter, _ *http.Request) bool { w.Write([]byte(`{"series": 3}`)); return true },
	} {
		bars := evaluate[int](p, `document.querySelectorAll('.plot svg rect').length`)
		service.set(func(w http.ResponseWriter, r *http.Request) bool {
			return strings.Contains(r.URL.Path, "/distribution") && between(w, r)
		})
		value := "Linux"
		if len(p.query("os")) > 0 {
			value = ""
		}
		p.choose("OS", value)
		p.Await(`!document.getElementById('notice').hidden`)
		require.Contains(t, evaluate[string](p, `document.getElementById('notice').textContent`), name)
		require.Equal(t, bars, evaluate[int](p, `document.querySelectorAll('.plot svg rect').length`), "what was drawn stays")
		service.set(nil)
		p.Await(`document.getElementById('notice').hidden`) // without a click: the page tries again
	}
	p.choose("Channel", "release")
	p.Await(`document.getElementById('token')`)
	require.Contains(t, evaluate[string](p, `document.getElementById('notice').textContent`), "the channel release needs a token")
}

func TestPages_SlowAnswerKeepsWhatIsShown(t *testing.T) {
	service := serve(t, nil)
	p := open(t, "light", 1440, service.address+gc)
	release := make(chan struct{})
	service.set(func(_ http.ResponseWriter, r *http.Request) bool {
		if strings.Contains(r.URL.RawQuery, "Darwin") {
			<-release
		}
		return false
	})
	evaluate[any](p, `(() => { const s = [...document.querySelectorAll('label')].find((l) => l.textContent === 'OS').control; s.value = 'Darwin'; s.dispatchEvent(new Event('change')); })()`)
	p.Await(`document.getElementById('plots').getAttribute('aria-busy') === 'true'`)
	require.Positive(t, evaluate[int](p, `document.querySelectorAll('.plot svg rect').length`))
	p.choose("OS", "Linux") // overtakes the slow one
	close(release)
	var want distribution
	service.answer("v1/build_id/distribution"+gc+"&os=Linux", &want)
	require.Equal(t, float(want.Series[0].Samples), evaluate[string](p, `document.querySelectorAll('#view > .scroll tbody tr')[1].cells[1].dataset.value`))
	p.requireQuiet(service.address)
}

func TestPages_SaveFiles(t *testing.T) {
	service := serve(t, nil)
	folder := t.TempDir()
	p := open(t, "light", 1440, service.address+gc+"&compare=os")
	saved := p.save(folder, "GC_MS-distribution", "CSV", "JSON", "SVG", "PNG", "HTML")
	require.Equal(t, service.text("v1/build_id/distribution"+gc+"&compare=os&format=csv"), saved["CSV"])
	var answer distribution
	require.NoError(t, json.Unmarshal([]byte(saved["JSON"]), &answer))
	require.Len(t, answer.Series, 3)
	require.Contains(t, saved["SVG"], "<svg")
	require.True(t, strings.HasPrefix(saved["PNG"], "\x89PNG"))
	p.requireQuiet(service.address)

	q := &tab{p.Tab}
	require.NoError(t, chromedp.Do(q.Ctx, chromedp.Navigate("file://"+filepath.Join(folder, "GC_MS-distribution.html"))))
	require.Equal(t, 3, evaluate[int](q, `JSON.parse(document.getElementById('data').textContent).series.length`))
	require.Contains(t, evaluate[string](q, `document.body.innerText`), "FROM headcount_rollup.rollups")
	require.Positive(t, evaluate[int](q, `document.querySelectorAll('svg path').length`))
	q.keepPicture("saved.png")
}
