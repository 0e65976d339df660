// SPDX-License-Identifier: Apache-2.0

package input

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"sync"

	"github.com/dustin/go-humanize"
)

// chunkBytes is about how many bytes of a text file a chunk has.
const chunkBytes = 1 << 20

// A splitter cuts text into chunks of whole records, which are parsed concurrently. It may be used by several
// goroutines.
//
// In CSV a quote begins or ends a quoted field, or is one of the two that encode a quote in it. So a newline ends a
// record if the number of quotes before it is even, and is part of a field if it is odd. In malformed text this holds up
// to the first malformed record. Chunks after it may be cut at wrong places, but fail returns the first error of the file.
type splitter struct {
	chunkBytes int  // bytes read at a time
	mostBytes  int  // bytes that a record may take
	lines      bool // each line is a record; quotes have no meaning

	mu       sync.Mutex
	in       io.Reader
	err      error  // why in ended
	rest     []byte // read, and not part of a chunk yet: the beginning of a record
	at       position
	given    int
	working  map[int]bool // chunks that are being parsed
	done     sync.Cond    // a chunk left working
	failedAt int          // the first chunk with an error, and the error
	failure  error
}

// A position is a place before a record: the numbers of lines and of records before it. Empty lines are not records.
type position struct{ lines, records int64 }

func newSplitter(in io.Reader, chunkBytes, mostBytes int) *splitter {
	s := &splitter{chunkBytes: chunkBytes, mostBytes: max(mostBytes, chunkBytes), in: in, working: map[int]bool{}}
	s.done.L = &s.mu
	return s
}

// A chunk is a number of consecutive records of a file.
type chunk struct {
	number int
	text   []byte
	at     position
}

// next puts the next records into c and reuses its memory. It returns io.EOF after the last record, or if a chunk had an
// error, and another error if the text cannot be read at c.at. Unless it returned io.EOF, the caller has to call release
// or fail for c.
func (s *splitter) next(c *chunk) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.failure != nil {
		return io.EOF
	}
	text, found, err := s.read(append(c.text[:0], s.rest...))
	if len(text) == 0 && err == nil {
		return io.EOF
	}
	c.number, c.text, c.at = s.given, text[:found.end], s.at
	s.given++
	s.working[c.number] = true
	s.rest = append(s.rest[:0], text[found.end:]...)
	s.at.lines += found.at.lines
	s.at.records += found.at.records
	return err
}

// read reads until text has a chunk of whole records, which end at found.end.
func (s *splitter) read(text []byte) (_ []byte, found boundaries, err error) {
	found.lines = s.lines
	for {
		found.scan(text)
		switch {
		case found.end > 0 && (len(text) >= s.chunkBytes || s.err != nil):
			return text, found, nil
		case errors.Is(s.err, io.EOF):
			found.end = len(text) // the last record needs no newline
			return text, found, nil
		case s.err != nil:
			return nil, found, fmt.Errorf("reading failed: %w", s.err)
		case len(text) > s.mostBytes:
			return nil, found, fmt.Errorf("a row of more than %s: is a closing quote missing?", humanize.Bytes(uint64(s.mostBytes)))
		}
		if len(text) >= s.chunkBytes || cap(text) < s.chunkBytes { // a record that is longer, or the first time
			text = slices.Grow(text, max(s.chunkBytes, 2*len(text))-len(text))
		}
		var n int
		n, s.err = s.in.Read(text[len(text):cap(text)])
		text = text[:len(text)+n]
	}
}

// release ends the work on a chunk.
func (s *splitter) release(number int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.working, number)
	s.done.Broadcast()
}

// fail ends the work on a chunk with an error. It waits for all chunks before it and returns the first error of the file.
func (s *splitter) fail(number int, err error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.working, number)
	s.done.Broadcast()
	if s.failure == nil || number < s.failedAt {
		s.failedAt, s.failure = number, err
	}
	for s.worksBefore(s.failedAt) {
		s.done.Wait()
	}
	return s.failure
}

func (s *splitter) worksBefore(number int) bool {
	for n := range s.working {
		if n < number {
			return true
		}
	}
	return false
}

// boundaries are the ends of the records of a text, as far as it has been scanned.
type boundaries struct {
	lines  bool     // each line is a record; quotes have no meaning
	end    int      // of the last complete record
	at     position // lines and records before that end
	seen   int      // bytes scanned
	quoted bool     // a quoted field is open after these bytes
	inside int64    // lines that started inside the incomplete record
}

// scan scans the bytes that were appended to the text since the last call.
func (b *boundaries) scan(text []byte) {
	for b.seen < len(text) {
		part := text[b.seen:]
		quote := -1
		if !b.lines {
			quote = bytes.IndexByte(part, '"')
		}
		if quote >= 0 {
			part = part[:quote]
		}
		if b.quoted {
			b.inside += int64(bytes.Count(part, newline))
		} else {
			b.newlines(text, b.seen+len(part))
		}
		b.seen += len(part)
		if quote >= 0 {
			b.quoted = !b.quoted
			b.seen++
		}
	}
}

var newline = []byte{'\n'}

// newlines counts the records that end before offset to. The text up to there has no quotes.
func (b *boundaries) newlines(text []byte, to int) {
	for from := b.seen; ; {
		n := bytes.IndexByte(text[from:to], '\n')
		if n < 0 {
			return
		}
		from += n + 1
		if line := text[b.end:from]; len(line) > 2 || len(line) == 2 && line[0] != '\r' {
			b.at.records++
		}
		b.at.lines += b.inside + 1
		b.end, b.inside = from, 0
	}
}
