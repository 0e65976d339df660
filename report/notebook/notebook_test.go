// SPDX-License-Identifier: Apache-2.0

package notebook

import (
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"github.com/headcount-hll/headcount/report/document"
)

const (
	environments = "../../build/notebooks" // make notebooks
	patience     = 2 * time.Minute
)

// A bench is a folder with a notebook.
type bench struct {
	*testing.T
	folder, page string
	report       *document.Report
}

func newBench(t *testing.T, header string, cells ...string) *bench {
	t.Helper()
	folder := t.TempDir()
	b := &bench{T: t, folder: folder, page: filepath.Join(folder, "out.html")}
	var all []map[string]any
	for i, cell := range cells {
		tags := []string{}
		if strings.HasPrefix(cell, "# default") {
			tags = append(tags, "parameters")
		}
		all = append(all, map[string]any{"cell_type": "code", "id": "cell-" + strconv.Itoa(i), "source": cell, "outputs": []any{},
			"execution_count": nil, "metadata": map[string]any{"tags": tags}})
	}
	text, err := json.Marshal(map[string]any{"nbformat": 4, "nbformat_minor": 5, "cells": all,
		"metadata": map[string]any{"headcount": json.RawMessage(header)}})
	require.NoError(t, err)
	b.report, err = document.ParseNotebook("bench", text)
	require.NoError(t, err)
	return b
}

func (b *bench) runner() *Runner {
	return &Runner{Folder: b.folder, Environments: environments, Now: time.Now}
}

func (b *bench) run(given map[string]string) *Outcome {
	b.Helper()
	out, err := b.runner().Run(b.Context(), b.report, given, b.page)
	require.NoError(b, err)
	return out
}

type cell struct {
	Type    string `json:"cell_type"`
	Source  string `json:"-"`
	Outputs []map[string]any
	Meta    struct{ Tags []string } `json:"metadata"`
	Lines   any                     `json:"source"`
}

// executed returns the cells of the executed notebook.
func (b *bench) executed() []cell {
	b.Helper()
	text, err := os.ReadFile(document.Executed(b.page))
	require.NoError(b, err)
	var notebook struct{ Cells []cell }
	require.NoError(b, json.Unmarshal(text, &notebook))
	for i, c := range notebook.Cells {
		notebook.Cells[i].Source = joined(c.Lines)
	}
	return notebook.Cells
}

// joined returns a text of a notebook, which may be a list of lines.
func joined(v any) string {
	lines, ok := v.([]any)
	if !ok {
		text, _ := v.(string)
		return text
	}
	var all strings.Builder
	for _, line := range lines {
		all.WriteString(line.(string))
	}
	return all.String()
}

func (b *bench) html() string {
	b.Helper()
	text, err := os.ReadFile(b.page)
	require.NoError(b, err)
	return string(text)
}

func (b *bench) read(name string) string {
	text, _ := os.ReadFile(filepath.Join(b.folder, name)) // not there yet: empty
	return string(text)
}

func TestRun_InjectsParametersAfterTheirCell(t *testing.T) {
	t.Parallel()
	b := newBench(t, `{"parameters": {"word": {"type": "text", "default": "a"}, "count": {"type": "integer", "default": 1}, "share": {"type": "number", "default": 1.5},
		"all": {"type": "boolean", "default": false}, "day": {"type": "date", "default": "2016-11-01"}}}`,
		"before = 1", "# default\nword, count = 'own', 7", "import os\nprint([word, count, share, all, day], os.getcwd())")
	attack := "quote ' \" \\ \n__import__('os')._exit(1) </script><b>é😀"
	out := b.run(map[string]string{"word": attack, "all": "true"})
	require.NoError(t, out.Err)
	require.Equal(t, 4, out.Cells)
	cells := b.executed()
	require.Len(t, cells, 4)
	require.Equal(t, []string{"injected-parameters"}, cells[2].Meta.Tags)
	require.Contains(t, cells[2].Source, "# Parameters\nall = True\ncount = 1\nday = '2016-11-01'\nshare = 1.5\nword = ")
	printed := joined(cells[3].Outputs[0]["text"])
	folder, err := filepath.EvalSymlinks(b.folder)
	require.NoError(t, err)
	require.Equal(t, `['quote \' " \\ \n__import__(\'os\')._exit(1) </script><b>é😀', 1, 1.5, True, '2016-11-01'] `+folder+"\n", printed)
	require.NotContains(t, b.html(), "</script><b>", "a parameter is text")
}

func TestRun_KeepsTheResultsOfAFailedCell(t *testing.T) {
	t.Parallel()
	b := newBench(t, `{"title": "T"}`, "print('be' + 'fore')", "raise ValueError('<b>no</b> ' + 'clients')", "print('af' + 'ter')")
	out := b.run(nil)
	require.EqualError(t, out.Err, "In [2]: ValueError: <b>no</b> clients")
	require.True(t, out.Written)
	html := b.html()
	require.Contains(t, html, `<section class="error" role="alert"><h2>This run failed</h2><p>In [2]: ValueError: &lt;b&gt;no&lt;/b&gt; clients</p></section>`)
	require.Less(t, strings.Index(html, "This run failed"), strings.Index(html, "before"))
	require.NotContains(t, html, "<b>no")
	require.NotContains(t, html, "after")
	cells := b.executed()
	require.Equal(t, []string{"headcount-error"}, cells[0].Meta.Tags)
	require.Equal(t, "**This run failed.**\n\n    In [2]: ValueError: <b>no</b> clients", cells[0].Source)
	require.Equal(t, "error", cells[2].Outputs[0]["output_type"])
	require.Empty(t, cells[3].Outputs)
}

// spawn starts a process in a session of its own and writes its number to the file child.
const spawn = "import subprocess\nchild = subprocess.Popen(['sleep', '86400'], start_new_session=True)\n" +
	"open('child.part', 'w').write(str(child.pid))\nimport os\nos.rename('child.part', 'child')\n"

// requireEnded waits until the process that spawn started has ended.
func (b *bench) requireEnded() {
	b.Helper()
	stat := filepath.Join("/proc", b.read("child"), "stat")
	require.Eventually(b, func() bool {
		text, err := os.ReadFile(stat)
		return err != nil || strings.HasPrefix(string(text[strings.LastIndex(string(text), ")")+1:]), " Z")
	}, patience, 20*time.Millisecond)
}

func TestRun_EndsALoopAtTheTimeLimit(t *testing.T) {
	t.Parallel()
	b := newBench(t, `{"timeout": "15s"}`, "print('be' + 'fore')", spawn+"while True: pass")
	out := b.run(nil)
	require.EqualError(t, out.Err, "In [2]: the time limit of 15s ended it")
	require.Contains(t, b.html(), "This run failed")
	require.Contains(t, b.html(), "before")
	require.NotEmpty(t, b.read("child"))
	b.requireEnded()
}

func TestRun_EndsProcessesAtCancellation(t *testing.T) {
	t.Parallel()
	b := newBench(t, `{}`, spawn+"while True: pass")
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		for ctx.Err() == nil && b.read("child") == "" {
			time.Sleep(20 * time.Millisecond)
		}
		cancel()
	}()
	out, err := b.runner().Run(ctx, b.report, nil, b.page)
	require.NoError(t, err)
	require.EqualError(t, out.Err, "the run was cancelled")
	require.False(t, out.Written)
	b.requireEnded()
}

// inherited names the folder of TestRun_EndsProcessesWhenItsOwnIsKilled to the process that it kills.
const inherited = "HEADCOUNT_TEST_FOLDER"

func TestRun_EndsProcessesWhenItsOwnIsKilled(t *testing.T) {
	t.Parallel()
	b := newBench(t, `{}`, spawn+"while True: pass")
	if folder := os.Getenv(inherited); folder != "" {
		b.folder = folder
		b.run(nil)
		return
	}
	c := exec.Command(os.Args[0], "-test.run", "^"+t.Name()+"$")
	temporary := t.TempDir()
	c.Env = append(os.Environ(), inherited+"="+b.folder, "TMPDIR="+temporary)
	require.NoError(t, c.Start())
	require.Eventually(t, func() bool { return b.read("child") != "" }, patience, 20*time.Millisecond)
	require.NoError(t, c.Process.Kill())
	require.Error(t, c.Wait())
	b.requireEnded()
	require.Eventually(t, func() bool {
		left, err := filepath.Glob(filepath.Join(temporary, "hc-nb-*"))
		return err == nil && len(left) == 0
	}, patience, 20*time.Millisecond)
}

func TestRun_LimitsOutput(t *testing.T) {
	t.Parallel()
	b := newBench(t, `{}`, "while True: print('x' * 1000)")
	r := b.runner()
	r.MaxOutput = 100_000
	out, err := r.Run(t.Context(), b.report, nil, b.page)
	require.NoError(t, err)
	require.EqualError(t, out.Err, "In [1]: its output is larger than the limit")
	require.Less(t, len(b.html()), 200_000)
}

func TestRun_NamesTheCellThatEndedItsKernel(t *testing.T) {
	t.Parallel()
	b := newBench(t, `{}`, "1", "import os\nos._exit(3)", "2")
	require.EqualError(t, b.run(nil).Err, "In [2]: the kernel ended")
	require.Contains(t, b.html(), "the kernel ended")
}

func TestRun_GivesTheNotebookNoEnvironmentOfTheServer(t *testing.T) {
	t.Setenv("HEADCOUNT_TEST_SECRET", "not-"+"to-see")
	b := newBench(t, `{}`, "import os\nprint(sorted(os.environ))\nprint(os.environ)")
	require.NoError(t, b.run(nil).Err)
	require.NotContains(t, b.html()+b.read("out.executed.ipynb"), "not-"+"to-see")
	dumpable, err := unix.PrctlRetInt(unix.PR_GET_DUMPABLE, 0, 0, 0, 0)
	require.NoError(t, err)
	require.Zero(t, dumpable, "/proc gives this process's environment to root alone")
}

func TestRun_RejectsWrongParametersAndEnvironments(t *testing.T) {
	t.Parallel()
	bare := t.TempDir() // a Python without nbclient
	python, err := exec.LookPath("python3")
	require.NoError(t, err)
	require.NoError(t, os.MkdirAll(filepath.Join(bare, "default", "bin"), 0o755))
	require.NoError(t, os.Symlink(python, filepath.Join(bare, "default", "bin", "python")))
	parameters := `{"parameters": {"n": {"type": "integer"}}`
	for _, c := range []struct {
		header, environments, n, want string
	}{
		{parameters + "}", environments, "", "parameter n: it has no default: give a value"},
		{parameters + "}", environments, "many", `parameter n: "many" is not of type integer`},
		{parameters + "}", "", "1", "a notebook needs --environments FOLDER"},
		{parameters + `, "environment": "spark"}`, environments, "1", "there is no Python environment spark in"},
	} {
		b := newBench(t, c.header, "1")
		given := map[string]string{}
		if c.n != "" {
			given["n"] = c.n
		}
		r := &Runner{Folder: b.folder, Environments: c.environments, Now: time.Now}
		_, err := r.Run(t.Context(), b.report, given, b.page)
		require.ErrorContains(t, err, c.want)
		require.NoFileExists(t, b.page)
	}
	b := newBench(t, `{}`, "1")
	out, err := (&Runner{Folder: b.folder, Environments: bare, Now: time.Now}).Run(t.Context(), b.report, nil, b.page)
	require.NoError(t, err)
	require.ErrorContains(t, out.Err, "the environment did not run the notebook")
	require.ErrorContains(t, out.Err, "No module named")
}
