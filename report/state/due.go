// SPDX-License-Identifier: Apache-2.0

package state

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// A Plan says when a report is due and what happens with due times that cannot run at once.
type Plan struct {
	Report  string
	Next    func(time.Time) time.Time // the first due time after a time; zero: none
	Overlap string                    // skip or queue
	CatchUp string                    // last, all or none
}

// grace is how late the last due time may be seen without counting as missed.
const grace = 2 * time.Minute

const examinedOf = "SELECT examined FROM reports WHERE name = ? AND examined IS NOT NULL"

// MaxDue is the largest number of due times that one call records. The next call goes on.
const MaxDue = 10_000

// Examine records a run for each due time since the last call, queued or skipped, and returns when the report is due next. Each due
// time gets one run, however many processes call.
func (d *DB) Examine(ctx context.Context, p Plan, now time.Time) (next time.Time, err error) {
	// Most calls find no due time: those take no write lock.
	var known int64
	if err := d.db.QueryRowContext(ctx, examinedOf, p.Report).Scan(&known); err == nil {
		if next = p.Next(time.Unix(known, 0)); next.IsZero() || next.After(now) {
			return next, nil
		}
	}
	err = d.change(ctx, func(tx *sql.Tx) error {
		var examined int64
		err := tx.QueryRowContext(ctx, examinedOf, p.Report).Scan(&examined)
		if errors.Is(err, sql.ErrNoRows) { // the report is new: its past due times do not count
			next = p.Next(now)
			_, err = tx.ExecContext(ctx, "INSERT INTO reports (name, examined) VALUES (?, ?) ON CONFLICT DO UPDATE SET examined = excluded.examined", p.Report, now.Unix())
			return err
		} else if err != nil {
			return err
		}
		var due []time.Time
		for next = p.Next(time.Unix(examined, 0)); !next.IsZero() && !next.After(now) && len(due) < MaxDue; next = p.Next(next) {
			due = append(due, next)
		}
		for i, at := range due {
			if err := record(ctx, tx, p, at, now, i == len(due)-1); err != nil {
				return err
			}
		}
		if len(due) == 0 {
			return nil
		}
		_, err = tx.ExecContext(ctx, "UPDATE reports SET examined = ? WHERE name = ?", due[len(due)-1].Unix(), p.Report)
		return err
	})
	return next, err
}

// record adds the run of a due time.
func record(ctx context.Context, tx *sql.Tx, p Plan, due, now time.Time, last bool) error {
	state, why := Queued, ""
	missed := !last || now.Sub(due) > grace
	switch {
	case missed && p.CatchUp == "none", p.CatchUp == "last" && !last:
		state, why = Skipped, "no server ran when it was due"
	case p.Overlap == "skip":
		var open int64
		err := tx.QueryRowContext(ctx, openOf, p.Report).Scan(&open)
		if err == nil && !(missed && p.CatchUp == "all") {
			state, why = Skipped, fmt.Sprintf("run %d had not ended", open)
		} else if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return err
		}
	}
	ended := sql.NullInt64{Int64: now.Unix(), Valid: state == Skipped}
	_, err := tx.ExecContext(ctx, "INSERT INTO runs (report, due, state, why, not_before, ended) VALUES (?, ?, ?, ?, ?, ?)",
		p.Report, due.Unix(), state, why, due.Unix(), ended)
	return err
}
