// SPDX-License-Identifier: Apache-2.0

package web_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/headcount-hll/headcount/rollup/partial"
	"github.com/headcount-hll/headcount/rollup/store/files"
)

// oddKeys are names that markup, CSV, selectors and the direction of writing can make something else of.
var oddKeys = []string{`<img src=x onerror=alert(1)>`, `quo"te's`, "שלום עולם", "=1+1", strings.Repeat("k", 300), "\u202eoverride", "a,b", " lead", "line\nbreak"}

// large is a sum that a float64 cannot have.
const large = 9_007_199_254_740_993

// oddStore has a keyed measure with odd keys, nine added dimensions, a measure without samples and one with a large sum.
func oddStore(t *testing.T) *files.Store {
	t.Helper()
	var dimensions, values []string
	for i := range 9 {
		dimensions, values = append(dimensions, fmt.Sprintf("added_%d", i)), append(values, fmt.Sprint("value ", i))
	}
	var rows []partial.Row
	add := func(metric, label string, bucket int, n, sum, last int64) {
		row := partial.Row{
			Channel: "nightly", Version: "51", Application: "Firefox", Architecture: "x86", OS: "Linux", OSVersion: "4.4",
			Extra: values, Metric: metric, Label: label, Process: "parent", Histogram: make([]int64, 50), Sum: sum, Count: 7,
		}
		row.Histogram[bucket] = n
		row.Histogram[5] += n / 100
		row.Histogram[19] += last
		rows = append(rows, row)
	}
	add("GC_MS", "", 10, 100_000, large, 1)
	add("GC_RESET", "", 0, 0, 0, 0)
	for i, key := range oddKeys {
		add("BLOCKED_ON_PLUGIN_INIT_MS", key, 10+i, int64(100*(i+1)), 1, 0)
	}
	return storeOf(t, dimensions, map[string][]partial.Row{"20261101": rows})
}

const oddKind = "&kind=submission_date"

func TestPages_ShowOddNames(t *testing.T) {
	service := serve(t, oddStore(t))
	keyed := service.address + "?channel=nightly&version=51&metric=BLOCKED_ON_PLUGIN_INIT_MS&compare=label" + oddKind
	p := open(t, "light", 390, keyed)
	p.Await(`[...document.querySelectorAll('summary')].some((s) => s.textContent === 'Keys: all')`) // nine added dimensions are more than one request takes
	require.True(t, evaluate[bool](p, `document.getElementById('notice').hidden`))
	names := evaluate[[]string](p, `[...document.querySelectorAll('#view > .scroll thead th')].slice(1).map((c) => c.textContent.replace(/[\u2068\u2069]/g, ''))`)
	require.Subset(t, oddKeys, names)
	require.Len(t, names, 8)
	require.LessOrEqual(t, evaluate[int64](p, `document.documentElement.scrollWidth`), int64(390))
	require.Equal(t, 60, evaluate[int](p, `Math.max(...[...document.querySelectorAll('#view > .legend li')].map((li) => li.textContent.length))`), "a long name is cut in the legend")
	require.Zero(t, evaluate[int](p, `document.querySelectorAll('#plots img').length`))

	// A finger touches a plot without moving. Text from right to left keeps to itself.
	evaluate[any](p, `(() => {
		const box = document.querySelector('.plot svg').getBoundingClientRect();
		document.querySelector('.plot svg').dispatchEvent(new PointerEvent('pointerdown', {clientX: box.left + box.width / 2, clientY: box.top + 100, pointerType: 'touch'}));
	})()`)
	require.Contains(t, evaluate[string](p, `document.getElementById('readout').textContent`), "\u2068שלום עולם\u2069 ")

	// What is saved names the series too.
	saved := p.save(t.TempDir(), "BLOCKED_ON_PLUGIN_INIT_MS-distribution", "SVG", "HTML")
	for _, name := range []string{"&lt;img src=x onerror=alert(1)&gt;", "=1+1", "a,b"} {
		require.Contains(t, saved["SVG"], ">"+name+"</text>")
		require.Contains(t, saved["HTML"], ">"+name+"</text>")
	}
	p.open(keyed + "&layout=multiples&y=log")
	require.Len(t, evaluate[[]string](p, `[...new Set([...document.querySelectorAll('.plot svg')].map((s) => [...s.querySelectorAll('text[text-anchor=end]')].map((t) => t.textContent + t.getAttribute('y')).join()))]`), 1, "small multiples have one scale")
	require.Contains(t, p.save(t.TempDir(), "BLOCKED_ON_PLUGIN_INIT_MS-distribution", "SVG")["SVG"], ">=1+1</text>")
	p.requireQuiet(service.address)
}

func TestPages_KeepNumbersAndSayThatThereAreNone(t *testing.T) {
	service := serve(t, oddStore(t))
	p := open(t, "light", 1440, service.address+gc+oddKind)
	saved := p.save(t.TempDir(), "GC_MS-distribution", "JSON", "HTML")
	require.Contains(t, saved["JSON"], fmt.Sprintf(`"sum":%d`, int64(large)))
	require.Contains(t, saved["HTML"], fmt.Sprintf(`"sum":%d`, int64(large)))
	require.Equal(t, 10, evaluate[int](p, `document.querySelectorAll('.plot [data-bounds] title').length`), "mean and percentiles have their bounds in the plot")
	require.Contains(t, evaluate[[]string](p, `[...document.querySelectorAll('#buckets tbody tr')].map((r) => r.cells[3].textContent)`), ">99.9%", "101,000 of 101,001 are not all")

	p.click(`[data-choice=table]`)
	require.True(t, evaluate[bool](p, `document.querySelector('[data-save=PNG]').hidden`), "a table is no picture")
	require.NotContains(t, p.save(t.TempDir(), "GC_MS-distribution", "HTML")["HTML"], "<svg")

	for view, note := range map[string]string{"histogram": "have no samples: there is nothing to draw", "evolution": "have no samples, so that"} {
		p.open(service.address + "?channel=nightly&version=51&metric=GC_RESET&view=" + view + oddKind)
		require.Contains(t, evaluate[string](p, `document.getElementById('notes').textContent`), note)
	}
	p.requireQuiet(service.address)
}

func TestPages_ControlsSayWhatTheAddressSays(t *testing.T) {
	service := serve(t, nil)
	p := open(t, "light", 1440, service.address+gc+"&compare=os&os=Linux&os=Darwin&date=20161031,20161101")
	selected := func(label string) string {
		return evaluate[string](p, `[...document.querySelectorAll('label')].find((l) => l.textContent === '`+label+`').control.selectedOptions[0].textContent`)
	}
	require.Equal(t, "Linux or Darwin", selected("OS"))
	require.Equal(t, "2 dates", selected("From"))
	p.choose("OS", "Linux")
	require.Equal(t, []string{"Linux"}, p.query("os"))
	require.Equal(t, "Linux", selected("OS"))

	// Another measure keeps the comparison.
	p.open(service.address + gc + "&compare=os")
	p.click(`input[role=combobox]`)
	evaluate[any](p, `(() => { const i = document.querySelector('input[role=combobox]'); i.value = 'gc_reset'; i.dispatchEvent(new Event('input')); i.dispatchEvent(new KeyboardEvent('keydown', {key: 'Enter'})); })()`)
	p.Await(`document.querySelector('#view h2').textContent === 'GC_RESET'`)
	require.Equal(t, []string{"os"}, p.query("compare"))

	// A key that the data do not have can be taken off.
	p.open(service.address + "?channel=nightly&version=51&metric=KEYED_ENUM&label=nowhere")
	p.Await(`document.querySelector('input[type=checkbox][value=nowhere]')?.checked`)
	evaluate[any](p, `document.querySelector('input[type=checkbox][value=nowhere]').click()`)
	p.Await(`document.getElementById('notice').hidden && document.querySelector('#view h2')?.textContent === 'KEYED_ENUM'`)
	require.Empty(t, p.query("label"))

	p.open(service.address + gc + "&view=evolution")
	evaluate[any](p, `(() => { const few = document.getElementById('few'); few.value = '-12.6'; few.dispatchEvent(new Event('change')); })()`)
	p.settle()
	require.Equal(t, []string{"0"}, p.query("few"))
	require.True(t, evaluate[bool](p, `document.getElementById('notice').hidden`))
}

// versionsStore has rows with an OS version and without, and a measure in a second version alone.
func versionsStore(t *testing.T) *files.Store {
	t.Helper()
	rows := []partial.Row{
		{Version: "51", Metric: "GC_MS", OSVersion: "", Count: 7},
		{Version: "51", Metric: "GC_MS", OSVersion: "4.4", Count: 30},
		{Version: "52", Metric: "GC_MS", OSVersion: "4.4", Count: 100},
		{Version: "52", Metric: "GC_RESET", OSVersion: "6.1", Count: 1},
	}
	for i := range rows {
		row := &rows[i]
		row.Channel, row.Application, row.Architecture, row.OS, row.Process = "nightly", "Firefox", "x86", "Linux", "parent"
		row.Histogram = make([]int64, 50)
		row.Histogram[3] = 1000
	}
	return storeOf(t, nil, map[string][]partial.Row{"20261101": rows})
}

func TestPages_ChooseTheEmptyValue(t *testing.T) {
	service := serve(t, versionsStore(t))
	p := open(t, "light", 1440, service.address+"?channel=nightly&version=51&metric=GC_MS"+oddKind)
	submissions := func() string {
		return evaluate[string](p, `[...document.querySelectorAll('#view tr')].find((r) => r.cells[0].textContent === 'Submissions').cells[1].textContent`)
	}
	require.Equal(t, "37", submissions())
	p.choose("OS version", `\u0001`)
	require.Equal(t, []string{""}, p.query("os_version"))
	require.Equal(t, "7", submissions())
	p.open(evaluate[string](p, `location.href`)) // the address says it
	require.Equal(t, "7", submissions())
	require.Equal(t, "(no os version)", evaluate[string](p, `[...document.querySelectorAll('label')].find((l) => l.textContent === 'OS version').control.selectedOptions[0].textContent`))
	p.choose("OS version", "4.4")
	require.Equal(t, "30", submissions())
	p.choose("OS version", "")
	require.Empty(t, p.query("os_version"))
	require.Equal(t, "37", submissions())
}

func TestPages_ListWhatAnyOfTheVersionsHas(t *testing.T) {
	service := serve(t, versionsStore(t))
	p := open(t, "light", 1440, service.address+"?channel=nightly&version=51&metric=GC_MS"+oddKind)
	offered := func() []string {
		p.click(`input[role=combobox]`)
		return evaluate[[]string](p, `(() => { const i = document.querySelector('input[role=combobox]'); i.value = ''; i.dispatchEvent(new Event('input'));
			return [...document.querySelectorAll('ul[role=listbox] li')].map((l) => l.firstChild.textContent); })()`)
	}
	require.Equal(t, []string{"GC_MS"}, offered())
	p.open(service.address + "?channel=nightly&version=51&version=52&metric=GC_MS" + oddKind)
	require.Equal(t, []string{"GC_MS", "GC_RESET"}, offered())
	require.Equal(t, []string{"all", "(no os version)", "4.4", "6.1"}, evaluate[[]string](p,
		`[...[...document.querySelectorAll('label')].find((l) => l.textContent === 'OS version').control.options].map((o) => o.textContent)`))
}
