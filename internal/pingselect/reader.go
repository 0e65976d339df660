// SPDX-License-Identifier: Apache-2.0

package pingselect

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"sync"
	"time"

	"github.com/headcount-hll/headcount/internal/ping"
)

// A Reader reads pings while its results are taken. One goroutine may use it at a time. It has to be closed.
type Reader struct {
	request *Request
	cancel  context.CancelFunc
	batches chan *batch
	done    chan struct{} // closed when reading has ended; then err is set
	err     error
	names   [][]byte
	rejects *ping.Rejects
	json    []byte // of the last call of Next

	mu     sync.Mutex
	counts Counts // of the batches so far

	held      []*batch // of a table
	bytes     int64
	otherType map[string]int64
}

// Open starts to read.
func Open(request *Request) *Reader {
	ctx, cancel := context.WithCancel(context.Background())
	r := &Reader{request: request, cancel: cancel, batches: make(chan *batch, 2), done: make(chan struct{}),
		names: encodedNames(request.Names), rejects: ping.NewRejects(nil)}
	go func() {
		defer close(r.done)
		defer close(r.batches)
		defer func() {
			if cause := recover(); cause != nil {
				r.err = fmt.Errorf("internal error, please report it: %v", cause)
			}
		}()
		r.err = r.read(ctx)
	}()
	return r
}

func (r *Reader) read(ctx context.Context) error {
	var workers []*worker
	err := ping.Each(ctx, r.request.Inputs, r.request.options(r.rejects), func() (func(*ping.Document) error, error) {
		w := &worker{reader: r, chooser: chooser{request: r.request}, encoder: encoder{request: r.request}}
		workers = append(workers, w)
		return func(doc *ping.Document) error { return w.add(ctx, doc) }, nil
	})
	for _, w := range workers {
		if err == nil {
			err = w.hand(ctx, true)
		}
	}
	if err != nil {
		return err
	}
	return r.rejects.Check(r.request.MaxRejects)
}

// A worker handles documents of one goroutine.
type worker struct {
	reader  *Reader
	chooser chooser
	encoder encoder
}

func (w *worker) add(ctx context.Context, doc *ping.Document) error {
	properties, ok := w.chooser.choose(doc)
	if ok {
		w.encoder.add(doc.JSON, properties)
	}
	return w.hand(ctx, false)
}

// hand hands on the batch if it is full, or if all is set.
func (w *worker) hand(ctx context.Context, all bool) error {
	b := w.encoder.take(all)
	if b == nil && !all {
		return nil
	}
	w.reader.mu.Lock()
	w.reader.counts.add(&w.chooser.counts)
	w.reader.mu.Unlock()
	w.chooser.counts = Counts{}
	if b == nil {
		return nil
	}
	select {
	case w.reader.batches <- b:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Next returns the next pings as a JSON array, which is valid until the next call. It returns nil and false at the end, and nil and
// true if there is none within the time.
func (r *Reader) Next(wait time.Duration) (array []byte, more bool, err error) {
	if r.request.Table {
		return nil, false, errors.New("pings: the reader was opened for a table")
	}
	b, more, err := r.receive(wait)
	if b == nil {
		return nil, more, err
	}
	r.json = b.appendJSON(r.json[:0], r.names)
	return r.json, true, nil
}

func (r *Reader) receive(wait time.Duration) (b *batch, more bool, err error) {
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case b, ok := <-r.batches:
		if !ok {
			<-r.done
			return nil, false, r.err
		}
		return b, true, nil
	case <-timer.C:
		return nil, true, nil
	}
}

// Counts returns what became of the documents so far.
func (r *Reader) Counts() Counts {
	r.mu.Lock()
	defer r.mu.Unlock()
	c := r.counts
	c.Rejected, c.OtherType = map[string]int64{}, map[string]int64{}
	maps.Copy(c.OtherType, r.otherType)
	_, reasons := r.rejects.Count()
	for reason, n := range maps.All(reasons) {
		c.Rejected[string(reason)] = n
	}
	return c
}

// Close stops reading, and waits until it has stopped.
func (r *Reader) Close() {
	r.cancel()
	for range r.batches { // a worker may be waiting to hand one on
	}
	<-r.done
	r.held = nil
}
