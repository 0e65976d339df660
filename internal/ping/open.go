// SPDX-License-Identifier: Apache-2.0

package ping

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// Stdin is the input that stands for the standard input.
const Stdin = "-"

// list returns the files of inputs: of a folder all in it and in its folders, by name. As for Hive, a name that begins with a
// dot or an underline is not data.
func list(inputs []string) (files []string, err error) {
	for _, input := range inputs {
		info, err := os.Stat(input)
		if input == Stdin || err == nil && !info.IsDir() {
			files = append(files, input)
			continue
		}
		if err != nil {
			return nil, err
		}
		if input, err = filepath.EvalSymlinks(input); err != nil { // WalkDir follows none
			return nil, err
		}
		before := len(files)
		err = filepath.WalkDir(input, func(at string, entry fs.DirEntry, err error) error {
			switch {
			case err != nil || at == input:
				return err
			case strings.HasPrefix(entry.Name(), ".") || strings.HasPrefix(entry.Name(), "_"):
				if entry.IsDir() {
					return fs.SkipDir
				}
			case !entry.IsDir():
				files = append(files, at)
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
		if len(files) == before {
			return nil, fmt.Errorf("%s: the folder has no files", input)
		}
	}
	return files, nil
}

// readFile frames a file's records. Errors are those of the machine, not of the file's content.
func readFile(ctx context.Context, name string, o Options, batches *pool) error {
	in, label := os.Stdin, "standard input"
	if name != Stdin {
		var err error
		if in, err = os.Open(name); err != nil {
			return err
		}
		defer func() { _ = in.Close() }() // nothing was written
		label = name
	}
	f := &filler{ctx: ctx, pool: batches, file: label, options: o}
	if err := frame(in, f); err != nil {
		return fmt.Errorf("%s: %w", label, err)
	}
	return nil
}

// frame frames the records of a stream. A damaged stream is a reject.
func frame(in io.Reader, f *filler) error {
	plain, closeIt, err := uncompressed(in)
	w := &window{in: plain}
	if err == nil {
		defer closeIt()
		w.more()
		if f.heka = isHeka(f.file, w.ahead()); f.heka {
			err = readRecords(w, f)
		} else {
			err = readLines(w, f)
		}
	}
	if err == nil {
		err = w.failed()
	}
	if err != nil && isDamage(err) {
		err = f.reject(w.passed, ReasonDamaged, err.Error())
	}
	if err != nil {
		return err
	}
	return f.flush()
}

// isDamage reports whether reading failed because of what a compressed file holds.
func isDamage(err error) bool {
	var d *decompressError
	return errors.As(err, &d)
}

// A decompressError is an error of the bytes that were decompressed.
type decompressError struct{ err error }

func (e *decompressError) Error() string { return e.err.Error() }
func (e *decompressError) Unwrap() error { return e.err }

// A machineReader keeps the error of reading itself.
type machineReader struct {
	in  io.Reader
	err error
}

func (m *machineReader) Read(p []byte) (int, error) {
	n, err := m.in.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		m.err = err
	}
	return n, err
}

// decompressing tells errors of the content from those of the machine.
type decompressing struct {
	io.Reader
	machine *machineReader
}

func (d decompressing) Read(p []byte) (int, error) {
	n, err := d.Reader.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		err = d.machine.damage(err)
	}
	return n, err
}

func (m *machineReader) damage(err error) error {
	if m.err != nil {
		return m.err
	}
	return &decompressError{err}
}

const zstdWindow = 32 << 20 // bytes of history that a file may ask for: four times what zstd takes at level 19

// uncompressed returns the content of a stream, decompressed if its first bytes are those of gzip or zstd.
func uncompressed(in io.Reader) (io.Reader, func(), error) {
	machine := &machineReader{in: in}
	buffered := bufio.NewReaderSize(machine, readBytes)
	first, _ := buffered.Peek(4) // an error will come again
	switch {
	case bytes.HasPrefix(first, []byte{0x1f, 0x8b}):
		r, err := gzip.NewReader(buffered)
		if err != nil {
			return nil, nil, machine.damage(err)
		}
		return decompressing{r, machine}, func() { _ = r.Close() }, nil
	case bytes.HasPrefix(first, []byte{0x28, 0xb5, 0x2f, 0xfd}):
		// One thread: the others have what it decompresses to search.
		r, err := zstd.NewReader(buffered, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true), zstd.WithDecoderMaxWindow(zstdWindow))
		if err != nil {
			return nil, nil, machine.damage(err)
		}
		return decompressing{r, machine}, r.Close, nil
	}
	return buffered, func() {}, nil
}

// isHeka reports whether a file is framed records: by its name, or else by its first bytes.
func isHeka(name string, first []byte) bool {
	name = strings.ToLower(filepath.Base(name))
	name = strings.TrimSuffix(strings.TrimSuffix(name, ".gz"), ".zst")
	switch filepath.Ext(name) {
	case ".heka":
		return true
	case ".json", ".jsonl", ".ndjson":
		return false
	}
	first = bytes.TrimLeft(first, " \t\r\n")
	return len(first) > 0 && first[0] != '{'
}
