// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/headcount-hll/headcount/internal/pgtest"
	"github.com/headcount-hll/headcount/rollup/load"
	"github.com/headcount-hll/headcount/rollup/store/postgres"
)

// samples is how often the memory of a server is read.
const samples = 10

// runMemory measures the memory of the server program while clients ask for all kinds of answers, over files and over PostgreSQL.
func runMemory(program string, rows int, lasts time.Duration) error {
	folder, err := os.MkdirTemp("", "rollup-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	partials, definitions := filepath.Join(folder, "partials"), filepath.Join(folder, "Histograms.json")
	if err := errors.Join(write(partials, day(1), 0, rows), os.WriteFile(definitions, []byte("{}"), 0o600)); err != nil {
		return err
	}
	if err := watch("files", lasts, program, "--definitions", definitions, "--partials", partials); err != nil {
		return err
	}
	server, err := pgtest.Start(os.TempDir())
	if err != nil {
		return err
	}
	defer server.Stop()
	ctx := context.Background()
	pool, err := postgres.Connect(ctx, server.Connection)
	if err != nil {
		return err
	}
	defer pool.Close()
	if err := load.Load(ctx, pool, partials, func(load.Result) {}); err != nil {
		return err
	}
	return watch("PostgreSQL", lasts, program, "--definitions", definitions, "--postgres", server.Connection)
}

// watch starts the server, loads it for a time, and prints its resident memory at each tenth of the time.
func watch(name string, lasts time.Duration, program string, flags ...string) error {
	address, err := freeAddress()
	if err != nil {
		return err
	}
	command := exec.Command(program, append([]string{"serve", "--rate", "0", "--listen", address}, flags...)...)
	command.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := command.Start(); err != nil {
		return err
	}
	defer func() {
		command.Process.Kill()
		command.Wait()
	}()
	url := "http://" + address
	if err := awaitHealth(url); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), lasts)
	defer cancel()
	var requests atomic.Int64
	group, asking := errgroup.WithContext(ctx)
	for c := range clients {
		group.Go(func() error { return askAll(asking, url, c, &requests) })
	}
	var sizes []string
	group.Go(func() error {
		for ticker := time.NewTicker(lasts / (samples + 1)); len(sizes) < samples; {
			select {
			case <-ticker.C:
			case <-asking.Done():
				return nil
			}
			size, err := residentMB(command.Process.Pid)
			if err != nil {
				return err
			}
			sizes = append(sizes, strconv.Itoa(size))
		}
		return nil
	})
	if err := group.Wait(); err != nil {
		return err
	}
	fmt.Printf("%s, memory of the server over %s, %d requests of %d clients: %s MB\n", name, lasts, requests.Load(), clients, strings.Join(sizes, ", "))
	return nil
}

func freeAddress() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer l.Close()
	return l.Addr().String(), nil
}

// awaitHealth waits until a server answers.
func awaitHealth(url string) error {
	var err error
	for range 600 {
		if err = get(http.DefaultClient, url+"/v1/health"); err == nil {
			return nil
		}
		time.Sleep(100 * time.Millisecond)
	}
	return err
}

// askAll asks for answers of all kinds, no two of which are the same for a long time.
func askAll(ctx context.Context, url string, client int, requests *atomic.Int64) error {
	kept := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: clients}}
	for i := client; ctx.Err() == nil; i += clients {
		list := []string{build(i % dates), build((i/7 + 1) % dates), build((i/11 + 2) % dates)}
		slices.Sort(list)
		query := "?channel=nightly&version=51&metric=" + metric(i%metrics)
		paths := []string{
			"/aggregates_by/build_id/channels/nightly/?version=51&metric=" + metric(i%metrics) + "&dates=" + strings.Join(list, ","),
			"/aggregates_by/build_id/channels/nightly/dates/", "/filters/?channel=nightly&version=51", "/v1/metrics", "/",
			"/v1/build_id/sums" + query + "&date=" + list[0] + "&group=os_version",
			"/v1/build_id/distribution" + query, "/v1/build_id/evolution" + query + "&os_version=4.0", "/v1/build_id/evolution" + query + "&format=csv",
			"/v1/build_id/distribution/sql" + query, "/v1/build_id/choices?channel=nightly&version=51",
		}
		if err := get(kept, url+paths[i/clients%len(paths)]); err != nil {
			return err
		}
		requests.Add(1)
	}
	return nil
}

// residentMB returns the resident memory of a process.
func residentMB(pid int) (int, error) {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, err
	}
	_, after, _ := bytes.Cut(status, []byte("VmRSS:"))
	var kB int
	_, err = fmt.Sscanf(string(after), "%d kB", &kB)
	return kB / 1000, err
}
