// Package postgres keeps roll-ups in PostgreSQL 15 or later.
package postgres

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
)

//go:embed migrations/*.sql
var migrations embed.FS

// newest is the version of the schema that this program knows: the number of its last migration.
const newest = 4

// steps are what migrations do in addition to their SQL.
var steps = map[int]func(ctx context.Context, tx pgx.Tx) error{3: fillSummaries}

// migrationLock is the advisory lock of those who change the schema.
const migrationLock = 0x68635f726f6c6c00

// LoadLock is the advisory lock of those who load: one at a time, and none while the schema changes.
const LoadLock = 0x68635f726f6c6c01

// Connect opens connections by the connection string in a file, and brings the schema to the newest version.
func Connect(ctx context.Context, file string) (*pgxpool.Pool, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	config, err := pgxpool.ParseConfig(strings.TrimSpace(string(text)))
	if err != nil {
		return nil, fmt.Errorf("%s: not a connection string of PostgreSQL", file) // the error has the text, which can have a password
	}
	if mode := config.ConnConfig.DefaultQueryExecMode; mode == pgx.QueryExecModeExec || mode == pgx.QueryExecModeSimpleProtocol {
		return nil, fmt.Errorf("%s: default_query_exec_mode is %s, in which numbers come as text: leave it out, or behind a pool of transactions set cache_describe", file, config.ConnConfig.DefaultQueryExecMode)
	}
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, err
	}
	if err := migrate(ctx, pool); err != nil {
		pool.Close()
		return nil, Explain(err)
	}
	return pool, nil
}

// Explain adds the cause and what to do to PostgreSQL's errors that have a known cause. It returns other errors as they are.
func Explain(err error) error {
	var server *pgconn.PgError
	var network *net.OpError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &server):
		if told := causes[server.Code]; told != "" {
			return fmt.Errorf("postgres: %s: %w", told, err)
		}
		return fmt.Errorf("postgres: %w", err)
	case errors.As(err, &network), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, net.ErrClosed), errors.Is(err, pgconn.ErrConnClosed):
		return fmt.Errorf("postgres: the connection is lost or cannot be made; nothing of this transaction was kept, run the command again: %w", err)
	}
	return err
}

// causes are what to do about errors, by their codes.
var causes = map[string]string{
	"28P01": "user or password is wrong, check the connection string",
	"28000": "user or password is wrong, check the connection string",
	"42501": "the user may not create or read the schema headcount_rollup",
	"53100": "the server's disk is full; nothing of this transaction was kept: make room and run the command again",
	"57P01": "the server is stopping; nothing of this transaction was kept: run the command again",
	"57P02": "the server has crashed; nothing of this transaction was kept: run the command again",
	"57P03": "the server is starting or stopping: run the command again",
	"23505": "two rows have the same dimensions, metric, label and process: make the file again with headcount-rollup aggregate",
}

// migrate applies the migrations that the database does not have, in one transaction.
func migrate(ctx context.Context, pool *pgxpool.Pool) error {
	return pgx.BeginFunc(ctx, pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, "SELECT pg_advisory_xact_lock($1)", migrationLock); err != nil {
			return err
		}
		version, err := schemaVersion(ctx, tx)
		if err != nil {
			return err
		}
		if version > newest {
			return fmt.Errorf("the schema headcount_rollup has version %d, newer than this program's %d: use a newer headcount-rollup", version, newest)
		}
		if version < newest { // no program loads meanwhile: its rows would not be in what a migration fills
			if _, err := tx.Exec(ctx, "SELECT pg_advisory_xact_lock($1)", LoadLock); err != nil {
				return err
			}
		}
		for n := version + 1; n <= newest; n++ {
			text, err := migrations.ReadFile(fmt.Sprintf("migrations/%d.sql", n))
			if err != nil {
				return err
			}
			if _, err := tx.Exec(ctx, string(text)); err != nil {
				return fmt.Errorf("migration %d: %w", n, err)
			}
			if step := steps[n]; step != nil {
				if err := step(ctx, tx); err != nil {
					return fmt.Errorf("migration %d: %w", n, err)
				}
			}
			if _, err := tx.Exec(ctx, "INSERT INTO headcount_rollup.migrations (version) VALUES ($1)", n); err != nil {
				return err
			}
		}
		return nil
	})
}

func schemaVersion(ctx context.Context, tx pgx.Tx) (version int, err error) {
	var there bool
	if err := tx.QueryRow(ctx, "SELECT to_regclass('headcount_rollup.migrations') IS NOT NULL").Scan(&there); err != nil {
		return 0, err
	}
	if there {
		err = tx.QueryRow(ctx, "SELECT coalesce(max(version), 0) FROM headcount_rollup.migrations").Scan(&version)
		return version, err
	}
	_, err = tx.Exec(ctx, `CREATE SCHEMA IF NOT EXISTS headcount_rollup;
		CREATE TABLE headcount_rollup.migrations (version int PRIMARY KEY, applied timestamptz NOT NULL DEFAULT now())`)
	return 0, err
}
