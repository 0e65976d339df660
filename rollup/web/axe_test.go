// SPDX-License-Identifier: Apache-2.0

package web_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"os"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"
)

// axe is a script that make fetches: scripts/fetch-axe.sh.
const axe = "../../build/axe.min.js"

// faults returns the faults that axe-core finds in the page and counts as serious or critical.
func (p *tab) faults() []string {
	p.Helper()
	script, err := os.ReadFile(axe)
	require.NoError(p, err, "run: make build/axe.min.js")
	evaluate[any](p, string(script)+"; 0")
	found, err := chromedp.Run(p.Ctx, chromedp.Evaluate[[]string](`axe.run(document, {resultTypes: ['violations']}).then((r) => r.violations
		.filter((v) => v.impact === 'serious' || v.impact === 'critical')
		.flatMap((v) => v.nodes.map((n) => v.id + ': ' + n.html.slice(0, 160) + ' ' + n.failureSummary)))`,
		func(e *runtime.EvaluateParams) { e.AwaitPromise = new(true) }))
	require.NoError(p, err)
	return found
}

func TestPages_HaveNoSeriousFaultOfAccess(t *testing.T) {
	service := serve(t, nil)
	for _, scheme := range []string{"light", "dark"} {
		p := open(t, scheme, 1440, service.address)
		for _, query := range []string{
			gc, gc + "&compare=os&layout=multiples", gc + "&show=table", "?channel=nightly&version=51&metric=KEYED_ENUM&compare=label",
			gc + "&view=evolution&few=30&ref=20161031", gc + "&view=evolution&compare=os&over=GC_RESET", "?channel=release",
		} {
			p.Resize(1440, 900)
			p.open(service.address + query)
			evaluate[any](p, `document.querySelectorAll('details').forEach((d) => { d.open = true; })`)
			require.Empty(t, p.faults(), "%s, %s", query, scheme)
		}
		p.open(service.address + gc)
		p.click("#sql")
		p.Await(`document.getElementById('queries').open`)
		require.Empty(t, p.faults(), "SQL, %s", scheme)
	}
}

// The page with its scripts takes at most 400 kB compressed; it is far below.
func TestPages_AreSmall(t *testing.T) {
	service := serve(t, nil)
	p := open(t, "light", 1440, service.address+gc)
	_, requests := p.Seen()
	total := 0
	for _, address := range requests {
		if strings.Contains(address, "/v1/") || strings.HasPrefix(address, "data:") {
			continue
		}
		response, err := http.Get(address)
		require.NoError(t, err)
		var small bytes.Buffer
		compressed := gzip.NewWriter(&small)
		_, err = io.Copy(compressed, response.Body)
		require.NoError(t, err)
		require.NoError(t, response.Body.Close())
		require.NoError(t, compressed.Close())
		require.Contains(t, response.Header.Get("Content-Security-Policy"), "style-src 'self';")
		require.NotContains(t, response.Header.Get("Content-Security-Policy"), "unsafe")
		total += small.Len()
	}
	require.Less(t, total, 400_000)
	t.Logf("the page with its scripts is %d bytes compressed", total)
}
