// SPDX-License-Identifier: Apache-2.0

package view

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/google/renameio/v2"
	"golang.org/x/sync/errgroup"

	"github.com/headcount-hll/headcount/internal/extsort"
	"github.com/headcount-hll/headcount/internal/ping"
	"github.com/headcount-hll/headcount/internal/sortkey"
)

// Options say what a run reads and where it writes.
type Options struct {
	Inputs      []string
	Folder      string
	From, To    int32 // days of submission since 1970, both included
	Threads     int
	Memory      int64 // bytes of rows to hold before they are spilled
	SpillDir    string
	MaxDocument int
	MaxRejects  float64 // the part of all pings above which a run fails
	Rejects     *ping.Rejects
	CreatedBy   string
}

// A Result says what a run did.
type Result struct {
	Counts *Counts
	Days   int
}

// fileName is the one file of a day's folder. Renaming it over the old one replaces the day as a whole.
const fileName = "headcount.parquet"

// Run reads pings and writes a file for each day that has rows: Folder/PARTITION=YYYYMMDD/headcount.parquet. Files take their names
// only when all are complete.
func (d *Definition) Run(ctx context.Context, o Options) (result Result, err error) {
	sorter := extsort.New(extsort.Options{Memory: o.Memory, Parts: o.Threads, Dir: o.SpillDir})
	defer func() { err = errors.Join(err, sorter.Close()) }()
	if result.Counts, err = d.Each(ctx, o, func() func([]byte) error {
		buffer := sorter.Buffer()
		return func(row []byte) error { return buffer.Add(row, nil) }
	}); err != nil {
		return result, err
	}
	result.Days, err = d.write(ctx, sorter, o)
	return result, err
}

// Each reads pings and calls the functions that newWorker returns at the same time, each from one goroutine, with a ping's row: its day and
// the columns, as Keys has them, in bytes that sort. It is valid until the function returns. Too many rejects are an error.
func (d *Definition) Each(ctx context.Context, o Options, newWorker func() func(row []byte) error) (*Counts, error) {
	counts := NewCounts()
	var extractors []*extractor
	err := ping.Each(ctx, o.Inputs, ping.Options{Paths: d.Paths(), Threads: o.Threads, MaxDocument: o.MaxDocument, Rejects: o.Rejects},
		func() (func(*ping.Document) error, error) {
			x := &extractor{view: d, from: o.From, to: o.To, counts: NewCounts()}
			extractors = append(extractors, x)
			use := newWorker()
			return func(doc *ping.Document) error {
				row, err := x.extract(doc.Values)
				if row == nil || err != nil {
					return err
				}
				return use(row)
			}, nil
		})
	for _, x := range extractors {
		counts.add(x.counts)
	}
	if err != nil {
		return counts, err
	}
	return counts, o.Rejects.Check(o.MaxRejects)
}

// Keys returns the columns of a row of Each: the day, then the view's. Values of types that sortkey does not have are text, as package
// nested encodes them.
func (d *Definition) Keys() []sortkey.Column {
	return append([]sortkey.Column{{Name: d.Partition.Name, Type: sortkey.Date}}, d.keys()...)
}

var dayColumn = []sortkey.Column{{Name: "day", Type: sortkey.Date}}

// write writes the sorted rows. Several days are written at the same time.
func (d *Definition) write(ctx context.Context, sorter *extsort.Sorter, o Options) (days int, err error) {
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(o.Threads)
	var files []*renameio.PendingFile
	defer func() {
		for _, f := range files {
			err = errors.Join(err, f.Cleanup())
		}
	}()
	var current *dayWriter
	var prefix []byte
	err = sorter.Each(ctx, func(row, _ []byte) error {
		if current == nil || string(row[:len(prefix)]) != string(prefix) {
			last := current
			current = nil
			if err := last.end(ctx); err != nil {
				return err
			}
			key, _, err := sortkey.Cut(row, dayColumn, 1)
			if err != nil {
				return err
			}
			prefix = append(prefix[:0], key...)
			f, err := d.pendingDay(o.Folder, key)
			if err != nil {
				return err
			}
			files = append(files, f)
			current = &dayWriter{rows: make(chan *rows, 2)}
			w := current
			group.Go(func() error { return w.run(ctx, f, d, o.CreatedBy) })
		}
		return current.add(ctx, row[len(prefix):])
	})
	err = errors.Join(err, current.end(ctx))
	// What ended the writers ended the reading too, and says more.
	if failed := group.Wait(); failed != nil {
		err = failed
	}
	if err != nil {
		return 0, err
	}
	for _, f := range files {
		if err := f.CloseAtomicallyReplace(); err != nil {
			return 0, err
		}
	}
	return len(files), nil
}

// pendingDay begins the file of a day, in its folder. A folder with other data is an error: to replace a day as a whole is to
// replace one file.
func (d *Definition) pendingDay(folder string, day []byte) (*renameio.PendingFile, error) {
	value, err := sortkey.Decode(nil, day, dayColumn)
	if err != nil {
		return nil, err
	}
	text := strings.ReplaceAll(sortkey.FormatDate(int32(value[0].Int)), "-", "")
	path := filepath.Join(folder, d.Partition.Name+"="+text)
	if err := os.MkdirAll(path, 0o755); err != nil {
		return nil, err
	}
	entries, err := os.ReadDir(path)
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		if e.Name() != fileName && !strings.HasPrefix(e.Name(), ".") && !strings.HasPrefix(e.Name(), "_") {
			return nil, fmt.Errorf("%s: another program wrote %s there; remove the folder, or write to another one", path, e.Name())
		}
	}
	return renameio.NewPendingFile(filepath.Join(path, fileName), renameio.WithTempDir(path), renameio.WithPermissions(0o644))
}

// rows are rows in one piece of memory.
type rows struct {
	data []byte
	ends []int
}

const rowsBytes = 1 << 20

// A dayWriter writes the rows that it is given in another goroutine.
type dayWriter struct {
	rows chan *rows
	next *rows
}

func (w *dayWriter) add(ctx context.Context, row []byte) error {
	if w.next == nil {
		w.next = &rows{}
	}
	w.next.data = append(w.next.data, row...)
	w.next.ends = append(w.next.ends, len(w.next.data))
	if len(w.next.data) < rowsBytes {
		return nil
	}
	return w.send(ctx)
}

func (w *dayWriter) send(ctx context.Context) error {
	select {
	case w.rows <- w.next:
		w.next = nil
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// end ends the day. The writer may be nil.
func (w *dayWriter) end(ctx context.Context) (err error) {
	if w == nil {
		return nil
	}
	if w.next != nil {
		err = w.send(ctx)
	}
	close(w.rows)
	return err
}

func (w *dayWriter) run(ctx context.Context, f *renameio.PendingFile, d *Definition, createdBy string) error {
	t, err := newTable(f, d, createdBy)
	if err != nil {
		return err
	}
	for {
		select {
		case r, ok := <-w.rows:
			if !ok {
				return t.close()
			}
			from := 0
			for _, end := range r.ends {
				if err := t.add(r.data[from:end]); err != nil {
					return fmt.Errorf("%s: %w", f.Name(), err)
				}
				from = end
			}
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}
