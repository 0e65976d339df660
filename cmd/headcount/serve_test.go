// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bufio"
	"context"
	"encoding/csv"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"github.com/headcount-hll/headcount/cmd/headcount/internal/cli"
)

// serving starts headcount serve and returns its address.
func serving(t *testing.T, args ...string) string {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	logs, said, err := os.Pipe()
	require.NoError(t, err)
	ended := make(chan error, 1)
	go func() {
		ended <- cli.Run(ctx, "test", append([]string{"serve", "--listen", "127.0.0.1:0"}, args...), cli.Streams{Out: io.Discard, Err: said})
		said.Close()
	}()
	lines := bufio.NewScanner(logs)
	require.True(t, lines.Scan(), "the server says its address")
	var first struct{ Address string }
	require.NoError(t, json.Unmarshal(lines.Bytes(), &first))
	go func() {
		for lines.Scan() {
		}
	}()
	t.Cleanup(func() {
		stop()
		require.NoError(t, <-ended)
	})
	return "http://" + first.Address + "/"
}

func TestServe_ShowsTheFiguresOfTheCSV(t *testing.T) {
	address := serving(t, counts)
	p := open(t, "light", address)
	require.Equal(t, "Engagement of all clients", evaluate[string](p, `document.title`))
	evaluate[any](p, `[...document.querySelectorAll('#controls input[type=checkbox]')].find((b) => b.value === 'normalizedchannel').click()`)
	p.Await(`document.title === 'Engagement by normalizedchannel' && document.getElementById('plots').getAttribute('aria-busy') === 'false'`)

	shown := map[string][]string{}
	for _, row := range evaluate[[][]string](p, `[...document.querySelectorAll('#points tbody tr')].map((r) => [...r.cells].map((c) => c.dataset.value))`) {
		shown[row[0]+" "+row[1]] = row[2:]
	}
	want, err := csv.NewReader(strings.NewReader(read(t, fixture+"expected_engagement.csv"))).ReadAll()
	require.NoError(t, err)
	require.Len(t, shown, len(want)-1)
	for _, row := range want[1:] {
		segment := row[0]
		if segment == "" {
			segment = "NULL"
		}
		got := shown[segment+" "+row[1]]
		require.Len(t, got, 4, "%v", row)
		for i, figure := range got {
			value, err := strconv.ParseFloat(figure, 64)
			require.NoError(t, err)
			require.InDelta(t, number(t, row[2+i]), value, 1e-12, "%v", row)
		}
	}
	require.Equal(t, 4, evaluate[int](p, `document.querySelectorAll('.plot svg').length`))

	// Rows are chosen by a value of a dimension, and the address is the state.
	evaluate[any](p, `(() => { const c = document.getElementById('column'); c.value = 'os'; c.dispatchEvent(new Event('change')); })()`)
	p.Await(`document.querySelectorAll('#value option').length === 4`)
	evaluate[any](p, `(() => { const c = document.getElementById('value'); c.value = 'Linux'; c.dispatchEvent(new Event('change')); })()`)
	p.Await(`document.querySelector('[data-where="os=Linux"]') && document.getElementById('plots').getAttribute('aria-busy') === 'false'`)
	figures := evaluate[string](p, `document.querySelector('#points table').textContent`)
	evaluate[any](p, `location.reload()`)
	p.Await(`document.readyState === 'complete' && document.querySelector('#points table')?.textContent === ` + strconv.Quote(figures))
	evaluate[any](p, `history.back()`)
	p.Await(`!document.querySelector('[data-where]') && document.querySelectorAll('#points tbody tr').length === ` + strconv.Itoa(len(want)-1))

	evaluate[any](p, `document.querySelector('[data-plot=mau] svg').focus()`)
	evaluate[any](p, `document.querySelector('[data-plot=mau] svg').dispatchEvent(new KeyboardEvent('keydown', {key: 'End'}))`)
	require.Contains(t, evaluate[string](p, `document.getElementById('readout').textContent`), want[len(want)-1][1])
	require.Equal(t, 4, evaluate[int](p, `document.querySelectorAll('[data-cursor][visibility=visible]').length`), "the cursor is in all plots")
	complaints, requests := p.Seen()
	require.Empty(t, complaints)
	for _, request := range requests {
		require.True(t, strings.HasPrefix(request, address) || strings.HasPrefix(request, "data:"), request)
	}
}

func TestServe_PageHasNoSeriousFaultOfAccess(t *testing.T) {
	address := serving(t, counts)
	for _, scheme := range []string{"light", "dark"} {
		p := open(t, scheme, address+"?by=normalizedchannel&where=os%3DLinux")
		p.Await(`document.getElementById('plots').getAttribute('aria-busy') === 'false'`)
		evaluate[any](p, `document.querySelectorAll('details').forEach((d) => { d.open = true; })`)
		require.Empty(t, p.Faults(), scheme)
	}
}

func TestServe_RejectsWhatIsNoDimension(t *testing.T) {
	address := serving(t, counts)
	for query, want := range map[string]string{
		"by=hll": "there is no dimension", "by=os&by=os": "named twice", "where=os": "write it COLUMN=VALUE", "where=e10senabled%3Dmaybe": "e10senabled=maybe", "where=nowhere%3D1": "there is no dimension",
		"from=yesterday": "write it YYYY-MM-DD",
	} {
		response, err := http.Get(address + "v1/engagement?" + query)
		require.NoError(t, err)
		body, err := io.ReadAll(response.Body)
		require.NoError(t, err)
		require.NoError(t, response.Body.Close())
		require.Equal(t, http.StatusBadRequest, response.StatusCode, query)
		require.Contains(t, string(body), want)
	}
}

func TestServe_PicturesForPeople(t *testing.T) {
	address := serving(t, counts)
	for _, scheme := range []string{"light", "dark"} {
		for _, width := range []int64{1440, 390} {
			p := open(t, scheme, address+"?by=normalizedchannel")
			p.Resize(width, 900)
			p.Await(`document.getElementById('plots').getAttribute('aria-busy') === 'false'`)
			require.LessOrEqual(t, evaluate[int64](p, `document.documentElement.scrollWidth`), width)
			p.Resize(width, evaluate[int64](p, `document.documentElement.scrollHeight`))
			picture, err := chromedp.Run(p.Ctx, chromedp.Screenshot(chromedp.CSS("html")))
			require.NoError(t, err)
			keepPicture(t, "serve-"+scheme+"-"+strconv.FormatInt(width, 10)+".png", picture)
			complaints, _ := p.Seen()
			require.Empty(t, complaints)
		}
	}
}
