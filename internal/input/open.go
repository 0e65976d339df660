// SPDX-License-Identifier: Apache-2.0

package input

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// Stdin is the path that stands for the standard input.
const Stdin = "-"

// Open opens a file. The standard input, pipes, and files with the name of a text format are text, compressed or not.
// All others are Parquet.
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
	if err != nil {
		return nil, err
	}
	format, isText := textFormat(name)
	if f != os.Stdin && info.Mode()&os.ModeNamedPipe == 0 && !isText {
		return openParquet(f, options)
	}
	in, err := uncompressed(f, name)
	if err != nil {
		return nil, err
	}
	return openText(in, format, options)
}

// A source is the uncompressed text of a file.
type source struct {
	io.Reader
	file  *os.File
	name  string
	close func() error // ends the decompression
}

func (s source) Path() string { return s.name }
func (s source) Close() error { return errors.Join(s.close(), s.file.Close()) }

// startsWith reports whether the first byte that is not white space, of those buffered, is b.
func (s source) startsWith(b byte) bool {
	in, ok := s.Reader.(*bufio.Reader)
	if !ok {
		return false
	}
	_, _ = in.Peek(1) // fills the buffer; an error occurs again
	first, _ := in.Peek(in.Buffered())
	return bytes.HasPrefix(bytes.TrimLeft(bytes.TrimPrefix(first, []byte("\ufeff")), " \t\r\n"), []byte{b})
}

// magicBytes is the number of bytes that tell other formats.
const magicBytes = 6

// otherFormats are formats that are not read, by their first bytes.
var otherFormats = []struct{ magic, says string }{
	{"ARROW1", "an Arrow file (Feather): write it as Parquet"},
	{"FEA1", "an Arrow file (Feather): write it as Parquet"},
	{"\xff\xff\xff\xff", "an Arrow stream: write it as Parquet"},
	{"ORC", "an ORC file: write it as Parquet"},
	{"Obj\x01", "an Avro file: write it as Parquet"},
	{"PK\x03\x04", "a zip file, as spreadsheets are: unpack it, or save it as CSV"},
	{"BZh", "compressed with bzip2: decompress it, or compress it with gzip or zstd"},
	{"\xfd7zXZ", "compressed with xz: decompress it, or compress it with gzip or zstd"},
	{"\x04\x22\x4d\x18", "compressed with lz4: decompress it, or compress it with gzip or zstd"},
	{"SQLite", "an SQLite database: export the table as CSV"},
	{"\xff\xfe", "text in UTF-16: convert it to UTF-8, for example with iconv -f UTF-16 -t UTF-8"},
	{"\xfe\xff", "text in UTF-16: convert it to UTF-8, for example with iconv -f UTF-16 -t UTF-8"},
}

// otherFormat returns an error that names the format of a file that is not read, or nil.
func otherFormat(first []byte) error {
	for _, f := range otherFormats {
		if bytes.HasPrefix(first, []byte(f.magic)) {
			return errors.New(f.says)
		}
	}
	return nil
}

// uncompressed returns a file's text. The first bytes of gzip and zstd cannot be the beginning of a text.
func uncompressed(f *os.File, name string) (source, error) {
	in := bufio.NewReader(f)
	first, _ := in.Peek(magicBytes) // an error occurs again
	s := source{in, f, name, func() error { return nil }}
	switch {
	case bytes.HasPrefix(first, []byte("PAR1")):
		return s, errors.New("a Parquet file: give it by a name such as NAME.parquet; it is read neither from a pipe nor by the name of a text file")
	case otherFormat(first) != nil:
		return s, otherFormat(first)
	case bytes.HasPrefix(first, []byte{0x1f, 0x8b}):
		r, err := gzip.NewReader(in)
		if err != nil {
			return s, fmt.Errorf("not a gzip file, as its first bytes say: %w", err)
		}
		s.Reader, s.close = bufio.NewReader(r), r.Close
	case bytes.HasPrefix(first, []byte{0x28, 0xb5, 0x2f, 0xfd}):
		// One thread: the others parse the text.
		r, err := zstd.NewReader(in, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true))
		if err != nil {
			return s, fmt.Errorf("not a zstd file, as its first bytes say: %w", err)
		}
		s.Reader, s.close = bufio.NewReader(r), func() error { r.Close(); return nil }
	}
	return s, nil
}
