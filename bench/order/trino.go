// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/headcount-hll/headcount/bench/cluster"
)

const trinoNodes = 2

// inTrino evaluates the plans by SQL on a cluster. The files of the scenario are in a folder. All unions of one depth are one
// statement, which writes their bytes to a table that the next one reads.
func inTrino(c *cluster.Cluster, s scenario, plans []plan, folder string) ([]contestant, error) {
	all, results := steps(plans, len(s.sets))
	deepest := 0
	for _, step := range all {
		deepest = max(deepest, step.depth)
	}
	version, err := c.Run("hive.information_schema", "SELECT version()")
	if err != nil {
		return nil, err
	}
	if err := trinoTables(c, s, folder); err != nil {
		return nil, err
	}
	stepBytes, err := sizeOf(filepath.Join(folder, "steps"))
	if err != nil {
		return nil, err
	}
	var contestants []contestant
	for _, way := range []struct{ name, union string }{
		{"hll_merge", "hll_merge(hll_reduce(sketch, least))"},
		{"hll_union", "hll_union(array_agg(hll_reduce(sketch, least) ORDER BY position))"},
	} {
		for depth := 1; depth <= deepest; depth++ {
			if err := unite(c, way.name, way.union, depth, stepBytes); err != nil {
				return nil, err
			}
		}
		found, err := trinoResults(c, way.name, results)
		if err != nil {
			return nil, err
		}
		contestants = append(contestants, contestant{fmt.Sprintf("Headcount, Trino %v on %d nodes, `%s`", version[0][0], trinoNodes, way.name), found})
	}
	return contestants, nil
}

// sizeOf returns the bytes of all files in a folder.
func sizeOf(folder string) (int64, error) {
	files, err := os.ReadDir(folder)
	if err != nil {
		return 0, err
	}
	var total int64
	for _, file := range files {
		info, err := file.Info()
		if err != nil {
			return 0, err
		}
		total += info.Size()
	}
	return total, nil
}

const trinoSchema = "hive.bench_order"

// trinoTables makes the schema, with the sketches of the sets in one table for each way.
func trinoTables(c *cluster.Cluster, s scenario, folder string) error {
	statements := []string{"DROP SCHEMA IF EXISTS bench_order CASCADE", "CREATE SCHEMA bench_order", "USE " + trinoSchema}
	table := func(name, columns string, files ...string) error {
		for _, file := range files {
			if err := c.Put(filepath.Join(folder, file), filepath.Join("order", name, filepath.Base(file))); err != nil {
				return err
			}
		}
		statements = append(statements, fmt.Sprintf(`CREATE TABLE %s (%s)
			WITH (format = 'CSV', skip_header_line_count = 1, external_location = 'local:///order/%[1]s')`, name, columns))
		return nil
	}
	if err := table("steps", "united varchar, part varchar, position varchar, depth varchar", "steps/0.csv", "steps/1.csv"); err != nil {
		return err
	}
	var leaves []string
	for i, set := range s.sets {
		ids := fmt.Sprintf("ids_%d", i)
		if err := table(ids, "client_id varchar, activitydate varchar", fmt.Sprint(i)+".csv"); err != nil {
			return err
		}
		leaves = append(leaves, fmt.Sprintf("SELECT BIGINT '%d' AS number, cast(hll_agg(client_id, %d) AS varbinary) AS sketch FROM %s", i, set.precision, ids))
	}
	statements = append(statements, "CREATE TABLE hll_merge AS "+strings.Join(leaves, " UNION ALL "), "CREATE TABLE hll_union AS SELECT * FROM hll_merge")
	_, err := c.Run("hive.information_schema", statements...)
	return err
}

// unite evaluates the steps of a depth into the table that has the sketches of smaller depths. It fails unless every node has read
// steps: each node then unites what it has, and their results are united.
func unite(c *cluster.Cluster, table, union string, depth int, stepBytes int64) error {
	_, err := c.Run(trinoSchema,
		"SET SESSION join_distribution_type = 'BROADCAST'", // the steps are united where they were read
		fmt.Sprintf(`INSERT INTO %s
			WITH parts AS (
				SELECT cast(united AS bigint) AS united, cast(position AS bigint) AS position, sketch
				FROM steps JOIN %[1]s ON cast(part AS bigint) = number
				WHERE depth = '%d'
			),
			smallest AS (SELECT united, min(hll_precision(sketch)) AS least FROM parts GROUP BY united)
			SELECT united, %s FROM parts JOIN smallest USING (united) GROUP BY united`, table, depth, union))
	if err != nil {
		return err
	}
	return bothRead(c, "INSERT INTO "+table, stepBytes)
}

// bothRead fails unless in the last statement that begins with some words each node read a part of the steps. A stage that reads them
// is known by the number of bytes.
func bothRead(c *cluster.Cluster, statement string, stepBytes int64) error {
	stages, err := c.Run(trinoSchema, fmt.Sprintf(`SELECT stage_id, count(*) FILTER (WHERE physical_input_bytes > 0) FROM system.runtime.tasks
		WHERE query_id = (SELECT max_by(query_id, created) FROM system.runtime.queries WHERE query LIKE '%s%%')
		GROUP BY stage_id HAVING sum(physical_input_bytes) = %d`, statement, stepBytes))
	if err != nil {
		return err
	}
	if len(stages) == 0 {
		return fmt.Errorf("no stage of %q has read the steps", statement)
	}
	for _, stage := range stages {
		if stage[1] != int64(trinoNodes) {
			return fmt.Errorf("stage %v of %q: %v nodes read the steps, not %d", stage[0], statement, stage[1], trinoNodes)
		}
	}
	return nil
}

func trinoResults(c *cluster.Cluster, table string, results []int) ([]result, error) {
	rows, err := c.Run(trinoSchema, "SELECT number, lower(to_hex(sha256(sketch))), hll_estimate(sketch) FROM "+table)
	if err != nil {
		return nil, err
	}
	sketches := map[int64]result{}
	for _, row := range rows {
		sketches[row[0].(int64)] = result{digest: row[1].(string), number: row[2].(float64)}
	}
	found := make([]result, len(results))
	for i, number := range results {
		var ok bool
		if found[i], ok = sketches[int64(number)]; !ok {
			return nil, fmt.Errorf("table %s has no sketch %d", table, number)
		}
	}
	return found, nil
}
