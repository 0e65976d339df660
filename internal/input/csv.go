package input

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"

	"github.com/headcount-hll/headcount/internal/sortkey"
)

// csvFile is comma-separated values (RFC 4180) under a line of column names. An empty field is NULL.
type csvFile struct {
	source
	text    *splitter
	names   []string // of the fields, and then of the fixed columns
	fixed   []string // what follows the fields of each row
	types   map[string]sortkey.Type
	threads int
}

// headerBytes is what is read at a time until the line of column names is there.
const headerBytes = 1 << 12

func openCSV(in source, options Options) (File, error) {
	text := newSplitter(in, headerBytes, max(int(options.Memory), chunkBytes))
	names, err := text.header()
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
	text.chunkBytes = chunkBytes
	f := &csvFile{source: in, text: text, names: slices.Clone(names), types: maps.Clone(options.Types), threads: max(options.Threads, 1)}
	return f, f.fix(options.Fixed)
}

// fix adds the fixed columns.
func (f *csvFile) fix(columns []Fixed) error {
	for _, c := range columns {
		if slices.Contains(f.names, c.Name) {
			return fmt.Errorf("column %s is in the file and in the name of its folder", c.Name)
		}
		f.names, f.fixed = append(f.names, c.Name), append(f.fixed, c.Text)
		if c.Type != sortkey.Varchar {
			if f.types == nil {
				f.types = map[string]sortkey.Type{}
			}
			f.types[c.Name] = c.Type
		}
	}
	return nil
}

// fields is how many a row has to have.
func (f *csvFile) fields() int { return len(f.names) - len(f.fixed) }

// header returns the first record of a text of which nothing has been given yet. It counts as lines, not as a record.
func (s *splitter) header() ([]string, error) {
	var first chunk
	if err := s.next(&first); err != nil {
		return nil, err
	}
	s.release(first.number)
	text := bytes.TrimPrefix(first.text, []byte("\ufeff")) // spreadsheets put it there
	r := newCSVReader(text)
	names, err := r.Read()
	if err != nil {
		return nil, err
	}
	header := text[:r.InputOffset()]
	s.rest = append(slices.Clone(text[len(header):]), s.rest...)
	s.at = position{lines: int64(bytes.Count(header, newline))}
	return names, nil
}

func newCSVReader(text []byte) *csv.Reader {
	r := csv.NewReader(bytes.NewReader(text))
	r.ReuseRecord = true
	return r
}

func (f *csvFile) Rows() int64 { return -1 }

func (f *csvFile) Columns() []sortkey.Column {
	columns := make([]sortkey.Column, len(f.names))
	for i, name := range f.names {
		columns[i] = sortkey.Column{Name: name, Type: sortkey.Varchar}
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
	// Each takes chunks of the file as long as there are any.
	open := func() (Cursor, error) { cursor := *c; return &cursor, nil }
	return slices.Repeat([]Part{open}, f.threads), missing
}

// csvCursor reads chunks of a file, one after another; others read others.
type csvCursor struct {
	file         *csvFile
	selection    Selection
	keys, filter []int // fields
	value, date  int
	chunk        chunk
	reader       *csv.Reader // of the chunk; nil if there is none
	row          int64
	ids, scratch []byte
	day          struct { // the date that was read last
		text string
		days int32
		key  []byte
	}
}

func (c *csvCursor) Close() error {
	if c.reader != nil {
		c.file.text.release(c.chunk.number)
		c.reader = nil
	}
	return nil
}

func (c *csvCursor) Next(b *Batch) error {
	b.reset()
	c.ids = c.ids[:0]
	for b.Read < batchRows {
		fields, err := c.read()
		if errors.Is(err, io.EOF) {
			break
		}
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

// read returns the next record, of this chunk or of another.
func (c *csvCursor) read() ([]string, error) {
	for {
		if c.reader != nil {
			if fields, err := c.reader.Read(); !errors.Is(err, io.EOF) {
				c.row++
				return append(fields, c.file.fixed...), err
			}
			_ = c.Close()
		}
		err := c.file.text.next(&c.chunk)
		if errors.Is(err, io.EOF) {
			return nil, err
		}
		c.row, c.reader = c.chunk.at.records, newCSVReader(c.chunk.text)
		c.reader.FieldsPerRecord = c.file.fields()
		if err != nil {
			c.row++
			return nil, err
		}
	}
}

// take appends a row to the batch unless a condition holds it back.
func (c *csvCursor) take(b *Batch, fields []string) (err error) {
	if c.date >= 0 {
		if err := c.takeDate(b, fields[c.keys[c.date]]); err != nil {
			return err
		}
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
		if i == c.date {
			b.keys = append(b.keys, c.day.key...)
			continue
		}
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

// takeDate reads the date of a row, which is mostly that of the row before.
func (c *csvCursor) takeDate(b *Batch, text string) error {
	if text == "" {
		return errNull(c.selection.Date)
	}
	if text != c.day.text {
		days, err := sortkey.ParseDate(text)
		if err != nil {
			return fmt.Errorf("%s: %w", c.selection.Date, err)
		}
		c.day.text, c.day.days, c.day.key = text, days, sortkey.AppendInt32(c.day.key[:0], days)
	}
	b.date(c.day.days)
	return nil
}

func appendField(key []byte, column sortkey.Column, text string) ([]byte, error) {
	if text == "" {
		return sortkey.AppendNull(key), nil
	}
	key, err := sortkey.AppendText(key, column.Type, text)
	if err != nil {
		return key, fmt.Errorf("%s: %w", column.Name, err)
	}
	return key, nil
}

// refuse says where the reader is. Of the rows of the file that are refused it is the first that is heard of.
func (c *csvCursor) refuse(err error) error {
	refused := &RowError{Path: c.file.Path(), Row: c.row, Line: int(c.chunk.at.lines), Err: err}
	var parse *csv.ParseError
	switch {
	case errors.As(err, &parse):
		refused.Line, refused.Err = refused.Line+parse.StartLine, parse.Err
		if errors.Is(err, csv.ErrFieldCount) {
			refused.Err = fmt.Errorf("the number of fields is not %d, as in the line of column names", c.file.fields())
		}
	case c.row == c.chunk.at.records+1 && len(c.chunk.text) == 0: // nothing could be read
		refused.Line++
	default:
		line, _ := c.reader.FieldPos(0)
		refused.Line += line
	}
	c.reader = nil
	return c.file.text.fail(c.chunk.number, refused)
}
