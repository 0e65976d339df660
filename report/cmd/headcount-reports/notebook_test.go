// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"github.com/headcount-hll/headcount/internal/pages/pagetest"
	"github.com/headcount-hll/headcount/report/document"
	"github.com/headcount-hll/headcount/report/state"
)

const environments = "../../../build/notebooks" // make notebooks

// hello runs the example over generated pings of a folder, and returns its page.
func hello(t *testing.T) string {
	t.Helper()
	folder := t.TempDir()
	c := exec.CommandContext(t.Context(), "go", "run", "./cmd/headcount", "generate", "pings", "--clients", "200", "--days", "20", "--size", "2kB",
		"-o", filepath.Join(folder, "pings.jsonl.zst"))
	c.Dir = "../../.."
	output, err := c.CombinedOutput()
	require.NoError(t, err, "%s", output)
	text, err := os.ReadFile("../../../reports/hello.ipynb")
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(folder, "hello.ipynb"), text, 0o600))
	path, err := run(t, filepath.Join(folder, "hello.ipynb"), "--environments", environments, "--param", "fraction=1")
	require.NoError(t, err)
	return path
}

func TestHello_DrawsAnInteractiveFigureWithoutNetwork(t *testing.T) {
	path := hello(t)
	require.FileExists(t, document.Executed(path))
	for _, width := range []int64{1440, 390} {
		tab := pagetest.Open(t, "light", int(width), 900)
		tab.Resize(width, 900)
		address := "file://" + path
		require.NoError(t, chromedp.Do(tab.Ctx, chromedp.Navigate(address), chromedp.WaitReady(chromedp.CSS("main"))))
		tab.Await(`document.querySelector('.js-plotly-plot .main-svg')`)
		require.Equal(t, 3, pagetest.Evaluate[int](tab, `document.querySelector('.js-plotly-plot').data.length`), "a series for each operating system")
		require.Equal(t, []string{"Darwin", "Linux", "Windows_NT"}, pagetest.Evaluate[[]string](tab,
			`[...document.querySelectorAll('table')].at(-1).querySelectorAll('tbody th').values().map((t) => t.innerText).toArray()`))
		pagetest.Evaluate[any](tab, `window.zoomed = 0; document.querySelector('.js-plotly-plot').on('plotly_relayout', () => window.zoomed++);
			Plotly.relayout(document.querySelector('.js-plotly-plot'), {'xaxis.range': [1000, 2000]}); 0`)
		tab.Await(`window.zoomed === 1`)
		require.LessOrEqual(t, pagetest.Evaluate[int64](tab, `document.documentElement.scrollWidth`), width, "the page itself does not scroll sideways")
		complaints, requests := tab.Seen()
		require.Empty(t, complaints)
		require.Equal(t, []string{address}, requests)
		require.Empty(t, tab.Faults())
	}
}

func TestServe_RunsNotebooksWithOtherParametersByToken(t *testing.T) {
	s := newService(t, token)
	at, text, page := s.succeed("greeting", "whom", "ada")
	require.Contains(t, text, "3 cells")
	require.Contains(t, page, "hello, ADA")
	executed, header := s.get(at + "/notebook")
	require.Contains(t, executed, "hello, ADA")
	require.Contains(t, header.Get("Content-Disposition"), "attachment")

	_, at = s.post("greeting", url.Values{"token": {token}, "param.whom": {""}})
	s.work(t.Context())
	text, _ = s.get(at)
	require.Contains(t, text, "failed. In [3]: ZeroDivisionError: division by zero")
	page, _ = s.get(at + "/page")
	require.Contains(t, page, "This run failed")
	executed, _ = s.get(at + "/notebook")
	require.Contains(t, executed, "headcount-error")

	old := &serving{db: s.db, state: filepath.Join(s.folder, "state")}
	require.NoError(t, old.removeOld(t.Context(), time.Now().Add(time.Hour)))
	left, err := filepath.Glob(filepath.Join(old.state, "greeting", "*", "*"))
	require.NoError(t, err)
	require.Len(t, left, 2, "the page and the notebook of the newest run")
}

func TestServe_RunsNotebooksWhenTheyAreDue(t *testing.T) {
	s := newService(t, token)
	text, err := os.ReadFile("testdata/greeting.ipynb")
	require.NoError(t, err)
	due := strings.Replace(string(text), `"title": "Greeting"`, `"title": "Due", "schedule": "* * * * *"`, 1)
	require.NoError(t, os.WriteFile(filepath.Join(s.folder, "due.ipynb"), []byte(due), 0o600))
	clock := time.Now()
	s.scheduler.Now = func() time.Time { return clock }
	s.work(t.Context())
	clock = clock.Add(time.Minute)
	s.work(t.Context())
	runs, err := s.db.History(t.Context(), "due", 0, 10)
	require.NoError(t, err)
	require.Len(t, runs, 1)
	require.Equal(t, state.Succeeded, runs[0].State, runs[0].Why)
	require.Zero(t, runs[0].Due.Second())
}

func TestServe_MarksANotebookKilledWhenItIsStopped(t *testing.T) {
	s := newService(t, token)
	loop := `{"nbformat": 4, "nbformat_minor": 4, "metadata": {}, "cells": [{"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": null,
		"source": "open('started', 'w').close()\nwhile True: pass"}]}`
	require.NoError(t, os.WriteFile(filepath.Join(s.folder, "loop.ipynb"), []byte(loop), 0o600))
	_, at := s.post("loop", url.Values{"token": {token}})
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	require.NoError(t, s.scheduler.Tick(ctx))
	require.Eventually(t, func() bool {
		_, err := os.Stat(filepath.Join(s.folder, "started"))
		return err == nil
	}, 2*time.Minute, 20*time.Millisecond)
	cancel()
	s.scheduler.Wait()
	text, _ := s.get(at)
	require.Contains(t, text, "killed. the server was stopped")
}

func TestFolder_NamesTwoReportsWithOneName(t *testing.T) {
	s := newService(t, token)
	require.NoError(t, os.WriteFile(filepath.Join(s.folder, "activity.ipynb"), []byte(`{"nbformat": 4, "cells": []}`), 0o600))
	require.NoError(t, os.WriteFile(filepath.Join(s.folder, "old"+document.ExecutedSuffix), []byte(`{"nbformat": 4, "cells": []}`), 0o600))
	text, _ := s.get("/")
	require.Contains(t, text, "activity.md has the same name: rename one of them")
	require.NotContains(t, text, "old")
}
