// SPDX-License-Identifier: Apache-2.0

package source

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"encoding/base64"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/duckdb/duckdb-go/v2"
)

// OpenResults opens results as tables of DuckDB in this process. It reads no file. Numbers are BIGINT if every value of the column is
// whole, else DOUBLE.
func OpenResults(ctx context.Context, results map[string]*Table) (_ Source, err error) {
	names := slices.Sorted(maps.Keys(results))
	statements := []string{"SET enable_external_access = false"}
	for _, name := range names {
		statements = append(statements, createTable(name, results[name]))
	}
	d, err := openDuckDB(ctx, "results", statements)
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, d.Close())
		}
	}()
	conn, err := d.db.Conn(ctx)
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	for _, name := range names {
		if err := fill(conn, name, results[name]); err != nil {
			return nil, fmt.Errorf("result %s: %w", name, err)
		}
	}
	return d, nil
}

func quoted(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }

func createTable(name string, t *Table) string {
	columns := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		columns[i] = quoted(c.Name) + " " + typeOf(t, i)
	}
	return "CREATE TABLE " + quoted(name) + " (" + strings.Join(columns, ", ") + ")"
}

// typeOf returns the DuckDB type of a column.
func typeOf(t *Table, column int) string {
	switch t.Columns[column].Kind {
	case Bool:
		return "BOOLEAN"
	case Day:
		return "DATE"
	case Time:
		return "TIMESTAMP"
	case Bytes:
		return "BLOB"
	case Number:
		for _, row := range t.Rows {
			if _, whole := row[column].(int64); !whole && row[column] != nil {
				return "DOUBLE"
			}
		}
		return "BIGINT"
	}
	return "VARCHAR"
}

// fill appends the rows of a result to its table.
func fill(conn *sql.Conn, name string, t *Table) error {
	types := make([]string, len(t.Columns))
	for i := range types {
		types[i] = typeOf(t, i)
	}
	return conn.Raw(func(raw any) error {
		appender, err := duckdb.NewAppenderFromConn(raw.(driver.Conn), "", name)
		if err != nil {
			return err
		}
		row := make([]driver.Value, len(types))
		for _, values := range t.Rows {
			for i, v := range values {
				if row[i], err = valueOf(v, types[i]); err != nil {
					return errors.Join(fmt.Errorf("column %s: %w", t.Columns[i].Name, err), appender.Close())
				}
			}
			if err := appender.AppendRow(row...); err != nil {
				return errors.Join(err, appender.Close())
			}
		}
		return appender.Close()
	})
}

// valueOf returns the value of a result for a column of a DuckDB type.
func valueOf(v any, kind string) (driver.Value, error) {
	text, isText := v.(string)
	switch {
	case v == nil:
		return nil, nil
	case kind == "VARCHAR" && !isText:
		return fmt.Sprint(v), nil
	case kind == "DOUBLE" && isText:
		return strconv.ParseFloat(text, 64)
	case kind == "DOUBLE":
		if whole, ok := v.(int64); ok {
			return float64(whole), nil
		}
	case kind == "DATE":
		return time.Parse(time.DateOnly, text)
	case kind == "TIMESTAMP":
		return time.Parse(time.RFC3339Nano, text)
	case kind == "BLOB":
		return base64.StdEncoding.DecodeString(text)
	}
	return v, nil
}
