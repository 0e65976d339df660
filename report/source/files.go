// SPDX-License-Identifier: Apache-2.0

package source

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	_ "github.com/duckdb/duckdb-go/v2" // the driver
)

// Files is DuckDB in this process. A query sees the tables that the report's header names, and no other file.
type Files struct {
	db *sql.DB
}

// OpenFiles opens the tables: a name and a path or pattern of Parquet or CSV files below folder, or a folder of Parquet files.
func OpenFiles(ctx context.Context, folder string, tables map[string]string) (_ *Files, err error) {
	views, paths := []string{}, []string{}
	for _, name := range slices.Sorted(maps.Keys(tables)) {
		found, err := filesOf(folder, tables[name])
		if err != nil {
			return nil, fmt.Errorf("table %s: %w", name, err)
		}
		reader := "read_parquet(%s)"
		if strings.Contains(filepath.Base(found[0]), ".csv") {
			reader = "read_csv(%s, union_by_name = true)"
		}
		paths = append(paths, found...)
		views = append(views, fmt.Sprintf(`CREATE VIEW "%s" AS SELECT * FROM `+reader, name, list(found)))
	}
	db, err := sql.Open("duckdb", "")
	if err != nil {
		return nil, err
	}
	f := &Files{db}
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
		"SET TimeZone = 'UTC'", "SET allowed_paths = " + list(paths), "SET enable_external_access = false",
	}, macros, views, []string{"SET lock_configuration = true"}) {
		if _, err := conn.ExecContext(ctx, statement); err != nil {
			return nil, fmt.Errorf("DuckDB: %w", err)
		}
	}
	return f, nil
}

// filesOf returns the files of a pattern, all of them inside folder after links are followed.
func filesOf(folder, pattern string) ([]string, error) {
	if !filepath.IsLocal(pattern) {
		return nil, fmt.Errorf("%s is not a path inside the report's folder", pattern)
	}
	root, err := filepath.EvalSymlinks(folder)
	if err != nil {
		return nil, err
	}
	if root, err = filepath.Abs(root); err != nil {
		return nil, err
	}
	whole := filepath.Join(root, pattern)
	if info, err := os.Stat(whole); err == nil && info.IsDir() {
		whole = filepath.Join(whole, "*.parquet")
	}
	found, err := filepath.Glob(whole)
	if err != nil {
		return nil, err
	}
	if len(found) == 0 {
		return nil, fmt.Errorf("there is no file %s", pattern)
	}
	for i, path := range found {
		if found[i], err = filepath.EvalSymlinks(path); err != nil {
			return nil, err
		}
		if inside, err := filepath.Rel(root, found[i]); err != nil || !filepath.IsLocal(inside) {
			return nil, fmt.Errorf("%s leads out of the report's folder", pattern)
		}
	}
	return found, nil
}

// list returns texts as a list of SQL.
func list(texts []string) string {
	quoted := make([]string, len(texts))
	for i, s := range texts {
		quoted[i] = "'" + strings.ReplaceAll(s, "'", "''") + "'"
	}
	return "[" + strings.Join(quoted, ", ") + "]"
}

// Query runs one SELECT.
func (f *Files) Query(ctx context.Context, query string, args []any) (*Table, error) {
	conn, err := f.db.Conn(ctx)
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
func (f *Files) Placeholder(i int) string { return fmt.Sprintf("$%d", i) }

// Engine returns the name of DuckDB.
func (f *Files) Engine() string { return "files (DuckDB)" }

// Close closes the database.
func (f *Files) Close() error { return f.db.Close() }
