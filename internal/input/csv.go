// SPDX-License-Identifier: Apache-2.0

package input

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/headcount-hll/headcount/internal/sortkey"
)

// openCSV opens comma-separated values (RFC 4180, or with another delimiter) with a line of column names.
func openCSV(in source, f format, options Options) (*textFile, error) {
	text := newSplitter(in, headerBytes, max(int(options.Memory), chunkBytes))
	header, err := text.header()
	if errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%w: it needs a line of column names", errEmpty)
	} else if err != nil {
		return nil, err
	}
	if line := bytes.TrimRight(header, "\r\n"); bytes.IndexByte(line, '\r') >= 0 && bytes.IndexByte(line, '"') < 0 {
		return nil, errors.New(`lines end with CR alone: convert them, for example with tr '\r' '\n'`)
	}
	switch {
	case options.Delimiter != 0:
	case f == formatTSV:
		options.Delimiter = '\t'
	default:
		if options.Delimiter = detectDelimiter(header); options.Delimiter != ',' {
			options.note("%s: columns are separated by %q, by the line of column names; --delimiter sets another", in.name, options.Delimiter)
		}
	}
	if options.Null == nil {
		options.Null = []string{""}
	}
	fields, err := newCSVReader(header, options.Delimiter).Read()
	if err != nil {
		return nil, err
	}
	text.chunkBytes = chunkBytes
	file := &textFile{source: in, options: options, text: text, parse: newCSVRecords}
	for i, name := range fields {
		file.columns = append(file.columns, textColumn(i, name))
	}
	return file, nil
}

// textColumn describes column i of a file with a name. One without a name is called by its number.
func textColumn(i int, name string) Column {
	c := Column{Column: sortkey.Column{Name: name, Type: sortkey.Varchar}, Source: "text", Text: true, IsDay: true}
	if name == "" {
		c.Name, c.Doubt = fmt.Sprintf("column%d", i+1), "has no name in the file, as the index of a pandas data frame"
	}
	return c
}

// header returns the text of the first record of a file, and removes it from the file's text. Its lines count, it is
// not a record.
func (s *splitter) header() ([]byte, error) {
	var first chunk
	if err := s.next(&first); err != nil {
		return nil, err
	}
	s.release(first.number)
	text := bytes.TrimPrefix(first.text, []byte("\ufeff")) // written by spreadsheets
	end := firstRecord(text)
	header := slices.Clone(text[:end])
	s.rest = append(slices.Clone(text[end:]), s.rest...)
	s.at = position{lines: int64(bytes.Count(header, newline))}
	return header, nil
}

// firstRecord returns the length of the first record of a text that is not an empty line.
func firstRecord(text []byte) int {
	var found boundaries
	for found.seen = 0; found.at.records == 0 && found.seen < len(text); {
		end := bytes.IndexByte(text[found.seen:], '\n') + 1
		if end == 0 {
			return len(text)
		}
		found.scan(text[:found.seen+end])
	}
	return found.end
}

// delimiters are what detectDelimiter looks for.
var delimiters = []rune{',', ';', '\t', '|'}

// detectDelimiter returns the delimiter that occurs most in a header, outside of quotes; a comma if there is none.
func detectDelimiter(header []byte) rune {
	count := map[rune]int{}
	quoted := false
	for _, r := range string(header) {
		if r == '"' {
			quoted = !quoted
		}
		if !quoted {
			count[r]++
		}
	}
	return slices.MaxFunc(delimiters, func(a, b rune) int { return count[a] - count[b] })
}

func newCSVReader(text []byte, delimiter rune) *csv.Reader {
	r := csv.NewReader(bytes.NewReader(text))
	r.ReuseRecord, r.Comma = true, delimiter
	return r
}

// csvRecords reads the records of a chunk of CSV.
type csvRecords struct {
	*csv.Reader
	text   []byte
	nulls  []string
	null   []bool
	failed int // line of an error
}

func newCSVRecords(f *textFile, _ Selection, text []byte) records {
	r := &csvRecords{Reader: newCSVReader(text, f.options.Delimiter), text: text, nulls: f.options.Null}
	r.FieldsPerRecord = f.fields()
	r.null = make([]bool, f.fields())
	return r
}

func (r *csvRecords) read() ([]string, []bool, error) {
	from := r.InputOffset()
	fields, err := r.Read()
	var parse *csv.ParseError
	if errors.As(err, &parse) {
		r.failed, err = parse.StartLine, parse.Err
		if errors.Is(err, csv.ErrFieldCount) {
			err = fmt.Errorf("the row has %d fields, the line of column names has %d", len(fields), r.FieldsPerRecord)
		}
	}
	if err != nil {
		return nil, nil, err
	}
	any := false
	for i, text := range fields {
		r.null[i] = slices.Contains(r.nulls, text)
		any = any || r.null[i]
	}
	if any {
		r.clearQuoted(r.text[from:r.InputOffset()])
	}
	return fields, r.null, nil
}

// clearQuoted clears null for the fields of a record that are quoted: they are texts.
func (r *csvRecords) clearQuoted(record []byte) {
	record = bytes.TrimLeft(record, "\r\n") // empty lines before the record
	delimiter := []byte(string(r.Comma))
	for i := range r.null {
		if bytes.HasPrefix(record, []byte{'"'}) {
			r.null[i] = false
			record = record[1:]
			for {
				end := bytes.IndexByte(record, '"')
				if end < 0 {
					return
				}
				record = record[end+1:]
				if !bytes.HasPrefix(record, []byte{'"'}) {
					break
				}
				record = record[1:]
			}
		}
		end := bytes.Index(record, delimiter)
		if end < 0 {
			return
		}
		record = record[end+len(delimiter):]
	}
}

func (r *csvRecords) line() int {
	if r.failed > 0 {
		return r.failed
	}
	line, _ := r.FieldPos(0)
	return line
}
