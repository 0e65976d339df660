// SPDX-License-Identifier: Apache-2.0

package execute

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/headcount-hll/headcount/report/document"
	"github.com/headcount-hll/headcount/report/source"
)

// A Store keeps the results of incremental queries by day. key names a query with its source and parameters.
type Store interface {
	Days(ctx context.Context, key string) (columns []source.Column, days map[string][][]any, err error)
	// Keep replaces days. A day without rows is kept too: it is computed.
	Keep(ctx context.Context, key string, columns []source.Column, days map[string][][]any) error
}

// incremental computes the days that are not kept, and the last ones, whose data may have come late, and joins them with the kept ones.
func (r *Runner) incremental(ctx context.Context, s source.Source, report *document.Report, q *document.Query, values map[string]any, result *Result) error {
	from, to, err := report.Days(values)
	if err != nil {
		return err
	}
	from = from.AddDate(0, 0, -q.Before)
	key := keyOf(q, s.Engine(), values, report)
	columns, kept := []source.Column(nil), map[string][][]any{}
	if r.Kept != nil && !r.Full {
		if columns, kept, err = r.Kept.Days(ctx, key); err != nil {
			return err
		}
	}
	table, fresh := &source.Table{Columns: columns}, map[string][][]any{}
	for _, span := range missing(from, to, report.Incremental.Late, kept) {
		part, err := r.span(ctx, s, q, values, span, fresh)
		if err != nil {
			return err
		}
		table.Columns = part.Columns
	}
	if r.Kept != nil && len(fresh) > 0 {
		if err := r.Kept.Keep(ctx, key, table.Columns, fresh); err != nil {
			return err
		}
	}
	table.Rows = [][]any{}
	for day := from; !day.After(to); day = day.AddDate(0, 0, 1) {
		rows, ok := fresh[day.Format(time.DateOnly)]
		if !ok {
			rows = kept[day.Format(time.DateOnly)]
		}
		table.Rows = append(table.Rows, rows...)
		result.Days++
	}
	result.Computed, result.Table = len(fresh), table
	return nil
}

// span runs the query for the days of a span, and adds its rows to fresh by day.
func (r *Runner) span(ctx context.Context, s source.Source, q *document.Query, values map[string]any, span [2]time.Time, fresh map[string][][]any) (*source.Table, error) {
	bound := map[string]any{document.First: document.Date(span[0].Format(time.DateOnly)), document.Last: document.Date(span[1].Format(time.DateOnly))}
	for name, v := range values {
		bound[name] = v
	}
	sql, args := q.Bind(bound, s.Placeholder)
	part, err := s.Query(ctx, sql, args)
	if err != nil {
		return nil, err
	}
	at := part.Index(q.Incremental)
	if at < 0 || part.Columns[at].Kind != source.Day {
		return nil, fmt.Errorf("the result has no column %s of type date", q.Incremental)
	}
	for day := span[0]; !day.After(span[1]); day = day.AddDate(0, 0, 1) {
		fresh[day.Format(time.DateOnly)] = [][]any{}
	}
	for _, row := range part.Rows {
		day, _ := row[at].(string)
		if _, ok := fresh[day]; !ok || day < span[0].Format(time.DateOnly) || day > span[1].Format(time.DateOnly) {
			return nil, fmt.Errorf("the result has a row of the day %q: select the days from {{%s}} to {{%s}} only", day, document.First, document.Last)
		}
		fresh[day] = append(fresh[day], row)
	}
	for day := span[0]; !day.After(span[1]); day = day.AddDate(0, 0, 1) {
		slices.SortStableFunc(fresh[day.Format(time.DateOnly)], compare)
	}
	return part, nil
}

// compare orders rows by their columns, so that a full and an incremental run give the same table.
func compare(a, b []any) int {
	for i := range a {
		x, y := fmt.Sprint(a[i]), fmt.Sprint(b[i])
		if c := cmp.Compare(x, y); c != 0 {
			return c
		}
	}
	return 0
}

// missing returns the spans of days that have to be computed.
func missing(from, to time.Time, late int, kept map[string][][]any) (spans [][2]time.Time) {
	recent := to.AddDate(0, 0, 1-late)
	for day := from; !day.After(to); day = day.AddDate(0, 0, 1) {
		if _, ok := kept[day.Format(time.DateOnly)]; ok && day.Before(recent) {
			continue
		}
		if n := len(spans); n > 0 && spans[n-1][1].AddDate(0, 0, 1).Equal(day) {
			spans[n-1][1] = day
		} else {
			spans = append(spans, [2]time.Time{day, day})
		}
	}
	return spans
}

// keyOf names the results of a query: another text, engine, table or parameter than that of the days gives another key.
func keyOf(q *document.Query, engine string, values map[string]any, report *document.Report) string {
	others := map[string]any{}
	for name, v := range values {
		if name != report.Incremental.First && name != report.Incremental.Last {
			others[name] = v
		}
	}
	text, err := json.Marshal([]any{q.Name, q.SQL, engine, others, report.Tables, report.Title})
	if err != nil {
		panic(errors.Join(errors.New("parameters are plain values"), err))
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}
