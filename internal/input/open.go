package input

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// Stdin is the path that stands for the standard input.
const Stdin = "-"

// Open opens a file: CSV if its name says so, also compressed, or if it is the standard input or a pipe; else Parquet.
func Open(path string, options Options) (File, error) {
	f, name := os.Stdin, "standard input"
	if path != Stdin {
		var err error
		if f, err = os.Open(path); err != nil {
			return nil, err
		}
		name = path
	}
	file, err := open(f, name, options)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", name, err), f.Close())
	}
	return file, nil
}

func open(f *os.File, name string, options Options) (File, error) {
	info, err := f.Stat()
	switch {
	case err != nil:
		return nil, err
	case f == os.Stdin, info.Mode()&os.ModeNamedPipe != 0, IsCSV(name):
		in, err := uncompressed(f, name)
		if err != nil {
			return nil, err
		}
		return openCSV(in, options)
	}
	return openParquet(f, options)
}

// IsCSV reports whether a name is that of a CSV file, compressed or not.
func IsCSV(name string) bool {
	name = strings.ToLower(name)
	return strings.HasSuffix(strings.TrimSuffix(strings.TrimSuffix(name, ".gz"), ".zst"), ".csv")
}

// A source is text as it is read from a file.
type source struct {
	io.Reader
	file  *os.File
	name  string
	close func() error // what uncompresses it
}

func (s source) Path() string { return s.name }
func (s source) Close() error { return errors.Join(s.close(), s.file.Close()) }

// uncompressed reads a file's text. That gzip or zstd compressed it, its first bytes say, which no text begins with.
func uncompressed(f *os.File, name string) (source, error) {
	in := bufio.NewReader(f)
	first, _ := in.Peek(4) // an error will come again
	s := source{in, f, name, func() error { return nil }}
	switch {
	case bytes.HasPrefix(first, []byte{0x1f, 0x8b}):
		r, err := gzip.NewReader(in)
		if err != nil {
			return s, fmt.Errorf("compressed by gzip, as it seems: %w", err)
		}
		s.Reader, s.close = r, r.Close
	case bytes.HasPrefix(first, []byte{0x28, 0xb5, 0x2f, 0xfd}):
		// One thread: the others have what it uncompresses to parse.
		r, err := zstd.NewReader(in, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true))
		if err != nil {
			return s, fmt.Errorf("compressed by zstd, as it seems: %w", err)
		}
		s.Reader, s.close = r, func() error { r.Close(); return nil }
	}
	return s, nil
}
