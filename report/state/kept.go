// SPDX-License-Identifier: Apache-2.0

package state

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"strings"

	"github.com/headcount-hll/headcount/report/source"
)

// Days returns the kept days of an incremental query.
func (d *DB) Days(ctx context.Context, key string) (columns []source.Column, days map[string][][]any, err error) {
	var text string
	err = d.db.QueryRowContext(ctx, "SELECT columns FROM kept_columns WHERE key = ?", key).Scan(&text)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil, nil
	} else if err != nil {
		return nil, nil, err
	}
	if err := json.Unmarshal([]byte(text), &columns); err != nil {
		return nil, nil, err
	}
	rows, err := d.db.QueryContext(ctx, "SELECT day, rows FROM kept WHERE key = ?", key)
	if err != nil {
		return nil, nil, err
	}
	defer rows.Close()
	days = map[string][][]any{}
	for rows.Next() {
		var day, text string
		if err := rows.Scan(&day, &text); err != nil {
			return nil, nil, err
		}
		if days[day], err = decode(text); err != nil {
			return nil, nil, err
		}
	}
	return columns, days, rows.Err()
}

// decode reads rows with the types of [source.Table]: whole numbers are int64.
func decode(text string) (rows [][]any, err error) {
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	if err := decoder.Decode(&rows); err != nil {
		return nil, err
	}
	for _, row := range rows {
		for i, v := range row {
			n, ok := v.(json.Number)
			if !ok {
				continue
			}
			if row[i], err = n.Int64(); err != nil || strings.ContainsAny(string(n), ".eE") {
				if row[i], err = n.Float64(); err != nil {
					return nil, err
				}
			}
		}
	}
	return rows, nil
}

// Keep replaces days of an incremental query.
func (d *DB) Keep(ctx context.Context, key string, columns []source.Column, days map[string][][]any) error {
	return d.change(ctx, func(tx *sql.Tx) error {
		text, err := json.Marshal(columns)
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, "INSERT OR REPLACE INTO kept_columns (key, columns) VALUES (?, ?)", key, string(text)); err != nil {
			return err
		}
		for day, rows := range days {
			text, err := json.Marshal(rows)
			if err != nil {
				return err
			}
			if _, err := tx.ExecContext(ctx, "INSERT OR REPLACE INTO kept (key, day, rows) VALUES (?, ?, ?)", key, day, string(text)); err != nil {
				return err
			}
		}
		return nil
	})
}
