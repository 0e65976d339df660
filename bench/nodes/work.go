// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"reflect"
	"strings"
	"time"

	"github.com/headcount-hll/headcount/bench/cluster"
	"github.com/headcount-hll/headcount/e2e/sqltext"
)

const (
	schema    = "hive.headcount"
	jobFile   = "sql/hive/daily.sql"
	queryFile = "sql/engagement.sql"
)

// A work runs the statements of the job and of the query, as they are in sql, and compares their results with those of the first run.
type work struct {
	c             *cluster.Cluster
	daily, window []string
	rows, groups  int64
	made, found   [][]any // results of the first job and of the first query
}

// newWork makes the tables of sql/hive and fills client_activity from a file. The generated activity has no e10s columns.
func newWork(c *cluster.Cluster, activity string) (*work, error) {
	w := &work{c: c}
	tables, err := statements("sql/hive/tables.sql")
	if err != nil {
		return nil, err
	}
	if w.daily, err = statements(jobFile); err != nil {
		return nil, err
	}
	if w.window, err = statements(queryFile); err != nil {
		return nil, err
	}
	if err := c.Put(activity, "generated/activity.parquet"); err != nil {
		return nil, err
	}
	if _, err := c.Run("hive.information_schema", tables...); err != nil {
		return nil, err
	}
	rows, err := c.Run(schema,
		`CREATE TABLE generated (client_id varchar, activitydate date, normalizedchannel varchar, country varchar, version varchar, os varchar)
			WITH (format = 'PARQUET', external_location = 'local:///generated')`,
		`INSERT INTO client_activity (client_id, normalizedchannel, country, version, os, e10senabled, e10scohort, activitydate)
			SELECT client_id, normalizedchannel, country, version, os, NULL, NULL, activitydate FROM generated`,
		`SELECT count(*) FROM client_activity`)
	if err != nil {
		return nil, err
	}
	w.rows = rows[0][0].(int64)
	return w, nil
}

func statements(file string) ([]string, error) {
	found, err := sqltext.Read("../" + file)
	var texts []string
	for _, s := range found {
		texts = append(texts, s.Text)
	}
	return texts, err
}

func (w *work) title(file string) string {
	return fmt.Sprintf("%s: %d rows; %d sketches", file, w.rows, w.groups)
}

// job runs the daily job over all days of the activity.
func (w *work) job(nodes int) (measured, error) {
	m, _, err := w.time("daily job", nodes, w.daily)
	if err != nil {
		return m, err
	}
	made, err := w.c.Run(schema, "SELECT count(*), to_hex(checksum(hll)) FROM client_count")
	if err != nil {
		return m, err
	}
	w.groups = made[0][0].(int64)
	return m, same(&w.made, made, jobFile)
}

// query runs the query of daily, weekly and 28-day users.
func (w *work) query(nodes int) (measured, error) {
	m, found, err := w.time("28-day query", nodes, w.window)
	if err != nil {
		return m, err
	}
	if len(found) == 0 {
		return m, fmt.Errorf("%s has no row: the activity is of other days", queryFile)
	}
	return m, same(&w.found, found, queryFile)
}

// time runs statements and returns their time, the CPU time of each process, and the rows of the last statement.
func (w *work) time(name string, nodes int, statements []string) (measured, [][]any, error) {
	processes, err := w.c.Processes()
	if err != nil {
		return measured{}, nil, err
	}
	before, err := cpuSeconds(processes)
	if err != nil {
		return measured{}, nil, err
	}
	began := time.Now()
	rows, err := w.c.Run(schema, statements...)
	if err != nil {
		return measured{}, nil, err
	}
	m := measured{work: name, nodes: nodes, seconds: time.Since(began).Seconds()}
	after, err := cpuSeconds(processes)
	if err != nil {
		return measured{}, nil, err
	}
	for i := range processes {
		m.cpu = append(m.cpu, after[i]-before[i])
	}
	return m, rows, nil
}

// same sets the first result, and fails if a later one differs.
func same(first *[][]any, rows [][]any, file string) error {
	if *first == nil {
		*first = rows
	}
	if !reflect.DeepEqual(*first, rows) {
		return fmt.Errorf("%s gave %.300s, and at first %.300s", file, strings.TrimSpace(fmt.Sprintln(rows)), strings.TrimSpace(fmt.Sprintln(*first)))
	}
	return nil
}
