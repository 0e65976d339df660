// SPDX-License-Identifier: Apache-2.0

// Package execute runs the queries of a report.
package execute

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/headcount-hll/headcount/report/document"
	"github.com/headcount-hll/headcount/report/source"
)

// A Result is what a query gave.
type Result struct {
	Name, SQL, Engine string
	Table             *source.Table // nil after an error
	Started           time.Time
	Took              time.Duration
	Days, Computed    int // of an incremental query: days of the result, days that this run computed
	Err               error
}

// An Outcome is what a run of a report gave.
type Outcome struct {
	Report  *document.Report
	Values  map[string]any // of the parameters
	Results map[string]*Result
	Started time.Time
	Took    time.Duration
	Err     error // of the first query that failed; those after it did not run
}

// A Runner has what a run needs.
type Runner struct {
	Folder string // of the report: the embedded source reads its files
	// Sources opens a source by its name, other than the embedded one.
	Sources func(ctx context.Context, name string) (source.Source, error)
	Default string // the source of blocks without one, in place of the report's; empty: the report's
	Kept    Store  // of incremental results; nil: everything is computed
	Full    bool   // compute every day of incremental blocks
	Now     func() time.Time
}

// Run runs the queries one after the other. The error of a query is in the outcome, the error of Run is one of the parameters.
func (r *Runner) Run(ctx context.Context, report *document.Report, given map[string]string) (*Outcome, error) {
	values, err := report.Values(given)
	if err != nil {
		return nil, err
	}
	out := &Outcome{Report: report, Values: values, Results: map[string]*Result{}, Started: r.Now()}
	ctx, cancel := context.WithTimeout(ctx, time.Duration(report.Timeout))
	defer cancel()
	open := map[string]source.Source{}
	defer func() {
		for _, s := range open {
			s.Close()
		}
	}()
	for _, q := range report.Queries() {
		result := &Result{Name: q.Name, SQL: q.SQL, Started: r.Now()}
		out.Results[q.Name] = result
		result.Err = r.query(ctx, open, report, q, values, out.Results)
		result.Took = r.Now().Sub(result.Started)
		if result.Err != nil {
			out.Err = r.explain(ctx, report, q, result.Err)
			break
		}
	}
	out.Took = r.Now().Sub(out.Started)
	return out, nil
}

// explain says which query failed, and whether the time limit ended it.
func (r *Runner) explain(ctx context.Context, report *document.Report, q *document.Query, err error) error {
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return fmt.Errorf("sql block %s: the time limit of %s ended it: %w", q.Name, time.Duration(report.Timeout), context.DeadlineExceeded)
	}
	return fmt.Errorf("sql block %s: %w", q.Name, err)
}

// query runs one query, and completes its result in results. open has the sources that are open.
func (r *Runner) query(ctx context.Context, open map[string]source.Source, report *document.Report, q *document.Query, values map[string]any, results map[string]*Result) error {
	result := results[q.Name]
	s, err := r.sourceOf(ctx, open, report, q, results)
	if err != nil {
		return err
	}
	if q.Source == document.Results {
		defer s.Close()
	}
	result.Engine = s.Engine()
	if q.Incremental != "" {
		return r.incremental(ctx, s, report, q, values, result)
	}
	sql, args := q.Bind(values, s.Placeholder)
	result.Table, err = s.Query(ctx, sql, args)
	return err
}

// sourceOf returns the source of a query, from open if it is there. That of results is new for each query: each has more of them.
func (r *Runner) sourceOf(ctx context.Context, open map[string]source.Source, report *document.Report, q *document.Query, results map[string]*Result) (source.Source, error) {
	if q.Source == document.Results {
		return source.OpenResults(ctx, readBy(q, results))
	}
	name := q.Source
	if name == "" {
		name = report.Source
		if r.Default != "" {
			name = r.Default
		}
	}
	if s := open[name]; s != nil {
		return s, nil
	}
	s, err := r.open(ctx, name, report)
	if err != nil {
		return nil, fmt.Errorf("source %s: %w", name, err)
	}
	open[name] = s
	return s, nil
}

// readBy returns the results whose names are in a query's text.
func readBy(q *document.Query, results map[string]*Result) map[string]*source.Table {
	tables, text := map[string]*source.Table{}, strings.ToLower(q.SQL)
	for name, r := range results {
		if r.Table != nil && strings.Contains(text, strings.ToLower(name)) {
			tables[name] = r.Table
		}
	}
	return tables
}

func (r *Runner) open(ctx context.Context, name string, report *document.Report) (source.Source, error) {
	if name == document.Files {
		return source.OpenFiles(ctx, r.Folder, report.Tables)
	}
	if r.Sources == nil {
		return nil, errors.New("it is not known: --sources FILE describes the servers")
	}
	return r.Sources(ctx, name)
}
