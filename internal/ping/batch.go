// SPDX-License-Identifier: Apache-2.0

package ping

import "context"

const (
	batchBytes   = 1 << 20 // of documents in a batch, or one document that is larger
	batchRecords = 4096
	keptBytes    = 4 << 20 // a larger buffer is not used again
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
	batch   *batch // the one being filled, or nil
	file    string
	heka    bool
	options Options
	number  int64 // of the last record
}

// add appends a record.
func (f *filler) add(data []byte, offset int64) (err error) {
	if f.batch != nil && (len(f.batch.data)+len(data) > batchBytes || len(f.batch.records) == batchRecords) {
		if err := f.flush(); err != nil {
			return err
		}
	}
	if f.batch == nil {
		if f.batch, err = f.pool.get(f.ctx); err != nil {
			return err
		}
		f.batch.file, f.batch.heka = f.file, f.heka
	}
	f.number++
	b := f.batch
	from := len(b.data)
	b.data = append(b.data, data...)
	b.records = append(b.records, record{from, len(b.data), f.number, offset})
	return nil
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
	return f.pool.hand(f.ctx, b)
}
