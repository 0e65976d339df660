// SPDX-License-Identifier: Apache-2.0

package e2e

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/headcount-hll/headcount/internal/trinotest"
	"github.com/headcount-hll/headcount/udf/conformance"
)

// workers is the number of workers in the cluster. The coordinator runs tasks too.
const workers = 2

// smallSplits makes the splits of the fixture's file small enough that every node reads some.
const smallSplits = "SET SESSION hive.max_initial_split_size = '1MB'"

// A coordinator and two workers make client_count from client_activity and query it. Intermediate sketches cross the
// network. The job also succeeds when a worker is killed.
func TestCluster(t *testing.T) {
	r, db := startContainers(t, "HEADCOUNT_CLUSTER_URL", "--cluster")
	c := cluster{r, db}
	original := sketchColumn(t, "hive.default.client_count")
	job := daily(t, "hive", allDays)
	c.run(t, "hive.information_schema", append([]string{"DROP SCHEMA IF EXISTS headcount CASCADE"}, statements(t, "hive/tables.sql")...)...)
	c.run(t, "hive.headcount", "DROP TABLE client_activity")

	t.Run("client_count on several nodes", func(t *testing.T) {
		c.activity(t, 1)
		c.run(t, "hive.headcount", append([]string{smallSplits}, job...)...)
		c.assertSame(t, original)
		c.assertDistributed(t, c.lastQuery(t, "hll_agg"))
	})
	t.Run("seed query on several nodes", func(t *testing.T) {
		got, err := runOn(context.Background(), c.db, "hive.headcount", smallSplits, statements(t, "channel_counts.sql")[0])
		require.NoError(t, err)
		assert.Equal(t, expected(t, "expected_seed_query.csv"), text(got))
		c.assertDistributed(t, c.lastQuery(t, "cardinality(merge("))
	})
	t.Run("client_count when a worker is killed", func(t *testing.T) {
		c.activity(t, 60)
		c.run(t, "hive.headcount", "DELETE FROM client_count")
		ended := make(chan error, 1)
		go func() {
			_, err := runOn(context.Background(), c.db, "hive.headcount", append([]string{
				"SET SESSION retry_policy = 'TASK'",
				"SET SESSION fault_tolerant_execution_task_memory = '200MB'",    // the heaps have 1 GB; the default is 5 GB
				"SET SESSION fault_tolerant_execution_max_task_split_count = 1", // one task per split, so that some run on a worker
				smallSplits,
			}, job...)...)
			ended <- err
		}()
		c.killWorking(t, ended)
		require.NoError(t, <-ended, "the query failed with the worker")
		c.assertSame(t, original)
		assert.Positive(t, c.repeated(t, c.lastQuery(t, "hll_agg")), "no task was repeated: the killed worker ran none")
	})
}

// A cluster is a coordinator and its workers.
type cluster struct {
	running
	db *sql.DB
}

func (c cluster) run(t *testing.T, schema string, statements ...string) {
	t.Helper()
	_, err := runOn(context.Background(), c.db, schema, statements...)
	require.NoError(t, err, "%.200q", statements)
}

// activity fills client_activity with the fixture's rows, each repeated a number of times: more work, same sketches.
func (c cluster) activity(t *testing.T, times int) {
	t.Helper()
	c.run(t, "hive.headcount", fmt.Sprintf(`CREATE OR REPLACE VIEW client_activity AS SELECT %s
		FROM hive.default.client_activity CROSS JOIN UNNEST(sequence(1, %d)) AS often (n)`, activityColumns, times))
}

// assertSame compares the sketches that the cluster made with the original's.
func (c cluster) assertSame(t *testing.T, original map[string]conformance.Sketch) {
	t.Helper()
	made := sketchColumnOn(t, c.db, "hive.headcount.client_count")
	require.Len(t, made, len(original))
	for key, sketch := range made {
		require.True(t, sketch.SameRegisters(original[key]), "%s: other registers than in client_count", key)
	}
}

// lastQuery returns the id of the last query whose text contains the words.
func (c cluster) lastQuery(t *testing.T, words string) string {
	t.Helper()
	result, err := trinotest.Fetch(context.Background(), c.db, fmt.Sprintf(
		"SELECT max_by(query_id, created) FROM system.runtime.queries WHERE query LIKE '%%%s%%' AND query NOT LIKE '%%runtime.queries%%'", words))
	require.NoError(t, err)
	return result[0][0].(string)
}

// assertDistributed checks in the coordinator's statistics that tasks of the query ran on the workers, and that their
// results, including intermediate states of aggregates, were exchanged between nodes.
func (c cluster) assertDistributed(t *testing.T, query string) {
	t.Helper()
	var info struct {
		QueryStats  struct{ InternalNetworkInputDataSize string }
		OutputStage any
	}
	require.NoError(t, json.Unmarshal(c.queryInfo(t, query), &info))
	worked := map[string]int{}
	collectWork(info.OutputStage, worked)
	delete(worked, c.coordinator(t))
	assert.Len(t, worked, workers, "workers that had something to do")

	bytes, err := strconv.Atoi(strings.TrimSuffix(info.QueryStats.InternalNetworkInputDataSize, "B"))
	require.NoError(t, err)
	assert.Greater(t, bytes, 100_000, "bytes that crossed the network")
	t.Logf("tasks by worker %v, %d bytes between nodes", worked, bytes)
}

// collectWork counts the tasks with rows by node, in all nested stages.
func collectWork(info any, worked map[string]int) {
	switch info := info.(type) {
	case []any:
		for _, each := range info {
			collectWork(each, worked)
		}
	case map[string]any:
		status, isTask := info["taskStatus"].(map[string]any)
		stats, hasStats := info["stats"].(map[string]any)
		if isTask && hasStats {
			if rows, _ := stats["processedInputPositions"].(float64); rows > 0 {
				worked[status["nodeId"].(string)]++
			}
			return
		}
		for _, each := range info {
			collectWork(each, worked)
		}
	}
}

// coordinator returns the node id of the coordinator.
func (c cluster) coordinator(t *testing.T) string {
	t.Helper()
	result, err := trinotest.Fetch(context.Background(), c.db, "SELECT node_id FROM system.runtime.nodes WHERE coordinator")
	require.NoError(t, err)
	require.Len(t, result, 1)
	return result[0][0].(string)
}

var taskID = regexp.MustCompile(`"taskId":"[^"]+\.(\d+)"`)

// repeated returns the number of a query's tasks that are not first attempts.
func (c cluster) repeated(t *testing.T, query string) int {
	t.Helper()
	again := map[string]bool{}
	for _, id := range taskID.FindAllStringSubmatch(string(c.queryInfo(t, query)), -1) {
		if id[1] != "0" {
			again[id[0]] = true
		}
	}
	t.Logf("%d tasks were run again", len(again))
	return len(again)
}

// queryInfo returns the coordinator's JSON document about a query, from its web interface.
func (c cluster) queryInfo(t *testing.T, query string) []byte {
	t.Helper()
	request, err := http.NewRequest(http.MethodGet, c.url+"/v1/query/"+query, nil)
	require.NoError(t, err)
	request.Header.Set("X-Trino-User", "e2e")
	response, err := http.DefaultClient.Do(request)
	require.NoError(t, err)
	defer response.Body.Close()
	require.Equal(t, http.StatusOK, response.StatusCode)
	info, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	return info
}

// killWorking kills the container of the first worker that runs a task of the job, according to the coordinator. It
// fails if ended receives before that.
func (c cluster) killWorking(t *testing.T, ended <-chan error) {
	t.Helper()
	nodes := c.workerContainers(t)
	job := ""
	for since := time.Now(); time.Since(since) < 5*time.Minute; time.Sleep(50 * time.Millisecond) {
		select {
		case err := <-ended:
			require.FailNow(t, "the job ended before a worker was seen at it", "with the error %v", err)
		default:
		}
		if job == "" {
			job = c.runningJob(t)
			continue
		}
		var info any
		require.NoError(t, json.Unmarshal(c.queryInfo(t, job), &info))
		working := slices.IndexFunc(nodes, func(node string) bool { return busy(info, node) })
		if working >= 0 {
			_, err := command(nil, "docker", "kill", nodes[working])
			require.NoError(t, err)
			return
		}
	}
	require.FailNow(t, "no worker was given anything to do", "the job is %q", job)
}

// workerContainers returns the ids of the workers' containers. The name of a node is the id of its container.
func (c cluster) workerContainers(t *testing.T) []string {
	t.Helper()
	var containers []string
	for n := range workers {
		container, err := command(nil, "docker", "ps", "--quiet", "--filter", "label=com.docker.compose.project=headcount-"+c.port,
			"--filter", fmt.Sprintf("label=com.docker.compose.service=worker-%d", n+1))
		require.NoError(t, err)
		require.Len(t, container, 12)
		containers = append(containers, container)
	}
	return containers
}

// runningJob returns the query id of the running job, or "".
func (c cluster) runningJob(t *testing.T) string {
	t.Helper()
	result, err := trinotest.Fetch(context.Background(), c.db, `SELECT query_id FROM system.runtime.queries
		WHERE state = 'RUNNING' AND query LIKE '%hll_agg%' AND query NOT LIKE '%runtime.queries%'`)
	require.NoError(t, err)
	if len(result) == 0 {
		return ""
	}
	return result[0][0].(string)
}

// busy reports whether a node runs a task of the query described by info.
func busy(info any, node string) bool {
	switch info := info.(type) {
	case []any:
		return slices.ContainsFunc(info, func(part any) bool { return busy(part, node) })
	case map[string]any:
		status, isTask := info["taskStatus"].(map[string]any)
		if !isTask {
			return slices.ContainsFunc(slices.Collect(maps.Values(info)), func(part any) bool { return busy(part, node) })
		}
		statistics, _ := info["stats"].(map[string]any)
		read, _ := statistics["rawInputPositions"].(float64)
		return status["nodeId"] == node && status["state"] == "RUNNING" && read > 0
	}
	return false
}
