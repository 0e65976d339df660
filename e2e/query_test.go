// SPDX-License-Identifier: Apache-2.0

package e2e

import (
	"context"
	"database/sql"
	"encoding/csv"
	"errors"
	"fmt"
	"os"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/trinodb/trino-go-client/trino"

	"github.com/headcount-hll/headcount/e2e/sqltext"
	"github.com/headcount-hll/headcount/internal/trinotest"
)

// An engine is a server under test. Most tests use the functions of the same names, which use the server in db.
type engine struct{ db *sql.DB }

// rows runs a query and returns its result. The test stops if the query fails.
func (e engine) rows(t testing.TB, query string) [][]any {
	t.Helper()
	result, err := trinotest.Fetch(context.Background(), e.db, query)
	require.NoError(t, err, "%.300s", query)
	return result
}

func rows(t testing.TB, query string) [][]any {
	t.Helper()
	return engine{db}.rows(t, query)
}

// rowsIn runs a query in a schema given as catalog.schema.
func rowsIn(t testing.TB, schema, query string) [][]any {
	t.Helper()
	results, err := runIn(context.Background(), schema, query)
	require.NoError(t, err, "%s: %.300s", schema, query)
	return results
}

// runIn runs statements in order on one connection in a schema, and returns the rows of the last one.
func runIn(ctx context.Context, schema string, statements ...string) ([][]any, error) {
	return runOn(ctx, db, schema, statements...)
}

func runOn(ctx context.Context, db *sql.DB, schema string, statements ...string) ([][]any, error) {
	connection, err := db.Conn(ctx)
	if err != nil {
		return nil, err
	}
	defer connection.Close()
	var result [][]any
	for _, statement := range append([]string{"USE " + schema}, statements...) {
		if result, err = trinotest.Fetch(ctx, connection, statement); err != nil {
			return nil, err
		}
	}
	return result, nil
}

// value runs a query with one row and one column, and returns the value.
func (e engine) value(t testing.TB, query string) any {
	t.Helper()
	result := e.rows(t, query)
	require.Len(t, result, 1, query)
	require.Len(t, result[0], 1, query)
	return result[0][0]
}

func value(t testing.TB, query string) any {
	t.Helper()
	return engine{db}.value(t, query)
}

func execute(t testing.TB, statement string) {
	t.Helper()
	rows(t, statement)
}

func failure(t testing.TB, query string) (name, message string) {
	t.Helper()
	return engine{db}.failure(t, query)
}

// failure runs a query that must fail, and returns the name of the error and its message.
func (e engine) failure(t testing.TB, query string) (name, message string) {
	t.Helper()
	result, err := trinotest.Fetch(context.Background(), e.db, query)
	if err == nil {
		t.Errorf("no error: %.300s returns %.300v", query, result)
		return "", ""
	}
	var failed *trino.ErrTrino
	if !errors.As(err, &failed) {
		t.Errorf("%.300s: %v", query, err)
		return "", ""
	}
	return failed.ErrorName, failed.Message
}

// statements returns the statements of a file in sql, without comments and semicolons.
func statements(t testing.TB, file string) []string {
	t.Helper()
	found, err := sqltext.Read(repository("sql", file))
	require.NoError(t, err)
	var out []string
	for _, s := range found {
		out = append(out, s.Text)
	}
	return out
}

// expected returns the records of a file of expected results, without its header.
func expected(t testing.TB, file string) [][]string {
	t.Helper()
	f, err := os.Open(repository("e2e", "testdata", file))
	require.NoError(t, err)
	defer f.Close()
	records, err := csv.NewReader(f).ReadAll()
	require.NoError(t, err)
	require.Greater(t, len(records), 1, file)
	return records[1:]
}

// text formats a result as in the expected files: NULL as "", a date as YYYY-MM-DD, a double with the fewest digits.
func text(result [][]any) [][]string {
	out := make([][]string, len(result))
	for i, row := range result {
		for _, v := range row {
			out[i] = append(out[i], textOf(v))
		}
	}
	return out
}

func textOf(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case time.Time:
		return v.Format(time.DateOnly)
	case float64:
		return strconv.FormatFloat(v, 'g', -1, 64)
	default:
		return fmt.Sprint(v)
	}
}

// firstColumns returns the first n columns of each record.
func firstColumns(records [][]string, n int) [][]string {
	out := make([][]string, len(records))
	for i, record := range records {
		out[i] = record[:n]
	}
	return out
}
