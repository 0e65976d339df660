// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/google/renameio/v2"
	"github.com/spf13/cobra"

	"github.com/headcount-hll/headcount/report/document"
	"github.com/headcount-hll/headcount/report/execute"
	"github.com/headcount-hll/headcount/report/render"
	"github.com/headcount-hll/headcount/report/source"
	"github.com/headcount-hll/headcount/report/state"
)

// A running is the flags of run.
type running struct {
	output, source, state, sources, environments string
	parameters                                   []string
	full                                         bool
}

func runCommand() *cobra.Command {
	r := &running{}
	c := &cobra.Command{
		Use:   "run FILE",
		Short: "Run a report or a notebook once and write its HTML page",
		Args:  cobra.ExactArgs(1),
		RunE:  func(c *cobra.Command, args []string) error { return r.run(c, args[0]) },
	}
	flags := c.Flags()
	flags.StringVarP(&r.output, "output", "o", ".", "folder of the page; the file is named after the report")
	flags.StringArrayVarP(&r.parameters, "param", "p", nil, "value of a parameter, as name=value; can be repeated")
	flags.StringVar(&r.source, "source", "", "source of the blocks that name none, in place of the header's")
	flags.StringVar(&r.sources, "sources", "", "YAML file of servers: Trino, PrestoDB and PostgreSQL")
	flags.StringVar(&r.state, "state", "", "SQLite file that keeps the results of incremental blocks; without it every day is computed")
	environmentsFlag(flags, &r.environments)
	flags.BoolVar(&r.full, "full", false, "compute every day of incremental blocks again")
	return c
}

func (r *running) run(c *cobra.Command, file string) error {
	report, err := document.ReadFile(file)
	if err != nil {
		return err
	}
	given, err := parameters(r.parameters)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(r.output, 0o755); err != nil {
		return err
	}
	path := filepath.Join(r.output, strings.TrimSuffix(filepath.Base(file), filepath.Ext(file))+".html")
	if report.Notebook != nil {
		return r.notebook(c, filepath.Dir(file), report, given, path)
	}
	runner := &execute.Runner{Folder: filepath.Dir(file), Default: r.source, Full: r.full, Now: time.Now}
	if runner.Sources, err = sources(r.sources); err != nil {
		return err
	}
	if r.state != "" {
		kept, err := state.Open(c.Context(), r.state)
		if err != nil {
			return err
		}
		defer kept.Close()
		runner.Kept = kept
	}
	outcome, err := runner.Run(c.Context(), report, given)
	if err != nil {
		return err
	}
	if err := write(path, outcome); err != nil {
		return err
	}
	fmt.Fprintln(c.OutOrStdout(), path)
	return outcome.Err
}

// sources returns what opens the servers of a file; nil without one.
func sources(path string) (func(context.Context, string) (source.Source, error), error) {
	if path == "" {
		return nil, nil
	}
	servers, err := source.ReadServers(path)
	return servers.Open, err
}

// parameters reads name=value.
func parameters(texts []string) (map[string]string, error) {
	given := map[string]string{}
	for _, text := range texts {
		name, value, ok := strings.Cut(text, "=")
		if !ok {
			return nil, fmt.Errorf("--param %s: write name=value", text)
		}
		given[name] = value
	}
	return given, nil
}

// write writes a page whole or not at all.
func write(path string, outcome *execute.Outcome) error {
	out, err := renameio.NewPendingFile(path, renameio.WithPermissions(0o644))
	if err != nil {
		return err
	}
	defer out.Cleanup()
	if err := render.Page(out, outcome); err != nil {
		return errors.Join(errors.New("the page was not written"), err)
	}
	return out.CloseAtomicallyReplace()
}
