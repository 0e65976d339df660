package input

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"

	"github.com/headcount-hll/headcount/cmd/headcount/internal/segment"
)

// csvFile is comma-separated values (RFC 4180) under a line of column names. An empty field is NULL.
type csvFile struct {
	file  *os.File
	names []string
	types map[string]segment.Type
}

func openCSV(f *os.File, options Options) (File, error) {
	names, err := newCSVReader(f).Read()
	if errors.Is(err, io.EOF) {
		return nil, errors.New("the file is empty: a line of column names was expected")
	} else if err != nil {
		return nil, err
	}
	for i, name := range names {
		if slices.Contains(names[:i], name) {
			return nil, fmt.Errorf("two columns are named %q", name)
		}
	}
	return &csvFile{f, slices.Clone(names), options.Types}, nil
}

func newCSVReader(in io.Reader) *csv.Reader {
	r := csv.NewReader(in)
	r.ReuseRecord = true
	return r
}

func (f *csvFile) Path() string { return f.file.Name() }
func (f *csvFile) Rows() int64  { return -1 }
func (f *csvFile) Close() error { return f.file.Close() }

func (f *csvFile) Columns() []segment.Column {
	columns := make([]segment.Column, len(f.names))
	for i, name := range f.names {
		columns[i] = segment.Column{Name: name, Type: segment.Varchar}
		if t, ok := f.types[name]; ok {
			columns[i].Type = t
		}
	}
	return columns
}

func (f *csvFile) Parts(sel Selection) ([]Part, error) {
	if sel.Kind == Sketch {
		return nil, fmt.Errorf("%s: sketches are read from Parquet files, not from CSV", f.Path())
	}
	c := &csvCursor{file: f, selection: sel, date: sel.date()}
	var missing error
	at := func(name string) int {
		i := slices.Index(f.names, name)
		if i < 0 && missing == nil {
			missing = fmt.Errorf("%s: %w", f.Path(), noColumn(name, f.names))
		}
		return i
	}
	c.value = at(sel.Value)
	for _, key := range sel.Keys {
		c.keys = append(c.keys, at(key.Name))
	}
	for _, condition := range sel.Filter {
		c.filter = append(c.filter, at(condition.Column.Name))
	}
	return []Part{c.open}, missing
}

// csvCursor reads a whole file.
type csvCursor struct {
	file         *csvFile
	selection    Selection
	keys, filter []int // fields
	value, date  int
	reader       *csv.Reader
	row          int64
	ids, scratch []byte
}

func (c *csvCursor) open() (Cursor, error) {
	if _, err := c.file.file.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	c.reader = newCSVReader(c.file.file)
	_, err := c.reader.Read() // the names
	return c, err
}

func (c *csvCursor) Close() error { return nil }

func (c *csvCursor) Next(b *Batch) error {
	b.reset()
	c.ids = c.ids[:0]
	for b.Read < batchRows {
		fields, err := c.reader.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		c.row++
		b.Read++
		if err == nil {
			err = c.take(b, fields)
		}
		if err != nil {
			return c.refuse(err)
		}
	}
	if b.Read == 0 {
		return io.EOF
	}
	b.finish()
	return nil
}

// take appends a row to the batch unless a condition holds it back.
func (c *csvCursor) take(b *Batch, fields []string) (err error) {
	if c.date >= 0 {
		text := fields[c.keys[c.date]]
		if text == "" {
			return errNull(c.selection.Date)
		}
		days, err := segment.ParseDate(text)
		if err != nil {
			return fmt.Errorf("%s: %w", c.selection.Date, err)
		}
		b.date(days)
	}
	for i, condition := range c.selection.Filter {
		if c.scratch, err = appendField(c.scratch[:0], condition.Column, fields[c.filter[i]]); err != nil {
			return err
		}
		if string(c.scratch) != string(condition.Key) {
			return nil
		}
	}
	for i, key := range c.selection.Keys {
		text := fields[c.keys[i]]
		if b.keys, err = appendField(b.keys, key, text); err != nil {
			return err
		}
	}
	id := fields[c.value]
	if id == "" {
		return errNull(c.selection.Value)
	}
	from := len(c.ids)
	c.ids = append(c.ids, id...)
	b.end(c.ids[from:len(c.ids):len(c.ids)], c.row)
	return nil
}

func appendField(key []byte, column segment.Column, text string) ([]byte, error) {
	if text == "" {
		return segment.AppendNull(key), nil
	}
	key, err := segment.AppendText(key, column.Type, text)
	if err != nil {
		return key, fmt.Errorf("%s: %w", column.Name, err)
	}
	return key, nil
}

// refuse says where the reader is.
func (c *csvCursor) refuse(err error) error {
	refused := &RowError{Path: c.file.Path(), Row: c.row, Err: err}
	var parse *csv.ParseError
	if errors.As(err, &parse) {
		refused.Line, refused.Err = parse.StartLine, parse.Err
		if errors.Is(err, csv.ErrFieldCount) {
			refused.Err = fmt.Errorf("the number of fields is not %d, as in the line of column names", len(c.file.names))
		}
	} else {
		refused.Line, _ = c.reader.FieldPos(0)
	}
	return refused
}
