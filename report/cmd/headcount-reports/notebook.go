// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/headcount-hll/headcount/report/document"
	"github.com/headcount-hll/headcount/report/notebook"
	"github.com/headcount-hll/headcount/report/state"
)

func environmentsFlag(flags *pflag.FlagSet, into *string) {
	flags.StringVar(into, "environments", "", "folder of Python environments for notebooks: `FOLDER`/default/bin/python and others (make notebooks)")
}

// notebook runs a notebook once.
func (r *running) notebook(c *cobra.Command, folder string, report *document.Report, given map[string]string, page string) error {
	runner := &notebook.Runner{Folder: folder, Environments: r.environments, Now: time.Now}
	outcome, err := runner.Run(c.Context(), report, given, page)
	if err != nil {
		return err
	}
	if outcome.Written {
		fmt.Fprintln(c.OutOrStdout(), page)
	}
	return outcome.Err
}

// notebook runs a notebook and writes its results below the state's folder.
func (s *serving) notebook(ctx context.Context, run *state.Run, report *document.Report) (finish state.Finish) {
	finish.State = state.Failed
	output := outputOf(run, time.Now())
	page := filepath.Join(s.state, output)
	if err := os.MkdirAll(filepath.Dir(page), 0o700); err != nil {
		finish.Why = err.Error()
		return finish
	}
	runner := &notebook.Runner{Folder: s.folder.Path, Environments: s.environments, Now: time.Now}
	outcome, err := runner.Run(ctx, report, run.Parameters, page)
	if outcome != nil {
		finish.Log = fmt.Sprintf("%s %s, %d cells, %s\n", outcome.Started.UTC().Format(time.RFC3339), outcome.Engine, outcome.Cells, outcome.Took.Round(time.Millisecond))
		if err = errors.Join(err, outcome.Err); outcome.Written {
			finish.Output = output
		}
	}
	if err != nil {
		finish.Why = err.Error()
		return finish
	}
	finish.State = state.Succeeded
	return finish
}
