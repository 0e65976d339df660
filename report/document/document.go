// SPDX-License-Identifier: Apache-2.0

// Package document reads reports: Markdown with a YAML header and fenced blocks `sql` and `chart`, and Jupyter notebooks.
package document

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// MaxSize is the largest report that is read, in bytes.
const MaxSize = 4 << 20

// A Report is a parsed report.
type Report struct {
	Header
	Parts    []Part
	Notebook []byte // the JSON of a notebook, without outputs; nil for Markdown
}

// A Part is a run of Markdown text, a query or a chart. Exactly one field is set.
type Part struct {
	Text  string
	Query *Query
	Chart *Chart
}

// Reference is {{parameter}} or {{query.column}} in text, with a format: {{query.column | percent}}.
var Reference = regexp.MustCompile(`\{\{\s*([A-Za-z]\w*)(?:\.(\w+))?(?:\s*\|\s*(whole|precise|percent))?\s*\}\}`)

// ReadFile reads and checks a report or a notebook, see [ParseFile].
func ReadFile(path string) (*Report, error) {
	name := filepath.Base(path)
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if err := checkSize(name, info.Size()); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	r, err := ParseFile(name, text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return r, nil
}

// ParseFile reads and checks the text of a file. A name that ends in .ipynb is a notebook's.
func ParseFile(name string, text []byte) (*Report, error) {
	if err := checkSize(name, int64(len(text))); err != nil {
		return nil, err
	}
	if stem, ok := strings.CutSuffix(name, NotebookSuffix); ok {
		return ParseNotebook(stem, text)
	}
	return Parse(text)
}

// checkSize returns an error for a file of this name that is too large to read.
func checkSize(name string, size int64) error {
	limit := int64(MaxSize)
	if strings.HasSuffix(name, NotebookSuffix) {
		limit = MaxNotebook
	}
	if size > limit {
		return fmt.Errorf("%d bytes are more than a report's limit of %d", size, limit)
	}
	return nil
}

// Parse reads and checks the text of a report.
func Parse(text []byte) (*Report, error) {
	text = bytes.ReplaceAll(text, []byte("\r\n"), []byte("\n"))
	rest, ok := bytes.CutPrefix(text, []byte("---\n"))
	if !ok {
		return nil, errors.New("line 1: a report starts with a YAML header between two lines `---`")
	}
	header, body, ok := bytes.Cut(rest, []byte("\n---\n"))
	if !ok {
		return nil, errors.New("the header has no end: add a line `---`")
	}
	r := &Report{}
	if err := r.Header.parse(header); err != nil {
		return nil, fmt.Errorf("header: %w", err)
	}
	if r.Environment != "" {
		return nil, errors.New("header: environment: only a notebook has one")
	}
	first := bytes.Count(header, []byte("\n")) + 4
	if err := r.split(string(body), first); err != nil {
		return nil, err
	}
	return r, r.check()
}

// split divides the text at its sql and chart blocks. Other fenced blocks remain text. line is the number of the first line.
func (r *Report) split(body string, line int) error {
	var text strings.Builder
	flush := func() {
		if strings.TrimSpace(text.String()) != "" {
			r.Parts = append(r.Parts, Part{Text: text.String()})
		}
		text.Reset()
	}
	lines := strings.Split(body, "\n")
	for i := 0; i < len(lines); i++ {
		fence, info := fenceOf(lines[i])
		if fence == "" {
			text.WriteString(lines[i] + "\n")
			continue
		}
		end := i + 1
		for end < len(lines) && !closes(lines[end], fence) {
			end++
		}
		if end == len(lines) {
			return fmt.Errorf("line %d: the block has no end: add a line %s", line+i, fence)
		}
		content := strings.Join(lines[i+1:end], "\n")
		words := strings.Fields(info)
		if len(words) > 0 && (words[0] == "sql" || words[0] == "chart") {
			flush()
			part, err := parseBlock(words, content)
			if err != nil {
				return fmt.Errorf("line %d: %w", line+i, err)
			}
			r.Parts = append(r.Parts, part)
		} else {
			text.WriteString(strings.Join(lines[i:end+1], "\n") + "\n")
		}
		i = end
	}
	flush()
	return nil
}

// fenceOf returns the fence that opens a block on a line, and the words after it.
func fenceOf(line string) (fence, info string) {
	for _, mark := range []string{"`", "~"} {
		n := len(line) - len(strings.TrimLeft(line, mark))
		if n >= 3 {
			return line[:n], strings.TrimSpace(line[n:])
		}
	}
	return "", ""
}

func closes(line, fence string) bool {
	line = strings.TrimRight(line, " \t")
	return len(line) >= len(fence) && strings.Trim(line, fence[:1]) == ""
}

// Queries returns the queries in their order.
func (r *Report) Queries() (all []*Query) {
	for _, p := range r.Parts {
		if p.Query != nil {
			all = append(all, p.Query)
		}
	}
	return all
}

// check holds what needs the whole report: names are unique, charts draw queries above them, and a query's parameters exist.
func (r *Report) check() error {
	names := map[string]bool{}
	for _, q := range r.Queries() {
		names[q.Name] = false
	}
	for _, p := range r.Parts {
		if err := r.checkText(p.Text, names); err != nil {
			return err
		}
		switch {
		case p.Query != nil:
			q := p.Query
			if names[q.Name] {
				return fmt.Errorf("two sql blocks have the name %s", q.Name)
			}
			names[q.Name] = true
			for _, name := range q.parameters() {
				if _, ok := r.Parameters[name]; !ok && !(q.Incremental != "" && (name == First || name == Last)) {
					return fmt.Errorf("sql block %s: the header has no parameter %s", q.Name, name)
				}
			}
		case p.Chart != nil && !names[p.Chart.Data]:
			return fmt.Errorf("chart: no sql block above it has the name %q", p.Chart.Data)
		}
	}
	return nil
}

// checkText holds the references of a text to parameters and queries that exist.
func (r *Report) checkText(text string, queries map[string]bool) error {
	for _, m := range Reference.FindAllStringSubmatch(text, -1) {
		_, isParameter := r.Parameters[m[1]]
		_, isQuery := queries[m[1]]
		if m[2] == "" && !isParameter {
			return fmt.Errorf("text: %s: the header has no parameter %s", m[0], m[1])
		}
		if m[2] != "" && !isQuery {
			return fmt.Errorf("text: %s: there is no sql block %s", m[0], m[1])
		}
	}
	return nil
}
