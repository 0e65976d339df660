// SPDX-License-Identifier: Apache-2.0

// Package sqltext finds the SQL statements of this repository's files, for the tests.
package sqltext

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// A Statement is one statement of a file, without comments and without the semicolon.
type Statement struct {
	File string
	Line int // of the statement's first line, from 1
	Text string
}

func (s Statement) String() string { return fmt.Sprintf("%s:%d", s.File, s.Line) }

// Read returns the statements of an .sql file, or of the code blocks of a Markdown file. A file with none is an error.
func Read(path string) ([]Statement, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var found []Statement
	switch filepath.Ext(path) {
	case ".sql":
		found = split(string(text), path, 1)
	case ".md":
		for _, b := range blocks(string(text)) {
			found = append(found, split(b.text, path, b.line)...)
		}
	default:
		return nil, fmt.Errorf("%s: neither .sql nor .md", path)
	}
	if len(found) == 0 {
		return nil, fmt.Errorf("%s: no SQL statement", path)
	}
	return found, nil
}

// split splits at semicolons. The files have none inside text literals, and comments have a line of their own.
func split(text, file string, line int) []Statement {
	var out []Statement
	var code strings.Builder
	at := line
	end := func() {
		if s := strings.TrimSpace(code.String()); s != "" {
			out = append(out, Statement{file, at, s})
		}
		code.Reset()
	}
	for l := range strings.Lines(text) {
		if !strings.HasPrefix(strings.TrimSpace(l), "--") {
			for i, part := range strings.Split(l, ";") {
				if i > 0 {
					end()
				}
				if strings.TrimSpace(code.String()) == "" {
					at = line
				}
				code.WriteString(part)
			}
		}
		line++
	}
	end()
	return out
}

type block struct {
	text string
	line int
}

// A block of SQL in Markdown is a fence marked sql, or an indented block that begins with a statement's keyword.
var (
	fence    = regexp.MustCompile("^\\s*```")
	begins   = regexp.MustCompile(`^ {4}(SELECT|WITH|CREATE|INSERT|DELETE|DROP|MERGE|ALTER|CALL)\b`)
	variable = regexp.MustCompile(`'?\{\{ *\w+ *\}\}'?`)
)

func blocks(text string) []block {
	var out []block
	lines := strings.Split(text, "\n")
	for i := 0; i < len(lines); i++ {
		start, ends := i, func(l string) bool { return l != "" && !strings.HasPrefix(l, "    ") || fence.MatchString(l) }
		switch {
		case strings.TrimSpace(lines[i]) == "```sql":
			start++
			ends = fence.MatchString
		case begins.MatchString(lines[i]):
		default:
			continue
		}
		for i = start; i < len(lines) && !ends(lines[i]); i++ {
		}
		// A dashboard's parameter is inside a literal; a report's is a value of its own.
		body := variable.ReplaceAllString(strings.Join(lines[start:i], "\n"), "'2016-09-05'")
		out = append(out, block{body, start + 1})
	}
	return out
}
