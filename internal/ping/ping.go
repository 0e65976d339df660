// SPDX-License-Identifier: Apache-2.0

// Package ping reads documents ("pings") from files: newline-separated JSON and framed Heka records, compressed or not.
//
// Files are read at the same time, documents are checked and searched at the same time, and memory is bounded by
// Options, whatever a file claims of itself. What cannot be read is rejected: counted by reason, and the rest is read.
package ping

import (
	"context"
	"errors"
	"fmt"
	"runtime"

	"golang.org/x/sync/errgroup"

	"github.com/headcount-hll/headcount/internal/jsonwalk"
)

// A Position says where a document is.
type Position struct {
	File   string
	Record int64 // the number of the document or record in the file, from 1
	Offset int64 // of its first byte in the uncompressed file
}

func (p Position) String() string {
	return fmt.Sprintf("%s, record %d (byte %d)", p.File, p.Record, p.Offset)
}

// A Document is one JSON object, well-formed unless Options.Unchecked. It is valid until the function it was given to returns.
type Document struct {
	Position
	JSON   []byte
	Values []jsonwalk.Value // one for each of Options.Paths, nil where the document has none
}

// Read checks a document of Options.Unchecked, finds Values, and gives the value of one of the paths to a function, in one pass
// (jsonwalk.Paths.Read). An error rejects the document.
func (d *Document) Read(paths *jsonwalk.Paths, slot int, read func(*jsonwalk.Parser)) (err error) {
	if d.Values, err = paths.Read(d.JSON, d.Values, slot, read); err != nil {
		return rejectJSON(err)
	}
	if !isObject(d.JSON) {
		return Reject(ReasonNotObject, "")
	}
	return nil
}

// Options say what is read, and how. The zero value of each field stands for its default.
type Options struct {
	Paths       *jsonwalk.Paths // what Document.Values hold
	Unchecked   bool            // documents are given as they are, without Values: who takes them calls Document.Read
	Threads     int             // functions that run at the same time; default: GOMAXPROCS
	MaxDocument int             // bytes of the largest document, uncompressed; default: 16 MiB
	Rejects     *Rejects        // where rejects are counted; default: none are allowed
}

// DefaultMaxDocument is some forty times the largest ping that was common.
const DefaultMaxDocument = 16 << 20

func (o Options) withDefaults() Options {
	if o.Threads <= 0 {
		o.Threads = runtime.GOMAXPROCS(0)
	}
	if o.MaxDocument <= 0 {
		o.MaxDocument = DefaultMaxDocument
	}
	if o.Paths == nil {
		o.Paths = jsonwalk.Compile()
	}
	if o.Rejects == nil {
		o.Rejects = NewRejects(nil)
	}
	return o
}

// Each reads all documents of inputs: files, folders, or - for the standard input. It calls newWorker once for each of
// Options.Threads and then the functions that it returned at the same time, each from one goroutine, in no order. A function
// that returns an error of Reject rejects the document; any other error ends the reading and is returned.
func Each(ctx context.Context, inputs []string, options Options, newWorker func() (func(*Document) error, error)) error {
	o := options.withDefaults()
	files, err := list(inputs)
	if err != nil {
		return err
	}
	group, ctx := errgroup.WithContext(ctx)
	batches := newPool(o)
	names := make(chan string)
	group.Go(guarded(func() error {
		defer close(names)
		for _, name := range files {
			select {
			case names <- name:
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		return nil
	}))
	group.Go(guarded(func() error {
		defer close(batches.full)
		readers, ctx := errgroup.WithContext(ctx)
		for range min(o.Threads, len(files)) {
			readers.Go(guarded(func() error {
				for name := range names {
					if err := readFile(ctx, name, o, batches); err != nil {
						return err
					}
				}
				return ctx.Err()
			}))
		}
		return readers.Wait()
	}))
	for range o.Threads {
		use, err := newWorker()
		if err != nil {
			group.Go(func() error { return err })
			break
		}
		w := worker{options: o, use: use}
		group.Go(guarded(func() error { return w.run(ctx, batches) }))
	}
	return group.Wait()
}

// guarded returns f with a panic as an error: the process may be that of another program, which a panic would end.
func guarded(f func() error) func() error {
	return func() (err error) {
		defer func() {
			if cause := recover(); cause != nil {
				err = fmt.Errorf("internal error, please report it: %v", cause)
			}
		}()
		return f()
	}
}

// A worker decodes and checks documents.
type worker struct {
	options Options
	use     func(*Document) error
	doc     Document
	heka    decoder
}

func (w *worker) run(ctx context.Context, batches *pool) error {
	for {
		select {
		case b, ok := <-batches.full:
			if !ok {
				return ctx.Err()
			}
			for i := range b.records {
				if err := w.record(b, &b.records[i]); err != nil {
					return err
				}
			}
			batches.put(b)
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// record hands on one record, or rejects it.
func (w *worker) record(b *batch, r *record) error {
	w.doc.Position = Position{File: b.file, Record: r.number, Offset: r.offset}
	w.doc.JSON = b.data[r.from:r.to]
	err := w.document(b.heka)
	var rejected *RejectError
	if err != nil && !errors.As(err, &rejected) {
		return err
	}
	return w.options.Rejects.add(w.doc.Position, rejected)
}

func (w *worker) document(isHeka bool) (err error) {
	if isHeka {
		if w.doc.JSON, err = w.heka.decode(w.doc.JSON, w.options.MaxDocument); err != nil {
			return err
		}
	}
	if !w.options.Unchecked {
		if err = w.doc.Read(w.options.Paths, -1, nil); err != nil {
			return err
		}
	}
	return w.use(&w.doc)
}

// isObject reports whether a well-formed document is an object.
func isObject(doc []byte) bool {
	for _, c := range doc {
		if c > ' ' {
			return c == '{'
		}
	}
	return false
}

func rejectJSON(err error) error {
	reason := ReasonJSON
	switch {
	case errors.Is(err, jsonwalk.ErrTruncated):
		reason = ReasonTruncated
	case errors.Is(err, jsonwalk.ErrDepth):
		reason = ReasonDepth
	}
	return Reject(reason, err.Error())
}
