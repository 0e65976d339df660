// SPDX-License-Identifier: Apache-2.0

package state

import (
	"context"
	"database/sql"
	"errors"
	"time"
)

// A Notice says that the runs of a report began to fail, or succeed again.
type Notice struct {
	ID      int64
	Channel string
	Report  string
	Run     int64 // the first that failed, or succeeded again
	Failing bool
	Why     string
	At      time.Time
	Attempt int // of its delivery, from 1
}

// note records a notice for each channel if the state of the report changes. A report starts as not failing.
func (d *DB) note(ctx context.Context, tx *sql.Tx, n Notice) error {
	if _, err := tx.ExecContext(ctx, "INSERT INTO reports (name) VALUES (?) ON CONFLICT DO NOTHING", n.Report); err != nil {
		return err
	}
	changed, err := tx.ExecContext(ctx, "UPDATE reports SET failing = ?1 WHERE name = ?2 AND failing <> ?1", n.Failing, n.Report)
	if err != nil {
		return err
	}
	if rows, err := changed.RowsAffected(); err != nil || rows == 0 {
		return err
	}
	for _, channel := range d.Channels {
		if _, err := tx.ExecContext(ctx, "INSERT INTO notices (channel, report, run, failing, why, at, not_before) VALUES (?, ?, ?, ?, ?, ?, ?)",
			channel, n.Report, n.Run, n.Failing, n.Why, n.At.Unix(), n.At.Unix()); err != nil {
			return err
		}
	}
	return nil
}

// MinRetry is the pause before the second delivery of a notice, in seconds. Each further pause is twice as long, up to maxRetry.
const (
	MinRetry = 60
	maxRetry = 3600
)

const (
	dueNotice   = "SELECT id FROM notices n WHERE channel = ?1 AND not_before <= ?2 AND NOT EXISTS (SELECT 1 FROM notices o WHERE o.channel = n.channel AND o.report = n.report AND o.id < n.id) ORDER BY id LIMIT 1"
	claimNotice = "UPDATE notices SET attempts = attempts + 1, not_before = ?2 + min(?4, ?3 << min(attempts, 16)) WHERE id = (" + dueNotice + ") RETURNING id, channel, report, run, failing, why, at, attempts"
)

// ClaimNotice takes the oldest notice of a channel that is due, and sets the time of its next delivery. So another server does not take
// it, unless a delivery takes longer than MinRetry or the process ends. Notices of a report go in their order. It returns nil if there is none.
func (d *DB) ClaimNotice(ctx context.Context, channel string, now time.Time) (*Notice, error) {
	var id int64 // without a write lock: most calls find nothing
	err := d.db.QueryRowContext(ctx, dueNotice, channel, now.Unix()).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	} else if err != nil {
		return nil, err
	}
	n, at := &Notice{}, int64(0)
	err = d.db.QueryRowContext(ctx, claimNotice, channel, now.Unix(), MinRetry, maxRetry).
		Scan(&n.ID, &n.Channel, &n.Report, &n.Run, &n.Failing, &n.Why, &at, &n.Attempt)
	if errors.Is(err, sql.ErrNoRows) { // another server took it
		return nil, nil
	}
	n.At = time.Unix(at, 0).UTC()
	return n, err
}

// Delivered removes a notice.
func (d *DB) Delivered(ctx context.Context, id int64) error {
	_, err := d.db.ExecContext(ctx, "DELETE FROM notices WHERE id = ?", id)
	return err
}
