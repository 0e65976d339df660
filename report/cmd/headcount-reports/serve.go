// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"
	"unicode"

	"github.com/spf13/cobra"

	"github.com/headcount-hll/headcount/internal/pages"
	"github.com/headcount-hll/headcount/report/document"
	"github.com/headcount-hll/headcount/report/execute"
	"github.com/headcount-hll/headcount/report/notify"
	"github.com/headcount-hll/headcount/report/schedule"
	"github.com/headcount-hll/headcount/report/secret"
	"github.com/headcount-hll/headcount/report/serve"
	"github.com/headcount-hll/headcount/report/state"
)

// A serving is the flags of serve, and what it opened.
type serving struct {
	listen, state, token, sources, environments, notices string
	limit                                                int
	retention                                            time.Duration
	uploads                                              bool

	db     *state.DB
	folder *serve.Folder
	log    *slog.Logger
}

func serveCommand() *cobra.Command {
	s := &serving{}
	c := &cobra.Command{
		Use:   "serve FOLDER",
		Short: "Run the reports of a folder when they are due, and serve their pages",
		Args:  cobra.ExactArgs(1),
		RunE:  func(c *cobra.Command, args []string) error { return s.run(c, args[0]) },
	}
	flags := c.Flags()
	flags.StringVar(&s.listen, "listen", "127.0.0.1:8092", "address")
	flags.StringVar(&s.state, "state", "", "folder of the history and the pages; FOLDER/.headcount-reports by default")
	flags.StringVar(&s.sources, "sources", "", "YAML file of servers: Trino, PrestoDB and PostgreSQL; it is read at each run")
	environmentsFlag(flags, &s.environments)
	flags.StringVar(&s.token, "token-file", "", "file with the token that requests to run a report need; without it they are rejected")
	flags.StringVar(&s.notices, "notify", "", "YAML file of a mail server or a webhook, which get a notice when a report fails and when it succeeds again")
	flags.BoolVar(&s.uploads, "upload", false, "take reports by upload, with the token; they run with the rights of this service")
	flags.IntVar(&s.limit, "concurrent", 2, "runs at a time")
	flags.DurationVar(&s.retention, "retention", 90*24*time.Hour, "how long runs and their pages are kept")
	return c
}

func (s *serving) run(c *cobra.Command, folder string) (err error) {
	if info, err := os.Stat(folder); err != nil || !info.IsDir() {
		return fmt.Errorf("%s is not a folder", folder)
	}
	if s.state == "" {
		s.state = filepath.Join(folder, ".headcount-reports")
	}
	if err := os.MkdirAll(s.state, 0o700); err != nil {
		return err
	}
	token, err := tokenOf(s.token)
	if err != nil {
		return err
	}
	if s.uploads && token == "" {
		return errors.New("--upload needs --token-file")
	}
	ctx, cancel := context.WithCancel(c.Context())
	defer cancel()
	if s.db, err = state.Open(ctx, filepath.Join(s.state, "state.sqlite")); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.db.Close()) }()
	s.folder, s.log = &serve.Folder{Path: folder}, slog.New(slog.NewJSONHandler(c.ErrOrStderr(), nil))
	sender, err := s.sender()
	if err != nil {
		return err
	}
	scheduler, err := schedule.New(schedule.Config{
		DB: s.db, Folder: s.state, Limit: s.limit, Jobs: s.jobs, Work: s.work, Now: time.Now, Log: s.log,
	})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, scheduler.Close()) }()
	var jobs sync.WaitGroup
	for _, job := range []func(context.Context){scheduler.Run, sender.Run, s.expire} {
		jobs.Go(func() { job(ctx) })
	}
	site := &serve.Server{DB: s.db, Folder: s.folder, Outputs: s.state, Token: token, Uploads: s.uploads, Now: time.Now, Log: s.log}
	err = pages.Serve(ctx, s.listen, site.Handler(), time.Minute, s.log)
	cancel()
	jobs.Wait()
	return err
}

// sender returns what delivers notices; without --notify it has no channel.
func (s *serving) sender() (*notify.Sender, error) {
	sender := &notify.Sender{DB: s.db, Now: time.Now, Log: s.log}
	if s.notices == "" {
		return sender, nil
	}
	config, err := notify.Read(s.notices)
	if err != nil {
		return nil, err
	}
	sender.Channels = config.Channels()
	for _, channel := range sender.Channels {
		s.db.Channels = append(s.db.Channels, channel.Name())
	}
	return sender, nil
}

// tokenOf reads a token from a file. No name stands for no token.
func tokenOf(path string) (string, error) {
	if path == "" {
		return "", nil
	}
	token, err := secret.Read("--token-file", path)
	if err != nil {
		return "", err
	}
	if len(token) < 16 || strings.ContainsFunc(token, unicode.IsSpace) {
		return "", fmt.Errorf("--token-file: %s: a token has 16 characters or more, without white space", path)
	}
	return token, nil
}

func (s *serving) jobs() (jobs []schedule.Job) {
	for _, e := range s.folder.Entries() {
		if e.Err != nil {
			continue
		}
		job := schedule.Job{
			Plan:    state.Plan{Report: e.Name, Overlap: e.Report.Overlap, CatchUp: e.Report.CatchUp},
			Retries: e.Report.Retries, RetryWait: time.Duration(e.Report.RetryWait),
		}
		if e.Report.Scheduled() {
			job.Next = e.Report.Next
		}
		jobs = append(jobs, job)
	}
	return jobs
}

// work runs a report and writes its page to NAME/DAY/RUN.html below the state's folder.
func (s *serving) work(ctx context.Context, run *state.Run) (finish state.Finish) {
	fail := func(err error) state.Finish {
		finish.State, finish.Why = state.Failed, err.Error()
		return finish
	}
	e := s.folder.Find(run.Report)
	if e == nil {
		return fail(errors.New("the report is no longer in the folder"))
	}
	if e.Err != nil {
		return fail(e.Err)
	}
	if e.Report.Notebook != nil {
		return s.notebook(ctx, run, e.Report)
	}
	open, err := sources(s.sources)
	if err != nil {
		return fail(err)
	}
	runner := &execute.Runner{Folder: s.folder.Path, Sources: open, Kept: s.db, Now: time.Now}
	outcome, err := runner.Run(ctx, e.Report, run.Parameters)
	if err != nil {
		return fail(err)
	}
	finish.Log = logOf(e.Report, outcome)
	output := outputOf(run, outcome.Started)
	path := filepath.Join(s.state, output)
	if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), outcome.Err); err != nil {
		if outcome.Err != nil && write(path, outcome) == nil {
			finish.Output = output
		}
		return fail(err)
	}
	if err := write(path, outcome); err != nil {
		return fail(err)
	}
	finish.State, finish.Output = state.Succeeded, output
	return finish
}

// outputOf returns where the page of a run is, below the state's folder.
func outputOf(run *state.Run, started time.Time) string {
	return filepath.Join(run.Report, started.UTC().Format(time.DateOnly), fmt.Sprintf("%d.html", run.ID))
}

// logOf has a line for each query that ran.
func logOf(report *document.Report, outcome *execute.Outcome) string {
	var log strings.Builder
	for _, q := range report.Queries() {
		r := outcome.Results[q.Name]
		if r == nil {
			break
		}
		fmt.Fprintf(&log, "%s %s on %s, %s", r.Started.UTC().Format(time.RFC3339), q.Name, r.Engine, r.Took.Round(time.Millisecond))
		if r.Err != nil {
			fmt.Fprintf(&log, ": %v\n", r.Err)
		} else {
			fmt.Fprintf(&log, ", %d rows\n", len(r.Table.Rows))
		}
	}
	return log.String()
}

// removeOld deletes the runs that ended before a time, their pages and executed notebooks.
func (s *serving) removeOld(ctx context.Context, before time.Time) error {
	outputs, err := s.db.Expire(ctx, before)
	for _, output := range outputs {
		page := filepath.Join(s.state, output)
		err = errors.Join(err, os.Remove(page))
		if other := os.Remove(document.Executed(page)); !errors.Is(other, os.ErrNotExist) {
			err = errors.Join(err, other)
		}
	}
	return err
}

// expire removes what is old every hour.
func (s *serving) expire(ctx context.Context) {
	for {
		if err := s.removeOld(ctx, time.Now().Add(-s.retention)); err != nil && ctx.Err() == nil {
			s.log.Warn("old runs were not all removed", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(time.Hour):
		}
	}
}
