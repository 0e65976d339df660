// SPDX-License-Identifier: Apache-2.0

// Package pagetest opens pages in a real Chromium, for tests.
package pagetest

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"
)

// patience is how long a browser may take to start, and a page for what it shows.
const patience = 2 * time.Minute

// A Tab is a page in a headless Chromium, with what that complains of and asks the network for.
type Tab struct {
	*testing.T
	Ctx context.Context // of chromedp

	mu                   sync.Mutex
	complaints, requests []string
}

// Open starts a browser with a window of a size and the system's setting, light or dark. It ends with the test.
func Open(t *testing.T, scheme string, width, height int) *Tab {
	t.Helper()
	ctx, stop := chromedp.NewContext(t.Context(), chromedp.WithAllocatorOptions(chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.WindowSize(width, height), chromedp.UserDataDir(t.TempDir()), chromedp.WSURLReadTimeout(patience)))
	t.Cleanup(stop)
	p := &Tab{T: t, Ctx: ctx}
	require.NoError(t, chromedp.Listen(ctx, p.note))
	_, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}},
	})
	require.NoError(t, err)
	_, err = chromedp.Call(ctx, network.Enable, network.EnableParams{})
	require.NoError(t, err)
	return p
}

func (p *Tab) note(event any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch event := event.(type) {
	case *runtime.EventConsoleAPICalled:
		p.complaints = append(p.complaints, string(event.Type))
	case *runtime.EventExceptionThrown:
		p.complaints = append(p.complaints, event.ExceptionDetails.Text)
	case *log.EventEntryAdded:
		p.complaints = append(p.complaints, event.Entry.Text+" "+event.Entry.URL)
	case *network.EventRequestWillBeSent:
		p.requests = append(p.requests, event.Request.URL)
	}
}

// Seen returns what the browser has complained of, and the addresses that the page has asked for.
func (p *Tab) Seen() (complaints, requests []string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.complaints), slices.Clone(p.requests)
}

// Resize sets the size of the page, in CSS pixels.
func (p *Tab) Resize(width, height int64) {
	p.Helper()
	_, err := chromedp.Call(p.Ctx, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{Width: width, Height: height, DeviceScaleFactor: 1})
	require.NoError(p, err)
}

// Evaluate returns what a script in the page gives.
func Evaluate[V any](p *Tab, script string) V {
	p.Helper()
	v, err := chromedp.Run(p.Ctx, chromedp.Evaluate[V](script))
	require.NoError(p, err, script)
	return v
}

// Await waits until a script in the page is true.
func (p *Tab) Await(script string) {
	p.Helper()
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		if Evaluate[bool](p, "Boolean("+script+")") {
			return
		}
	}
	complaints, _ := p.Seen()
	require.Fail(p, "the page does not get there", "%s\ncomplaints: %v\n%s", script, complaints, Evaluate[string](p, "document.body.innerText"))
}

// Faults returns the faults that axe-core finds in the page and counts as serious or critical. "make build/axe.min.js"
// fetches axe-core.
func (p *Tab) Faults() []string {
	p.Helper()
	script, err := os.ReadFile(filepath.Join(root(p.T), "build", "axe.min.js"))
	require.NoError(p, err, "run: make build/axe.min.js")
	Evaluate[any](p, string(script)+"; 0")
	found, err := chromedp.Run(p.Ctx, chromedp.Evaluate[[]string](`axe.run(document, {resultTypes: ['violations']}).then((r) => r.violations
		.filter((v) => v.impact === 'serious' || v.impact === 'critical')
		.flatMap((v) => v.nodes.map((n) => v.id + ': ' + n.html.slice(0, 160) + ' ' + n.failureSummary)))`,
		func(e *runtime.EvaluateParams) { e.AwaitPromise = new(true) }))
	require.NoError(p, err)
	return found
}

// root returns the repository's folder, the one with the file VERSION.
func root(t *testing.T) string {
	t.Helper()
	folder, err := os.Getwd()
	require.NoError(t, err)
	for {
		if _, err := os.Stat(filepath.Join(folder, "VERSION")); err == nil {
			return folder
		}
		above := filepath.Dir(folder)
		require.NotEqual(t, folder, above, "no file VERSION above the test")
		folder = above
	}
}
