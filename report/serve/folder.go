// SPDX-License-Identifier: Apache-2.0

package serve

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/headcount-hll/headcount/report/document"
)

// An Entry is a report of a folder: the file NAME.md or NAME.ipynb. Err says why it cannot run.
type Entry struct {
	Name   string
	Report *document.Report
	Err    error

	file    string
	changed time.Time
	size    int64
	text    string // what search looks at, in lower case
}

// A Folder is the reports of a folder. Files are read again when they change.
type Folder struct {
	Path string

	mu      sync.Mutex
	entries map[string]*Entry
}

// Entries returns the reports in the order of their names.
func (f *Folder) Entries() []*Entry {
	f.mu.Lock()
	defer f.mu.Unlock()
	now := map[string]*Entry{}
	for _, path := range f.files() {
		file := filepath.Base(path)
		name := strings.TrimSuffix(file, filepath.Ext(file))
		info, err := os.Stat(path)
		if err != nil || !info.Mode().IsRegular() {
			continue
		}
		if now[name] != nil {
			e := &Entry{Name: file, Err: fmt.Errorf("%s.md has the same name: rename one of them", name)}
			e.index()
			now[file] = e
			continue
		}
		e := f.entries[name]
		if e == nil || e.file != file || !e.changed.Equal(info.ModTime()) || e.size != info.Size() {
			e = &Entry{Name: name, file: file, changed: info.ModTime(), size: info.Size()}
			e.Report, e.Err = document.ReadFile(path)
			e.index()
		}
		now[name] = e
	}
	f.entries = now
	all := make([]*Entry, 0, len(now))
	for _, e := range now {
		all = append(all, e)
	}
	slices.SortFunc(all, func(a, b *Entry) int { return strings.Compare(a.Name, b.Name) })
	return all
}

// index takes the name, title, owner, text and SQL of a report for search.
func (e *Entry) index() {
	all := []string{e.Name}
	if e.Err == nil {
		all = append(all, e.Report.Title, e.Report.Owner, string(e.Report.Notebook))
		for _, part := range e.Report.Parts {
			all = append(all, part.Text)
			if part.Query != nil {
				all = append(all, part.Query.Name, part.Query.SQL)
			}
			if part.Chart != nil {
				all = append(all, part.Chart.Title)
			}
		}
	}
	e.text = strings.ToLower(strings.Join(all, "\n"))
}

// has tells whether the report has every word, in lower case.
func (e *Entry) has(words []string) bool {
	return !slices.ContainsFunc(words, func(word string) bool { return !strings.Contains(e.text, word) })
}

// files returns the paths of the reports: those in Markdown, then the notebooks.
func (f *Folder) files() (all []string) {
	for _, pattern := range []string{"*.md", "*" + document.NotebookSuffix} {
		found, err := filepath.Glob(filepath.Join(f.Path, pattern))
		if err != nil {
			return nil
		}
		all = append(all, found...)
	}
	return slices.DeleteFunc(all, func(path string) bool { return strings.HasSuffix(path, document.ExecutedSuffix) })
}

// Find returns a report by its name, or nil.
func (f *Folder) Find(name string) *Entry {
	for _, e := range f.Entries() {
		if e.Name == name {
			return e
		}
	}
	return nil
}
