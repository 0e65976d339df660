// SPDX-License-Identifier: Apache-2.0

// Package notebook runs Jupyter notebooks: nbclient of a Python environment executes them, nbconvert makes their page.
package notebook

import (
	"bytes"
	"cmp"
	"context"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"syscall"
	"time"

	"github.com/google/renameio/v2"
	"golang.org/x/sys/unix"

	"github.com/headcount-hll/headcount/internal/pages/disk"
	"github.com/headcount-hll/headcount/report/document"
)

//go:embed runner
var runner embed.FS

const (
	// Policy is the Content-Security-Policy of a page. Outputs contain scripts, which their authors trust as they trust the notebook: they
	// run, and reach no network. WebGL figures of Plotly compile functions.
	Policy = "default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval'; style-src 'unsafe-inline'; img-src data: blob:; font-src data:; " +
		"media-src data: blob:; worker-src blob:; base-uri 'none'; form-action 'none'"
	maxOutput = 64 << 20
	grace     = 2 * time.Minute  // to start the environment and to render, besides the time limit
	dying     = 20 * time.Second // from the signal to SIGKILL
)

// terminate ends the runner. nbclient has handlers of its own for SIGTERM and SIGINT.
const terminate = syscall.SIGUSR1

// An Outcome is what a run gave.
type Outcome struct {
	Started time.Time
	Took    time.Duration
	Engine  string // the versions of Python and nbclient
	Cells   int    // code cells that ran
	Err     error  // of the cell that failed
	Written bool   // the page and the executed notebook are there
}

// A Runner has what a run needs.
type Runner struct {
	Folder       string // working directory of the notebook
	Environments string // folder of Python environments: NAME/bin/python
	MaxOutput    int    // bytes of a run's outputs; 0: 64 MiB
	Now          func() time.Time
}

// Run runs a notebook and writes its page and the executed notebook. A failed cell and a time limit are errors in the outcome, and
// both files are written. Run's own error is one of the parameters or of the environment.
func (r *Runner) Run(ctx context.Context, report *document.Report, given map[string]string, page string) (*Outcome, error) {
	values, err := report.Values(given)
	if err != nil {
		return nil, err
	}
	python, err := r.python(report.Environment)
	if err != nil {
		return nil, err
	}
	home, err := os.MkdirTemp("", "hc-nb-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(home)
	if err := r.prepare(home, report, values); err != nil {
		return nil, err
	}
	out := &Outcome{Started: r.Now()}
	complaint, err := execute(ctx, time.Duration(report.Timeout), python, home)
	out.Took = r.Now().Sub(out.Started)
	if err := out.read(home); err == nil {
		out.Written = true
		return out, errors.Join(copyTo(page, home, "page.html"), copyTo(document.Executed(page), home, "executed.ipynb"))
	}
	switch {
	case errors.Is(ctx.Err(), context.Canceled):
		out.Err = errors.New("the run was cancelled")
	case errors.Is(err, context.DeadlineExceeded):
		out.Err = fmt.Errorf("the time limit of %s ended it, without a page", time.Duration(report.Timeout))
	default:
		out.Err = fmt.Errorf("the environment did not run the notebook: %w: %s", err, complaint)
	}
	return out, nil
}

// python returns the interpreter of an environment.
func (r *Runner) python(name string) (string, error) {
	if r.Environments == "" {
		return "", errors.New("a notebook needs --environments FOLDER: the folder of Python environments (`make notebooks` makes build/notebooks)")
	}
	if name == "" {
		name = "default"
	}
	path, err := filepath.Abs(filepath.Join(r.Environments, name, "bin", "python"))
	if err != nil {
		return "", err
	}
	if _, err := os.Stat(path); err != nil {
		return "", fmt.Errorf("there is no Python environment %s in %s: it needs bin/python, nbclient, nbconvert and ipykernel", name, r.Environments)
	}
	return path, nil
}

// prepare writes what the runner reads.
func (r *Runner) prepare(home string, report *document.Report, values map[string]any) error {
	folder, err := filepath.Abs(r.Folder)
	if err != nil {
		return err
	}
	files, err := fs.Sub(runner, "runner")
	if err != nil {
		return err
	}
	style, err := fs.ReadFile(files, "notebook.css")
	if err != nil {
		return err
	}
	job, err := json.Marshal(map[string]any{
		"notebook": json.RawMessage(report.Notebook), "folder": folder, "parameters": values,
		"seconds": time.Duration(report.Timeout).Seconds(), "limit": time.Duration(report.Timeout).String(), "max_output": cmp.Or(r.MaxOutput, maxOutput),
		"page": map[string]string{"title": report.Title, "owner": report.Owner, "policy": Policy, "style": disk.Style() + string(style)},
	})
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(home, "job.json"), job, 0o600); err != nil {
		return err
	}
	return os.CopyFS(home, files)
}

// execute runs the runner, and returns the end of what it wrote to its standard error. The runner ends its notebook's processes when
// it gets the signal terminate: at cancellation, and when this process ends.
func execute(ctx context.Context, limit time.Duration, python, home string) (string, error) {
	// A notebook must not read this process's environment and memory in /proc.
	if err := unix.Prctl(unix.PR_SET_DUMPABLE, 0, 0, 0, 0); err != nil {
		return "", err
	}
	ctx, cancel := context.WithTimeout(ctx, limit+grace)
	defer cancel()
	c := exec.CommandContext(ctx, python, "-I", filepath.Join(home, "run.py"), home)
	c.Dir, c.Env = home, environment(python, home)
	c.Cancel = func() error { return c.Process.Signal(terminate) }
	c.WaitDelay = dying
	c.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: terminate}
	complaint := &tail{}
	c.Stderr = complaint
	runtime.LockOSThread() // Linux sends Pdeathsig when the thread ends that started the process
	defer runtime.UnlockOSThread()
	err := c.Run()
	if ctx.Err() != nil {
		err = ctx.Err()
	}
	return complaint.String(), err
}

// environment is all that the notebook's processes get of an environment.
func environment(python, home string) []string {
	return []string{
		"PATH=" + filepath.Dir(python) + ":/usr/local/bin:/usr/bin:/bin", "HOME=" + home, "TMPDIR=" + home, "LANG=C.UTF-8",
		"JUPYTER_PREFER_ENV_PATH=1", "JUPYTER_CONFIG_DIR=" + home, "JUPYTER_DATA_DIR=" + home, "JUPYTER_RUNTIME_DIR=" + home,
		"IPYTHONDIR=" + home, "PLOTLY_RENDERER=plotly_mimetype+notebook",
	}
}

func (o *Outcome) read(home string) error {
	text, err := os.ReadFile(filepath.Join(home, "result.json"))
	if err != nil {
		return err
	}
	var result struct {
		Engine, Error string
		Cells         int
	}
	if err := json.Unmarshal(text, &result); err != nil {
		return err
	}
	o.Engine, o.Cells = result.Engine, result.Cells
	if result.Error != "" {
		o.Err = errors.New(result.Error)
	}
	return nil
}

// copyTo writes a file of home to path, whole or not at all.
func copyTo(path, home, name string) error {
	text, err := os.ReadFile(filepath.Join(home, name))
	if err != nil {
		return err
	}
	return renameio.WriteFile(path, text, 0o644)
}

// A tail keeps the last bytes that were written.
type tail struct{ text []byte }

const tailSize = 2000

func (t *tail) Write(p []byte) (int, error) {
	t.text = append(t.text, p...)
	if extra := len(t.text) - tailSize; extra > 0 {
		t.text = append(t.text[:0], t.text[extra:]...)
	}
	return len(p), nil
}

func (t *tail) String() string { return string(bytes.TrimSpace(t.text)) }
