// Command bench measures loads into PostgreSQL, requests to the server, and its pages in Chromium: bench -rows N -requests N.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"log"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/headcount-hll/headcount/internal/pgtest"
	"github.com/headcount-hll/headcount/rollup/api"
	"github.com/headcount-hll/headcount/rollup/definitions"
	"github.com/headcount-hll/headcount/rollup/load"
	"github.com/headcount-hll/headcount/rollup/partial"
	"github.com/headcount-hll/headcount/rollup/store"
	"github.com/headcount-hll/headcount/rollup/store/files"
	"github.com/headcount-hll/headcount/rollup/store/postgres"
)

const (
	metrics  = 500
	buckets  = 100
	dates    = 60
	clients  = 16
	fullDay  = "20261201"
	emptyDay = "20261202"
)

func main() {
	rows := flag.Int("rows", 1_000_000, "partial rows of a load")
	requests := flag.Int("requests", 2000, "requests of a measurement")
	flag.Parse()
	runtime.LockOSThread() // the server ends with the thread that started it
	if err := run(*rows, *requests); err != nil {
		log.Fatal(err)
	}
}

func run(rows, requests int) error {
	folder, err := os.MkdirTemp("", "rollup-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	ctx := context.Background()
	server, err := pgtest.Start(os.TempDir(), "shared_buffers = 1GB", "max_wal_size = 8GB", "work_mem = 64MB")
	if err != nil {
		return err
	}
	defer server.Stop()
	pool, err := postgres.Connect(ctx, server.Connection)
	if err != nil {
		return err
	}
	defer pool.Close()
	for _, step := range []struct{ name, day string }{{"an empty table", emptyDay}, {"the table that has them", fullDay}} {
		if err := write(folder, step.day, rows); err != nil {
			return err
		}
		begun := time.Now()
		if err := load.Load(ctx, pool, folder, func(load.Result) {}); err != nil {
			return err
		}
		fmt.Printf("load of %d rows of %d buckets into %s: %.1f s\n", rows, buckets, step.name, time.Since(begun).Seconds())
	}
	if _, err := pool.Exec(ctx, "ANALYZE headcount_rollup.rollups"); err != nil {
		return err
	}
	kept, err := files.Open(folder)
	if err != nil {
		return err
	}
	for _, s := range []struct {
		name  string
		store store.Store
	}{{"PostgreSQL", postgres.New(pool)}, {"files", kept}} {
		if err := ask(s.name, s.store, requests); err != nil {
			return err
		}
		if err := look(s.name, s.store); err != nil {
			return err
		}
	}
	return nil
}

// write writes a day of build_id rows over 60 builds, which agree in all days. A fifth of the buckets is not 0.
func write(folder, day string, rows int) error {
	w, err := partial.NewWriter(folder, partial.BuildID, day, []string{"e10s_enabled"})
	if err != nil {
		return err
	}
	random := rand.New(rand.NewPCG(1, 2))
	r := partial.Row{Channel: "nightly", Version: "51", Application: "Firefox", OS: "Linux", Extra: []string{"true"}, Histogram: make([]int64, buckets)}
	for i := range rows {
		rest := i / metrics
		r.Metric, r.BuildID, r.Process = metric(i%metrics), build(rest%dates), []string{"content", "gpu", "parent"}[rest/dates%3]
		r.Architecture, r.OSVersion = []string{"x86", "x86-64"}[rest/dates/3%2], fmt.Sprintf("4.%d", rest/dates/6)
		clear(r.Histogram)
		for range buckets / 5 {
			r.Histogram[random.IntN(buckets)] = random.Int64N(1000)
		}
		r.Sum, r.Count = random.Int64N(1e6), 1+random.Int64N(100)
		if err := w.Write(&r); err != nil {
			w.Abort()
			return err
		}
	}
	return w.Close()
}

func metric(i int) string { return fmt.Sprintf("SCALARS_METRIC_%d", i) }
func build(i int) string  { return time.Date(2026, 9, 1+i, 0, 0, 0, 0, time.UTC).Format("20060102") }

// ask measures requests of 16 clients at a time.
func ask(name string, s store.Store, requests int) error {
	set, err := definitions.Read(strings.NewReader("{}"))
	if err != nil {
		return err
	}
	handler, err := api.New(api.Config{Store: s, Definitions: set})
	if err != nil {
		return err
	}
	server := httptest.NewServer(handler)
	defer server.Close()
	for _, n := range []int{1, dates} {
		times, err := measure(server.URL, n, requests)
		if err != nil {
			return err
		}
		slices.Sort(times)
		fmt.Printf("%s, %d dates, %d clients: median %.1f ms, 95th percentile %.1f ms\n", name, n, clients,
			float64(times[len(times)/2].Microseconds())/1000, float64(times[len(times)*95/100].Microseconds())/1000)
	}
	return nil
}

func measure(url string, days, requests int) ([]time.Duration, error) {
	times := make([]time.Duration, requests)
	failed := make([]error, clients)
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: clients}}
	var group sync.WaitGroup
	for c := range clients {
		group.Go(func() {
			for i := c; i < requests && failed[c] == nil; i += clients {
				list := make([]string, days)
				for d := range list {
					list[d] = build((i + d) % dates)
				}
				begun := time.Now()
				failed[c] = get(client, url+"/aggregates_by/build_id/channels/nightly/?version=51&metric="+metric(i%metrics)+"&dates="+strings.Join(list, ","))
				times[i] = time.Since(begun)
			}
		})
	}
	group.Wait()
	for _, err := range failed {
		if err != nil {
			return nil, err
		}
	}
	return times, nil
}

func get(client *http.Client, url string) error {
	response, err := client.Get(url)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("%s: %s", filepath.Base(url), response.Status)
	}
	_, err = io.Copy(io.Discard, response.Body)
	return err
}
