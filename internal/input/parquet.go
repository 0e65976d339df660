package input

import (
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/file"
	"github.com/apache/arrow-go/v18/parquet/schema"

	"github.com/headcount-hll/headcount/internal/sortkey"
)

// parquetFile is a Parquet file, of which each row group is a part.
type parquetFile struct {
	file   *os.File
	reader *file.Reader
	fixed  []Fixed
}

// streamBuffer is what is read of a column chunk at a time. Page headers have to fit.
const streamBuffer = 1 << 18

func openParquet(f *os.File, options Options) (_ File, err error) {
	defer recovered(&err)
	props := parquet.NewReaderProperties(bounded{memory.NewGoAllocator(), int(options.Memory)})
	props.BufferedStreamEnabled, props.BufferSize = true, streamBuffer
	props.MaxCompressedPageSize, props.MaxUncompressedPageSize = options.Memory, options.Memory
	reader, err := file.NewParquetReader(f, file.WithReadProps(props))
	if err != nil {
		return nil, notParquet(f, err)
	}
	return &parquetFile{f, reader, options.Fixed}, nil
}

// notParquet says what is wrong with a file whose footer cannot be read.
func notParquet(f *os.File, err error) error {
	if info, statErr := f.Stat(); statErr == nil && info.Size() == 0 {
		return errors.New("the file is empty")
	}
	return fmt.Errorf("no Parquet file, or one cut short: %w", err)
}

// recovered makes an error of a panic: the Parquet library panics over some files that are none.
func recovered(err *error) {
	if r := recover(); r != nil {
		*err = fmt.Errorf("damaged Parquet: %v", r)
	}
}

func (f *parquetFile) Path() string { return f.file.Name() }
func (f *parquetFile) Rows() int64  { return f.reader.NumRows() }
func (f *parquetFile) Close() error { return f.file.Close() }

func (f *parquetFile) Columns() []sortkey.Column {
	var columns []sortkey.Column
	for i := range f.reader.MetaData().Schema.NumColumns() {
		c := f.reader.MetaData().Schema.Column(i)
		if t, ok := keyType(c); ok {
			columns = append(columns, sortkey.Column{Name: c.Name(), Type: t})
		}
	}
	return withFixed(columns, f.fixed)
}

// top reports whether a column is of the table itself rather than of a field of it.
func top(c *schema.Column) bool {
	return c.MaxRepetitionLevel() == 0 && c.MaxDefinitionLevel() <= 1 && len(c.ColumnPath()) == 1
}

// keyType returns the type that a Parquet column has in a key.
func keyType(c *schema.Column) (sortkey.Type, bool) {
	if !top(c) {
		return 0, false
	}
	logical := c.LogicalType()
	plain := logical == nil || logical.IsNone()
	switch c.PhysicalType() {
	case parquet.Types.Boolean:
		return sortkey.Boolean, true
	case parquet.Types.ByteArray:
		_, isString := logical.(schema.StringLogicalType)
		_, isEnum := logical.(schema.EnumLogicalType)
		return sortkey.Varchar, plain || isString || isEnum
	case parquet.Types.Int32:
		if _, isDate := logical.(schema.DateLogicalType); isDate {
			return sortkey.Date, true
		}
		return sortkey.Integer, plain || isSigned(logical)
	case parquet.Types.Int64:
		return sortkey.Bigint, plain || isSigned(logical)
	}
	return 0, false
}

func isSigned(logical schema.LogicalType) bool {
	i, ok := logical.(schema.IntLogicalType)
	return ok && i.IsSigned()
}

// find returns the place of a column.
func (f *parquetFile) find(name string) (int, *schema.Column, error) {
	var names []string
	s := f.reader.MetaData().Schema
	for i := range s.NumColumns() {
		c := s.Column(i)
		if top(c) && c.Name() == name {
			return i, c, nil
		}
		names = append(names, c.Path())
	}
	return 0, nil, fmt.Errorf("%s: %w", f.Path(), noColumn(name, names))
}

// A wanted column is one of the file, or a fixed one.
type wanted struct {
	column int
	fixed  *Fixed
}

func (f *parquetFile) Parts(sel Selection) (parts []Part, err error) {
	var all []wanted
	add := func(column sortkey.Column) error {
		if at := fixedAt(f.fixed, column.Name); at >= 0 {
			if t := f.fixed[at].Type; t != column.Type {
				return fmt.Errorf("%s: column %s is %s by the name of its folder, which is no %s", f.Path(), column.Name, t, column.Type)
			}
			all = append(all, wanted{fixed: &f.fixed[at]})
			return nil
		}
		i, c, err := f.find(column.Name)
		if err != nil {
			return err
		}
		t, ok := keyType(c)
		if !ok || t != column.Type {
			return fmt.Errorf("%s: column %s is %s, which is no %s", f.Path(), column.Name, describe(c), column.Type)
		}
		all = append(all, wanted{column: i})
		return nil
	}
	for _, key := range sel.Keys {
		if err := add(key); err != nil {
			return nil, err
		}
	}
	for _, condition := range sel.Filter {
		if err := add(condition.Column); err != nil {
			return nil, err
		}
	}
	i, c, err := f.find(sel.Value)
	if err != nil {
		return nil, err
	}
	if !isValue(c, sel.Kind) {
		return nil, fmt.Errorf("%s: column %s is %s, which holds no %s", f.Path(), sel.Value, describe(c),
			map[Kind]string{ID: "client ids", Sketch: "sketches"}[sel.Kind])
	}
	all = append(all, wanted{column: i})
	firstRow := int64(1)
	for group := range f.reader.NumRowGroups() {
		first := firstRow
		parts = append(parts, func() (Cursor, error) { return f.open(group, first, sel, all) })
		firstRow += f.reader.MetaData().RowGroups[group].NumRows
	}
	return parts, nil
}

// isValue reports whether a column can hold values of that kind.
func isValue(c *schema.Column, kind Kind) bool {
	switch c.PhysicalType() {
	case parquet.Types.ByteArray:
		return true
	case parquet.Types.Int32, parquet.Types.Int64:
		t, ok := keyType(c)
		return kind == ID && ok && t != sortkey.Date
	}
	return false
}

func describe(c *schema.Column) string {
	if logical := c.LogicalType(); logical != nil && !logical.IsNone() {
		return fmt.Sprintf("%s (%s)", c.PhysicalType(), logical)
	}
	return c.PhysicalType().String()
}

// parquetCursor reads a row group.
type parquetCursor struct {
	file      *parquetFile
	selection Selection
	columns   []*column // of the keys, of the filter, of the value
	date      int       // the one among them that is the date, or -1
	row, end  int64     // the number of the next row, and of the one after the last
	scratch   []byte
}

func (f *parquetFile) open(group int, firstRow int64, sel Selection, all []wanted) (_ Cursor, err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("%s, row group %d: %w", f.Path(), group+1, err)
		}
	}()
	defer recovered(&err)
	rows := f.reader.RowGroup(group)
	c := &parquetCursor{file: f, selection: sel, date: sel.date(), row: firstRow, end: firstRow + rows.NumRows()}
	for _, w := range all {
		if w.fixed != nil {
			c.columns = append(c.columns, &column{fixed: w.fixed})
			continue
		}
		chunk, err := rows.Column(w.column)
		if err != nil {
			return nil, err
		}
		c.columns = append(c.columns, newColumn(chunk))
	}
	return c, nil
}

func (c *parquetCursor) Close() error { return nil }

func (c *parquetCursor) Next(b *Batch) (err error) {
	defer func() {
		if err != nil && !errors.Is(err, io.EOF) {
			var atRow *RowError
			if !errors.As(err, &atRow) {
				err = &RowError{Path: c.file.Path(), Row: c.row, Err: err}
			}
		}
	}()
	defer recovered(&err)
	b.reset()
	rows := int(min(batchRows, c.end-c.row))
	if rows <= 0 {
		return io.EOF
	}
	for _, column := range c.columns {
		if err := column.fill(rows); err != nil {
			return err
		}
	}
	for range rows {
		if err := c.take(b); err != nil {
			return &RowError{Path: c.file.Path(), Row: c.row, Err: err}
		}
		c.row++
	}
	b.Read = int64(rows)
	b.finish()
	return nil
}

// take appends the next row to the batch unless a condition holds it back.
func (c *parquetCursor) take(b *Batch) error {
	keys := len(c.selection.Keys)
	from := len(b.keys)
	for i, column := range c.columns[:keys] {
		if i == c.date {
			if column.isNull() {
				return errNull(c.selection.Date)
			}
			b.date(column.date())
		}
		b.keys = column.appendNext(b.keys)
	}
	pass := true
	for i, condition := range c.selection.Filter {
		c.scratch = c.columns[keys+i].appendNext(c.scratch[:0])
		pass = pass && string(c.scratch) == string(condition.Key)
	}
	value := c.columns[len(c.columns)-1].nextValue()
	switch {
	case !pass, value == nil && c.selection.Kind == Sketch: // as in SQL, a NULL sketch adds nothing
		b.keys = b.keys[:from]
	case value == nil:
		return errNull(c.selection.Value)
	default:
		b.end(value, c.row)
	}
	return nil
}
