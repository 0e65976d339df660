package api

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/headcount-hll/headcount/rollup/partial"
	"github.com/headcount-hll/headcount/rollup/store"
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
	table     func(kind partial.Kind) string
	date      func(kind partial.Kind) string
	column    func(name string) string
	histogram string
}

var fixedColumns = map[string]bool{"application": true, "architecture": true, "os": true, "os_version": true, "label": true, "process": true}

var postgres = dialect{
	table: func(partial.Kind) string { return "headcount_rollup.rollups" },
	date:  func(partial.Kind) string { return "date" },
	column: func(name string) string {
		if fixedColumns[name] {
			return name
		}
		return "coalesce(extra->>" + literal(name) + ", '')"
	},
	histogram: "headcount_rollup.aggregate_histograms(histogram || ARRAY[sum, count])",
}

var trino = dialect{
	table:     func(kind partial.Kind) string { return "rollups_by_" + kind.String() },
	date:      partial.Kind.String,
	column:    func(name string) string { return name },
	histogram: "aggregate_histograms(histogram || ARRAY[sum, count])",
}

func (req *v1Request) sql(d dialect) string {
	groups := []string{d.date(req.Kind), "metric"}
	for _, name := range req.GroupBy {
		groups = append(groups, d.column(name))
	}
	return d.statement(req.Kind, groups, req.Channel, []string{req.Version}, req.Dates, req.Metrics, req.Where)
}

// statement returns the SQL that adds up the rows of groups.
func (d *dialect) statement(kind partial.Kind, groups []string, channel string, versions, dates, metrics []string, where []store.Condition) string {
	conditions := []string{
		"channel = " + literal(channel), among("version", versions), among(d.date(kind), dates), among("metric", metrics),
	}
	if d.date(kind) == "date" {
		conditions = append([]string{"kind = " + literal(kind.String())}, conditions...)
	}
	for _, c := range where {
		conditions = append(conditions, among(d.column(c.Column), c.Values))
	}
	list := strings.Join(groups, ", ")
	return fmt.Sprintf("SELECT %s, %s AS histogram\nFROM %s\nWHERE %s\nGROUP BY %s\nORDER BY %s",
		list, d.histogram, d.table(kind), strings.Join(conditions, "\n  AND "), list, list)
}

// sql returns the SQL that gives the sums of a view.
func (v *view) sql(d dialect, byDate bool) string {
	groups := []string{"metric"}
	if byDate || v.compare == "date" {
		groups = []string{d.date(v.kind), "metric"}
	}
	switch v.compare {
	case "", "date":
	case "version":
		groups = append(groups, "version")
	default:
		groups = append(groups, d.column(v.compare))
	}
	metrics := []string{v.metric.stored}
	if v.over != nil {
		metrics = append(metrics, v.over.stored)
	}
	return d.statement(v.kind, groups, v.channel, v.versions, v.dates, metrics, v.where)
}

func (s *server) distributionSQL(r *http.Request) (*answer, error) { return s.viewSQL(r, false) }

func (s *server) evolutionSQL(r *http.Request) (*answer, error) { return s.viewSQL(r, true) }

func (s *server) viewSQL(r *http.Request, byDate bool) (*answer, error) {
	v, err := s.readView(r)
	if err != nil {
		return nil, err
	}
	return s.json(r, map[string]string{"postgresql": v.sql(postgres, byDate), "trino": v.sql(trino, byDate)}, true)
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
