// SPDX-License-Identifier: Apache-2.0

package web_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"github.com/headcount-hll/headcount/internal/pages/pagetest"
	"github.com/headcount-hll/headcount/rollup/api"
	"github.com/headcount-hll/headcount/rollup/definitions"
	"github.com/headcount-hll/headcount/rollup/extract"
	"github.com/headcount-hll/headcount/rollup/partial"
	"github.com/headcount-hll/headcount/rollup/store"
	"github.com/headcount-hll/headcount/rollup/store/files"
	"github.com/headcount-hll/headcount/rollup/web"
)

// prefix is where a proxy in front of the server has it.
const prefix = "/telemetry/rollups"

// opened aggregates the pings of testdata, once for all tests.
var opened = sync.OnceValues(func() (*files.Store, error) {
	folder, err := os.MkdirTemp("", "rollup-web-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(folder)
	set, err := definitions.ReadFile("../testdata/definitions.json")
	if err != nil {
		return nil, err
	}
	if _, err := extract.Aggregate(context.Background(), extract.Config{Definitions: set, Inputs: []string{"../testdata/pings.json.gz"}, Output: folder}); err != nil {
		return nil, err
	}
	return files.Open(folder)
})

// storeOf returns a store of rows by submission date, with added dimensions.
func storeOf(t *testing.T, dimensions []string, days map[string][]partial.Row) *files.Store {
	t.Helper()
	folder := t.TempDir()
	for day, rows := range days {
		w, err := partial.NewWriter(folder, partial.SubmissionDate, day, dimensions)
		require.NoError(t, err)
		for i := range rows {
			require.NoError(t, w.Write(&rows[i]))
		}
		require.NoError(t, w.Close())
	}
	kept, err := files.Open(folder)
	require.NoError(t, err)
	return kept
}

// A service is a server behind a proxy with a path prefix. between, if set, is asked first, and answers in place of the
// server where it returns true.
type service struct {
	*testing.T
	address string // of the page, ends with /
	between func(w http.ResponseWriter, r *http.Request) bool
	mu      sync.Mutex
}

func serve(t *testing.T, s store.Store) *service {
	t.Helper()
	if s == nil {
		kept, err := opened()
		require.NoError(t, err)
		s = kept
	}
	set, err := definitions.ReadFile("../testdata/definitions.json")
	require.NoError(t, err)
	answers, err := api.New(api.Config{Store: s, Definitions: set, WithheldChannels: []string{"release"}})
	require.NoError(t, err)
	handler, err := web.New(answers)
	require.NoError(t, err)
	v := &service{T: t}
	server := httptest.NewServer(http.StripPrefix(prefix, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		v.mu.Lock()
		between := v.between
		v.mu.Unlock()
		if between == nil || !between(w, r) {
			handler.ServeHTTP(w, r)
		}
	})))
	t.Cleanup(server.Close)
	v.address = server.URL + prefix + "/"
	return v
}

func (v *service) set(between func(w http.ResponseWriter, r *http.Request) bool) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.between = between
}

// text asks the API, as the page does.
func (v *service) text(path string) string {
	v.Helper()
	response, err := http.Get(v.address + path)
	require.NoError(v, err)
	defer response.Body.Close()
	require.Equal(v, http.StatusOK, response.StatusCode, path)
	body, err := io.ReadAll(response.Body)
	require.NoError(v, err)
	return string(body)
}

// answer asks the API for JSON.
func (v *service) answer(path string, into any) {
	v.Helper()
	require.NoError(v, json.Unmarshal([]byte(v.text(path)), into))
}

// A tab is a page in Chromium.
type tab struct{ *pagetest.Tab }

// open starts a browser of a width, light or dark, and opens an address.
func open(t *testing.T, scheme string, width int64, address string) *tab {
	t.Helper()
	p := &tab{pagetest.Open(t, scheme, 1440, 900)}
	p.Resize(width, 900)
	p.open(address)
	return p
}

// open goes to an address and waits for the plots.
func (p *tab) open(address string) {
	p.Helper()
	require.NoError(p, chromedp.Do(p.Ctx, chromedp.Navigate(address)))
	p.settle()
}

// requireQuiet holds the page to have asked only its own server and complained of nothing.
func (p *tab) requireQuiet(address string) {
	p.Helper()
	complaints, requests := p.Seen()
	require.Empty(p, complaints)
	require.NotEmpty(p, requests)
	for _, request := range requests {
		if !strings.HasPrefix(request, address) && !strings.HasPrefix(request, "data:") && !strings.HasPrefix(request, "blob:") {
			p.Errorf("the page asks for %s", request)
		}
	}
}

// evaluate returns what a script in the page gives.
func evaluate[V any](p *tab, script string) V {
	p.Helper()
	return pagetest.Evaluate[V](p.Tab, script)
}

// settle waits until what is asked for is drawn, or an error is shown.
func (p *tab) settle() {
	p.Helper()
	p.Await(`document.getElementById('plots')?.getAttribute('aria-busy') === 'false'`)
}

// choose sets a control by its label, as a person does.
func (p *tab) choose(label, value string) {
	p.Helper()
	evaluate[any](p, `(() => {
		const control = [...document.querySelectorAll('label')].find((l) => l.textContent.trim() === '`+label+`').control;
		control.value = '`+value+`';
		control.dispatchEvent(new Event('change', {bubbles: true}));
	})()`)
	p.settle()
}

// click clicks the first element of a selector.
func (p *tab) click(selector string) {
	p.Helper()
	require.NoError(p, chromedp.Do(p.Ctx, chromedp.Click(chromedp.CSS(selector))))
	p.settle()
}

// moveMouseAway moves the mouse to the corner of the page, where no plot is.
func (p *tab) moveMouseAway() {
	p.Helper()
	require.NoError(p, chromedp.Do(p.Ctx, chromedp.MouseEvent(input.DispatchMouseEventTypeMouseMoved, 0, 0)))
	p.settle()
}

// keepPicture leaves a screenshot of the whole page in build/pages, for people to look at.
func (p *tab) keepPicture(name string) {
	p.Helper()
	height := evaluate[int64](p, `document.documentElement.scrollHeight`)
	p.Resize(evaluate[int64](p, `innerWidth`), min(height, 4000))
	picture, err := chromedp.Run(p.Ctx, chromedp.Screenshot(chromedp.CSS("html")))
	require.NoError(p, err)
	folder := filepath.Join("..", "..", "build", "pages")
	require.NoError(p, os.MkdirAll(folder, 0o755))
	require.NoError(p, os.WriteFile(filepath.Join(folder, name), picture, 0o644))
}

// save clicks on "Save as" for each kind, and returns the files' contents by kind. The browser writes them as FOLDER/NAME.KIND.
func (p *tab) save(folder, name string, kinds ...string) map[string]string {
	behavior := browser.SetDownloadBehaviorParams{Behavior: browser.SetDownloadBehaviorBehaviorAllow, DownloadPath: folder}
	_, err := chromedp.Call(p.Ctx, browser.SetDownloadBehavior, behavior)
	require.NoError(p.T, err)
	saved := map[string]string{}
	for _, kind := range kinds {
		evaluate[any](p, `document.querySelector('[data-save=`+kind+`]').click()`)
		path := filepath.Join(folder, name+"."+strings.ToLower(kind))
		require.Eventually(p.T, func() bool {
			text, err := os.ReadFile(path)
			saved[kind] = string(text)
			return err == nil && len(text) > 0
		}, 2*time.Minute, 20*time.Millisecond, kind)
	}
	return saved
}
