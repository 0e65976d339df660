// SPDX-License-Identifier: Apache-2.0

package longitudinal

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unsafe"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet/file"
	"github.com/apache/arrow-go/v18/parquet/pqarrow"
	"golang.org/x/sync/errgroup"

	"github.com/headcount-hll/headcount/internal/nested"
	"github.com/headcount-hll/headcount/internal/parquetin"
	"github.com/headcount-hll/headcount/internal/sortkey"
	"github.com/headcount-hll/headcount/internal/view"
)

// A View is the Parquet files of a view. All have the columns of the first.
type View struct {
	paths   []string
	columns []Column
	client  bool
	LeftOut []string // columns of types that have no list
}

// OpenView finds the files of a view: those named, and all Parquet files of folders.
func OpenView(inputs []string) (*View, error) {
	v := &View{}
	for _, input := range inputs {
		input, err := filepath.EvalSymlinks(input) // WalkDir follows none
		if err != nil {
			return nil, err
		}
		err = filepath.WalkDir(input, func(path string, e fs.DirEntry, err error) error {
			hidden := err == nil && path != input && (strings.HasPrefix(e.Name(), ".") || strings.HasPrefix(e.Name(), "_"))
			switch {
			case err != nil:
				return err
			case hidden && e.IsDir():
				return fs.SkipDir
			case !hidden && !e.IsDir():
				v.paths = append(v.paths, path)
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	if len(v.paths) == 0 {
		return nil, fmt.Errorf("%s: no files", strings.Join(inputs, ", "))
	}
	return v, withReader(v.paths[0], v.learn)
}

// learn takes the columns of the first file.
func (v *View) learn(r *pqarrow.FileReader) error {
	schema, err := r.Schema()
	if err != nil {
		return err
	}
	said := r.ParquetReader().MetaData().KeyValueMetadata()
	for _, f := range schema.Fields() {
		c, ok := columnOf(f)
		switch {
		case slices.Contains(clientColumns, f.Name) && ok && c.Type == sortkey.Varchar && c.Nested == nil:
			v.client = true
		case ok:
			if histogram := said.FindValue(view.HistogramKey(f.Name)); histogram != nil {
				c.Histogram = *histogram
			}
			v.columns = append(v.columns, c)
		default:
			v.LeftOut = append(v.LeftOut, f.Name)
		}
	}
	if !v.client {
		return fmt.Errorf("there is no column %s of text", clientColumns[0])
	}
	return nil
}

// columnOf returns the column for a field of a file, unless its type has no list.
func columnOf(f arrow.Field) (c Column, ok bool) {
	c.Name = f.Name
	if c.Type, ok = keyType(f.Type); ok {
		return c, true
	}
	c.Type, c.Nested = sortkey.Varchar, f.Type
	return c, nested.Supported(f.Type)
}

func keyType(t arrow.DataType) (sortkey.Type, bool) {
	switch t.ID() {
	case arrow.STRING:
		return sortkey.Varchar, true
	case arrow.BOOL:
		return sortkey.Boolean, true
	case arrow.INT32:
		return sortkey.Integer, true
	case arrow.INT64:
		return sortkey.Bigint, true
	case arrow.DATE32:
		return sortkey.Date, true
	}
	return 0, false
}

// Columns returns the columns of types that have lists.
func (v *View) Columns() []Column { return v.columns }

// withFile opens a Parquet file. Errors and panics of the library are errors of the file.
func withFile(path string, use func(*file.Reader) error) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("damaged Parquet: %v", r)
		}
		if err != nil {
			err = fmt.Errorf("%s: %w", path, err)
		}
	}()
	in, err := file.OpenParquetFile(path, false)
	if err != nil {
		return notParquet(path, err)
	}
	defer func() { err = errors.Join(err, in.Close()) }()
	return use(in)
}

// notParquet returns the error of a file whose footer cannot be read.
func notParquet(path string, err error) error {
	f, openErr := os.Open(path)
	if openErr != nil {
		return err
	}
	defer f.Close()
	var first [parquetin.Magic]byte
	if _, readErr := io.ReadFull(f, first[:]); readErr != nil {
		return err
	}
	return cmp.Or(parquetin.Encrypted(first[:]), err)
}

// withReader opens a Parquet file to read batches of rows.
func withReader(path string, use func(*pqarrow.FileReader) error) error {
	return withFile(path, func(in *file.Reader) error {
		r, err := pqarrow.NewFileReader(in, pqarrow.ArrowReadProperties{BatchSize: batchRows}, memory.DefaultAllocator)
		if err != nil {
			return err
		}
		return use(r)
	})
}

const batchRows = 16 << 10

// Each reads row groups at the same time.
func (v *View) Each(ctx context.Context, threads int, newWorker func() func([]byte, []sortkey.Value) error) error {
	type part struct {
		path  string
		group int
	}
	parts := make(chan part)
	all, ctx := errgroup.WithContext(ctx)
	all.Go(func() error {
		defer close(parts)
		for _, path := range v.paths {
			groups := 0
			err := withFile(path, func(in *file.Reader) error {
				groups = in.NumRowGroups()
				return parquetin.Columns(in.MetaData())
			})
			if err != nil {
				return err
			}
			for g := range groups {
				select {
				case parts <- part{path, g}:
				case <-ctx.Done():
					return ctx.Err()
				}
			}
		}
		return nil
	})
	for range threads {
		use := newWorker()
		all.Go(func() error {
			for p := range parts {
				if err := withReader(p.path, func(r *pqarrow.FileReader) error { return v.group(ctx, r, p.group, use) }); err != nil {
					return err
				}
			}
			return ctx.Err()
		})
	}
	return all.Wait()
}

// group reads a row group.
func (v *View) group(ctx context.Context, r *pqarrow.FileReader, group int, use func([]byte, []sortkey.Value) error) error {
	names := []string{clientColumns[0]}
	for _, c := range v.columns {
		names = append(names, c.Name)
	}
	root := r.ParquetReader().MetaData().Schema
	var indices []int
	for _, name := range names {
		field := root.Root().FieldIndexByName(name)
		if field < 0 {
			return fmt.Errorf("there is no column %s, which %s has", name, v.paths[0])
		}
		for leaf := range root.NumColumns() {
			if root.Root().FieldIndexByField(root.ColumnRoot(leaf)) == field {
				indices = append(indices, leaf)
			}
		}
	}
	slices.Sort(indices)
	rows, err := r.GetRecordReader(ctx, indices, []int{group})
	if err != nil {
		return err
	}
	defer rows.Release()
	values := make([]sortkey.Value, len(v.columns))
	for rows.Next() {
		batch := rows.RecordBatch()
		columns, err := byName(batch, names)
		if err != nil {
			return err
		}
		for i, c := range v.columns {
			if t := columns[1+i].DataType(); !arrow.TypeEqual(t, c.arrowType()) {
				return fmt.Errorf("column %s is %s, and %s in %s", c.Name, t, c.arrowType(), v.paths[0])
			}
		}
		for row := range int(batch.NumRows()) {
			var client []byte
			if id := columns[0].at(row); !id.Null {
				client = id.Text
			}
			for i := range values {
				values[i] = columns[1+i].at(row)
			}
			if err := use(client, values); err != nil {
				return err
			}
		}
	}
	return rows.Err()
}

// A columnReader gives a column's values.
type columnReader struct {
	arrow.Array
	text  *array.String // of codes, if these are there
	codes []int32
	flags *array.Boolean
	int32 []int32
	int64 []int64
	dates []arrow.Date32
	space []byte // of a nested value
}

func byName(batch arrow.RecordBatch, names []string) (columns []columnReader, err error) {
	for _, name := range names {
		at := batch.Schema().FieldIndices(name)
		if len(at) != 1 {
			return nil, fmt.Errorf("column %s is there %d times", name, len(at))
		}
		c, err := newColumnReader(batch.Column(at[0]), name)
		if err != nil {
			return nil, err
		}
		columns = append(columns, c)
	}
	return columns, nil
}

func newColumnReader(values arrow.Array, name string) (columnReader, error) {
	c := columnReader{Array: values}
	switch a := values.(type) {
	case *array.Dictionary:
		if a.Len() == 0 { // it may have no dictionary
			c.text = array.NewStringBuilder(memory.DefaultAllocator).NewStringArray()
			break
		}
		text, ok1 := a.Dictionary().(*array.String)
		codes, ok2 := a.Indices().(*array.Int32)
		if !ok1 || !ok2 {
			return c, fmt.Errorf("column %s is of type %s", name, a.DataType())
		}
		c.text, c.codes = text, codes.Int32Values()
	case *array.String:
		c.text = a
	case *array.Boolean:
		c.flags = a
	case *array.Int32:
		c.int32 = a.Int32Values()
	case *array.Int64:
		c.int64 = a.Int64Values()
	case *array.Date32:
		c.dates = a.Date32Values()
	default:
		if !nested.Supported(a.DataType()) {
			return c, fmt.Errorf("column %s is of type %s", name, a.DataType())
		}
	}
	return c, nil
}

// at returns a value. A nested one is valid until the next call.
func (c *columnReader) at(row int) sortkey.Value {
	switch {
	case c.IsNull(row):
		return sortkey.Value{Null: true}
	case c.codes != nil:
		return sortkey.Value{Text: textBytes(c.text.Value(int(c.codes[row])))}
	case c.text != nil:
		return sortkey.Value{Text: textBytes(c.text.Value(row))}
	case c.flags != nil:
		if c.flags.Value(row) {
			return sortkey.Value{Int: 1}
		}
		return sortkey.Value{}
	case c.int32 != nil:
		return sortkey.Value{Int: int64(c.int32[row])}
	case c.int64 != nil:
		return sortkey.Value{Int: c.int64[row]}
	case c.dates != nil:
		return sortkey.Value{Int: int64(c.dates[row])}
	default:
		c.space = nested.Append(c.space[:0], c.Array, row)
		return sortkey.Value{Text: c.space}
	}
}

// textBytes returns a text's bytes without a copy: they are only read.
func textBytes(text string) []byte { return unsafe.Slice(unsafe.StringData(text), len(text)) }
