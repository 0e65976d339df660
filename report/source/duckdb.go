// SPDX-License-Identifier: Apache-2.0

package source

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	_ "github.com/duckdb/duckdb-go/v2" // the driver
)

// A duckDB is DuckDB in this process, with Headcount's functions.
type duckDB struct {
	name string // of what it reads
	db   *sql.DB
}

// openDuckDB opens an empty database, runs statements in it and locks its configuration. One of the statements disables external access.
func openDuckDB(ctx context.Context, name string, statements []string) (_ *duckDB, err error) {
	db, err := sql.Open("duckdb", "")
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, db.Close())
		}
	}()
	db.SetMaxOpenConns(1) // the functions and settings are of one connection
	conn, err := db.Conn(ctx)
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	if err := register(conn); err != nil {
		return nil, err
	}
	for _, statement := range slices.Concat([]string{
		"SET autoinstall_known_extensions = false", "SET autoload_known_extensions = false", "SET memory_limit = '2GB'", "SET temp_directory = ''",
		"SET TimeZone = 'UTC'",
	}, macros, statements, []string{"SET lock_configuration = true"}) {
		if _, err := conn.ExecContext(ctx, statement); err != nil {
			return nil, fmt.Errorf("DuckDB: %w", err)
		}
	}
	return &duckDB{name, db}, nil
}

// Query runs one SELECT.
func (d *duckDB) Query(ctx context.Context, query string, args []any) (*Table, error) {
	conn, err := d.db.Conn(ctx)
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	if err := selects(ctx, conn, query); err != nil {
		return nil, err
	}
	rows, err := conn.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	return scan(rows)
}

// selects returns an error if a query is not one SELECT by DuckDB's own parser: another statement could write the files that it may read.
func selects(ctx context.Context, conn *sql.Conn, query string) error {
	var text string
	if err := conn.QueryRowContext(ctx, "SELECT json_serialize_sql(CAST(? AS VARCHAR), skip_null := true, skip_empty := true)::VARCHAR", query).Scan(&text); err != nil {
		return err
	}
	var parsed struct {
		Error      bool              `json:"error"`
		Type       string            `json:"error_type"`
		Message    string            `json:"error_message"`
		Statements []json.RawMessage `json:"statements"`
	}
	if err := json.Unmarshal([]byte(text), &parsed); err != nil {
		return err
	}
	switch {
	case parsed.Error && parsed.Type != "not implemented":
		return fmt.Errorf("DuckDB: %s error: %s", parsed.Type, parsed.Message)
	case parsed.Error || len(parsed.Statements) != 1:
		return errors.New("a block is one SELECT statement")
	}
	return nil
}

// Placeholder returns $i.
func (d *duckDB) Placeholder(i int) string { return fmt.Sprintf("$%d", i) }

// Engine returns what DuckDB reads, and its name.
func (d *duckDB) Engine() string { return d.name + " (DuckDB)" }

// Close closes the database.
func (d *duckDB) Close() error { return d.db.Close() }
