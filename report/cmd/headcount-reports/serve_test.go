// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"github.com/headcount-hll/headcount/internal/pages/pagetest"
	"github.com/headcount-hll/headcount/report/schedule"
	"github.com/headcount-hll/headcount/report/serve"
	"github.com/headcount-hll/headcount/report/state"
)

const token = "a-token-of-the-tests"

// A service is a server without a listener, whose scheduler ticks on request.
type service struct {
	*testing.T
	address   string
	folder    string
	serving   *serving
	db        *state.DB
	scheduler *schedule.Scheduler
}

func newService(t *testing.T, token string) *service {
	t.Helper()
	folder := t.TempDir()
	require.NoError(t, os.CopyFS(folder, os.DirFS("testdata")))
	require.NoError(t, os.WriteFile(filepath.Join(folder, "broken.md"), []byte("---\ntitle: <b>Broken</b>\nschedule: nonsense\n---\n"), 0o600))
	require.NoError(t, os.WriteFile(filepath.Join(folder, "failing.md"), []byte("---\ntitle: Failing\n---\n```sql name=q\nSELECT * FROM missing\n```\n"), 0o600))
	s := &serving{state: filepath.Join(folder, "state"), environments: environments, folder: &serve.Folder{Path: folder}, log: slog.New(slog.DiscardHandler)}
	require.NoError(t, os.Mkdir(s.state, 0o700))
	var err error
	s.db, err = state.Open(t.Context(), filepath.Join(s.state, "state.sqlite"))
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.db.Close()) })
	scheduler, err := schedule.New(schedule.Config{DB: s.db, Folder: s.state, Limit: 2, Jobs: s.jobs, Work: s.work, Now: time.Now, Log: s.log})
	require.NoError(t, err)
	pages := &serve.Server{DB: s.db, Folder: s.folder, Outputs: s.state, Token: token, Uploads: token != "", Now: time.Now, Log: s.log}
	server := httptest.NewServer(pages.Handler())
	t.Cleanup(server.Close)
	return &service{t, server.URL, folder, s, s.db, scheduler}
}

// post requests a run and returns the status and the address that it leads to.
func (s *service) post(report string, form url.Values) (int, string) {
	s.Helper()
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	response, err := client.PostForm(s.address+"/reports/"+report, form)
	require.NoError(s, err)
	require.NoError(s, response.Body.Close())
	return response.StatusCode, response.Header.Get("Location")
}

func (s *service) get(path string) (string, http.Header) {
	s.Helper()
	response, err := http.Get(s.address + path)
	require.NoError(s, err)
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	require.NoError(s, err)
	return string(text), response.Header
}

func (s *service) work(ctx context.Context) {
	s.Helper()
	require.NoError(s, s.scheduler.Tick(ctx))
	s.scheduler.Wait()
}

// succeed runs a report with a parameter, and returns the address of the run, what it shows, and its page, which is sandboxed.
func (s *service) succeed(report, parameter, value string) (at, text, page string) {
	s.Helper()
	status, at := s.post(report, url.Values{"token": {token}, "param." + parameter: {value}})
	require.Equal(s, http.StatusSeeOther, status)
	s.work(s.Context())
	text, _ = s.get(at)
	require.Contains(s, text, "succeeded")
	page, header := s.get(at + "/page")
	require.Contains(s, header.Get("Content-Security-Policy"), "sandbox allow-scripts allow-downloads;")
	return at, text, page
}

func TestServe_RunsWithOtherParametersByToken(t *testing.T) {
	s := newService(t, token)
	at, text, page := s.succeed("activity", "channel", "beta")
	require.Contains(t, text, "channel = beta")
	require.Contains(t, page, "beta</strong> since 2016-11-01: 120 on the last day")
	history, _ := s.get("/reports/activity")
	require.Contains(t, history, at+"/page")
}

func TestServe_RejectsChangesWithoutTheToken(t *testing.T) {
	for _, given := range []string{"", "wrong"} {
		status, _ := newService(t, token).post("activity", url.Values{"token": {given}})
		require.Equal(t, http.StatusForbidden, status)
	}
	status, _ := newService(t, "").post("activity", url.Values{"token": {""}})
	require.Equal(t, http.StatusForbidden, status, "no token: no changes")
	status, _ = newService(t, token).post("activity", url.Values{"token": {token}, "param.first": {"yesterday"}})
	require.Equal(t, http.StatusBadRequest, status)
	status, _ = newService(t, token).post("..%2factivity", url.Values{"token": {token}})
	require.Equal(t, http.StatusNotFound, status)
}

func TestServe_ShowsFailuresAndWrongHeaders(t *testing.T) {
	s := newService(t, token)
	_, at := s.post("failing", url.Values{"token": {token}})
	s.work(t.Context())
	text, _ := s.get(at)
	require.Contains(t, text, "failed")
	require.Contains(t, text, "missing does not exist")
	page, _ := s.get(at + "/page")
	require.Contains(t, page, "This run failed")
	list, _ := s.get("/")
	require.Contains(t, list, "write five fields: minute, hour, day of month, month, day of week")
	require.NotContains(t, list, "<b>")
	none, _ := s.get("/?q=inexistent")
	require.Contains(t, none, "No report has these words.")
	require.NotContains(t, none, "<table>")
}

func TestServe_PagesInChromium(t *testing.T) {
	s := newService(t, token)
	for _, scheme := range []string{"light", "dark"} {
		tab := pagetest.Open(t, scheme, 1200, 900)
		require.NoError(t, chromedp.Do(tab.Ctx, chromedp.Navigate(s.address+"/?q=channel"), chromedp.WaitReady(chromedp.CSS("main"))))
		require.Equal(t, 1, pagetest.Evaluate[int](tab, `document.querySelectorAll('tbody tr').length`), "the search found one")
		require.NoError(t, chromedp.Do(tab.Ctx, chromedp.Click(chromedp.CSS("tbody a")), chromedp.WaitReady(chromedp.CSS("[name=token]")),
			chromedp.SendKeys(chromedp.CSS("[name=token]"), token), chromedp.Click(chromedp.CSS("form[method=post] button"))))
		tab.Await(`location.pathname.startsWith('/runs/')`)
		s.work(t.Context())
		at := pagetest.Evaluate[string](tab, `location.href`)
		require.NoError(t, chromedp.Do(tab.Ctx, chromedp.Navigate(at+"/page"), chromedp.WaitReady(chromedp.CSS(".plot canvas"))))
		complaints, requests := tab.Seen()
		require.Empty(t, complaints)
		for _, address := range requests {
			require.True(t, strings.HasPrefix(address, s.address), address)
		}
	}
}
