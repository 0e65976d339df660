// SPDX-License-Identifier: Apache-2.0

// Package input reads rows of activity or of client_count from Parquet, CSV and JSON lines files: the selected columns,
// in batches, in parts that can be read concurrently.
package input

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/headcount-hll/headcount/internal/sortkey"
)

// A Column is a column of a file.
type Column struct {
	sortkey.Column        // Type is 0 if no key can hold the values
	Source         string // the file's own type, for messages
	Text           bool   // the values are text, which can be parsed as any type
	IsDay          bool   // the values can be read as days
	Null           bool   // all values are NULL
	Bytes          bool   // bytes that may be text or not
	Doubt          string // why the column is hardly meant to be a dimension, if it is not
}

func names(columns []Column) []string {
	names := make([]string, len(columns))
	for i, c := range columns {
		names[i] = c.Name
	}
	return names
}

// A Kind is what the values that are read for each key are. The zero Kind is invalid.
type Kind uint8

// The kinds of values.
const (
	ID     Kind = iota + 1 // ids of clients: strings, bytes, or the text of UUIDs, integers, decimals and dates; not NULL
	Sketch                 // encoded sketches; rows with NULL are skipped
	Number                 // integers as decimal text; rows with NULL are skipped
)

// A Selection is what is read of a file.
type Selection struct {
	Keys      []sortkey.Column // the columns of a row's key; a column that the file lacks is NULL
	Suffix    []byte           // appended to each key
	Date      string           // the day among the keys, which may not be NULL; empty if there is none
	Value     string           // the column of values
	ValueType string           // of bytes without a type: "uuid" or "varbinary"
	Kind      Kind
	Filter    []Condition
	CountDays bool // batches say which days they read
	// Combinations is the largest number of combinations of values by which a batch may give keys. 0 is none.
	Combinations int
	// AllBut is not nil if all columns are selected but these: a column found later is an error. It has all names that
	// are not an error.
	AllBut []string
}

// date returns the index of the day in the keys, or -1.
func (s *Selection) date() int {
	return slices.IndexFunc(s.Keys, func(c sortkey.Column) bool { return c.Name == s.Date && c.Type == sortkey.Date })
}

// columns returns the columns of the keys and of the conditions.
func (s *Selection) columns() []sortkey.Column {
	all := slices.Clone(s.Keys)
	for _, condition := range s.Filter {
		all = append(all, condition.Column)
	}
	return all
}

// A Condition selects the rows whose column has one value, given as the key of this column alone.
type Condition struct {
	Column sortkey.Column
	Key    []byte
}

// A Batch is a list of rows of one part of a file. It is valid until the next one is read.
type Batch struct {
	Keys, Values [][]byte // a Value is not nil
	// Combinations are in place of Keys if there are any: numbers of combinations in Coding.
	Combinations []int32
	// In place of Values there may be texts: the value of row i is Data[Starts[i]:][:Lengths[i]].
	Data            []byte
	Starts, Lengths []int32

	Read  int64     // rows read, including those filtered out
	Days  []DayRows // of the rows read, in their order, if the selection counts days
	rows  []int64   // of each row, its number in the file, from 1; empty if all follow first
	first int64     // the number of the first row

	coding *Coding // of all batches that are read into this one
	keys   []byte  // memory of Keys
	ends   []int
}

// DayRows is a number of consecutive rows of one day, in days since 1970-01-01.
type DayRows struct {
	Day  int32
	Rows int64
}

// Row returns the number in its file, from 1, of row i of the batch.
func (b *Batch) Row(i int) int64 {
	if len(b.rows) == 0 {
		return b.first + int64(i)
	}
	return b.rows[i]
}

// Coding says which keys Combinations stand for.
func (b *Batch) Coding() *Coding { return b.coding }

func (b *Batch) reset() {
	b.Keys, b.Values, b.rows, b.Read = b.Keys[:0], b.Values[:0], b.rows[:0], 0
	b.keys, b.ends = b.keys[:0], b.ends[:0]
	b.Days = b.Days[:0]
	b.Combinations, b.Data, b.Starts, b.Lengths = b.Combinations[:0], nil, b.Starts[:0], b.Lengths[:0]
}

// day counts a row of a day.
func (b *Batch) day(days int32, count bool) {
	if !count {
		return
	}
	if last := len(b.Days) - 1; last >= 0 && b.Days[last].Day == days {
		b.Days[last].Rows++
		return
	}
	b.Days = append(b.Days, DayRows{days, 1})
}

// end adds a row whose key was appended to keys.
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

// batchRows is the largest number of rows of a batch. A batch ends before if its keys and values, or the values of a column that were
// copied, have batchBytes.
const (
	batchRows  = 8192
	batchBytes = 1 << 22
)

// A File is an open file of rows.
type File interface {
	Path() string
	// Columns returns all columns, those of the folders' names included.
	Columns() []Column
	// Rows returns the number of rows, or -1 if it is not known before the file is read.
	Rows() int64
	// Parts checks that the file has what is selected, and returns parts that together are the file.
	Parts(Selection) ([]Part, error)
	Close() error
}

// A Part opens a part of a file.
type Part func() (Cursor, error)

// A Cursor returns the rows of a part in batches, and then io.EOF. Its errors name the file and the row.
type Cursor interface {
	Next(*Batch) error
	Close() error
}

// Options are what files are opened with.
type Options struct {
	Memory    int64          // bytes that a page of a Parquet file, or a row of a text file, may take
	Fixed     []Fixed        // columns given by the file's folders
	Threads   int            // parts of a file that are read concurrently
	Zone      *time.Location // of the days of timestamps; nil is UTC
	Delimiter rune           // of CSV; 0 to detect it from the name and the header
	Null      []string       // unquoted CSV fields that are NULL; nil for the empty field
	Note      func(string)   // is told what was assumed; may be nil
}

func (o *Options) note(format string, args ...any) {
	if o.Note != nil {
		o.Note(fmt.Sprintf(format, args...))
	}
}

var errEmpty = errors.New("the file is empty")

// A RowError is an error of one row of a file.
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

// At returns the error of row i of a batch.
func (b *Batch) At(path string, i int, err error) error {
	return &RowError{Path: path, Row: b.Row(i), Err: err}
}

func errNull(column string) error {
	return fmt.Errorf("%s is NULL: leave such rows out when the file is written", column)
}

// NoColumn is the error of a missing column.
func NoColumn(name string, there []string) error {
	return fmt.Errorf("there is no column %s; the columns are %s", name, strings.Join(there, ", "))
}
