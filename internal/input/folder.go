package input

import (
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/headcount-hll/headcount/internal/sortkey"
)

// A Fixed is a column with one value for all rows of a file, which the file itself does not have: Hive, Trino and
// Spark name folders for it, activitydate=2016-09-05.
type Fixed struct {
	sortkey.Column
	Text string // empty for NULL
	key  []byte
	days int32 // of a date
}

// nullFolder is the value that Hive gives a folder of NULLs.
const nullFolder = "__HIVE_DEFAULT_PARTITION__"

// A Place is a file and what its folders say of it.
type Place struct {
	Path  string
	Fixed []Fixed
}

// Places returns what is to be read of a path: the file that it is, or all files of the folder and of those in it, by
// name. As for Hive, a name that begins with a dot or an underline is none of the data's.
func Places(path string, types map[string]sortkey.Type) (all []Place, err error) {
	if info, err := os.Stat(path); path == Stdin || err != nil || !info.IsDir() {
		return []Place{{Path: path}}, nil // opening it says what is wrong
	}
	err = filepath.WalkDir(path, func(at string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && isTable(at):
			return fmt.Errorf("%s: an Iceberg or Delta table, of which only such a table's reader knows what rows it has", at)
		case at == path:
			return nil
		case strings.HasPrefix(entry.Name(), ".") || strings.HasPrefix(entry.Name(), "_"):
			if entry.IsDir() {
				return fs.SkipDir
			}
			return nil
		case entry.IsDir():
			return nil
		}
		fixed, err := fixedBy(path, at, types)
		all = append(all, Place{at, fixed})
		return err
	})
	if err == nil && len(all) == 0 {
		err = fmt.Errorf("%s: the folder is empty", path)
	}
	return all, err
}

// isTable reports whether a folder is of a format whose files may hold rows that have been deleted.
func isTable(folder string) bool {
	iceberg, _ := filepath.Glob(filepath.Join(folder, "metadata", "*.metadata.json"))
	_, err := os.Stat(filepath.Join(folder, "_delta_log"))
	return len(iceberg) > 0 || err == nil
}

// fixedBy returns what the folders between root and a file say.
func fixedBy(root, path string, types map[string]sortkey.Type) (all []Fixed, err error) {
	below, err := filepath.Rel(root, filepath.Dir(path))
	if err != nil {
		return nil, err
	}
	for folder := range strings.SplitSeq(filepath.ToSlash(below), "/") {
		name, text, ok := strings.Cut(folder, "=")
		if !ok {
			continue
		}
		f, err := newFixed(name, text, types)
		if err != nil {
			return nil, fmt.Errorf("%s: folder %s: %w", path, folder, err)
		}
		all = append(all, f)
	}
	return all, nil
}

// newFixed reads the two halves of a folder's name. What is a date by its form is one; anything else that types does
// not know is text.
func newFixed(name, text string, types map[string]sortkey.Type) (f Fixed, err error) {
	if name, err = url.PathUnescape(name); err != nil {
		return f, err
	}
	if text, err = url.PathUnescape(text); err != nil {
		return f, err
	}
	f.Name, f.Type, f.Text = name, sortkey.Varchar, text
	if t, ok := types[name]; ok {
		f.Type = t
	} else if _, err := sortkey.ParseDate(text); err == nil {
		f.Type = sortkey.Date
	}
	if text == nullFolder {
		f.Text, f.key = "", sortkey.AppendNull(nil)
		return f, nil
	}
	if text == "" {
		return f, errors.New("a value is missing")
	}
	if f.Type == sortkey.Date {
		if f.days, err = sortkey.ParseDate(text); err != nil {
			return f, err
		}
	}
	f.key, err = sortkey.AppendText(nil, f.Type, text)
	return f, err
}

// fixedAt returns the place of a column among the fixed ones, or -1.
func fixedAt(all []Fixed, name string) int {
	return slices.IndexFunc(all, func(f Fixed) bool { return f.Name == name })
}

// withFixed puts the fixed columns behind those of the file, in the place of any of the same names.
func withFixed(columns []sortkey.Column, all []Fixed) []sortkey.Column {
	columns = slices.DeleteFunc(columns, func(c sortkey.Column) bool { return fixedAt(all, c.Name) >= 0 })
	for _, f := range all {
		columns = append(columns, f.Column)
	}
	return columns
}
