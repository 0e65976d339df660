// SPDX-License-Identifier: Apache-2.0

package main

import (
	"net/url"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"github.com/headcount-hll/headcount/internal/pages/pagetest"
)

// Every page, with a run that succeeded, one that failed and a report with a wrong header.
func TestServe_PagesHaveNoSeriousFaultOfAccessAndAStrictPolicy(t *testing.T) {
	s := newService(t, token)
	_, succeeded := s.post("activity", url.Values{"token": {token}, "param.channel": {"beta"}})
	_, failed := s.post("failing", url.Values{"token": {token}})
	for range 2 {
		s.work(t.Context())
	}
	paths := []string{"/", "/?q=nothing-has-this", "/upload", "/reports/activity", "/reports/broken", "/reports/failing", succeeded, failed, succeeded + "/page", failed + "/page"}
	for _, scheme := range []string{"light", "dark"} {
		tab := pagetest.Open(t, scheme, 1200, 900)
		for _, path := range paths {
			require.NoError(t, chromedp.Do(tab.Ctx, chromedp.Navigate(s.address+path), chromedp.WaitReady(chromedp.CSS("main"))))
			pagetest.Evaluate[any](tab, `document.querySelectorAll('details').forEach((d) => { d.open = true; })`)
			require.Empty(t, tab.Faults(), "%s, %s", path, scheme)
		}
		for _, width := range []int64{1200, 390} {
			tab.Resize(width, 900)
			for _, path := range paths {
				require.NoError(t, chromedp.Do(tab.Ctx, chromedp.Navigate(s.address+path), chromedp.WaitReady(chromedp.CSS("main"))))
				require.LessOrEqual(t, pagetest.Evaluate[int64](tab, `document.documentElement.scrollWidth`), width, "%s, %s", path, scheme)
			}
		}
		complaints, _ := tab.Seen()
		require.Empty(t, complaints)
	}
	for _, path := range append(paths, "/assets/page.css", "/nowhere") {
		_, header := s.get(path)
		require.NotContains(t, header.Get("Content-Security-Policy"), "unsafe", path)
		require.Contains(t, header.Get("Content-Security-Policy"), "base-uri 'none'", path)
		require.Contains(t, header.Get("Content-Security-Policy"), "frame-ancestors 'none'", path)
		require.Equal(t, "nosniff", header.Get("X-Content-Type-Options"), path)
		require.Equal(t, "no-referrer", header.Get("Referrer-Policy"), path)
	}
}
