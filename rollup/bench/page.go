// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"fmt"
	"net/http/httptest"
	"slices"
	"strings"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/headcount-hll/headcount/rollup/api"
	"github.com/headcount-hll/headcount/rollup/definitions"
	"github.com/headcount-hll/headcount/rollup/store"
	"github.com/headcount-hll/headcount/rollup/web"
)

// drawn is, in milliseconds, the time from the last byte of the page and its scripts to the first plot.
const drawn = `(() => {
	const mark = performance.getEntriesByName('drawn')[0];
	const bytes = performance.getEntriesByType('resource').filter((e) => !e.name.includes('/v1/')).map((e) => e.responseEnd);
	return mark ? mark.startTime - Math.max(...bytes) : -1;
})()`

// look measures the page in Chromium: the first plot of both views, and new plots after a change of a filter.
func look(name string, s store.Store) error {
	set, err := definitions.Read(strings.NewReader("{}"))
	if err != nil {
		return err
	}
	answers, err := api.New(api.Config{Store: s, Definitions: set})
	if err != nil {
		return err
	}
	handler, err := web.New(answers)
	if err != nil {
		return err
	}
	server := httptest.NewServer(handler)
	defer server.Close()
	ctx, stop := chromedp.NewContext(context.Background(), chromedp.WithAllocatorOptions(chromedp.NoSandbox, chromedp.DisableGPU, chromedp.WSURLReadTimeout(2*time.Minute)))
	defer stop()
	for _, view := range []string{"histogram", "evolution"} {
		var first []float64
		for i := range 10 {
			address := fmt.Sprintf("%s/?channel=nightly&version=51&metric=%s&view=%s", server.URL, metric(i), view)
			if err := chromedp.Do(ctx, chromedp.Navigate(address)); err != nil {
				return err
			}
			took, err := await(ctx, drawn)
			if err != nil {
				return err
			}
			first = append(first, took)
		}
		var again []float64
		for i := range 40 {
			took, err := redraw(ctx, []string{"content", "gpu", "parent", ""}[i%4])
			if err != nil {
				return err
			}
			again = append(again, took)
		}
		slices.Sort(first)
		slices.Sort(again)
		fmt.Printf("%s, page, %s: first plot median %.0f ms, largest %.0f ms; new plot after a filter median %.0f ms, 95th percentile %.0f ms\n",
			name, view, first[len(first)/2], first[len(first)-1], again[len(again)/2], again[len(again)*95/100])
	}
	return nil
}

// redraw changes the process and returns the milliseconds until the plots are drawn.
func redraw(ctx context.Context, process string) (float64, error) {
	script := fmt.Sprintf(`(() => {
		const select = [...document.querySelectorAll('label')].find((l) => l.textContent === 'Process').control;
		performance.clearMarks('drawn');
		select.value = %q;
		performance.mark('chosen');
		select.dispatchEvent(new Event('change'));
		return 0;
	})()`, process)
	if _, err := chromedp.Run(ctx, chromedp.Evaluate[float64](script)); err != nil {
		return 0, err
	}
	return await(ctx, `(() => {
		const mark = performance.getEntriesByName('drawn')[0];
		return mark ? mark.startTime - performance.getEntriesByName('chosen').at(-1).startTime : -1;
	})()`)
}

// await returns the value of a script when it is not negative.
func await(ctx context.Context, script string) (float64, error) {
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
		if v, err := chromedp.Run(ctx, chromedp.Evaluate[float64](script)); err != nil || v >= 0 {
			return v, err
		}
	}
	return 0, fmt.Errorf("the page drew nothing in a minute")
}
