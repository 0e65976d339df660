// SPDX-License-Identifier: Apache-2.0

// Package source runs queries on engines: the embedded DuckDB over the files of a report's folder, Trino, PrestoDB and PostgreSQL.
package source

import (
	"context"
	"database/sql"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math"
	"math/big"
	"strings"
	"time"
)

// The limits of one result.
const (
	MaxRows  = 100_000
	maxCells = 2_000_000
	maxBytes = 64 << 20 // of text
)

// A Kind is how a column's values are written and drawn.
type Kind string

// The kinds. The values of a column are float64 or int64, string, bool, or text of a day, a time or bytes; nil for NULL.
const (
	Number Kind = "number"
	Text   Kind = "text"
	Bool   Kind = "boolean"
	Day    Kind = "day"   // yyyy-mm-dd
	Time   Kind = "time"  // RFC 3339
	Bytes  Kind = "bytes" // base64
)

// A Column is a name and a kind.
type Column struct {
	Name string `json:"name"`
	Kind Kind   `json:"kind"`
}

// A Table is the result of a query.
type Table struct {
	Columns []Column `json:"columns"`
	Rows    [][]any  `json:"rows"`
}

// Index returns the place of a column, or -1.
func (t *Table) Index(name string) int {
	for i, c := range t.Columns {
		if strings.EqualFold(c.Name, name) {
			return i
		}
	}
	return -1
}

// A Source runs queries.
type Source interface {
	// Query runs one statement. It ends with ctx, on the engine too.
	Query(ctx context.Context, sql string, args []any) (*Table, error)
	// Placeholder returns the text that stands for the i-th value of a statement, from 1.
	Placeholder(i int) string
	// Engine names what the query ran on, without credentials.
	Engine() string
	Close() error
}

// scan reads a result up to the limits.
func scan(rows *sql.Rows) (*Table, error) {
	defer rows.Close()
	types, err := rows.ColumnTypes()
	if err != nil {
		return nil, err
	}
	t := &Table{Rows: [][]any{}}
	seen := map[string]bool{}
	for _, c := range types {
		if seen[c.Name()] {
			return nil, fmt.Errorf("two columns have the name %s: rename one with AS", c.Name())
		}
		seen[c.Name()] = true
		t.Columns = append(t.Columns, Column{c.Name(), kindOf(c.DatabaseTypeName())})
	}
	values, into, bytes := make([]any, len(types)), make([]any, len(types)), 0
	for i := range values {
		into[i] = &values[i]
	}
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return nil, err
		}
		row := make([]any, len(values))
		for i, v := range values {
			row[i] = plain(v, t.Columns[i].Kind)
			if s, ok := row[i].(string); ok {
				bytes += len(s)
			}
		}
		t.Rows = append(t.Rows, row)
		if len(t.Rows) > MaxRows || len(t.Rows)*len(row) > maxCells || bytes > maxBytes {
			return nil, fmt.Errorf("the result is larger than %d rows, %d cells or %d MB of text: aggregate in SQL", MaxRows, maxCells, maxBytes>>20)
		}
	}
	return t, rows.Err()
}

// kindOf returns the kind of an engine's type name.
func kindOf(name string) Kind {
	name, _, _ = strings.Cut(strings.ToUpper(name), "(")
	switch {
	case name == "DATE":
		return Day
	case strings.HasPrefix(name, "TIMESTAMP"):
		return Time
	case strings.HasPrefix(name, "BOOL"):
		return Bool
	}
	switch name {
	case "TINYINT", "SMALLINT", "INTEGER", "INT", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "UHUGEINT",
		"REAL", "FLOAT", "DOUBLE", "DECIMAL", "NUMERIC", "INT2", "INT4", "INT8", "FLOAT4", "FLOAT8":
		return Number
	case "VARBINARY", "BLOB", "BYTEA":
		return Bytes
	}
	return Text
}

// plain returns the value of a driver in the form of its kind. A number that a float64 does not hold exactly is text.
func plain(v any, kind Kind) any {
	switch x := v.(type) {
	case nil:
		return nil
	case time.Time:
		if kind == Day {
			return x.Format(time.DateOnly)
		}
		return x.Format(time.RFC3339Nano)
	case bool, int64:
		return x
	case float64:
		return finite(x)
	case float32:
		return finite(float64(x))
	case *big.Int:
		if x.IsInt64() {
			return x.Int64()
		}
		return x.String()
	case interface{ Float64() float64 }:
		return finite(x.Float64())
	case []byte:
		if kind == Bytes {
			return base64.StdEncoding.EncodeToString(x)
		}
		if kind == Text {
			return fmt.Sprintf("%x", x)
		}
		return number(string(x), kind)
	case string:
		return number(x, kind)
	}
	switch text := fmt.Sprint(v); kind {
	case Number:
		return number(text, kind)
	default:
		if structured, err := json.Marshal(v); err == nil && kind == Text {
			return strings.Trim(string(structured), `"`)
		}
		return text
	}
}

func number(text string, kind Kind) any {
	if kind != Number {
		return text
	}
	var n json.Number
	if err := json.Unmarshal([]byte(text), &n); err != nil {
		return text
	}
	if i, err := n.Int64(); err == nil {
		return i
	}
	f, err := n.Float64()
	if err != nil {
		return text
	}
	return finite(f)
}

// finite returns NULL for what JSON and plots cannot hold.
func finite(v float64) any {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return nil
	}
	return v
}
