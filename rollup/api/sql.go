package api

import (
	"fmt"
	"net/http"
	"strings"
)

// v1SQL answers with the SQL that gives the sums of a request: for PostgreSQL over the tables of headcount-rollup load, for Trino
// over the partial aggregates (sql/rollups).
func (s *server) v1SQL(r *http.Request) (*answer, error) {
	req, err := s.read1(r)
	if err != nil {
		return nil, err
	}
	return s.json(r, map[string]string{"postgresql": req.sql(postgres), "trino": req.sql(trino)}, true)
}

// A dialect is what differs between the two systems.
type dialect struct {
	table     func(req *v1Request) string
	date      func(req *v1Request) string
	column    func(name string) string
	histogram string
}

var fixedColumns = map[string]bool{"application": true, "architecture": true, "os": true, "os_version": true, "label": true, "process": true}

var postgres = dialect{
	table: func(*v1Request) string { return "headcount_rollup.rollups" },
	date:  func(*v1Request) string { return "date" },
	column: func(name string) string {
		if fixedColumns[name] {
			return name
		}
		return "extra->>" + literal(name)
	},
	histogram: "headcount_rollup.aggregate_histograms(histogram || ARRAY[sum, count])",
}

var trino = dialect{
	table: func(req *v1Request) string { return "rollups_by_" + req.Kind.String() },
	date: func(req *v1Request) string {
		if req.Kind.String() == "build_id" {
			return "build_id"
		}
		return "submission_date"
	},
	column:    func(name string) string { return name },
	histogram: "aggregate_histograms(histogram || ARRAY[sum, count])",
}

func (req *v1Request) sql(d dialect) string {
	groups := []string{d.date(req), "metric"}
	for _, name := range req.GroupBy {
		groups = append(groups, d.column(name))
	}
	conditions := []string{
		"channel = " + literal(req.Channel), "version = " + literal(req.Version),
		among(d.date(req), req.Dates), among("metric", req.Metrics),
	}
	if d.date(req) == "date" {
		conditions = append([]string{"kind = " + literal(req.Kind.String())}, conditions...)
	}
	for _, c := range req.Where {
		conditions = append(conditions, among(d.column(c.Column), c.Values))
	}
	list := strings.Join(groups, ", ")
	return fmt.Sprintf("SELECT %s, %s AS histogram\nFROM %s\nWHERE %s\nGROUP BY %s\nORDER BY %s",
		list, d.histogram, d.table(req), strings.Join(conditions, "\n  AND "), list, list)
}

func among(column string, values []string) string {
	quoted := make([]string, len(values))
	for i, value := range values {
		quoted[i] = literal(value)
	}
	if len(quoted) == 1 {
		return column + " = " + quoted[0]
	}
	return column + " IN (" + strings.Join(quoted, ", ") + ")"
}

// literal quotes text for SQL: standard strings, in which only the quote is special.
func literal(text string) string { return "'" + strings.ReplaceAll(text, "'", "''") + "'" }
