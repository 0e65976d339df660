// SPDX-License-Identifier: Apache-2.0

package input

import (
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/headcount-hll/headcount/internal/sortkey"
)

// A Fixed is a column with one value for all rows of a file, from a folder named NAME=VALUE, as Hive, Trino and
// Spark write partitions.
type Fixed struct {
	Name string
	Text string
	Null bool
}

// nullFolder is the value of a Hive partition that is NULL.
const nullFolder = "__HIVE_DEFAULT_PARTITION__"

// constant returns the value as one of a type.
func (f Fixed) constant(t sortkey.Type, zone *time.Location) (*constant, error) {
	c := &constant{null: f.Null, key: sortkey.AppendNull(nil)}
	if f.Null {
		return c, nil
	}
	var err error
	if t == sortkey.Date {
		c.days, err = parseDay(f.Text, zone)
		c.key = sortkey.AppendInt32(nil, c.days)
	} else {
		c.key, err = sortkey.AppendText(nil, t, f.Text)
	}
	if err != nil {
		return nil, fmt.Errorf("folder %s=%s: %w", f.Name, f.Text, err)
	}
	return c, nil
}

// column describes a fixed column. A value of the form YYYY-MM-DD is a date.
func (f Fixed) column() Column {
	c := Column{Column: sortkey.Column{Name: f.Name, Type: sortkey.Varchar}, Source: "the name of a folder", Text: true, IsDay: true, Null: f.Null}
	if _, err := sortkey.ParseDate(f.Text); err == nil && !f.Null {
		c.Type = sortkey.Date
	}
	return c
}

// A Place is a file and the columns of its folders' names.
type Place struct {
	Path   string
	Fixed  []Fixed
	Listed bool // found in a folder, not named by the user
}

// Places returns the files of a path: the file itself, or all data files of a folder and its subfolders, by name.
// Links are followed. As in Hive, names that begin with a dot or an underscore are not data. Other files that are
// not data are told to note.
func Places(path string, note func(string)) (all []Place, err error) {
	if path == Stdin {
		return []Place{{Path: path}}, nil
	}
	if err := enclosingTable(path); err != nil {
		return nil, err
	}
	info, err := os.Stat(path)
	if err != nil {
		return []Place{{Path: path}}, nil // opening it returns the error
	}
	fixed, err := fixedAbove(path, info.IsDir())
	if err != nil {
		return nil, err
	}
	if !info.IsDir() {
		return []Place{{Path: path, Fixed: fixed}}, nil
	}
	w := walk{note: note}
	if err := w.folder(path, fixed, nil); err != nil {
		return nil, err
	}
	if len(w.all) == 0 {
		return nil, fmt.Errorf("%s: the folder has no Parquet, CSV or JSON lines files", path)
	}
	return w.all, nil
}

// fixedAbove returns the columns of the folders NAME=VALUE that directly enclose a path, and of the path itself if it
// is a folder.
func fixedAbove(path string, isFolder bool) (all []Fixed, err error) {
	at, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	if !isFolder {
		at = filepath.Dir(at)
	}
	for ; strings.Contains(filepath.Base(at), "="); at = filepath.Dir(at) {
		f, err := newFixed(filepath.Base(at))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", at, err)
		}
		all = append(all, f)
	}
	slices.Reverse(all)
	return all, nil
}

// newFixed parses a folder's name, NAME=VALUE.
func newFixed(folder string) (f Fixed, err error) {
	name, text, _ := strings.Cut(folder, "=")
	if f.Name, err = url.PathUnescape(name); err != nil {
		return f, err
	}
	if text == nullFolder {
		f.Null = true
		return f, nil
	}
	f.Text, err = url.PathUnescape(text)
	return f, err
}

// A walk collects the data files of a folder.
type walk struct {
	note func(string)
	all  []Place
}

// folder adds the files of a folder. above are the folders that enclose it, to stop at links that form a cycle.
func (w *walk) folder(path string, fixed []Fixed, above []fs.FileInfo) error {
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(above, func(other fs.FileInfo) bool { return os.SameFile(info, other) }) {
		return fmt.Errorf("%s: a link to a folder that encloses it", path)
	}
	if err := tableError(path); err != nil {
		return err
	}
	entries, err := os.ReadDir(path)
	if err != nil {
		return err
	}
	for _, entry := range entries {
		if strings.HasPrefix(entry.Name(), ".") || strings.HasPrefix(entry.Name(), "_") {
			continue
		}
		if err := w.entry(filepath.Join(path, entry.Name()), fixed, append(above, info)); err != nil {
			return err
		}
	}
	return nil
}

func (w *walk) entry(path string, fixed []Fixed, above []fs.FileInfo) error {
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return err
	case info.IsDir() && strings.Contains(info.Name(), "="):
		f, err := newFixed(filepath.Base(path))
		if err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		return w.folder(path, append(slices.Clone(fixed), f), slices.Clone(above))
	case info.IsDir():
		return w.folder(path, fixed, slices.Clone(above))
	case info.Size() == 0 && info.Mode().IsRegular():
		w.note(fmt.Sprintf("%s: not read: the file is empty", path))
	case !isData(path):
		w.note(fmt.Sprintf("%s: not read: not a Parquet, CSV or JSON lines file", path))
	default:
		w.all = append(w.all, Place{path, fixed, true})
	}
	return nil
}

// isData reports whether a file is data: text by its name, or Parquet by its name or its first bytes.
func isData(path string) bool {
	if _, ok := textFormat(path); ok {
		return true
	}
	switch strings.ToLower(filepath.Ext(path)) {
	case ".parquet", ".parq", ".pq":
		return true
	}
	f, err := os.Open(path)
	if err != nil {
		return true // opening it again says what is wrong
	}
	defer func() { _ = f.Close() }()
	var magic [4]byte
	n, _ := f.Read(magic[:])
	return string(magic[:n]) == "PAR1"
}

// fixedAt returns the index of a column among the fixed ones, or -1.
func fixedAt(all []Fixed, name string) int {
	return slices.IndexFunc(all, func(f Fixed) bool { return f.Name == name })
}

// withFixed appends the fixed columns to those of the file. A fixed column replaces one of the same name, which is told to
// note: Polars and DuckDB can write the columns of the folders' names into the files, too.
func withFixed(columns []Column, all []Fixed, note func(string, ...any)) []Column {
	columns = slices.DeleteFunc(columns, func(c Column) bool {
		replaced := fixedAt(all, c.Name) >= 0
		if replaced {
			note("column %s: taken from the folders' names, not from the files, which have it too", c.Name)
		}
		return replaced
	})
	for _, f := range all {
		columns = append(columns, f.column())
	}
	return columns
}
