// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/spf13/pflag"

	"github.com/headcount-hll/headcount/internal/input"
	"github.com/headcount-hll/headcount/internal/sortkey"
)

// reading is how files are read.
type reading struct {
	delimiter, zone string
	null            []string
	exclude         []string
	day             *dayOfFolders // nil if the day is a column
}

func (r *reading) flags(flags *pflag.FlagSet) {
	flags.StringVar(&r.delimiter, "delimiter", "", "field delimiter of CSV, one character or tab (default: detected from the header)")
	flags.StringArrayVar(&r.null, "null", nil, `unquoted CSV field that is NULL, such as '\N'; repeatable (default: the empty field)`)
	flags.StringVar(&r.zone, "time-zone", "UTC", "time zone of the days of timestamps, such as Europe/Berlin")
}

func (r *reading) excludeFlag(flags *pflag.FlagSet) {
	flags.StringSliceVar(&r.exclude, "exclude", nil, "columns to leave out")
}

// options returns the options of the input.
func (r *reading) options(res *resources, n *notes) (o input.Options, err error) {
	o = input.Options{Memory: res.pageMemory(), Threads: res.threads, Null: r.null, Note: n.say}
	switch {
	case r.delimiter == "":
	case r.delimiter == "tab" || r.delimiter == `\t`:
		o.Delimiter = '\t'
	case utf8.RuneCountInString(r.delimiter) == 1 && !strings.Contains("\"\r\n\ufffd", r.delimiter):
		o.Delimiter, _ = utf8.DecodeRuneInString(r.delimiter)
	default:
		return o, fmt.Errorf("--delimiter %q: give one character, or tab", r.delimiter)
	}
	if o.Zone, err = time.LoadLocation(r.zone); err != nil {
		return o, fmt.Errorf("--time-zone: %w", err)
	}
	return o, nil
}

// files are open input files, which are read as one table.
type files struct {
	all     []input.File
	columns []tableColumn
	notes   *notes
	zone    string
}

// A tableColumn is a column of the table that the files are together.
type tableColumn struct {
	input.Column
	path    string   // a file that has it as Source says
	lacking []string // files that lack it
	differ  bool     // the files have it in several types
	mixed   bool     // no type holds the values of all files
}

// openFiles opens files, and all data files of folders.
func (r *reading) openFiles(paths []string, res *resources, n *notes) (*files, error) {
	options, err := r.options(res, n)
	if err != nil {
		return nil, err
	}
	in := &files{notes: n, zone: r.zone}
	for _, path := range paths {
		places, err := input.Places(path, n.say)
		if err == nil {
			err = r.day.apply(places)
		}
		for i := 0; err == nil && i < len(places); i++ {
			options.Fixed = places[i].Fixed
			var f input.File
			if f, err = input.Open(places[i].Path, options); err == nil {
				in.all = append(in.all, f)
			}
		}
		if err != nil {
			return nil, errors.Join(err, in.close())
		}
	}
	in.unify()
	return in, nil
}

// refuse rejects an output that is one of the files: what is written is another kind of table, from which the input cannot
// be made again.
func (in *files) refuse(output string) error {
	written, err := os.Stat(output)
	if err != nil {
		return nil // what cannot be opened is said when it is written
	}
	for _, f := range in.all {
		if read, err := os.Stat(f.Path()); err == nil && read.Mode().IsRegular() && os.SameFile(written, read) {
			return fmt.Errorf("%s: is an input too, and would be lost: name another output with -o", output)
		}
	}
	return nil
}

func (in *files) close() error {
	var errs []error
	for _, f := range in.all {
		errs = append(errs, f.Close())
	}
	return errors.Join(errs...)
}

// rows returns the number of rows, or -1 if it is not known for a file.
func (in *files) rows() (n int64) {
	for _, f := range in.all {
		if f.Rows() < 0 {
			return -1
		}
		n += f.Rows()
	}
	return n
}

// unify finds the columns of the table: those of all files, in the order in which they appear.
func (in *files) unify() {
	index := map[string]int{}
	for n, f := range in.all {
		here := map[string]bool{}
		for _, c := range f.Columns() {
			here[c.Name] = true
			at, known := index[c.Name]
			if !known {
				index[c.Name] = len(in.columns)
				t := tableColumn{Column: c, path: f.Path()}
				for _, before := range in.all[:n] {
					t.lacking = append(t.lacking, before.Path())
				}
				in.columns = append(in.columns, t)
				continue
			}
			in.columns[at].widen(c, f.Path())
		}
		for i := range in.columns {
			if !here[in.columns[i].Name] {
				in.columns[i].lacking = append(in.columns[i].lacking, f.Path())
			}
		}
	}
}

// widen changes the column's type to hold the values of another file too, as a UNION in SQL does. Text that is not
// typed takes the type of the others.
func (c *tableColumn) widen(other input.Column, path string) {
	a, b := c.Column, other
	c.IsDay, c.Bytes, c.Text, c.Null = a.IsDay && b.IsDay, a.Bytes || b.Bytes, a.Text && b.Text, a.Null && b.Null
	integers := []sortkey.Type{sortkey.Integer, sortkey.Bigint}
	switch {
	case c.mixed, a.Null && b.Null:
	case a.Null:
		c.Type, c.Source, c.path, c.Text, c.IsDay = b.Type, b.Source, path, b.Text, b.IsDay
	case b.Null:
		c.Text, c.IsDay = a.Text, a.IsDay
	case a.Type == b.Type && a.Type != 0:
		if b.Bytes && !a.Bytes {
			c.Source, c.path = b.Source, path
		}
	case a.Text && b.Text:
		c.Type, c.differ = sortkey.Varchar, true
	case a.Text:
		c.Type, c.Source, c.path = b.Type, b.Source, path
	case b.Text:
	case slices.Contains(integers, a.Type) && slices.Contains(integers, b.Type):
		c.Type, c.differ = sortkey.Bigint, true
	case a.Source != b.Source:
		c.Type, c.mixed = 0, true
		c.Source = fmt.Sprintf("%s here and %s in %s", a.Source, b.Source, path)
	}
}

// find returns a column of the table.
func (in *files) find(name string) (*tableColumn, error) {
	var names []string
	for i, c := range in.columns {
		if c.Name == name {
			return &in.columns[i], nil
		}
		names = append(names, c.Name)
	}
	return nil, fmt.Errorf("%s: %w", in.all[0].Path(), input.NoColumn(name, names))
}

// findInEach requires that every file has a column.
func (in *files) findInEach(name string) error {
	c, err := in.find(name)
	if err != nil || len(c.lacking) == 0 {
		return err
	}
	at := slices.IndexFunc(in.all, func(f input.File) bool { return f.Path() == c.lacking[0] })
	var names []string
	for _, c := range in.all[at].Columns() {
		names = append(names, c.Name)
	}
	return fmt.Errorf("%s: %w", in.all[at].Path(), input.NoColumn(name, names))
}

// use returns a column for a key, and notes what is assumed about it.
func (in *files) use(c *tableColumn) sortkey.Column {
	column := c.Column.Column
	if c.Null && column.Type == 0 {
		column.Type = sortkey.Varchar
		in.notes.say(fmt.Sprintf("column %s: NULL in all rows, written as varchar", c.Name))
	}
	if n := len(c.lacking); n > 0 {
		in.notes.say(fmt.Sprintf("column %s: NULL for the rows of %s, which %s it", c.Name, some(c.lacking), plural(n, "lacks", "lack")))
	}
	if c.differ {
		in.notes.say(fmt.Sprintf("column %s: read as %s, because the files differ", c.Name, column.Type))
	}
	return column
}

// some names one of several files.
func some(paths []string) string {
	if len(paths) == 1 {
		return paths[0]
	}
	return fmt.Sprintf("%d files such as %s", len(paths), paths[0])
}

func plural(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}

// others returns the columns that no flag uses, except those in exclude.
func (in *files) others(exclude, used []string) (others []*tableColumn, err error) {
	for _, name := range exclude {
		if _, err := in.find(name); err != nil {
			return nil, fmt.Errorf("--exclude: %w", err)
		}
	}
	for i, c := range in.columns {
		if !slices.Contains(used, c.Name) && !slices.Contains(exclude, c.Name) {
			others = append(others, &in.columns[i])
		}
	}
	return others, nil
}

// uniteToo returns how an error says that a column can be united as a sketch too.
func uniteToo(sketches, name string) string {
	if sketches == "" {
		return ""
	}
	return fmt.Sprintf("unite it with --sketch %s,%s, ", sketches, name)
}

// allDimensions returns the columns that are not excluded and not used otherwise. byName is the flag that names
// dimensions, sketches the value with which --sketch would name the sketch columns, "" if there can be only one.
func (in *files) allDimensions(byName, sketches string, exclude []string, used ...string) (columns []sortkey.Column, err error) {
	others, err := in.others(exclude, used)
	if err != nil {
		return nil, err
	}
	for _, c := range others {
		switch {
		case c.Doubt != "":
			return nil, fmt.Errorf("%s: column %s %s: leave it out with --exclude %s, or name the dimensions with %s",
				c.path, c.Name, c.Doubt, c.Name, byName)
		case c.Bytes && !c.Text:
			return nil, fmt.Errorf("%s: column %s is %s, which may be text or a sketch: "+
				"name the dimensions with %s to read it as text, %sor leave it out with --exclude %s",
				c.path, c.Name, c.Source, byName, uniteToo(sketches, c.Name), c.Name)
		case c.Type == 0 && !c.Null:
			return nil, in.notDimension(c)
		}
		columns = append(columns, in.use(c))
	}
	return columns, nil
}

func (in *files) notDimension(c *tableColumn) error {
	return fmt.Errorf("%s: column %s is %s, which cannot be a dimension: leave it out with --exclude %s, or cast it when the file is written",
		c.path, c.Name, c.Source, c.Name)
}

// dimensions returns the named columns. types holds the types that the user gave.
func (in *files) dimensions(names []string, types map[string]sortkey.Type, used ...string) (columns []sortkey.Column, err error) {
	for i, name := range names {
		if slices.Contains(names[:i], name) || slices.Contains(used, name) {
			return nil, fmt.Errorf("column %s is named twice, or is the day, the id or the sketch", name)
		}
		c, err := in.find(name)
		if err != nil {
			return nil, err
		}
		column := in.use(c)
		if t, ok := types[name]; ok {
			column.Type = t
		}
		if column.Type == 0 {
			return nil, in.notDimension(c)
		}
		columns = append(columns, column)
	}
	return columns, nil
}

// date returns the column of the day.
func (in *files) date(name string) (sortkey.Column, error) {
	c, err := in.find(name)
	switch {
	case err != nil:
		return sortkey.Column{}, err
	case !c.IsDay && !c.Null:
		return sortkey.Column{}, fmt.Errorf("%s: column %s is %s, which holds no days: DATE, TIMESTAMP, text or integers do",
			c.path, name, c.Source)
	case c.Source == "TIMESTAMP" || c.Source == "INT96":
		in.notes.say(fmt.Sprintf("column %s is %s: days are those of the time zone %s, or of local time if it has none", name, c.Source, in.zone))
	}
	return sortkey.Column{Name: name, Type: sortkey.Date}, nil
}

// A conditionError is what is wrong with a condition.
type conditionError struct {
	text string
	err  error
}

func (e conditionError) Error() string { return fmt.Sprintf("--where %s: %v", e.text, e.err) }
func (e conditionError) Unwrap() error { return e.err }

// noteNoMatch says that no row meets the conditions, if there are any.
func (in *files) noteNoMatch(where []string) {
	if len(where) > 0 {
		in.notes.say("no row has " + strings.Join(where, " and ") + ": values are compared exactly; headcount inspect lists them")
	}
}

// conditions parses COLUMN=VALUE. The VALUE NULL is NULL; 'NULL' in single quotes is the text.
func (in *files) conditions(texts []string, date string) (conditions []input.Condition, err error) {
	for _, text := range texts {
		name, value, ok := strings.Cut(text, "=")
		if !ok {
			return nil, conditionError{text, errors.New("write it COLUMN=VALUE")}
		}
		c, err := in.find(name)
		if err != nil {
			return nil, err
		}
		column := in.use(c)
		if name == date {
			column.Type = sortkey.Date
		}
		if column.Type == 0 {
			return nil, conditionError{text, fmt.Errorf("column %s is %s, which cannot be compared", name, c.Source)}
		}
		key := sortkey.AppendNull(nil)
		if value != "NULL" {
			if len(value) > 1 && strings.HasPrefix(value, "'") && strings.HasSuffix(value, "'") {
				value = value[1 : len(value)-1]
			}
			if key, err = sortkey.AppendText(nil, column.Type, value); err != nil {
				return nil, conditionError{text, err}
			}
		}
		conditions = append(conditions, input.Condition{Column: column, Key: key})
	}
	return conditions, nil
}
