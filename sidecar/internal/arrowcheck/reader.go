// SPDX-License-Identifier: Apache-2.0

package arrowcheck

import "fmt"

// A Reader reads the messages of one stream that follow its schema.
type Reader struct {
	Schema  *Schema
	MaxBody int64 // largest size of a message's body after decompression, in bytes

	// Reserve reserves n more bytes, or returns an error. A negative n releases bytes.
	Reserve func(n int64) error

	dictionaries map[int64]*dictionary
	held         int64 // bytes reserved for the current batch
}

// A TooLargeError reports a body that is larger than MaxBody after decompression.
type TooLargeError struct{ Size int64 }

func (e *TooLargeError) Error() string {
	return fmt.Sprintf("arrow: a body of %d bytes after decompression", e.Size)
}

// A Batch is a record batch.
type Batch struct {
	Rows    int
	Columns []Column
}

// Read reads a record batch of the schema. It returns nil for a dictionary batch, which it keeps. The body may be longer
// than the metadata declares, because of padding. The batch is valid until the next call.
func (r *Reader) Read(metadata []byte, body Body) (*Batch, error) {
	if err := r.release(); err != nil {
		return nil, err
	}
	m, err := open(metadata)
	if err != nil {
		return nil, err
	}
	switch m.kind {
	case headerDictionary:
		return nil, r.readDictionary(m, &body)
	case headerRecordBatch:
		b, rows := r.newBatchReader(m.header, m.bodyLength, &body)
		columns, err := b.columns(r.Schema.Fields, rows)
		if err != nil {
			return nil, err
		}
		return &Batch{Rows: rows, Columns: columns}, nil
	default:
		return nil, errorf("a message of kind %d: expected a record batch", m.kind)
	}
}

// release releases what the last batch reserved.
func (r *Reader) release() error {
	n := r.held
	r.held = 0
	if n == 0 {
		return nil
	}
	return r.Reserve(-n)
}

// reserve reserves n bytes until the next message. On error it sets the reader's err and returns false.
func (r *batchReader) reserve(n int) bool {
	if r.err != nil {
		return false
	}
	if err := r.Reserve(int64(n)); err != nil {
		r.err = err
		return false
	}
	r.held += int64(n)
	return true
}
