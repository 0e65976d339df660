// Package input reads rows of activity or of client_count from Parquet and CSV files: the columns that are
// asked for, in batches, in parts that can be read at the same time.
package input

import (
	"fmt"
	"slices"
	"strings"

	"github.com/headcount-hll/headcount/internal/sortkey"
)

// A Kind is what the values beside the keys are. The zero Kind is none.
type Kind uint8

const (
	ID     Kind = iota + 1 // ids of clients: strings, bytes, or whole numbers by their decimal text
	Sketch                 // encoded sketches
)

// A Selection is what is read of a file.
type Selection struct {
	Keys   []sortkey.Column // what makes a row's key
	Date   string           // the one of them that may not be NULL, if any
	Value  string           // the column of values
	Kind   Kind
	Filter []Condition
}

// date returns which of the keys is the date, or -1.
func (s *Selection) date() int {
	return slices.IndexFunc(s.Keys, func(c sortkey.Column) bool { return c.Name == s.Date && c.Type == sortkey.Date })
}

// A Condition lets pass the rows whose column has a value: that of a key of this column alone.
type Condition struct {
	Column sortkey.Column
	Key    []byte
}

// A Batch is rows of one part of a file. It shares memory with what is read next.
type Batch struct {
	Keys, Values [][]byte // a Value is not nil
	Read         int64    // rows that were read for it, those that were filtered out among them
	rows         []int64  // of each row, its number in the file, from 1

	// The first and the last date of all that was read, if the selection has a date.
	HasDates            bool
	FirstDate, LastDate int32

	keys []byte // what Keys share
	ends []int
}

// Row returns the number in its file, from 1, of row i of the batch.
func (b *Batch) Row(i int) int64 { return b.rows[i] }

func (b *Batch) reset() {
	b.Keys, b.Values, b.rows, b.Read = b.Keys[:0], b.Values[:0], b.rows[:0], 0
	b.keys, b.ends = b.keys[:0], b.ends[:0]
	b.HasDates = false
}

func (b *Batch) date(days int32) {
	if !b.HasDates {
		b.HasDates, b.FirstDate, b.LastDate = true, days, days
	}
	b.FirstDate, b.LastDate = min(b.FirstDate, days), max(b.LastDate, days)
}

// end closes a row whose key has been appended to keys.
func (b *Batch) end(value []byte, row int64) {
	b.Values = append(b.Values, value)
	b.rows = append(b.rows, row)
	b.ends = append(b.ends, len(b.keys))
}

// finish cuts keys into Keys.
func (b *Batch) finish() {
	from := 0
	for _, end := range b.ends {
		b.Keys = append(b.Keys, b.keys[from:end:end])
		from = end
	}
}

// batchRows is how many rows a batch has at most.
const batchRows = 8192

// A File is an open file of rows.
type File interface {
	Path() string
	// Columns returns the columns of types that a key can have.
	Columns() []sortkey.Column
	// Rows returns how many rows the file has, or -1 if it has to be read to know.
	Rows() int64
	// Parts checks that the file has what is selected, and returns parts that make up the file.
	Parts(Selection) ([]Part, error)
	Close() error
}

// A Part opens a part of a file.
type Part func() (Cursor, error)

// A Cursor gives the rows of a part, batch by batch, and then io.EOF. Its errors say file and row.
type Cursor interface {
	Next(*Batch) error
	Close() error
}

// Options are what files are opened with.
type Options struct {
	// Types are those of the columns of CSV files that are no varchar.
	Types map[string]sortkey.Type
	// Memory is how many bytes a page of a Parquet file, or a row of a CSV file, may take.
	Memory int64
	// Fixed are the columns that the file's folders give it.
	Fixed []Fixed
	// Threads is how many parts of a file are read at the same time.
	Threads int
}

// A RowError says which row of which file was refused, and why.
type RowError struct {
	Path string
	Row  int64 // from 1
	Line int   // in a text file, else 0
	Err  error
}

func (e *RowError) Error() string {
	if e.Line > 0 {
		return fmt.Sprintf("%s, line %d (row %d): %v", e.Path, e.Line, e.Row, e.Err)
	}
	return fmt.Sprintf("%s, row %d: %v", e.Path, e.Row, e.Err)
}

func (e *RowError) Unwrap() error { return e.Err }

// At says that a row of a batch was refused.
func (b *Batch) At(path string, i int, err error) error {
	return &RowError{Path: path, Row: b.Row(i), Err: err}
}

func errNull(column string) error { return fmt.Errorf("%s is NULL", column) }

// noColumn says that a column is missing, and what there is.
func noColumn(name string, there []string) error {
	return fmt.Errorf("there is no column %s; the columns are %s", name, strings.Join(there, ", "))
}
