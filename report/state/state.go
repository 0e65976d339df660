// SPDX-License-Identifier: Apache-2.0

// Package state keeps the history of runs, the due times and the results of incremental blocks in one SQLite file. Several
// processes may share the file.
package state

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"time"

	_ "modernc.org/sqlite" // the driver
)

// The states of a run.
const (
	Queued    = "queued"
	Running   = "running"
	Succeeded = "succeeded"
	Failed    = "failed"
	Skipped   = "skipped" // a due time that was not run
	Killed    = "killed"  // its process ended while it ran
)

// tables are those of a new file, of the version that the migrations lead to.
const tables = `
CREATE TABLE reports (
	name TEXT PRIMARY KEY,
	examined INTEGER, -- due times up to here have a run; Unix seconds; NULL: the report never had a schedule
	failing INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE TABLE runs (
	id INTEGER PRIMARY KEY,
	report TEXT NOT NULL,
	due INTEGER, -- Unix seconds; NULL: on request
	state TEXT NOT NULL,
	why TEXT NOT NULL DEFAULT '',
	parameters TEXT NOT NULL DEFAULT '{}', -- JSON: name to text
	server TEXT NOT NULL DEFAULT '',
	attempt INTEGER NOT NULL DEFAULT 0,
	not_before INTEGER NOT NULL,
	started INTEGER,
	ended INTEGER, -- NULL: queued or running
	output TEXT NOT NULL DEFAULT '', -- path below the state's folder
	log TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE UNIQUE INDEX runs_due ON runs (report, due) WHERE due IS NOT NULL;
CREATE INDEX runs_report ON runs (report, id);
CREATE INDEX runs_open ON runs (state, not_before) WHERE ended IS NULL; -- queries must repeat this condition to use it
CREATE TABLE kept (
	key TEXT NOT NULL, day TEXT NOT NULL, rows TEXT NOT NULL,
	PRIMARY KEY (key, day)
) STRICT, WITHOUT ROWID;
CREATE TABLE kept_columns (key TEXT PRIMARY KEY, columns TEXT NOT NULL) STRICT;
CREATE TABLE notices ( -- of delivery to come
	id INTEGER PRIMARY KEY AUTOINCREMENT,
	channel TEXT NOT NULL,
	report TEXT NOT NULL,
	run INTEGER NOT NULL,
	failing INTEGER NOT NULL,
	why TEXT NOT NULL,
	at INTEGER NOT NULL, -- Unix seconds
	attempts INTEGER NOT NULL DEFAULT 0,
	not_before INTEGER NOT NULL
) STRICT;`

// A DB is an open state file.
type DB struct {
	// Channels get a notice when a report changes between success and failure. Set it before the first run.
	Channels []string

	db *sql.DB
}

// Open opens a state file, and makes it if there is none.
func Open(ctx context.Context, path string) (*DB, error) {
	address := url.URL{Scheme: "file", Opaque: (&url.URL{Path: path}).EscapedPath(), RawQuery: "_pragma=busy_timeout(30000)&_pragma=journal_mode(WAL)&_pragma=synchronous(NORMAL)&_txlock=immediate"}
	db, err := sql.Open("sqlite", address.String())
	if err != nil {
		return nil, err
	}
	d := &DB{db: db}
	if err := d.prepare(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", path, err), db.Close())
	}
	return d, nil
}

// Close closes the file.
func (d *DB) Close() error { return d.db.Close() }

// change runs a transaction that holds the file's write lock from its start.
func (d *DB) change(ctx context.Context, call func(tx *sql.Tx) error) error {
	tx, err := d.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if err := call(tx); err != nil {
		return errors.Join(err, tx.Rollback())
	}
	return tx.Commit()
}

// A Run is a run of a report, or a due time that was skipped.
type Run struct {
	ID                  int64
	Report, State, Why  string
	Due, Started, Ended time.Time // zero: not known
	Parameters          map[string]string
	Attempt             int // from 0
	Output, Log         string
}
