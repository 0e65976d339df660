// SPDX-License-Identifier: Apache-2.0

// Package cluster starts a Trino of several nodes with the plugin: a coordinator, which runs tasks too, and its workers, each a
// process on the loopback interface, by docker/trino/server. All nodes read one warehouse on this machine's disk.
package cluster

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	_ "github.com/trinodb/trino-go-client/trino" // the driver

	"github.com/headcount-hll/headcount/internal/trinotest"
)

// A Cluster is a running Trino.
type Cluster struct {
	root, port string
	nodes      int
	db         *sql.DB
}

// Start starts a Trino of a number of nodes from the repository at root, which has build/plugin. The JVM of each node gets the options.
func Start(root string, nodes int, options ...string) (*Cluster, error) {
	root, err := filepath.Abs(root)
	if err != nil {
		return nil, err
	}
	port, err := trinotest.FreePort()
	if err != nil {
		return nil, err
	}
	c := &Cluster{root: root, port: port, nodes: nodes}
	environment := append(os.Environ(), "TRINO_HEAP=2G", "JDK_JAVA_OPTIONS="+strings.Join(options, " "))
	if _, err := c.server(environment, "up", "--workers", strconv.Itoa(nodes-1)); err != nil {
		return nil, errors.Join(err, c.Stop())
	}
	u := url.URL{Scheme: "http", User: url.User("bench"), Host: "127.0.0.1:" + port}
	if c.db, err = sql.Open("trino", u.String()); err != nil {
		return nil, errors.Join(err, c.Stop())
	}
	return c, nil
}

// Stop stops the nodes and removes their tables.
func (c *Cluster) Stop() error {
	if c.db != nil {
		c.db.Close()
	}
	_, err := c.server(os.Environ(), "down")
	return errors.Join(err, os.RemoveAll(c.state()))
}

// Put puts a file into the warehouse.
func (c *Cluster) Put(file, path string) error {
	file, err := filepath.Abs(file)
	if err != nil {
		return err
	}
	_, err = c.server(os.Environ(), "put", file, path)
	return err
}

// Processes returns the ids of the nodes' processes, first the coordinator's.
func (c *Cluster) Processes() ([]int, error) {
	folders := []string{c.state()}
	for n := 1; n < c.nodes; n++ {
		folders = append(folders, filepath.Join(c.state(), fmt.Sprintf("worker-%d", n)))
	}
	var ids []int
	for _, folder := range folders {
		text, err := os.ReadFile(filepath.Join(folder, "launcher.pid"))
		if err != nil {
			return nil, err
		}
		id, err := strconv.Atoi(strings.TrimSpace(string(text)))
		if err != nil {
			return nil, fmt.Errorf("%s/launcher.pid: %w", folder, err)
		}
		ids = append(ids, id)
	}
	return ids, nil
}

// StopWorker stops the last worker and waits until the coordinator no longer counts it.
func (c *Cluster) StopWorker() error {
	processes, err := c.Processes()
	if err != nil {
		return err
	}
	last := len(processes) - 1
	if last == 0 {
		return errors.New("cluster: there is no worker to stop")
	}
	if err := syscall.Kill(processes[last], syscall.SIGTERM); err != nil {
		return err
	}
	c.nodes--
	// Until the coordinator misses the worker it may give it tasks, of these queries too, which then wait for it.
	for end := time.Now().Add(2 * time.Minute); time.Now().Before(end); time.Sleep(time.Second) {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		rows, err := c.run(ctx, "system.runtime", "SELECT count(*) FROM nodes WHERE state = 'active'")
		cancel()
		if err == nil && rows[0][0] == int64(c.nodes) {
			return nil
		}
	}
	return fmt.Errorf("cluster: after two minutes the coordinator still counts worker %d", last)
}

// Run runs statements in a schema, CATALOG.SCHEMA, one after the other on one connection. It returns the rows of the last one.
func (c *Cluster) Run(schema string, statements ...string) ([][]any, error) {
	return c.run(context.Background(), schema, statements...)
}

func (c *Cluster) run(ctx context.Context, schema string, statements ...string) ([][]any, error) {
	connection, err := c.db.Conn(ctx)
	if err != nil {
		return nil, err
	}
	defer connection.Close()
	var rows [][]any
	for _, statement := range append([]string{"USE " + schema}, statements...) {
		if rows, err = trinotest.Fetch(ctx, connection, statement); err != nil {
			return nil, fmt.Errorf("%.200q: %w", statement, err)
		}
	}
	return rows, nil
}

func (c *Cluster) state() string { return filepath.Join(c.root, "build", "trino-local-"+c.port) }

// server runs docker/trino/server and returns what it prints.
func (c *Cluster) server(environment []string, command string, arguments ...string) (string, error) {
	run := exec.Command(filepath.Join(c.root, "docker", "trino", "server"), append([]string{command, "--mode", "local", "--port", c.port}, arguments...)...)
	run.Env = environment
	var out, complaints bytes.Buffer
	run.Stdout, run.Stderr = &out, &complaints
	if err := run.Run(); err != nil {
		return "", fmt.Errorf("docker/trino/server %s: %w: %s", command, err, strings.TrimSpace(complaints.String()))
	}
	return out.String(), nil
}
