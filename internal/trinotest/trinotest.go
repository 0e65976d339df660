// SPDX-License-Identifier: Apache-2.0

// Package trinotest has what tests and benchmarks that ask a Trino need.
package trinotest

import (
	"context"
	"database/sql"
	"net"
	"strconv"
)

// An Asker is a server or one connection to it.
type Asker interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// Fetch returns the rows of a query.
func Fetch(ctx context.Context, asker Asker, query string) ([][]any, error) {
	cursor, err := asker.QueryContext(ctx, query)
	if err != nil {
		return nil, err
	}
	defer cursor.Close()
	columns, err := cursor.Columns()
	if err != nil {
		return nil, err
	}
	var rows [][]any
	for cursor.Next() {
		row, targets := make([]any, len(columns)), make([]any, len(columns))
		for i := range row {
			targets[i] = &row[i]
		}
		if err := cursor.Scan(targets...); err != nil {
			return nil, err
		}
		rows = append(rows, row)
	}
	return rows, cursor.Err()
}

// FreePort returns a port of the loopback interface that nothing listens on.
func FreePort() (string, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer listener.Close()
	return strconv.Itoa(listener.Addr().(*net.TCPAddr).Port), nil
}
