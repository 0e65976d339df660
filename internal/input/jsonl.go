// SPDX-License-Identifier: Apache-2.0

package input

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/headcount-hll/headcount/internal/sortkey"
)

// openJSON opens lines of JSON objects. The columns are the keys of the objects in the first chunk.
func openJSON(in source, options Options) (*textFile, error) {
	text := newSplitter(in, chunkBytes, max(int(options.Memory), chunkBytes))
	text.lines = true
	first, err := text.peek()
	if errors.Is(err, io.EOF) {
		return nil, errEmpty
	} else if err != nil {
		return nil, err
	}
	file := &textFile{source: in, options: options, text: text, parse: newJSONRecords}
	if file.columns, err = jsonColumns(first); err != nil {
		return nil, err
	}
	return file, nil
}

// peek returns the first chunk of a text, which stays in it.
func (s *splitter) peek() ([]byte, error) {
	var first chunk
	if err := s.next(&first); err != nil {
		return nil, err
	}
	s.release(first.number)
	s.rest = append(slices.Clone(first.text), s.rest...)
	s.at = position{}
	if errors.Is(s.err, io.EOF) {
		return slices.Clone(s.rest), nil // with a last line without a newline
	}
	return first.text, nil
}

// jsonColumns returns the columns of the objects of a text, in the order in which they appear.
func jsonColumns(text []byte) (columns []Column, err error) {
	index := map[string]int{}
	line := 0
	for each := range bytes.SplitAfterSeq(text, newline) {
		line++
		if len(bytes.TrimSpace(each)) == 0 {
			continue
		}
		err := eachMember(each, func(name string, value []byte) error {
			at, known := index[name]
			if !known {
				at = len(columns)
				index[name] = at
				columns = append(columns, Column{Column: sortkey.Column{Name: name}, Source: "null", IsDay: true, Null: true})
			}
			columns[at].addJSON(value)
			return nil
		})
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", line, err)
		}
	}
	return columns, nil
}

// addJSON widens a column to hold another value.
func (c *Column) addJSON(value []byte) {
	t, source := jsonType(value)
	switch {
	case source == "null":
		return
	case c.Null:
		c.Type, c.Source, c.Null, c.Text = t, source, false, t != 0
	case c.Source != source && !strings.Contains(c.Source, source):
		c.Type, c.Text, c.Source = 0, false, c.Source+" and "+source
	}
}

// jsonType returns the type of a JSON value, 0 if no key can hold it, and what JSON calls it.
func jsonType(value []byte) (sortkey.Type, string) {
	switch value[0] {
	case '"':
		return sortkey.Varchar, "string"
	case 't', 'f':
		return sortkey.Boolean, "boolean"
	case 'n':
		return 0, "null"
	case '{':
		return 0, "object"
	case '[':
		return 0, "array"
	}
	if _, err := strconv.ParseInt(string(value), 10, 64); err != nil {
		return 0, "number with a fraction or of more than 64 bits"
	}
	return sortkey.Bigint, "integer"
}

// eachMember calls f for each member of a JSON object.
func eachMember(line []byte, f func(name string, value []byte) error) error {
	d := json.NewDecoder(bytes.NewReader(line))
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return errors.New("not a JSON object")
	}
	var value json.RawMessage
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return fmt.Errorf("not a JSON object: %w", err)
		}
		if err := d.Decode(&value); err != nil {
			return fmt.Errorf("not a JSON object: %w", err)
		}
		if err := f(name.(string), value); err != nil {
			return err
		}
	}
	if _, err := d.Token(); err != nil {
		return fmt.Errorf("not a JSON object: %w", err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return errors.New("more than one JSON value in a line")
	}
	return nil
}

// jsonRecords reads the lines of a chunk.
type jsonRecords struct {
	rest    []byte
	at      int // the line read last
	index   map[string]int
	wanted  []bool
	ids     int                    // index of the ids
	strict  func(name string) bool // whether a column of that name must have been found when the file was opened
	sources map[int]string         // the only type of values of a column, where it was not chosen by the user
	fields  []string
	null    []bool
	columns []Column
}

func newJSONRecords(f *textFile, sel Selection, text []byte) records {
	n := f.fields()
	r := &jsonRecords{rest: text, index: map[string]int{}, columns: f.columns, ids: -1,
		wanted: make([]bool, n), fields: make([]string, n), null: make([]bool, n)}
	for i, c := range f.columns[:n] {
		r.index[c.Name] = i
		if c.Name == sel.Value {
			r.ids = i
		}
		r.wanted[i] = i == r.ids || slices.ContainsFunc(sel.columns(), func(k sortkey.Column) bool { return k.Name == c.Name })
	}
	if sel.AllBut != nil {
		r.sources = map[int]string{}
		for i, c := range f.columns[:n] {
			if i != r.ids && c.Name != sel.Date && !c.Null {
				r.sources[i] = c.Source
			}
		}
	}
	r.strict = func(name string) bool { return sel.AllBut != nil && !slices.Contains(sel.AllBut, name) }
	return r
}

func (r *jsonRecords) line() int { return r.at }

func (r *jsonRecords) read() ([]string, []bool, error) {
	for len(r.rest) > 0 {
		line, rest, _ := bytes.Cut(r.rest, newline)
		r.rest = rest
		r.at++
		if len(bytes.TrimSpace(line)) == 0 {
			continue
		}
		for i := range r.null {
			r.null[i] = true
		}
		if err := eachMember(line, r.member); err != nil {
			return nil, nil, err
		}
		return r.fields, r.null, nil
	}
	return nil, nil, io.EOF
}

// member takes a member of the current object.
func (r *jsonRecords) member(name string, value []byte) error {
	at, ok := r.index[name]
	if !ok {
		if r.strict(name) {
			return fmt.Errorf("column %s is not in the first rows of the file: name the columns with --dimensions, or leave it out with --exclude %s", name, name)
		}
		return nil
	}
	if !r.wanted[at] {
		return nil
	}
	t, source := jsonType(value)
	only, checked := r.sources[at]
	switch {
	case source == "null":
		r.null[at] = true
		return nil
	case checked && source != only:
		return fmt.Errorf("%s is of type %s, and %s in the first rows: name the columns with --dimensions, this one as %s:varchar, or leave it out with --exclude %s", name, source, only, name, name)
	case source == "string":
		r.null[at] = false
		return json.Unmarshal(value, &r.fields[at])
	case source == "object", source == "array", at == r.ids && t != sortkey.Bigint:
		return fmt.Errorf("%s is of type %s: only strings, integers and, in dimensions, booleans can be read", name, source)
	}
	r.null[at], r.fields[at] = false, string(value)
	return nil
}
