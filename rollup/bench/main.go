// Command bench measures loads into PostgreSQL, requests to the server, and its pages in Chromium: bench -rows N -requests N.
// With -memory it measures the server's memory instead.
package main

import (
	"cmp"
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

	"github.com/jackc/pgx/v5/pgxpool"

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
	metrics = 1000
	buckets = 100
	dates   = 60
	clients = 16
)

func main() {
	rows := flag.Int("rows", 1_000_000, "partial rows of a load")
	kept := flag.Int("kept", 10_000_000, "rows of roll-ups that requests are measured over")
	requests := flag.Int("requests", 2000, "requests of a measurement")
	loads := flag.Bool("loads", true, "load into PostgreSQL, and measure requests to it; otherwise only to files")
	memory := flag.Duration("memory", 0, "how long to load the server program, to measure its memory alone")
	program := flag.String("program", "build/headcount-rollup", "the server program")
	flag.Parse()
	runtime.LockOSThread() // the server ends with the thread that started it
	var err error
	switch {
	case *memory > 0:
		err = runMemory(*program, *rows, *memory)
	case *loads:
		err = run(*rows, *kept, *requests)
	default:
		err = runFiles(*rows, *kept, *requests)
	}
	if err != nil {
		log.Fatal(err)
	}
}

func run(rows, kept, requests int) error {
	folder, err := os.MkdirTemp("", "rollup-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	ctx := context.Background()
	server, err := pgtest.Start(os.TempDir(), "shared_buffers = 2GB", "max_wal_size = 8GB", "work_mem = 64MB")
	if err != nil {
		return err
	}
	defer server.Stop()
	pool, err := postgres.Connect(ctx, server.Connection)
	if err != nil {
		return err
	}
	defer pool.Close()
	if err := fill(ctx, pool, folder, rows, kept); err != nil {
		return err
	}
	if err := questions("PostgreSQL", postgres.New(pool), requests); err != nil {
		return err
	}
	return questionsToFiles(folder, requests)
}

// runFiles measures requests to files of kept rows, written in days of some rows.
func runFiles(rows, kept, requests int) error {
	folder, err := os.MkdirTemp("", "rollup-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	for first := 0; first < kept; first += rows {
		if err := write(folder, day(first/rows+1), first, rows); err != nil {
			return err
		}
	}
	return questionsToFiles(folder, requests)
}

func day(n int) string { return time.Date(2026, 12, n, 0, 0, 0, 0, time.UTC).Format("20060102") }

// fill measures loads: of rows into an empty table, of the same rows on another day, and of days of other rows until kept are there.
func fill(ctx context.Context, pool *pgxpool.Pool, folder string, rows, kept int) error {
	days := 0
	loaded := func(name string, first int) error {
		days++
		if err := write(folder, day(days), first, rows); err != nil {
			return err
		}
		begun := time.Now()
		if err := load.Load(ctx, pool, folder, func(load.Result) {}); err != nil {
			return err
		}
		fmt.Printf("load of %d rows of %d buckets into %s: %.1f s\n", rows, buckets, name, time.Since(begun).Seconds())
		return nil
	}
	if err := loaded("an empty table", 0); err != nil {
		return err
	}
	if err := loaded("the table that has them", 0); err != nil {
		return err
	}
	for there := rows; there < kept; there += rows {
		if err := loaded(fmt.Sprintf("a table of %d others", there), there); err != nil {
			return err
		}
	}
	return nil
}

func questionsToFiles(folder string, requests int) error {
	begun := time.Now()
	kept, err := files.Open(folder)
	if err != nil {
		return err
	}
	fmt.Printf("files: read in %.1f s\n", time.Since(begun).Seconds())
	return questions("files", kept, requests)
}

// questions measures requests to a store, and pages over it.
func questions(name string, s store.Store, requests int) error {
	if err := ask(name, s, requests); err != nil {
		return err
	}
	return look(name, s)
}

// write writes a day of build_id rows over 60 builds: those from number first, a multiple of metrics as rows is. A fifth of the buckets is
// not 0. The rows have the order of headcount-rollup aggregate.
func write(folder, day string, first, rows int) error {
	w, err := partial.NewWriter(folder, partial.BuildID, day, []string{"e10s_enabled"})
	if err != nil {
		return err
	}
	random := rand.New(rand.NewPCG(1, 2))
	for _, name := range metricNames() {
		for _, r := range combinations(first/metrics, rows/metrics) {
			r.Metric, r.Histogram = name, make([]int64, buckets)
			for range buckets / 5 {
				r.Histogram[random.IntN(buckets)] = random.Int64N(1000)
			}
			r.Sum, r.Count = random.Int64N(1e6), 1+random.Int64N(100)
			if err := w.Write(&r); err != nil {
				w.Abort()
				return err
			}
		}
	}
	return w.Close()
}

// metricNames returns the names of the metrics in order.
func metricNames() []string {
	names := make([]string, metrics)
	for i := range names {
		names[i] = metric(i)
	}
	slices.Sort(names)
	return names
}

// combinations returns n combinations of a metric's other dimensions in order, those from number first.
func combinations(first, n int) []partial.Row {
	rows := make([]partial.Row, n)
	for i := range rows {
		rest := first + i
		rows[i] = partial.Row{
			Channel: "nightly", Version: "51", Application: "Firefox", OS: "Linux", Extra: []string{"true"}, BuildID: build(rest % dates),
			Process: []string{"content", "gpu", "parent"}[rest/dates%3], Architecture: []string{"x86", "x86-64"}[rest/dates/3%2],
			OSVersion: fmt.Sprintf("4.%d", rest/dates/6),
		}
	}
	slices.SortFunc(rows, func(a, b partial.Row) int {
		return cmp.Or(strings.Compare(a.Process, b.Process), strings.Compare(a.Architecture, b.Architecture),
			strings.Compare(a.OSVersion, b.OSVersion), strings.Compare(a.BuildID, b.BuildID))
	})
	return rows
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
	for _, asked := range []struct {
		dates  int
		filter string
	}{{1, ""}, {dates, ""}, {dates, "&osVersion=4.0"}} {
		times, err := measure(server.URL, asked.filter, asked.dates, requests)
		if err != nil {
			return err
		}
		slices.Sort(times)
		fmt.Printf("%s, %d dates%s, %d clients: median %.1f ms, 95th percentile %.1f ms\n", name, asked.dates, asked.filter, clients,
			float64(times[len(times)/2].Microseconds())/1000, float64(times[len(times)*95/100].Microseconds())/1000)
	}
	return nil
}

func measure(url, filter string, days, requests int) ([]time.Duration, error) {
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
				failed[c] = get(client, url+"/aggregates_by/build_id/channels/nightly/?version=51"+filter+"&metric="+metric(i%metrics)+"&dates="+strings.Join(list, ","))
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
