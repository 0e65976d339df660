package extract

import (
	"context"
	"os"
	"runtime"

	"github.com/headcount-hll/headcount/internal/jsonwalk"
	"github.com/headcount-hll/headcount/internal/ping"
	"github.com/headcount-hll/headcount/rollup/definitions"
	"github.com/headcount-hll/headcount/rollup/partial"
)

// A Config is what Aggregate needs. Zero values have defaults where the comment says so.
type Config struct {
	Definitions *definitions.Set
	Dimensions  []Dimension   // in addition to the fixed ones; nil: DefaultDimensions
	Inputs      []string      // files, folders, or - for the standard input, as ping.Each reads them
	Rejects     *ping.Rejects // where documents are counted that cannot be read; default: none are kept
	MaxRejects  float64       // the part of documents that may be rejected, 0 to 1
	Output      string        // folder of the partial aggregates
	SpillFolder string        // default: the system's folder for temporary files
	Memory      int64         // bytes for the aggregates before they are spilled; default 1 GiB
	Threads     int           // default: the number of processors
}

// A Report is what an aggregation did.
type Report struct {
	Pings   int64 // read, without those that are rejected
	Counted int64 // pings that count
	Rows    map[partial.Kind]int64
	Spills  int
	Not     Counts // what is not in the output, by reason
}

const defaultMemory = 1 << 30

// Aggregate reads pings and writes the partial aggregates of their days. It replaces the file of a day as a whole: the
// input must have all pings of its days. Where documents cannot be read, more of them than MaxRejects allows are an error.
// After an error before the output is written, no file is replaced; after one of writing, the days before it are.
func Aggregate(ctx context.Context, c Config) (*Report, error) {
	if c.Dimensions == nil {
		c.Dimensions = DefaultDimensions()
	}
	if c.Threads <= 0 {
		c.Threads = runtime.GOMAXPROCS(0)
	}
	if c.Memory <= 0 {
		c.Memory = defaultMemory
	}
	if c.Rejects == nil {
		c.Rejects = ping.NewRejects(nil)
	}
	if c.SpillFolder == "" {
		c.SpillFolder = os.TempDir()
	}
	workers := make([]*worker, c.Threads)
	for i := range workers {
		workers[i] = newWorker(&c)
	}
	report, all := &Report{Not: Counts{}}, &merger{}
	err := read(ctx, &c, workers)
	if err == nil {
		err = c.Rejects.Check(c.MaxRejects)
	}
	for _, w := range workers {
		report.Pings += w.pings
		report.Counted += w.counted
		report.Spills += len(w.runs)
		report.Not.add(w.table.counts)
		all.all = append(all.all, w.sources()...)
	}
	defer all.close()
	if err != nil {
		return report, err
	}
	rows, leftOut, err := write(all, c.Output, names(c.Dimensions))
	report.Rows = rows
	if leftOut > 0 {
		report.Not[SumTooLarge] += leftOut
	}
	return report, err
}

// read gives the documents of the input to the workers.
func read(ctx context.Context, c *Config, workers []*worker) error {
	options := ping.Options{Unchecked: true, Threads: c.Threads, Rejects: c.Rejects}
	paths := paths(c.Dimensions)
	next := 0
	return ping.Each(ctx, c.Inputs, options, func() (func(*ping.Document) error, error) {
		w := workers[next]
		next++
		return func(d *ping.Document) error {
			w.walker.reset()
			if err := d.Read(paths, payloadSlot, w.walker.payload); err != nil {
				return err
			}
			return w.add(d.Values)
		}, nil
	})
}

// A worker adds pings to a table of its own, and spills it when its share of the memory is used.
type worker struct {
	config  *Config
	table   *table
	walker  *walker
	key     key
	runs    []source
	pings   int64
	counted int64
}

func newWorker(c *Config) *worker {
	t := newTable(c.Definitions)
	return &worker{config: c, table: t, walker: newWalker(t)}
}

// add adds the ping whose measures the walker has collected, and of which found has the values of paths.
func (w *worker) add(found []jsonwalk.Value) error {
	w.pings++
	reason := w.key.read(found)
	if reason != "" {
		w.table.counts[reason]++
	}
	if reason == "" || reason == NulInDimension {
		w.counted++
	}
	if reason != "" {
		return w.bound() // the names of its measures have been kept
	}
	seg, added := w.table.segments.id(&w.key)
	w.table.size += added
	w.walker.addTo(seg)
	return w.bound()
}

// bound spills if the worker's share of the memory is used.
func (w *worker) bound() error {
	if w.table.size > w.config.Memory/int64(w.config.Threads) {
		return w.spill()
	}
	return nil
}

func (w *worker) spill() error {
	r, err := spill(w.table.sort(), w.config.SpillFolder)
	if err != nil {
		return err
	}
	w.runs = append(w.runs, r)
	w.table.reset()
	w.walker = newWalker(w.table)
	return nil
}

// sources returns everything that the worker has added up.
func (w *worker) sources() []source { return append(w.runs, w.table.sort()) }
