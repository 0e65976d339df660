// SPDX-License-Identifier: Apache-2.0

package extsort

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/klauspost/compress/s2"
)

// A run is sorted records in a file: of each, the lengths of key and value as varints, then both. The file has no name: it
// is gone when it is closed, however the process ends.
type run struct {
	file  *os.File
	out   *s2.Writer
	bytes int64
	lens  []byte
}

const runBlock = 256 << 10

func newRun(dir string) (*run, error) {
	f, err := os.CreateTemp(dir, ".headcount-sort-*")
	if err != nil {
		return nil, spilling(err)
	}
	if err := os.Remove(f.Name()); err != nil {
		return nil, errors.Join(spilling(err), f.Close())
	}
	return &run{file: f, out: s2.NewWriter(f, s2.WriterBlockSize(runBlock), s2.WriterConcurrency(1))}, nil
}

func spilling(err error) error { return fmt.Errorf("spilling to --spill-dir: %w", err) }

func (r *run) add(key, value []byte) error {
	r.lens = binary.AppendUvarint(binary.AppendUvarint(r.lens[:0], uint64(len(key))), uint64(len(value)))
	for _, part := range [][]byte{r.lens, key, value} {
		if _, err := r.out.Write(part); err != nil {
			return spilling(err)
		}
		r.bytes += int64(len(part))
	}
	return nil
}

// end ends the writing.
func (r *run) end() error {
	if err := r.out.Close(); err != nil {
		return spilling(err)
	}
	r.out = nil
	return nil
}

func (r *run) close() error { return r.file.Close() }

// open returns the records from the beginning.
func (r *run) open() (source, error) {
	if _, err := r.file.Seek(0, io.SeekStart); err != nil {
		return nil, spilling(err)
	}
	in := s2.NewReader(r.file, s2.ReaderMaxBlockSize(runBlock), s2.ReaderAllocBlock(runBlock))
	return &runSource{in: bufio.NewReaderSize(in, 1<<16)}, nil
}

type runSource struct {
	in         *bufio.Reader
	data       []byte
	key, value int
}

func (s *runSource) next() (bool, error) {
	key, err := binary.ReadUvarint(s.in)
	if errors.Is(err, io.EOF) {
		return false, nil
	}
	value, err2 := binary.ReadUvarint(s.in)
	if err := errors.Join(err, err2); err != nil {
		return false, fmt.Errorf("reading what was spilled: %w", err)
	}
	s.key, s.value = int(key), int(value)
	if n := s.key + s.value; cap(s.data) < n {
		s.data = make([]byte, 2*n)
	}
	if _, err := io.ReadFull(s.in, s.data[:s.key+s.value]); err != nil {
		return false, fmt.Errorf("reading what was spilled: %w", err)
	}
	return true, nil
}

func (s *runSource) head() (key, value []byte) {
	return s.data[:s.key], s.data[s.key : s.key+s.value]
}
