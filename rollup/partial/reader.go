package partial

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet/file"
	"github.com/apache/arrow-go/v18/parquet/pqarrow"
)

// A File is the partial aggregate of a kind and day.
type File struct {
	Path string
	Kind Kind
	Day  string // YYYYMMDD
}

var dayFolder = regexp.MustCompile(`^submission_date=([0-9]{8})$`)

// List returns the files of a folder, by kind and day. A kind that has no folder has no files.
func List(root string) ([]File, error) {
	if _, err := os.Stat(root); err != nil {
		return nil, err
	}
	var all []File
	for _, kind := range Kinds {
		days, err := os.ReadDir(filepath.Join(root, kind.String()))
		if errors.Is(err, os.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, err
		}
		for _, day := range days {
			name := dayFolder.FindStringSubmatch(day.Name())
			path := filepath.Join(root, kind.String(), day.Name(), FileName)
			if _, err := os.Stat(path); name != nil && err == nil {
				all = append(all, File{path, kind, name[1]})
			}
		}
	}
	return all, nil
}

// A Reader reads the rows of a file in their order.
type Reader struct {
	Extra []string // the additional dimensions of the file

	path   string
	file   *file.Reader
	rows   pqarrow.RecordReader
	batch  arrow.RecordBatch
	at     int
	text   []*array.String
	list   *array.List
	values []int64
	sum    *array.Int64
	count  *array.Int64
	row    Row
}

// Open opens a file and checks its columns.
func Open(path string) (*Reader, error) {
	opened, err := file.OpenParquetFile(path, false)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	r := &Reader{path: path, file: opened}
	if err := r.begin(); err != nil {
		opened.Close()
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return r, nil
}

func (r *Reader) begin() error {
	arrowReader, err := pqarrow.NewFileReader(r.file, pqarrow.ArrowReadProperties{BatchSize: batchRows}, memory.DefaultAllocator)
	if err != nil {
		return err
	}
	found, err := arrowReader.Schema()
	if err != nil {
		return err
	}
	fixed := len(textBefore) + len(textAfter) + 3
	if found.NumFields() < fixed {
		return fmt.Errorf("%d columns, expected at least %d: not a partial aggregate", found.NumFields(), fixed)
	}
	for i := len(textBefore); i < found.NumFields()-len(textAfter)-3; i++ {
		r.Extra = append(r.Extra, found.Field(i).Name)
	}
	for i, want := range schema(r.Extra).Fields() {
		if got := found.Field(i); got.Name != want.Name || !sameType(got.Type, want.Type) {
			return fmt.Errorf("column %d is %s %s, expected %s %s", i, got.Name, got.Type, want.Name, want.Type)
		}
	}
	r.row.Extra = make([]string, len(r.Extra))
	r.rows, err = arrowReader.GetRecordReader(context.Background(), nil, nil)
	return err
}

// sameType compares types without the names that writers give to a list's elements.
func sameType(got, want arrow.DataType) bool {
	if list, ok := got.(*arrow.ListType); ok {
		wanted, ok := want.(*arrow.ListType)
		return ok && arrow.TypeEqual(list.Elem(), wanted.Elem())
	}
	return arrow.TypeEqual(got, want)
}

// Next returns the next row, and io.EOF after the last. The row's slices are valid until the next call; its text is not
// changed.
func (r *Reader) Next() (*Row, error) {
	for r.batch == nil || r.at == int(r.batch.NumRows()) {
		if err := r.nextBatch(); err != nil {
			return nil, err
		}
	}
	i := r.at
	r.at++
	for c, text := range r.row.columns() {
		*text = ""
		if r.text[c].IsValid(i) {
			*text = r.text[c].Value(i)
		}
	}
	from, to := r.list.ValueOffsets(i)
	r.row.Histogram = r.values[from:to]
	r.row.Sum, r.row.Count = r.sum.Value(i), r.count.Value(i)
	return &r.row, nil
}

func (r *Reader) nextBatch() error {
	batch, err := r.rows.Read()
	if errors.Is(err, io.EOF) {
		return io.EOF
	}
	if err != nil {
		return fmt.Errorf("%s: %w", r.path, err)
	}
	r.batch, r.at = batch, 0
	n := int(batch.NumCols()) - 3
	r.text = r.text[:0]
	for i := range n {
		r.text = append(r.text, batch.Column(i).(*array.String))
	}
	r.list = batch.Column(n).(*array.List)
	r.values = r.list.ListValues().(*array.Int64).Int64Values()
	r.sum, r.count = batch.Column(n+1).(*array.Int64), batch.Column(n+2).(*array.Int64)
	return nil
}

// Close closes the file.
func (r *Reader) Close() error {
	r.rows.Release()
	return r.file.Close()
}

// Channels returns the channels of a file's rows in order. It reads their column alone.
func Channels(path string) (all []string, err error) {
	opened, err := Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, opened.Close()) }()
	arrowReader, err := pqarrow.NewFileReader(opened.file, pqarrow.ArrowReadProperties{BatchSize: batchRows}, memory.DefaultAllocator)
	if err != nil {
		return nil, err
	}
	rows, err := arrowReader.GetRecordReader(context.Background(), []int{0}, nil)
	if err != nil {
		return nil, err
	}
	defer rows.Release()
	found := map[string]bool{}
	for {
		batch, err := rows.Read()
		if errors.Is(err, io.EOF) {
			return slices.Sorted(maps.Keys(found)), nil
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		channels := batch.Column(0).(*array.String)
		last := ""
		for i := range channels.Len() {
			if channel := channels.Value(i); i == 0 || channel != last {
				last = channel
				if !found[channel] {
					found[strings.Clone(channel)] = true
				}
			}
		}
	}
}
