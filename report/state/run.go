// SPDX-License-Identifier: Apache-2.0

package state

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"
)

// Request queues a run outside the schedule, and returns its number.
func (d *DB) Request(ctx context.Context, report string, parameters map[string]string, now time.Time) (id int64, err error) {
	text, err := json.Marshal(parameters)
	if err != nil {
		return 0, err
	}
	err = d.change(ctx, func(tx *sql.Tx) error {
		var waiting int
		if err := tx.QueryRowContext(ctx, waitingOf, report).Scan(&waiting); err != nil {
			return err
		}
		if waiting >= maxWaiting {
			return fmt.Errorf("%d runs of %s wait already: try again later", waiting, report)
		}
		return tx.QueryRowContext(ctx, "INSERT INTO runs (report, state, parameters, not_before) VALUES (?, 'queued', ?, ?) RETURNING id", report, string(text), now.Unix()).Scan(&id)
	})
	return id, err
}

// maxWaiting is the largest number of queued runs of a report that Request leaves.
const maxWaiting = 20

// Queries of runs that have not ended. The condition on ended lets SQLite use the index runs_open, and the plus sign keeps it from the index
// on report, which has the whole history.
const (
	anyWaiting    = "SELECT EXISTS (SELECT 1 FROM runs WHERE ended IS NULL AND state = 'queued' AND not_before <= ?)"
	oldestWaiting = `SELECT id FROM runs q WHERE ended IS NULL AND state = 'queued' AND not_before <= ?
		AND NOT EXISTS (SELECT 1 FROM runs o WHERE o.ended IS NULL AND o.state = 'running' AND +o.report = q.report)
		AND (SELECT count(*) FROM runs WHERE ended IS NULL AND state = 'running') < ? ORDER BY not_before, id LIMIT 1`
	openOf    = "SELECT id FROM runs WHERE +report = ? AND ended IS NULL AND state IN ('queued', 'running') LIMIT 1"
	waitingOf = "SELECT count(*) FROM runs WHERE +report = ? AND ended IS NULL AND state = 'queued'"
	servers   = "SELECT DISTINCT server FROM runs WHERE ended IS NULL AND state = 'running'"
	runningOf = "SELECT id FROM runs WHERE ended IS NULL AND state = 'running' AND server = ?"
)

// Claim takes the oldest queued run for a server, unless limit runs are running. A report runs once at a time. It returns nil if there is none.
func (d *DB) Claim(ctx context.Context, server string, limit int, now time.Time) (run *Run, err error) {
	var waiting bool // without a write lock: most calls find nothing
	err = d.db.QueryRowContext(ctx, anyWaiting, now.Unix()).Scan(&waiting)
	if err != nil || !waiting {
		return nil, err
	}
	err = d.change(ctx, func(tx *sql.Tx) error {
		var id int64
		err := tx.QueryRowContext(ctx, oldestWaiting, now.Unix(), limit).Scan(&id)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		} else if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, "UPDATE runs SET state = 'running', server = ?, started = ? WHERE id = ?", server, now.Unix(), id); err != nil {
			return err
		}
		run, err = scan(tx.QueryRowContext(ctx, "SELECT "+columns+" FROM runs WHERE id = ?", id))
		return err
	})
	return run, err
}

// A Finish is how a run ended.
type Finish struct {
	State, Why, Output, Log string
	Retry                   time.Time // not zero: the run is queued again for this time
}

// Finish records the end of a run, and a notice for each channel if its report changes between success and failure.
func (d *DB) Finish(ctx context.Context, id int64, f Finish, now time.Time) error {
	return d.change(ctx, func(tx *sql.Tx) error { return d.finish(ctx, tx, id, f, now) })
}

func (d *DB) finish(ctx context.Context, tx *sql.Tx, id int64, f Finish, now time.Time) error {
	if !f.Retry.IsZero() {
		_, err := tx.ExecContext(ctx, "UPDATE runs SET state = 'queued', why = ?, attempt = attempt + 1, not_before = ?, log = log || ? WHERE id = ? AND state = 'running'",
			f.Why, f.Retry.Unix(), f.Log, id)
		return err
	}
	var report string
	err := tx.QueryRowContext(ctx, "UPDATE runs SET state = ?, why = ?, output = ?, log = log || ?, ended = ? WHERE id = ? AND state = 'running' RETURNING report",
		f.State, f.Why, f.Output, f.Log, now.Unix(), id).Scan(&report)
	if errors.Is(err, sql.ErrNoRows) {
		return fmt.Errorf("run %d is not running", id)
	} else if err != nil {
		return err
	}
	return d.note(ctx, tx, Notice{Report: report, Run: id, Failing: f.State != Succeeded, Why: f.Why, At: now})
}

// Servers returns the servers with a running run.
func (d *DB) Servers(ctx context.Context) (names []string, err error) {
	rows, err := d.db.QueryContext(ctx, servers)
	return all(rows, err, value[string])
}

// A scanner is a row of a result.
type scanner interface{ Scan(...any) error }

// all reads the rows of a query's result, or returns the error of the query.
func all[T any](rows *sql.Rows, err error, scan func(scanner) (T, error)) (found []T, _ error) {
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		one, err := scan(rows)
		if err != nil {
			return nil, err
		}
		found = append(found, one)
	}
	return found, rows.Err()
}

// value reads a row of one column.
func value[T any](row scanner) (v T, err error) {
	err = row.Scan(&v)
	return v, err
}

// MarkKilled marks the running runs of a server that has ended.
func (d *DB) MarkKilled(ctx context.Context, server string, now time.Time) error {
	return d.change(ctx, func(tx *sql.Tx) error {
		rows, err := tx.QueryContext(ctx, runningOf, server)
		ids, err := all(rows, err, value[int64])
		if err != nil {
			return err
		}
		for _, id := range ids {
			if err := d.finish(ctx, tx, id, Finish{State: Killed, Why: "its process ended while it ran"}, now); err != nil {
				return err
			}
		}
		return nil
	})
}

const columns = "id, report, state, why, due, started, ended, parameters, attempt, output, log"

func scan(row scanner) (*Run, error) {
	r := &Run{}
	var due, started, ended sql.NullInt64
	var parameters string
	if err := row.Scan(&r.ID, &r.Report, &r.State, &r.Why, &due, &started, &ended, &parameters, &r.Attempt, &r.Output, &r.Log); err != nil {
		return nil, err
	}
	for at, into := range map[*sql.NullInt64]*time.Time{&due: &r.Due, &started: &r.Started, &ended: &r.Ended} {
		if at.Valid {
			*into = time.Unix(at.Int64, 0).UTC()
		}
	}
	return r, json.Unmarshal([]byte(parameters), &r.Parameters)
}

// Run returns a run; sql.ErrNoRows if there is none.
func (d *DB) Run(ctx context.Context, id int64) (*Run, error) {
	return scan(d.db.QueryRowContext(ctx, "SELECT "+columns+" FROM runs WHERE id = ?", id))
}

// History returns the newest runs of a report with a number below before; 0: the newest.
func (d *DB) History(ctx context.Context, report string, before int64, limit int) (runs []*Run, err error) {
	rows, err := d.db.QueryContext(ctx, "SELECT "+columns+" FROM runs WHERE report = ? AND (? = 0 OR id < ?) ORDER BY id DESC LIMIT ?", report, before, before, limit)
	return all(rows, err, scan)
}

// Expire deletes ended runs that ended before a time, except the newest one of each report, and notices from before it. It returns the outputs of the runs.
func (d *DB) Expire(ctx context.Context, before time.Time) (outputs []string, err error) {
	err = d.change(ctx, func(tx *sql.Tx) error {
		rows, err := tx.QueryContext(ctx, `DELETE FROM runs WHERE ended < ? AND id NOT IN (SELECT max(id) FROM runs WHERE output <> '' GROUP BY report) RETURNING output`, before.Unix())
		found, err := all(rows, err, value[string])
		outputs = slices.DeleteFunc(found, func(output string) bool { return output == "" })
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, "DELETE FROM notices WHERE at < ?", before.Unix())
		return err
	})
	return outputs, err
}
