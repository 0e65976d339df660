package partial

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/compress"
	"github.com/google/renameio/v2"

	"github.com/headcount-hll/headcount/internal/parquetpages"
)

// Rows that a reader takes at a time, and rows of a row group. Rows are sorted by channel, version and metric, so that small groups let
// a reader of one metric skip the others.
const (
	batchRows = 4096
	groupRows = 64 * 1024
)

// zstdLevel is that of all pages.
const zstdLevel = 1

// A Writer writes the file of a day. The file has its name only after Close: until then, what was there before stays.
type Writer struct {
	file *renameio.PendingFile
	out  *parquetpages.File
	rows int // of the row group

	text             []*textColumn
	histogram        *numberColumn
	sum, count       *numberColumn
	encoder          parquetpages.Encoder
	page, compressed []byte
}

// NewWriter begins the file of a kind and day in a folder.
func NewWriter(root string, kind Kind, day string, extra []string) (*Writer, error) {
	folder := Folder(root, kind, day)
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return nil, err
	}
	file, err := renameio.NewPendingFile(filepath.Join(folder, FileName), renameio.WithPermissions(0o644))
	if err != nil {
		return nil, err
	}
	columns := schema(extra)
	// This is what the metadata say of the pages, which are made here.
	properties := parquet.NewWriterProperties(parquet.WithCompression(compress.Codecs.Zstd), parquet.WithDictionaryDefault(true),
		parquet.WithDictionaryFor("sum", false))
	out, err := parquetpages.New(file, columns, properties, zstdLevel)
	if err != nil {
		file.Cleanup()
		return nil, err
	}
	w := &Writer{file: file, out: out, histogram: newNumberColumn(true, true), sum: newNumberColumn(false, false), count: newNumberColumn(false, true)}
	for range columns.NumFields() - 3 {
		w.text = append(w.text, &textColumn{index: map[string]int32{}})
	}
	return w, nil
}

// Write adds a row.
func (w *Writer) Write(r *Row) error {
	columns := r.columns()
	if want := len(w.text); len(columns) != want {
		return fmt.Errorf("partial: row of %d dimensions in a file of %d", len(columns), want)
	}
	for i, value := range columns {
		if value == &r.BuildID && *value == "" {
			w.text[i].addNull()
		} else {
			w.text[i].add(*value)
		}
	}
	w.histogram.add(w, r.Histogram...)
	w.sum.add(w, r.Sum)
	w.count.add(w, r.Count)
	if w.rows++; w.rows == groupRows {
		return w.flush()
	}
	return nil
}

// made returns the page that was encoded. It is valid until the next one is.
func (w *Writer) made(levels int, encoding parquet.Encoding) parquetpages.Page {
	w.compressed = w.out.Compress(w.compressed, w.page)
	return parquetpages.Page{Levels: levels, Encoding: encoding, Size: len(w.page), Compressed: w.compressed}
}

// flush writes the rows as a row group.
func (w *Writer) flush() error {
	if w.rows == 0 {
		return nil
	}
	w.out.Begin(w.rows)
	for _, c := range w.text {
		if err := c.end(w, w.rows); err != nil {
			return err
		}
	}
	for _, c := range []*numberColumn{w.histogram, w.sum, w.count} {
		if err := c.end(w); err != nil {
			return err
		}
	}
	w.rows = 0
	return w.out.End()
}

// Close ends the file and gives it its name.
func (w *Writer) Close() error {
	err := w.flush()
	if err == nil {
		err = w.out.Close()
	}
	if err != nil {
		w.file.Cleanup()
		return err
	}
	return w.file.CloseAtomicallyReplace()
}

// Abort removes what was written.
func (w *Writer) Abort() { w.file.Cleanup() }
