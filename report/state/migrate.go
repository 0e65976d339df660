// SPDX-License-Identifier: Apache-2.0

package state

import (
	"context"
	"database/sql"
	"fmt"
)

// migrations change the tables from one version to the next, from version 1 on. A file has its version in user_version.
var migrations = []string{
	// 2: reports without a schedule are kept too, and notices have a channel. Version 1 delivered no notices, so those that it kept are
	// of states long ago.
	`CREATE TABLE reports_2 (
		name TEXT PRIMARY KEY,
		examined INTEGER,
		failing INTEGER NOT NULL DEFAULT 0
	) STRICT;
	INSERT INTO reports_2 (name, examined, failing) SELECT name, examined, failing FROM reports;
	DROP TABLE reports;
	ALTER TABLE reports_2 RENAME TO reports;
	DROP INDEX runs_open;
	CREATE INDEX runs_open ON runs (state, not_before) WHERE ended IS NULL;
	DROP TABLE notices;
	CREATE TABLE notices (
		id INTEGER PRIMARY KEY AUTOINCREMENT,
		channel TEXT NOT NULL,
		report TEXT NOT NULL,
		run INTEGER NOT NULL,
		failing INTEGER NOT NULL,
		why TEXT NOT NULL,
		at INTEGER NOT NULL,
		attempts INTEGER NOT NULL DEFAULT 0,
		not_before INTEGER NOT NULL
	) STRICT`,
}

// prepare makes the tables of a new file, and brings those of an old one to the newest version: wholly, or not at all.
func (d *DB) prepare(ctx context.Context) error {
	return d.change(ctx, func(tx *sql.Tx) error {
		var found int
		if err := tx.QueryRowContext(ctx, "PRAGMA user_version").Scan(&found); err != nil {
			return err
		}
		newest := len(migrations) + 1
		steps := []string{tables}
		switch {
		case found > newest:
			return fmt.Errorf("the state has version %d, this program knows versions up to %d: use a newer program, or another folder for --state", found, newest)
		case found == newest:
			return nil
		case found > 0:
			steps = migrations[found-1:]
		}
		for _, step := range steps {
			if _, err := tx.ExecContext(ctx, step); err != nil {
				return fmt.Errorf("from version %d to %d: %w", found, newest, err)
			}
		}
		_, err := tx.ExecContext(ctx, fmt.Sprintf("PRAGMA user_version = %d", newest))
		return err
	})
}
