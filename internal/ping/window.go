// SPDX-License-Identifier: Apache-2.0

package ping

import (
	"errors"
	"io"
)

// A window is the part of a stream that is looked at. It grows with what has been read, never with what a file claims.
type window struct {
	in     io.Reader
	buffer []byte // buffer[at:] has been read and not been passed
	at     int
	passed int64 // bytes of the stream before at
	err    error // why no more can be read; io.EOF at the end

	// handOn, if it is set, gives the buffer away when handBytes were passed, with what was passed, and begins another with what is ahead.
	// Until then what was passed stays in its place.
	handOn func() error
}

const (
	readBytes = 256 << 10
	handBytes = 1 << 20
)

// ahead returns what has been read and not been passed.
func (w *window) ahead() []byte { return w.buffer[w.at:] }

// more reads on, and reports whether there was more.
func (w *window) more() bool {
	if w.err != nil {
		return false
	}
	switch {
	case w.handOn != nil && w.at >= handBytes:
		if w.err = w.handOn(); w.err != nil {
			return false
		}
	case w.handOn == nil && w.at > 0 && (w.at == len(w.buffer) || w.at >= readBytes):
		w.compact()
	}
	if cap(w.buffer)-len(w.buffer) < readBytes {
		w.buffer = append(make([]byte, 0, 2*len(w.buffer)+2*readBytes), w.buffer...)
	}
	for empty := 0; ; empty++ {
		n, err := w.in.Read(w.buffer[len(w.buffer) : len(w.buffer)+readBytes]) // what is in a cache when lines are looked for
		w.buffer = w.buffer[:len(w.buffer)+n]
		if empty == 100 && err == nil {
			err = io.ErrNoProgress
		}
		w.err = err
		if n > 0 || err != nil {
			return n > 0
		}
	}
}

// compact forgets what was passed.
func (w *window) compact() {
	w.buffer = w.buffer[:copy(w.buffer, w.ahead())]
	w.at = 0
}

// need reads until n bytes are ahead, and reports whether they are.
func (w *window) need(n int) bool {
	for len(w.ahead()) < n {
		if !w.more() {
			return false
		}
	}
	return true
}

// pass goes on by n bytes that have been read.
func (w *window) pass(n int) {
	w.at += n
	w.passed += int64(n)
	if w.handOn == nil && w.at == len(w.buffer) && cap(w.buffer) > keptBytes {
		w.buffer, w.at = nil, 0
	}
}

// failed returns why reading ended before the end.
func (w *window) failed() error {
	if errors.Is(w.err, io.EOF) {
		return nil
	}
	return w.err
}
