// SPDX-License-Identifier: Apache-2.0

//go:build soak

package e2e

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/trinodb/trino-go-client/trino"

	"github.com/headcount-hll/headcount/internal/trinotest"
)

// lostWith are Trino's errors of a query whose worker has gone.
var lostWith = []string{
	"PAGE_TRANSPORT_ERROR", "PAGE_TRANSPORT_TIMEOUT", "REMOTE_HOST_GONE", "REMOTE_TASK_ERROR", "REMOTE_TASK_MISMATCH",
	"REMOTE_BUFFER_CLOSE_FAILED", "TOO_MANY_REQUESTS_FAILED", "NO_NODES_AVAILABLE",
}

// TestSoakCluster is TestSoak on a coordinator and two workers, one of which is killed and started again every minute, at least
// once. "make soak-cluster" runs it. A query may fail while the worker is away, with an error of a node that is gone, and no query
// may return a wrong result.
func TestSoakCluster(t *testing.T) {
	length := soakLength(t, 40*time.Second)
	port, err := trinotest.FreePort()
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, running{port: port, mode: "local"}.down()) })
	c, err := start("local", port, "--workers", strconv.Itoa(workers))
	require.NoError(t, err)
	_, err = serverScript("load", "--mode", "local", "--port", port)
	require.NoError(t, err)
	connection, err := connect(c.url)
	require.NoError(t, err)
	t.Cleanup(func() { connection.Close() })

	away := &absences{}
	s := soaking{db: connection, clients: soakClients(t), queries: soakQueries(t), excused: away.excuse}
	t.Logf("warm-up  %v", s.warmUp(t))
	before, err := c.process()
	require.NoError(t, err)
	stop, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		killEvery(t, cluster{c, connection}, min(time.Minute, length/2), away, stop)
	}()
	result := s.soak(t, length)
	close(stop)
	<-stopped
	t.Logf("soak     %v, %d lost with a killed worker, in %v; %d kills", result, result.lost.Load(), length, away.number())

	assert.Zero(t, result.wrong.Load(), "wrong results")
	assert.Zero(t, result.failed.Load(), "queries that failed without a reason")
	assert.Positive(t, result.completed.Load())
	assert.Positive(t, away.number(), "no worker was killed")
	after, err := c.process()
	require.NoError(t, err)
	assert.Equal(t, before, after, "the coordinator's process")
	for _, query := range s.queries {
		got, err := trinotest.Fetch(context.Background(), connection, query.sql)
		require.NoError(t, err, "after the last start: %.120s", query.sql)
		assert.Equal(t, query.want, text(got), "%.120s", query.sql)
	}
}

// killEvery kills the first worker and starts it again after five seconds, once per interval, until stop is closed.
func killEvery(t *testing.T, c cluster, interval time.Duration, away *absences, stop <-chan struct{}) {
	t.Helper()
	for {
		for _, step := range []func(){func() { c.replaceWorker(t, away) }, func() {}} {
			select {
			case <-stop:
				return
			case <-time.After(interval / 2):
				step()
			}
		}
		if t.Failed() {
			return
		}
	}
}

// replaceWorker kills the first worker, starts another one in its place, and waits until the coordinator counts that and not the
// killed one.
func (c cluster) replaceWorker(t *testing.T, away *absences) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(c.dir, "worker-1", "launcher.pid"))
	if !assert.NoError(t, err) {
		return
	}
	pid, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if !assert.NoError(t, err) {
		return
	}
	before, err := c.activeNodes()
	if !assert.NoError(t, err) {
		return
	}
	away.begin()
	defer away.end()
	if !assert.NoError(t, syscall.Kill(pid, syscall.SIGKILL)) {
		return
	}
	time.Sleep(5 * time.Second)
	_, err = serverScript("up", "--mode", "local", "--port", c.port, "--workers", strconv.Itoa(workers))
	assert.NoError(t, err, "the worker did not start")
	assert.Eventually(t, func() bool {
		now, err := c.activeNodes()
		fresh := slices.DeleteFunc(slices.Clone(now), func(node string) bool { return slices.Contains(before, node) })
		return err == nil && len(now) == workers+1 && len(fresh) == 1
	}, 2*time.Minute, time.Second, "the coordinator does not count the new worker in the place of the killed one")
}

// activeNodes returns the ids of the nodes on which the coordinator runs tasks.
func (c cluster) activeNodes() ([]string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	rows, err := trinotest.Fetch(ctx, c.db, "SELECT node_id FROM system.runtime.nodes WHERE state = 'active'")
	var nodes []string
	for _, row := range rows {
		nodes = append(nodes, row[0].(string))
	}
	return nodes, err
}

// absences are the times at which a worker was away.
type absences struct {
	lock sync.Mutex
	all  []absence
}

type absence struct{ from, to time.Time } // to is zero while it lasts

func (a *absences) begin() {
	a.lock.Lock()
	defer a.lock.Unlock()
	a.all = append(a.all, absence{from: time.Now()})
}

func (a *absences) end() {
	a.lock.Lock()
	defer a.lock.Unlock()
	a.all[len(a.all)-1].to = time.Now()
}

func (a *absences) number() int {
	a.lock.Lock()
	defer a.lock.Unlock()
	return len(a.all)
}

// excuse reports whether a failure is one of a node that is gone, of a query that began before a worker was there again.
func (a *absences) excuse(began time.Time, failure error) bool {
	var failed *trino.ErrTrino
	if !errors.As(failure, &failed) {
		return false
	}
	if !slices.Contains(lostWith, failed.ErrorName) {
		return false
	}
	a.lock.Lock()
	defer a.lock.Unlock()
	for _, one := range a.all {
		if one.to.IsZero() || began.Before(one.to) {
			return true
		}
	}
	return false
}
