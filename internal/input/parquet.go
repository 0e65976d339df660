// SPDX-License-Identifier: Apache-2.0

package input

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"

	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/file"
	"github.com/apache/arrow-go/v18/parquet/schema"

	"github.com/headcount-hll/headcount/internal/parquetin"
	"github.com/headcount-hll/headcount/internal/sortkey"
)

// parquetFile is a Parquet file. Each row group is a part.
type parquetFile struct {
	file    *os.File
	reader  *file.Reader
	options Options
}

// streamBuffer is how many bytes of a column chunk are read at a time. Page headers have to fit.
const streamBuffer = 1 << 18

func openParquet(f *os.File, options Options) (_ File, err error) {
	defer recovered(&err)
	props := parquet.NewReaderProperties(newBounded(int(options.Memory)))
	props.BufferedStreamEnabled, props.BufferSize = true, streamBuffer
	props.MaxCompressedPageSize, props.MaxUncompressedPageSize = options.Memory, options.Memory
	reader, err := file.NewParquetReader(f, file.WithReadProps(props))
	if err != nil {
		return nil, notParquet(f, err)
	}
	return &parquetFile{f, reader, options}, nil
}

// notParquet describes a file whose footer cannot be read.
func notParquet(f *os.File, err error) error {
	if info, statErr := f.Stat(); statErr == nil && info.Size() == 0 {
		return errEmpty
	}
	first := make([]byte, magicBytes)
	if _, readErr := f.ReadAt(first, 0); readErr == nil {
		if other := otherFormat(first); other != nil {
			return other
		}
		if encrypted := parquetin.Encrypted(first); encrypted != nil {
			return encrypted
		}
		if !bytes.HasPrefix(first, []byte("PAR")) {
			return errors.New("not a Parquet file; the name of a text file ends with .csv, .tsv, .jsonl, .ndjson or .json, then .gz or .zst if it is compressed")
		}
	}
	return fmt.Errorf("not a Parquet file, or a truncated one: %w", err)
}

// recovered turns a panic into an error: the Parquet library panics on some damaged files.
func recovered(err *error) {
	if r := recover(); r != nil {
		*err = fmt.Errorf("damaged Parquet: %v", r)
	}
}

func (f *parquetFile) Path() string { return f.file.Name() }
func (f *parquetFile) Rows() int64  { return f.reader.NumRows() }
func (f *parquetFile) Close() error { return f.file.Close() }

func (f *parquetFile) Columns() (columns []Column) {
	s := f.reader.MetaData().Schema
	last := ""
	for i := range s.NumColumns() {
		c := s.Column(i)
		if !top(c) {
			if name := s.ColumnRoot(i).Name(); name != last {
				last = name
				columns = append(columns, Column{Column: sortkey.Column{Name: name}, Source: "a list, map, struct or VARIANT"})
			}
			continue
		}
		columns = append(columns, f.column(i, c))
	}
	return withFixed(columns, f.options.Fixed, f.options.note)
}

// pandasIndex matches the name that pandas gives the column of an index without a name.
var pandasIndex = regexp.MustCompile(`^__index_level_\d+__$`)

// column describes a column of the table itself.
func (f *parquetFile) column(i int, c *schema.Column) Column {
	column := Column{Column: sortkey.Column{Name: c.Name()}, Source: sourceType(c)}
	t, _, ok := keyForm(c)
	if ok {
		column.Type = t
	}
	_, column.IsDay = dayForm(c)
	column.Null = !ok && f.allNull(i, c)
	column.Bytes = isBare(c)
	if pandasIndex.MatchString(c.Name()) {
		column.Doubt = "is the index of a pandas data frame"
	}
	return column
}

// isBare reports whether a column has bytes that may be text or not, by its type.
func isBare(c *schema.Column) bool {
	noType := c.LogicalType() == nil || c.LogicalType().IsNone()
	return noType && c.PhysicalType() == parquet.Types.ByteArray
}

// allNull reports whether a column has no value: by its type, or by the statistics of all row groups.
func (f *parquetFile) allNull(i int, c *schema.Column) bool {
	if _, ok := c.LogicalType().(schema.NullLogicalType); ok {
		return true
	}
	meta := f.reader.MetaData()
	for g := range f.reader.NumRowGroups() {
		chunk, err := meta.RowGroup(g).ColumnChunk(i)
		if err != nil {
			return false
		}
		stats, err := chunk.Statistics()
		if err != nil || stats == nil || !stats.HasNullCount() || stats.NullCount() != meta.RowGroups[g].NumRows {
			return false
		}
	}
	return true
}

// top reports whether a column is a column of the table, not a part of a nested one.
func top(c *schema.Column) bool {
	return c.MaxRepetitionLevel() == 0 && c.MaxDefinitionLevel() <= 1 && len(c.ColumnPath()) == 1
}

// find returns the index of a column, or -1.
func (f *parquetFile) find(name string) (int, *schema.Column) {
	s := f.reader.MetaData().Schema
	for i := range s.NumColumns() {
		if c := s.Column(i); top(c) && c.Name() == name {
			return i, c
		}
	}
	return -1, nil
}

// A wanted column is a column of the file with the form of its values, or a constant.
type wanted struct {
	column   int
	form     form
	wide     bool
	instants instants
	constant *constant
}

// want looks up a column of a key. A column that the file lacks is NULL.
func (f *parquetFile) want(column sortkey.Column, isDay bool) (w wanted, err error) {
	if at := fixedAt(f.options.Fixed, column.Name); at >= 0 {
		w.constant, err = f.options.Fixed[at].constant(column.Type, f.options.Zone)
		return w, err
	}
	i, c := f.find(column.Name)
	if c == nil && isDay {
		return w, NoColumn(column.Name, names(f.Columns()))
	}
	if c == nil {
		return wanted{constant: &constant{null: true, key: sortkey.AppendNull(nil)}}, nil
	}
	if err := parquetin.Column(f.reader.MetaData(), i); err != nil {
		return w, fmt.Errorf("%w, or leave the column out with --exclude %s", err, c.Name())
	}
	w.column = i
	if isDay {
		var ok bool
		if w.form, ok = dayForm(c); !ok {
			return w, fmt.Errorf("column %s is %s, which holds no days: DATE, TIMESTAMP, text or integers do", c.Name(), sourceType(c))
		}
		w.instants = newInstants(c, f.options.Zone)
		return w, nil
	}
	t, form, ok := keyForm(c)
	w.form, w.wide = form, column.Type == sortkey.Bigint
	switch {
	case ok && (t == column.Type || t == sortkey.Integer && column.Type == sortkey.Bigint):
		return w, nil
	case f.allNull(i, c):
		return wanted{constant: &constant{null: true, key: sortkey.AppendNull(nil)}}, nil
	}
	return w, fmt.Errorf("column %s is %s, not %s", c.Name(), sourceType(c), column.Type)
}

func (f *parquetFile) Parts(sel Selection) (parts []Part, err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("%s: %w", f.Path(), err)
		}
	}()
	if f.Rows() == 0 { // the columns of an empty data frame of pandas have no type
		return nil, nil
	}
	var all []wanted
	for i, key := range sel.columns() {
		w, err := f.want(key, i == sel.date() || key.Name == sel.Date && key.Type == sortkey.Date)
		if err != nil {
			return nil, err
		}
		all = append(all, w)
	}
	i, c := f.find(sel.Value)
	if c == nil {
		return nil, NoColumn(sel.Value, names(f.Columns()))
	}
	if err := parquetin.Column(f.reader.MetaData(), i); err != nil {
		return nil, err
	}
	valueForm, err := valueForm(c, sel.Kind, sel.ValueType)
	if err != nil {
		return nil, err
	}
	all = append(all, wanted{column: i, form: valueForm})
	firstRow := int64(1)
	for group := range f.reader.NumRowGroups() {
		first := firstRow
		open := f.open
		if f.codes(group, &sel, all) {
			open = f.openCoded
		}
		parts = append(parts, func() (Cursor, error) { return open(group, first, sel, all) })
		firstRow += f.reader.MetaData().RowGroups[group].NumRows
	}
	return parts, nil
}

// parquetCursor reads a row group.
type parquetCursor struct {
	file      *parquetFile
	selection Selection
	columns   []*column // of the keys, of the filter, of the value
	date      int       // index of the day's column, or -1
	row, end  int64     // the number of the next row, and of the first row of the next group
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
		if w.constant != nil {
			c.columns = append(c.columns, &column{constant: w.constant})
			continue
		}
		chunk, err := rows.Column(w.column)
		if err != nil {
			return nil, err
		}
		c.columns = append(c.columns, newColumn(chunk, w))
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
	rows, err := c.fill(c.end)
	if err != nil {
		return err
	}
	if rows == 0 {
		return io.EOF
	}
	for b.Read < int64(rows) && len(b.keys) < batchBytes {
		if err := c.take(b); err != nil {
			return &RowError{Path: c.file.Path(), Row: c.row, Err: err}
		}
		c.row++
		b.Read++
	}
	b.finish()
	return nil
}

// fill reads rows of the columns that have none left, up to the row before end, and returns how many rows all columns have.
func (c *parquetCursor) fill(end int64) (rows int, err error) {
	most := int(min(batchRows, end-c.row))
	if most <= 0 {
		return 0, nil
	}
	rows = most
	for _, column := range c.columns {
		if column.constant != nil {
			continue
		}
		if column.row == column.rows {
			if err := column.fill(most); err != nil {
				return 0, err
			}
		}
		rows = min(rows, column.rows-column.row)
	}
	return rows, nil
}

// skip passes rows.
func (c *parquetCursor) skip(rows int64) (err error) {
	defer func() {
		if err != nil {
			err = &RowError{Path: c.file.Path(), Row: c.row, Err: err}
		}
	}()
	defer recovered(&err)
	for end := c.row + rows; c.row < end; {
		n, err := c.fill(end)
		if err != nil {
			return err
		}
		for _, column := range c.columns {
			for range n {
				column.step()
			}
		}
		c.row += int64(n)
	}
	return nil
}

// take appends the next row to the batch if it meets the conditions.
func (c *parquetCursor) take(b *Batch) error {
	keys := len(c.selection.Keys)
	from := len(b.keys)
	pass := true
	for i, column := range c.columns[:len(c.columns)-1] {
		var err error
		switch {
		case i == c.date:
			err = c.takeDay(b, column)
		case i < keys:
			b.keys, err = column.appendNext(b.keys)
		default:
			c.scratch, err = column.appendNext(c.scratch[:0])
			pass = pass && string(c.scratch) == string(c.selection.Filter[i-keys].Key)
		}
		if err != nil {
			return err
		}
	}
	value := c.columns[len(c.columns)-1].nextValue()
	switch {
	case !pass, value == nil && c.selection.Kind != ID: // as in SQL, a NULL adds nothing to an aggregate
		b.keys = b.keys[:from]
	case value == nil:
		return errNull(c.selection.Value)
	default:
		b.keys = append(b.keys, c.selection.Suffix...)
		b.end(value, c.row)
	}
	return nil
}

// takeDay appends the day of the next row to its key.
func (c *parquetCursor) takeDay(b *Batch, column *column) error {
	if column.isNull() {
		return errNull(c.selection.Date)
	}
	days, err := column.nextDay()
	if err != nil {
		return fmt.Errorf("%s: %w", c.selection.Date, err)
	}
	b.day(days, c.selection.CountDays)
	b.keys = sortkey.AppendInt32(b.keys, days)
	return nil
}
