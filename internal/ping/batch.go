// SPDX-License-Identifier: Apache-2.0

package ping

import "context"

const (
	batchBytes   = 1 << 20 // of documents in a batch, or one document that is larger
	batchRecords = 4096
	keptBytes    = 4 << 20 // a larger buffer is not used again
	keptRecords  = 1 << 15 // nor is a list of more records: those of a window's buffer are as many as it has
)

// A batch is records of one file, as they were framed.
type batch struct {
	file    string
	heka    bool
	data    []byte
	records []record
}

// A record is a place in a batch's data, and in its file.
type record struct {
	from, to       int
	number, offset int64
}

// A pool holds the batches between those who read files and the workers. There are three for a thread: one is filled,
// one waits, one is worked on.
type pool struct {
	free chan *batch
	full chan *batch
}

func newPool(o Options) *pool {
	p := &pool{make(chan *batch, 3*o.Threads), make(chan *batch, o.Threads)}
	for range cap(p.free) {
		p.free <- &batch{}
	}
	return p
}

func (p *pool) get(ctx context.Context) (*batch, error) {
	select {
	case b := <-p.free:
		b.data, b.records = b.data[:0], b.records[:0]
		return b, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (p *pool) put(b *batch) {
	if cap(b.data) > keptBytes {
		b.data = nil
	}
	if cap(b.records) > keptRecords {
		b.records = nil
	}
	p.free <- b
}

func (p *pool) hand(ctx context.Context, b *batch) error {
	select {
	case p.full <- b:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// A filler puts a file's records into batches.
type filler struct {
	ctx     context.Context
	pool    *pool
	batch   *batch  // the one being filled, or nil
	lent    *window // whose buffer has the batch's records; nil if the batch has a copy of them
	file    string
	heka    bool
	options Options
	number  int64 // of the last record
}

// add appends a record.
func (f *filler) add(data []byte, offset int64) error {
	if f.batch != nil && (len(f.batch.data)+len(data) > batchBytes || len(f.batch.records) == batchRecords) {
		if err := f.flush(); err != nil {
			return err
		}
	}
	if f.batch == nil {
		if err := f.begin(); err != nil {
			return err
		}
	}
	b := f.batch
	from := len(b.data)
	b.data = append(b.data, data...)
	f.place(from, len(b.data), offset)
	return nil
}

// begin begins a batch.
func (f *filler) begin() (err error) {
	if f.batch, err = f.pool.get(f.ctx); err == nil {
		f.batch.file, f.batch.heka = f.file, f.heka
	}
	return err
}

// place appends a record that is in its place in the batch's data.
func (f *filler) place(from, to int, offset int64) {
	f.number++
	f.batch.records = append(f.batch.records, record{from, to, f.number, offset})
}

// lend makes batches of a window's buffers. Its records are placed, and not copied.
func (f *filler) lend(w *window) error {
	f.lent, w.handOn = w, f.handOn
	return f.begin()
}

// handOn hands on the batch with the window's buffer, and gives the window that of the next batch.
func (f *filler) handOn() error {
	b, w := f.batch, f.lent
	if len(b.records) == 0 {
		w.compact()
		return nil
	}
	if err := f.begin(); err != nil {
		return err
	}
	b.data = w.buffer
	w.buffer, w.at = append(f.batch.data, w.ahead()...), 0 // before a worker has the old buffer, and gives it back
	return f.pool.hand(f.ctx, b)
}

// reject counts a record that was not framed.
func (f *filler) reject(offset int64, reason Reason, detail string) error {
	f.number++
	return f.options.Rejects.add(Position{f.file, f.number, offset}, &RejectError{reason, detail})
}

func (f *filler) flush() error {
	if f.batch == nil {
		return nil
	}
	b := f.batch
	f.batch = nil
	if f.lent != nil {
		b.data = f.lent.buffer
	}
	return f.pool.hand(f.ctx, b)
}
