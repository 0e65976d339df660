// SPDX-License-Identifier: Apache-2.0

package schedule_test

import (
	"context"
	"log/slog"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/headcount-hll/headcount/report/document"
	"github.com/headcount-hll/headcount/report/schedule"
	"github.com/headcount-hll/headcount/report/state"
)

// A world is servers on one state file with one clock.
type world struct {
	*testing.T
	folder string
	db     *state.DB
	jobs   []schedule.Job
	work   func(ctx context.Context, run *state.Run) state.Finish

	mu  sync.Mutex
	now time.Time
	ran map[int64]int // calls of work by run
}

func newWorld(t *testing.T, start time.Time) *world {
	w := &world{T: t, folder: t.TempDir(), now: start, ran: map[int64]int{}}
	w.db = w.open()
	w.work = func(context.Context, *state.Run) state.Finish { return state.Finish{State: state.Succeeded} }
	return w
}

// open opens the state file once more, as another process would.
func (w *world) open() *state.DB {
	w.Helper()
	db, err := state.Open(w.Context(), filepath.Join(w.folder, "state.sqlite"))
	require.NoError(w, err)
	w.Cleanup(func() { require.NoError(w, db.Close()) })
	return db
}

func (w *world) server() *schedule.Scheduler {
	w.Helper()
	s, err := schedule.New(schedule.Config{
		DB: w.open(), Folder: w.folder, Limit: 2, Jobs: func() []schedule.Job { return w.jobs }, Log: slog.New(slog.DiscardHandler),
		Now: func() time.Time { w.mu.Lock(); defer w.mu.Unlock(); return w.now },
		Work: func(ctx context.Context, run *state.Run) state.Finish {
			w.mu.Lock()
			w.ran[run.ID]++
			w.mu.Unlock()
			return w.work(ctx, run)
		},
	})
	require.NoError(w, err)
	return s
}

func (w *world) set(now time.Time) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now = now
}

func header(t *testing.T, cron, zone string) *document.Header {
	t.Helper()
	r, err := document.Parse([]byte("---\ntitle: R\nschedule: \"" + cron + "\"\ntimezone: " + zone + "\n---\ntext\n"))
	require.NoError(t, err)
	return &r.Header
}

func job(t *testing.T, cron, zone, overlap, catchUp string) schedule.Job {
	t.Helper()
	return schedule.Job{Plan: state.Plan{Report: "r", Next: header(t, cron, zone).Next, Overlap: overlap, CatchUp: catchUp}}
}

// all returns the runs of the report by due time, with the requirement that no due time has two.
func (w *world) all() map[time.Time]*state.Run {
	w.Helper()
	runs, err := w.db.History(w.Context(), "r", 0, 100_000)
	require.NoError(w, err)
	byDue := map[time.Time]*state.Run{}
	for _, r := range runs {
		require.Nil(w, byDue[r.Due], "%s has two runs", r.Due)
		byDue[r.Due] = r
	}
	return byDue
}

// days is the length of each half of the simulation; make test-schedule sets it to 15.
func days(t *testing.T) int {
	t.Helper()
	text := os.Getenv("HEADCOUNT_SCHEDULE_DAYS")
	if text == "" {
		return 1
	}
	n, err := strconv.Atoi(text)
	require.NoError(t, err)
	return n
}

// Two halves: the clock of Berlin is set forward on 26 March and back on 29 October 2017. Two servers tick when they like, both are down
// for six hours in each half, and one in 50 ticks sees a clock that was set back by up to 90 minutes.
func TestSchedule_RunsOrSkipsEachMinuteOnce(t *testing.T) {
	half := days(t)
	for _, change := range []time.Time{time.Date(2017, 3, 26, 1, 0, 0, 0, time.UTC), time.Date(2017, 10, 29, 1, 0, 0, 0, time.UTC)} {
		start := change.Add(-time.Duration(half) * 12 * time.Hour)
		w := newWorld(t, start)
		w.jobs = []schedule.Job{job(t, "* * * * *", "Europe/Berlin", "skip", "last")}
		servers := []*schedule.Scheduler{w.server(), w.server()}
		random := rand.New(rand.NewPCG(1, 2))
		require.NoError(t, servers[0].Tick(t.Context()))
		end, down := start.AddDate(0, 0, half), change.Add(3*time.Hour)
		for now := start.Add(time.Minute); !now.After(end); now = now.Add(time.Minute) {
			if now.After(down) && now.Before(down.Add(6*time.Hour)) {
				continue
			}
			first := random.IntN(2)
			if random.IntN(50) == 0 {
				w.set(now.Add(-time.Duration(random.IntN(90)) * time.Minute))
				tick(t, false, servers[first])
			}
			w.set(now)
			tick(t, random.IntN(10) == 0, []*schedule.Scheduler{servers[first], servers[1-first]}[:1+random.IntN(2)]...)
		}
		runs := w.all()
		require.Len(t, runs, half*24*60)
		t.Logf("%d due times in %d days", len(runs), half)
		skipped := 0
		for due := start.Add(time.Minute); !due.After(end); due = due.Add(time.Minute) {
			r := runs[due]
			require.NotNil(t, r, "%s is lost", due)
			if r.State == state.Skipped {
				skipped++
				require.Zero(t, w.ran[r.ID])
				require.True(t, due.After(down) && due.Before(down.Add(6*time.Hour)), "%s: %s", due, r.Why)
				continue
			}
			require.Equal(t, state.Succeeded, r.State)
			require.Equal(t, 1, w.ran[r.ID], "%s", due)
		}
		require.Equal(t, 6*60-1, skipped, "the last one of the downtime runs")
	}
}

// tick ticks servers one after the other or at the same time, and waits for what they run.
func tick(t *testing.T, together bool, servers ...*schedule.Scheduler) {
	t.Helper()
	var all sync.WaitGroup
	for _, s := range servers {
		all.Go(func() {
			if err := s.Tick(t.Context()); err != nil {
				t.Error(err)
			}
			s.Wait()
		})
		if !together {
			all.Wait()
		}
	}
	all.Wait()
}

func TestNext_InDaylightSavingTime(t *testing.T) {
	for _, c := range []struct{ schedule, zone, after, want string }{
		{"30 2 * * *", "Europe/Berlin", "2017-03-25T12:00:00Z", "2017-03-27T00:30:00Z"}, // 02:30 does not exist on the 26th
		{"30 2 * * *", "Europe/Berlin", "2017-10-28T12:00:00Z", "2017-10-29T00:30:00Z"}, // the first 02:30
		{"30 2 * * *", "Europe/Berlin", "2017-10-29T00:30:00Z", "2017-10-30T01:30:00Z"}, // not the second
		{"0 * * * *", "Europe/Berlin", "2017-10-29T00:00:00Z", "2017-10-29T01:00:00Z"},  // each real hour
		{"0 * * * *", "Europe/Berlin", "2017-10-29T01:00:00Z", "2017-10-29T02:00:00Z"},
		{"0 6 * * 1", "America/New_York", "2017-11-04T00:00:00Z", "2017-11-06T11:00:00Z"},
		{"0 6 * * 1", "Asia/Kolkata", "2017-11-04T00:00:00Z", "2017-11-06T00:30:00Z"},
	} {
		after, err := time.Parse(time.RFC3339, c.after)
		require.NoError(t, err)
		require.Equal(t, c.want, header(t, c.schedule, c.zone).Next(after).Format(time.RFC3339), "%s in %s after %s", c.schedule, c.zone, c.after)
	}
}

func TestSchedule_CatchesUpAsTheReportSays(t *testing.T) {
	start := time.Date(2017, 1, 1, 0, 0, 0, 0, time.UTC)
	for catchUp, want := range map[string]int{"last": 1, "all": 5, "none": 0} {
		w := newWorld(t, start)
		w.jobs = []schedule.Job{job(t, "0 * * * *", "UTC", "skip", catchUp)}
		s := w.server()
		require.NoError(t, s.Tick(t.Context()))
		w.set(start.Add(5*time.Hour + 30*time.Minute))
		for range 6 { // one at a time
			require.NoError(t, s.Tick(t.Context()))
			s.Wait()
		}
		runs := w.all()
		require.Len(t, runs, 5)
		succeeded := 0
		for _, r := range runs {
			if r.State == state.Succeeded {
				succeeded++
			}
		}
		require.Equal(t, want, succeeded, catchUp)
	}
}

func TestSchedule_SkipsOrQueuesALateRun(t *testing.T) {
	start := time.Date(2017, 1, 1, 0, 0, 0, 0, time.UTC)
	for overlap, want := range map[string]string{"skip": state.Skipped, "queue": state.Succeeded} {
		w := newWorld(t, start)
		w.jobs = []schedule.Job{job(t, "* * * * *", "UTC", overlap, "last")}
		release := make(chan struct{})
		w.work = func(context.Context, *state.Run) state.Finish { <-release; return state.Finish{State: state.Succeeded} }
		s := w.server()
		for minute := range 3 {
			w.set(start.Add(time.Duration(minute) * time.Minute))
			require.NoError(t, s.Tick(t.Context()))
		}
		w.mu.Lock()
		require.LessOrEqual(t, len(w.ran), 1, "no overlap")
		w.mu.Unlock()
		close(release)
		s.Wait()
		require.NoError(t, s.Tick(t.Context()))
		s.Wait()
		require.Equal(t, want, w.all()[start.Add(2*time.Minute)].State)
	}
}

func TestSchedule_RetriesWithGrowingPauses(t *testing.T) {
	start := time.Date(2017, 1, 1, 0, 0, 0, 0, time.UTC)
	w := newWorld(t, start)
	j := job(t, "0 0 * * *", "UTC", "skip", "last")
	j.Retries, j.RetryWait = 2, time.Minute
	w.jobs = []schedule.Job{j}
	var at []time.Duration
	w.work = func(_ context.Context, run *state.Run) state.Finish {
		at = append(at, w.now.Sub(start.AddDate(0, 0, 1)))
		return state.Finish{State: state.Failed, Why: "the engine is down"}
	}
	s := w.server()
	require.NoError(t, s.Tick(t.Context()))
	for minute := range 10 {
		w.set(start.AddDate(0, 0, 1).Add(time.Duration(minute) * time.Minute))
		require.NoError(t, s.Tick(t.Context()))
		s.Wait()
	}
	require.Equal(t, []time.Duration{0, time.Minute, 3 * time.Minute}, at)
	require.Equal(t, state.Failed, w.all()[start.AddDate(0, 0, 1)].State)
}

// A process that is killed with SIGKILL while it runs a report: the next server marks the run.
func TestSchedule_MarksTheRunOfAKilledProcess(t *testing.T) {
	start := time.Date(2017, 1, 1, 0, 0, 0, 0, time.UTC)
	if folder := os.Getenv("HEADCOUNT_TEST_KILLED"); folder != "" {
		w := &world{T: t, folder: folder, now: start, ran: map[int64]int{}}
		w.work = func(context.Context, *state.Run) state.Finish {
			require.NoError(t, syscall.Kill(os.Getpid(), syscall.SIGKILL))
			select {}
		}
		s := w.server()
		require.NoError(t, s.Tick(t.Context()))
		select {}
	}
	w := newWorld(t, start)
	id, err := w.db.Request(t.Context(), "r", nil, start)
	require.NoError(t, err)
	child := exec.Command(os.Args[0], "-test.run=^TestSchedule_MarksTheRunOfAKilledProcess$")
	child.Env = append(os.Environ(), "HEADCOUNT_TEST_KILLED="+w.folder)
	require.Error(t, child.Run())
	run, err := w.db.Run(t.Context(), id)
	require.NoError(t, err)
	require.Equal(t, state.Running, run.State)
	require.NoError(t, w.server().Tick(t.Context()))
	run, err = w.db.Run(t.Context(), id)
	require.NoError(t, err)
	require.Equal(t, state.Killed, run.State)
}

func TestState_OpensWithTenThousandRunsOfHistory(t *testing.T) {
	start := time.Date(2017, 1, 1, 0, 0, 0, 0, time.UTC)
	w := newWorld(t, start)
	plan := job(t, "* * * * *", "UTC", "queue", "none").Plan
	_, err := w.db.Examine(t.Context(), plan, start)
	require.NoError(t, err)
	_, err = w.db.Examine(t.Context(), plan, start.AddDate(0, 0, 8))
	require.NoError(t, err)
	again, err := state.Open(t.Context(), filepath.Join(w.folder, "state.sqlite"))
	require.NoError(t, err)
	runs, err := again.History(t.Context(), "r", 0, 20_000)
	require.NoError(t, err)
	require.Len(t, runs, state.MaxDue)
	page, err := again.History(t.Context(), "r", runs[100].ID, 50)
	require.NoError(t, err)
	require.Equal(t, runs[101].ID, page[0].ID)
	_, err = again.Expire(t.Context(), start.AddDate(1, 0, 0))
	require.NoError(t, err)
	runs, err = again.History(t.Context(), "r", 0, 20_000)
	require.NoError(t, err)
	require.Less(t, len(runs), 4, "the due times of the last minutes wait; the others ended")
	require.NoError(t, again.Close())
}
