// SPDX-License-Identifier: Apache-2.0

// Package schedule runs reports when they are due. Several servers may share a state file.
package schedule

import (
	"context"
	"crypto/rand"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"time"

	"github.com/headcount-hll/headcount/report/state"
)

// A Job is a report with a schedule.
type Job struct {
	state.Plan
	Retries   int
	RetryWait time.Duration // before the first retry; doubled for each further one
}

// A Config is what a scheduler needs.
type Config struct {
	DB     *state.DB
	Folder string // of the lock files
	Limit  int    // runs at a time, of all servers
	// Jobs returns the reports as they are now.
	Jobs func() []Job
	// Work runs a report and returns how it ended, without a retry.
	Work func(ctx context.Context, run *state.Run) state.Finish
	Now  func() time.Time
	Log  *slog.Logger
}

// A Scheduler is one server's.
type Scheduler struct {
	Config
	id   string
	lock *os.File
	work sync.WaitGroup
}

// New registers a server. The process holds a lock while it lives: the others see by it that the server has ended.
func New(c Config) (*Scheduler, error) {
	if err := os.MkdirAll(c.Folder, 0o700); err != nil {
		return nil, err
	}
	s := &Scheduler{Config: c, id: rand.Text()}
	var err error
	if s.lock, err = os.OpenFile(s.lockOf(s.id), os.O_CREATE|os.O_RDWR, 0o600); err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(s.lock.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		return nil, fmt.Errorf("lock of this server: %w", err)
	}
	return s, nil
}

func (s *Scheduler) lockOf(id string) string { return filepath.Join(s.Folder, id+".lock") }

// Run ticks every second until ctx ends, and then waits for the runs, which ctx ends too.
func (s *Scheduler) Run(ctx context.Context) {
	ticker := time.NewTicker(time.Second)
	defer ticker.Stop()
	for ctx.Err() == nil {
		if err := s.Tick(ctx); err != nil && ctx.Err() == nil {
			s.Log.Error("the scheduler will try again", "error", err)
		}
		select {
		case <-ctx.Done():
		case <-ticker.C:
		}
	}
	s.work.Wait()
}

// Tick marks the runs of servers that ended, records due times, and starts what can run.
func (s *Scheduler) Tick(ctx context.Context) error {
	now := s.Now()
	if err := s.bury(ctx, now); err != nil {
		return err
	}
	jobs := map[string]Job{}
	for _, job := range s.Jobs() {
		jobs[job.Report] = job
		if job.Next == nil {
			continue
		}
		if _, err := s.DB.Examine(ctx, job.Plan, now); err != nil {
			return err
		}
	}
	for {
		run, err := s.DB.Claim(ctx, s.id, s.Limit, now)
		if err != nil || run == nil {
			return err
		}
		s.work.Go(func() { s.run(ctx, run, jobs[run.Report]) })
	}
}

// Wait waits for the runs that this server started.
func (s *Scheduler) Wait() { s.work.Wait() }

func (s *Scheduler) run(ctx context.Context, run *state.Run, job Job) {
	finish := s.Work(ctx, run)
	if ctx.Err() != nil && finish.State == state.Failed {
		finish.State, finish.Why = state.Killed, "the server was stopped"
	}
	if finish.State == state.Failed && run.Attempt < job.Retries {
		finish.Retry = s.Now().Add(job.RetryWait << run.Attempt)
	}
	// The end is recorded also when the server is being stopped.
	for wait := 100 * time.Millisecond; ; wait *= 2 {
		err := s.DB.Finish(context.WithoutCancel(ctx), run.ID, finish, s.Now())
		if err == nil || wait > 10*time.Second {
			if err != nil {
				s.Log.Error("the end of a run is not recorded; it will count as killed", "run", run.ID, "error", err)
			}
			return
		}
		time.Sleep(wait)
	}
}

// bury marks the runs of servers whose lock is free.
func (s *Scheduler) bury(ctx context.Context, now time.Time) error {
	servers, err := s.DB.Servers(ctx)
	if err != nil {
		return err
	}
	for _, id := range servers {
		if id == s.id || alive(s.lockOf(id)) {
			continue
		}
		if err := s.DB.MarkKilled(ctx, id, now); err != nil {
			return err
		}
		if err := os.Remove(s.lockOf(id)); err != nil && !os.IsNotExist(err) {
			return err
		}
	}
	return nil
}

// alive tells whether a process holds a lock file.
func alive(path string) bool {
	file, err := os.Open(path)
	if err != nil {
		return false
	}
	defer file.Close()
	return syscall.Flock(int(file.Fd()), syscall.LOCK_SH|syscall.LOCK_NB) != nil
}

// Close gives up the server's lock.
func (s *Scheduler) Close() error {
	if err := os.Remove(s.lockOf(s.id)); err != nil {
		return err
	}
	return s.lock.Close()
}
