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

// chunkBytes is how much text of a CSV file is parsed at a time.
const chunkBytes = 1 << 20

// A splitter cuts CSV text into chunks of whole records, which are parsed at the same time. It may be used by
// several goroutines.
//
// A quote begins or ends a quoted field or is one of the two that stand for a quote in it. So a newline ends a
// record where the quotes before it are even in number, and lies inside a field where they are odd. In text that
// breaks these rules this holds up to the first record that does: what is cut wrongly comes after it, and is never
// heard of, since fail gives the first error of the file.
type splitter struct {
	chunkBytes int // what is read at a time
	mostBytes  int // what a record may take

	mu       sync.Mutex
	in       io.Reader
	err      error  // why in ended
	rest     []byte // read and not given yet: the beginning of a record
	at       position
	given    int
	working  map[int]bool // chunks that are being parsed
	done     sync.Cond    // one is no more
	failedAt int          // the first chunk that was refused, and why
	failure  error
}

// A position is before a record: so many lines and records, empty lines not among them, come before.
type position struct{ lines, records int64 }

func newSplitter(in io.Reader, chunkBytes, mostBytes int) *splitter {
	s := &splitter{chunkBytes: chunkBytes, mostBytes: max(mostBytes, chunkBytes), in: in, working: map[int]bool{}}
	s.done.L = &s.mu
	return s
}

// A chunk is some records of a file.
type chunk struct {
	number int
	text   []byte
	at     position
}

// next puts the next records into c, whose memory it takes. It returns io.EOF after the last, or when a chunk was
// refused, and another error if the text cannot be read on at c.at. But for io.EOF, c is to be released, or failed,
// by whom it was given to.
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

// read reads on until text ends with whole records, as found says.
func (s *splitter) read(text []byte) (_ []byte, found records, err error) {
	for {
		found.scan(text)
		switch {
		case found.end > 0 && (len(text) >= s.chunkBytes || s.err != nil):
			return text, found, nil
		case errors.Is(s.err, io.EOF):
			found.end = len(text) // the last record needs no newline
			return text, found, nil
		case s.err != nil:
			return nil, found, fmt.Errorf("reading on from here: %w", s.err)
		case len(text) > s.mostBytes:
			return nil, found, fmt.Errorf("a row of more than %s: does a quote not end?", humanize.Bytes(uint64(s.mostBytes)))
		}
		if len(text) >= s.chunkBytes || cap(text) < s.chunkBytes { // a record that is longer, or the first time
			text = slices.Grow(text, max(s.chunkBytes, 2*len(text))-len(text))
		}
		var n int
		n, s.err = s.in.Read(text[len(text):cap(text)])
		text = text[:len(text)+n]
	}
}

// release says that a chunk has been parsed, or will not be.
func (s *splitter) release(number int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.working, number)
	s.done.Broadcast()
}

// fail says that a chunk was refused. It waits for all that come before it and returns the first error of the file.
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

// records are the whole records at the beginning of a text, as far as it has been looked through.
type records struct {
	end    int      // of the last of them
	at     position // counted from the text's beginning to that end
	seen   int      // bytes
	quoted bool     // whether a quoted field goes on there
	inside int64    // lines that have begun inside the record that goes on there
}

// scan looks through what has come to the text since.
func (r *records) scan(text []byte) {
	for r.seen < len(text) {
		part := text[r.seen:]
		quote := bytes.IndexByte(part, '"')
		if quote >= 0 {
			part = part[:quote]
		}
		if r.quoted {
			r.inside += int64(bytes.Count(part, newline))
		} else {
			r.newlines(text, r.seen+len(part))
		}
		r.seen += len(part)
		if quote >= 0 {
			r.quoted = !r.quoted
			r.seen++
		}
	}
}

var newline = []byte{'\n'}

// newlines counts the records that end before to, outside of quotes.
func (r *records) newlines(text []byte, to int) {
	for from := r.seen; ; {
		n := bytes.IndexByte(text[from:to], '\n')
		if n < 0 {
			return
		}
		from += n + 1
		if line := text[r.end:from]; len(line) > 2 || len(line) == 2 && line[0] != '\r' {
			r.at.records++
		}
		r.at.lines += r.inside + 1
		r.end, r.inside = from, 0
	}
}
