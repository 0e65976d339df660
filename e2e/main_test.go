// SPDX-License-Identifier: Apache-2.0

// Package e2e tests a real Trino with the plugin in SQL, against the fixture and the vectors of the original library.
// "make test-e2e" builds the plugin first.
//
// HEADCOUNT_TRINO_URL is the URL of a running server to test, with the fixture loaded ("make up", then
// "docker/trino/server load"). Without it the tests start a server on a free port and stop it afterwards: in Docker if
// an engine is available, otherwise from the tarball. MODE=docker or MODE=local selects one.
package e2e

import (
	"bytes"
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	_ "github.com/trinodb/trino-go-client/trino" // the driver

	"github.com/headcount-hll/headcount/internal/trinotest"
)

// db is a connection pool to the server under test, in schema hive.default.
var db *sql.DB

// server is the server under test.
var server running

func TestMain(m *testing.M) {
	os.Exit(runTests(m))
}

func runTests(m *testing.M) int {
	stop, err := findServer()
	defer stop()
	if err == nil {
		db, err = connect(server.url)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "e2e: no server to test:", err)
		return 1
	}
	defer db.Close()
	return m.Run()
}

// A running is a running Trino server. The mode is empty if the tests did not start it and only its URL is known.
type running struct {
	url  string
	port string
	mode string // "docker" or "local"
	dir  string // state folder of a local server
}

func findServer() (stop func(), err error) {
	if given := os.Getenv("HEADCOUNT_TRINO_URL"); given != "" {
		server, err = adopt("HEADCOUNT_TRINO_URL", given)
		return func() {}, err
	}
	port, err := trinotest.FreePort()
	if err != nil {
		return func() {}, err
	}
	server, err = start(modeWanted(), port)
	stop = func() {
		if err := server.down(); err != nil {
			fmt.Fprintln(os.Stderr, "e2e: stopping the server:", err)
		}
	}
	if err != nil {
		return stop, err
	}
	_, err = serverScript("load", "--mode", server.mode, "--port", port)
	return stop, err
}

func modeWanted() string {
	if mode := os.Getenv("MODE"); mode != "" {
		return mode
	}
	return "auto"
}

// adopt returns the running server at the URL that an environment variable has.
func adopt(variable, given string) (running, error) {
	u, err := url.Parse(given)
	if err != nil || u.Port() == "" {
		return running{}, fmt.Errorf("%s=%s: must be http://HOST:PORT", variable, given)
	}
	r := running{url: given, port: u.Port()}
	if u.Hostname() == "127.0.0.1" || u.Hostname() == "localhost" {
		r.mode, _ = modeOf(r.port) // on error the mode is unknown
		r.dir = stateDir(r.port)
	}
	return r, nil
}

// startContainers starts a Trino of several containers on a free port, as docker/trino/server does with a flag, or uses the one at the URL
// that the environment variable has. MODE has no effect on it. The tables of the tests are loaded.
func startContainers(t *testing.T, variable, flag string) (running, *sql.DB) {
	t.Helper()
	var r running
	var err error
	if given := os.Getenv(variable); given != "" {
		r, err = adopt(variable, given)
	} else {
		port, noPort := trinotest.FreePort()
		require.NoError(t, noPort)
		t.Cleanup(func() { assert.NoError(t, running{port: port, mode: "docker"}.down()) })
		r, err = start("docker", port, flag)
	}
	require.NoError(t, err)
	_, err = serverScript("load", "--mode", "docker", "--port", r.port)
	require.NoError(t, err)
	db, err := connect(r.url)
	require.NoError(t, err)
	t.Cleanup(func() { db.Close() })
	return r, db
}

// start starts a server and waits until it is ready. In mode auto, docker/trino/server chooses the mode.
func start(mode, port string, more ...string) (running, error) {
	r := running{url: "http://127.0.0.1:" + port, port: port, mode: mode, dir: stateDir(port)}
	if _, err := serverScript(append([]string{"up", "--mode", mode, "--port", port}, more...)...); err != nil {
		return r, err
	}
	var err error
	r.mode, err = modeOf(port)
	return r, err
}

func (r running) down() error {
	_, err := serverScript("down", "--mode", r.mode, "--port", r.port)
	return err
}

func modeOf(port string) (string, error) {
	status, err := serverScript("status", "--port", port)
	if err != nil {
		return "", err
	}
	fields := strings.Fields(status) // running MODE URL
	if len(fields) < 2 || fields[0] != "running" {
		return "", fmt.Errorf("no test server runs on port %s: %s", port, status)
	}
	return fields[1], nil
}

func stateDir(port string) string { return repository("build", "trino-local-"+port) }

// repository returns a path in the repository.
func repository(path ...string) string {
	root, err := filepath.Abs("..")
	if err != nil {
		panic(err)
	}
	return filepath.Join(append([]string{root}, path...)...)
}

func serverScript(args ...string) (string, error) {
	return command(nil, repository("docker", "trino", "server"), args...)
}

// command runs a program in the repository's root and returns its output. An error includes the output.
func command(env []string, name string, args ...string) (string, error) {
	cmd := exec.Command(name, args...)
	cmd.Dir = repository()
	cmd.Env = append(os.Environ(), env...)
	var out, complaints bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &complaints
	if err := cmd.Run(); err != nil {
		return "", fmt.Errorf("%s %s: %w: %s", filepath.Base(name), strings.Join(args, " "), err,
			strings.TrimSpace(complaints.String()+out.String()))
	}
	return strings.TrimSpace(out.String()), nil
}

func connect(serverURL string) (*sql.DB, error) {
	u, err := url.Parse(serverURL)
	if err != nil {
		return nil, err
	}
	u.User = url.User("e2e")
	u.RawQuery = "catalog=hive&schema=default"
	db, err := sql.Open("trino", u.String())
	if err != nil {
		return nil, err
	}
	if err := db.Ping(); err != nil {
		db.Close()
		return nil, fmt.Errorf("%s: %w", serverURL, err)
	}
	return db, nil
}
