// SPDX-License-Identifier: Apache-2.0

package input

import (
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/headcount-hll/headcount/internal/sortkey"
)

// A format is a format of text files. The zero format is invalid.
type format uint8

const (
	formatCSV format = iota + 1
	formatTSV
	formatJSON // lines of JSON objects
)

// textFormat returns the format of a text file by its name, compressed or not.
func textFormat(name string) (format, bool) {
	name = strings.ToLower(name)
	switch filepath.Ext(strings.TrimSuffix(strings.TrimSuffix(name, ".gz"), ".zst")) {
	case ".csv":
		return formatCSV, true
	case ".tsv", ".tab":
		return formatTSV, true
	case ".jsonl", ".ndjson", ".json":
		return formatJSON, true
	}
	return 0, false
}

// IsText reports whether a file is read as text because of its name.
func IsText(path string) bool {
	_, ok := textFormat(path)
	return ok
}

// textFile is a text file whose records are lines or, in CSV, may have newlines in quotes.
type textFile struct {
	source
	options Options
	text    *splitter
	columns []Column // of the fields, and then of the folders' names
	parse   func(f *textFile, sel Selection, text []byte) records
}

// records reads the records of a chunk.
type records interface {
	// read returns the next record: a text for each field of the file, and whether it is NULL. Both are valid until the
	// next call.
	read() (fields []string, null []bool, err error)
	// line returns the number of the line, from 1, at which the last record or its error is.
	line() int
}

// headerBytes is how many bytes are read at a time until the line of column names is complete.
const headerBytes = 1 << 12

// openText opens a text file. A format of 0 is detected from the first bytes.
func openText(in source, f format, options Options) (File, error) {
	var file *textFile
	var err error
	if f == 0 {
		f = formatCSV
		if in.startsWith('{') {
			f = formatJSON
		}
	}
	if f == formatJSON && in.startsWith('[') {
		return nil, errors.New("a JSON array, not JSON lines: write an object per line, for example with jq -c '.[]'")
	}
	if f == formatJSON {
		file, err = openJSON(in, options)
	} else {
		file, err = openCSV(in, f, options)
	}
	if err != nil {
		return nil, err
	}
	for i, c := range file.columns {
		if slices.Contains(names(file.columns[:i]), c.Name) {
			return nil, fmt.Errorf("two columns are named %q", c.Name)
		}
	}
	for _, c := range options.Fixed {
		if slices.Contains(names(file.columns), c.Name) {
			return nil, fmt.Errorf("column %s is in the file and in the name of its folder: rename one of them", c.Name)
		}
		file.columns = append(file.columns, c.column())
	}
	return file, nil
}

func (f *textFile) Rows() int64       { return -1 }
func (f *textFile) Columns() []Column { return slices.Clone(f.columns) }

// fields returns the number of fields of a record.
func (f *textFile) fields() int { return len(f.columns) - len(f.options.Fixed) }

func (f *textFile) Parts(sel Selection) ([]Part, error) {
	if sel.Kind == Sketch {
		return nil, fmt.Errorf("%s: sketches are read from Parquet files only; headcount build makes one of activity", f.Path())
	}
	c := &textCursor{file: f, selection: sel, date: sel.date()}
	for _, key := range sel.columns() {
		at := slices.Index(names(f.columns), key.Name)
		if at < 0 && key.Name == sel.Date {
			return nil, fmt.Errorf("%s: %w", f.Path(), NoColumn(key.Name, names(f.columns)))
		}
		c.keys = append(c.keys, at)
	}
	if c.value = slices.Index(names(f.columns), sel.Value); c.value < 0 {
		return nil, fmt.Errorf("%s: %w", f.Path(), NoColumn(sel.Value, names(f.columns)))
	}
	for _, fixed := range f.options.Fixed {
		c.fixed, c.fixedNull = append(c.fixed, fixed.Text), append(c.fixedNull, fixed.Null)
	}
	// Each part reads chunks of the file until there are no more.
	open := func() (Cursor, error) { cursor := *c; return &cursor, nil }
	return slices.Repeat([]Part{open}, max(f.options.Threads, 1)), nil
}

// textCursor reads chunks of a file. Other cursors read the other chunks.
type textCursor struct {
	file         *textFile
	selection    Selection
	keys         []int // indexes of the fields of keys and conditions; -1 is NULL
	value, date  int
	fixed        []string
	fixedNull    []bool
	chunk        chunk
	records      records // of the chunk; nil if there is none
	invalid      bool    // the chunk is not UTF-8
	row          int64
	ids, scratch []byte
	day          struct { // the day that was read last
		text string
		days int32
		key  []byte
	}
}

func (c *textCursor) Close() error {
	if c.records != nil {
		c.file.text.release(c.chunk.number)
		c.records = nil
	}
	return nil
}

func (c *textCursor) Next(b *Batch) error {
	b.reset()
	c.ids = c.ids[:0]
	for b.Read < batchRows && len(b.keys)+len(c.ids) < batchBytes {
		fields, null, err := c.read()
		if errors.Is(err, io.EOF) {
			break
		}
		b.Read++
		if err == nil {
			err = c.take(b, fields, null)
		}
		if err != nil {
			return c.fail(err)
		}
	}
	if b.Read == 0 {
		return io.EOF
	}
	b.finish()
	return nil
}

// read returns the next record, of this chunk or of the next one.
func (c *textCursor) read() ([]string, []bool, error) {
	for {
		if c.records != nil {
			if fields, null, err := c.records.read(); !errors.Is(err, io.EOF) {
				c.row++
				return append(fields, c.fixed...), append(null, c.fixedNull...), err
			}
			_ = c.Close()
		}
		err := c.file.text.next(&c.chunk)
		if errors.Is(err, io.EOF) {
			return nil, nil, err
		}
		c.row, c.records = c.chunk.at.records, c.file.parse(c.file, c.selection, c.chunk.text)
		c.invalid = !utf8.Valid(c.chunk.text)
		if err != nil {
			c.row++
			return nil, nil, err
		}
	}
}

// take appends a row to the batch if it meets the conditions.
func (c *textCursor) take(b *Batch, fields []string, null []bool) (err error) {
	if c.date >= 0 {
		at := c.keys[c.date]
		if err := c.takeDay(b, fields[at], null[at]); err != nil {
			return err
		}
	}
	for i, condition := range c.selection.Filter {
		at := c.keys[len(c.selection.Keys)+i]
		if c.scratch, err = c.appendField(c.scratch[:0], condition.Column, at, fields, null); err != nil {
			return err
		}
		if string(c.scratch) != string(condition.Key) {
			return nil
		}
	}
	for i, key := range c.selection.Keys {
		if i == c.date {
			b.keys = append(b.keys, c.day.key...)
		} else if b.keys, err = c.appendField(b.keys, key, c.keys[i], fields, null); err != nil {
			return err
		}
	}
	if null[c.value] {
		return errNull(c.selection.Value)
	}
	from := len(c.ids)
	c.ids = append(c.ids, fields[c.value]...)
	b.keys = append(b.keys, c.selection.Suffix...)
	b.end(c.ids[from:len(c.ids):len(c.ids)], c.row)
	return nil
}

// takeDay reads the day of a row, which mostly is that of the row before.
func (c *textCursor) takeDay(b *Batch, text string, null bool) error {
	if null {
		return errNull(c.selection.Date)
	}
	if text != c.day.text || c.day.key == nil {
		days, err := parseDay(text, c.file.options.Zone)
		if err != nil {
			return fmt.Errorf("%s: %w", c.selection.Date, err)
		}
		if c.day.key == nil {
			c.file.options.noteZone(c.selection.Date, text)
		}
		c.day.text, c.day.days, c.day.key = strings.Clone(text), days, sortkey.AppendInt32(c.day.key[:0], days)
	}
	b.day(c.day.days, c.selection.CountDays)
	return nil
}

// appendField appends field at, of a column, to a key.
func (c *textCursor) appendField(key []byte, column sortkey.Column, at int, fields []string, null []bool) ([]byte, error) {
	if at < 0 || null[at] {
		return sortkey.AppendNull(key), nil
	}
	if column.Type == sortkey.Date {
		days, err := parseDay(fields[at], c.file.options.Zone)
		if err != nil {
			return key, fmt.Errorf("%s: %w", column.Name, err)
		}
		return sortkey.AppendInt32(key, days), nil
	}
	if c.invalid && column.Type == sortkey.Varchar && !utf8.ValidString(fields[at]) {
		return key, fmt.Errorf("%s: %q is not UTF-8: convert the file, for example with iconv -f LATIN1 -t UTF-8", column.Name, fields[at])
	}
	key, err := sortkey.AppendText(key, column.Type, fields[at])
	if err != nil {
		return key, fmt.Errorf("%s: %w", column.Name, err)
	}
	return key, nil
}

// fail adds the position to an error. All cursors return the first error of the file.
func (c *textCursor) fail(err error) error {
	failed := &RowError{Path: c.file.Path(), Row: c.row, Line: int(c.chunk.at.lines), Err: err}
	if c.row == c.chunk.at.records+1 && len(c.chunk.text) == 0 { // the text could not be read
		failed.Line++
	} else {
		failed.Line += c.records.line()
	}
	c.records = nil
	return c.file.text.fail(c.chunk.number, failed)
}
