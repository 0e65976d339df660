package partial

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/compress"
	"github.com/apache/arrow-go/v18/parquet/pqarrow"
	"github.com/google/renameio/v2"
)

// Rows of a batch and of a row group. Rows are sorted by channel, version and metric, so that small groups let a reader
// of one metric skip the others.
const (
	batchRows = 4096
	groupRows = 64 * 1024
)

// A Writer writes the file of a day. The file has its name only after Close: until then, what was there before stays.
type Writer struct {
	file    *renameio.PendingFile
	parquet *pqarrow.FileWriter
	batch   *array.RecordBuilder
	rows    int
	inGroup int
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
	properties := parquet.NewWriterProperties(parquet.WithCompression(compress.Codecs.Zstd), parquet.WithCompressionLevel(1),
		parquet.WithMaxRowGroupLength(groupRows), parquet.WithDictionaryDefault(true), parquet.WithStats(true),
		parquet.WithDictionaryFor("sum", false), parquet.WithStatsFor("histogram.list.element", false))
	columns := schema(extra)
	p, err := pqarrow.NewFileWriter(columns, noClose{file}, properties, pqarrow.DefaultWriterProps())
	if err != nil {
		file.Cleanup()
		return nil, err
	}
	return &Writer{file: file, parquet: p, batch: array.NewRecordBuilder(memory.DefaultAllocator, columns)}, nil
}

// noClose keeps the Parquet writer from closing the file, which renameio does.
type noClose struct{ file *renameio.PendingFile }

func (n noClose) Write(p []byte) (int, error) { return n.file.Write(p) }

// Write adds a row.
func (w *Writer) Write(r *Row) error {
	columns := r.columns()
	if want := len(w.batch.Fields()) - 3; len(columns) != want {
		return fmt.Errorf("partial: row of %d dimensions in a file of %d", len(columns), want)
	}
	for i, value := range columns {
		text := w.batch.Field(i).(*array.StringBuilder)
		if value == &r.BuildID && *value == "" {
			text.AppendNull()
			continue
		}
		text.Append(*value)
	}
	next := len(columns)
	list := w.histograms()
	list.Append(true)
	list.ValueBuilder().(*array.Int64Builder).AppendValues(r.Histogram, nil)
	w.batch.Field(next + 1).(*array.Int64Builder).Append(r.Sum)
	w.batch.Field(next + 2).(*array.Int64Builder).Append(r.Count)
	if w.rows++; w.rows == batchRows {
		return w.flush()
	}
	return nil
}

func (w *Writer) flush() error {
	if w.rows == 0 {
		return nil
	}
	if w.inGroup += w.rows; w.inGroup > groupRows {
		w.parquet.NewBufferedRowGroup()
		w.inGroup = w.rows
	}
	w.rows = 0
	counts := w.histograms().ValueBuilder()
	used := counts.Len()
	record := w.batch.NewRecordBatch()
	defer record.Release()
	w.batch.Reserve(batchRows)
	counts.Reserve(used + used/8) // the next batch is about as long, and growing copies it several times
	return w.parquet.WriteBuffered(record)
}

// histograms returns the column before sum and count.
func (w *Writer) histograms() *array.ListBuilder {
	return w.batch.Field(len(w.batch.Fields()) - 3).(*array.ListBuilder)
}

// Close ends the file and gives it its name.
func (w *Writer) Close() error {
	if err := w.flush(); err != nil {
		w.Abort()
		return err
	}
	if err := w.parquet.Close(); err != nil {
		w.file.Cleanup()
		return err
	}
	return w.file.CloseAtomicallyReplace()
}

// Abort removes what was written.
func (w *Writer) Abort() {
	w.batch.Release()
	w.file.Cleanup()
}
