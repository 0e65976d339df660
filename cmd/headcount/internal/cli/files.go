package cli

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/headcount-hll/headcount/internal/input"
	"github.com/headcount-hll/headcount/internal/sortkey"
)

// files are open input files of one kind of rows.
type files []input.File

// openFiles opens files, and all those of folders.
func openFiles(paths []string, options input.Options) (all files, err error) {
	for _, path := range paths {
		places, err := input.Places(path, options.Types)
		for i := 0; err == nil && i < len(places); i++ {
			options.Fixed = places[i].Fixed
			var f input.File
			if f, err = input.Open(places[i].Path, options); err == nil {
				all = append(all, f)
			}
		}
		if err != nil {
			return nil, errors.Join(err, all.close())
		}
	}
	return all, nil
}

func (all files) close() error {
	var errs []error
	for _, f := range all {
		errs = append(errs, f.Close())
	}
	return errors.Join(errs...)
}

// rows returns how many rows there are, or -1 if a file does not say.
func (all files) rows() (n int64) {
	for _, f := range all {
		if f.Rows() < 0 {
			return -1
		}
		n += f.Rows()
	}
	return n
}

// column returns a column of the first file; the others are held to it when they are read.
func (all files) column(name string) (sortkey.Column, error) {
	there := all[0].Columns()
	for _, c := range there {
		if c.Name == name {
			return c, nil
		}
	}
	return sortkey.Column{}, fmt.Errorf("%s: there is no column %s to tell segments by; there are %s",
		all[0].Path(), name, strings.Join(sortkey.Names(there), ", "))
}

// columns returns columns of the first file: those named, or if none is, all but those excluded.
func (all files) columns(names []string, excluded ...string) (columns []sortkey.Column, err error) {
	if len(names) == 0 {
		for _, c := range all[0].Columns() {
			if !slices.Contains(excluded, c.Name) {
				columns = append(columns, c)
			}
		}
		return columns, nil
	}
	for i, name := range names {
		if slices.Contains(names[:i], name) || slices.Contains(excluded, name) {
			return nil, fmt.Errorf("column %s is named twice, or is the day, the id or the sketch already", name)
		}
		c, err := all.column(name)
		if err != nil {
			return nil, err
		}
		columns = append(columns, c)
	}
	return columns, nil
}

// date returns the column of the day, which has to be a date.
func (all files) date(name string) (sortkey.Column, error) {
	c, err := all.column(name)
	if err == nil && c.Type != sortkey.Date {
		err = fmt.Errorf("%s: column %s is of type %s, and the day has to be a date", all[0].Path(), name, c.Type)
	}
	return c, err
}

// conditions reads COLUMN=VALUE, one condition each; VALUE NULL is NULL.
func (all files) conditions(texts []string) (conditions []input.Condition, err error) {
	for _, text := range texts {
		name, value, ok := strings.Cut(text, "=")
		if !ok {
			return nil, fmt.Errorf("--where %s: write it COLUMN=VALUE", text)
		}
		c, err := all.column(name)
		if err != nil {
			return nil, err
		}
		key := sortkey.AppendNull(nil)
		if value != "NULL" {
			if key, err = sortkey.AppendText(nil, c.Type, value); err != nil {
				return nil, fmt.Errorf("--where %s: %w", text, err)
			}
		}
		conditions = append(conditions, input.Condition{Column: c, Key: key})
	}
	return conditions, nil
}
