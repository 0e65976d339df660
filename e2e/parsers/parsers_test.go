// SPDX-License-Identifier: Apache-2.0

// Package parsers tests that the SQL of this repository parses in the tools that stand between a person and the engine:
// editors, dashboards, lineage and transformation tools have parsers of their own and reject what these cannot read.
// docs/sql-tools.md is the page for people. "make test-parsers" installs the parsers at pinned versions.
package parsers

import (
	"bufio"
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/headcount-hll/headcount/e2e/sqltext"
)

// An exception is a kind of statement that a parser cannot read.
type exception struct {
	contains string // in the statement's text
	why      string
}

type parser struct {
	name       string // as docs/sql-tools.md has it
	command    []string
	exceptions []exception
}

const (
	root  = "../.."
	build = root + "/build/parsers/"
)

var (
	typeName = exception{"AS HLL)", "it knows no type that a plugin adds"}
	reset    = exception{"RESET SESSION", "it has no RESET SESSION"}
	call     = exception{"CALL system.", "it has no CALL"}
)

var parsers = []parser{
	{"sqlglot 30.30.0, trino", python("sqlglot", "trino"), []exception{typeName, reset, call}},
	{"sqlglot 30.30.0, presto", python("sqlglot", "presto"), []exception{reset, call}},
	{"sqlfluff 4.5.0, trino", python("sqlfluff", "trino"), []exception{typeName, reset, call}},
	{"sqlparser-rs 0.64.0", []string{build + "rust/debug/parse"}, []exception{
		reset, {"INCLUDING PROPERTIES", "it has no LIKE with INCLUDING"}, {"array(bigint)", "its column types have ARRAY<bigint>"},
	}},
	{"trino-parser 483", java("trino-parser", "TrinoParser"), nil},
	{"presto-parser 0.296", java("presto-parser", "PrestoParser"), []exception{
		{"WHEN MATCHED THEN DELETE", "PrestoDB's MERGE has no DELETE: docs/presto.md"},
	}},
	{"JSqlParser 5.4", java("jsqlparser", "Jsqlparser"), []exception{
		reset, {"CREATE TABLE", "it has no table properties of Trino"},
	}},
	{"Calcite 1.42.0, Babel", java("calcite", "Calcite"), []exception{
		reset,
		{"merge(", "MERGE is its keyword"},
		{"WITH (", "it has no table properties of Trino"},
		{"CREATE SCHEMA", "it has no CREATE SCHEMA"},
		{"CREATE OR REPLACE VIEW", "it has no SECURITY INVOKER"},
		{"INCLUDING PROPERTIES", "it has no LIKE with INCLUDING"},
		{"WHEN MATCHED THEN DELETE", "its MERGE has no DELETE"},
		{"rest.default.", "DEFAULT is its keyword"},
		{"SELECT date,", "DATE is its keyword"},
		{"CAST(ROW(", "it has no ROW there"},
	}},
}

func python(arguments ...string) []string {
	return append([]string{build + "python/bin/python", "parse.py"}, arguments...)
}

func java(folder, class string) []string {
	return []string{filepath.Join(os.Getenv("HEADCOUNT_JDK"), "bin", "java"), "-cp", build + folder + "/*", "java/" + class + ".java"}
}

// statements returns the SQL of sql/, docs/ and the README that is for Trino and PrestoDB.
func statements(t *testing.T) []sqltext.Statement {
	t.Helper()
	listed, err := exec.Command("git", "-C", root, "ls-files", "-co", "--exclude-standard",
		"README.md", "docs/*.md", "sql/*.md", "sql/*.sql", ":!sql/spark").Output()
	require.NoError(t, err)
	var all []sqltext.Statement
	for file := range strings.FieldsSeq(string(listed)) {
		found, err := sqltext.Read(filepath.Join(root, file))
		if err != nil && filepath.Ext(file) == ".md" {
			continue // a page without SQL
		}
		require.NoError(t, err)
		all = append(all, found...)
	}
	return slices.DeleteFunc(all, func(s sqltext.Statement) bool {
		fragment := strings.HasSuffix(s.Text, ",")
		risingWave := strings.Contains(s.Text, "LANGUAGE python") || strings.Contains(s.Text, "USING LINK")
		return fragment || risingWave
	})
}

// parse returns the error of each statement, "" where there is none.
func (p parser) parse(t *testing.T, all []sqltext.Statement) []string {
	t.Helper()
	var in, told bytes.Buffer
	for _, s := range all {
		require.NoError(t, json.NewEncoder(&in).Encode(s.Text))
	}
	c := exec.Command(p.command[0], p.command[1:]...)
	c.Stdin, c.Stderr = &in, &told
	answered, err := c.Output()
	require.NoError(t, err, told.String())
	var errors []string
	for lines := bufio.NewScanner(bytes.NewReader(answered)); lines.Scan(); {
		var e string
		require.NoError(t, json.Unmarshal(lines.Bytes(), &e))
		errors = append(errors, e)
	}
	require.Len(t, errors, len(all), told.String())
	return errors
}

func TestStatements_ParseInTools(t *testing.T) {
	all := statements(t)
	require.Greater(t, len(all), 50)
	for _, p := range parsers {
		t.Run(p.name, func(t *testing.T) {
			met := map[exception]bool{}
			for i, e := range p.parse(t, all) {
				known := slices.IndexFunc(p.exceptions, func(x exception) bool { return strings.Contains(all[i].Text, x.contains) })
				switch {
				case known < 0 && e != "":
					t.Errorf("%s: %s", all[i], e)
				case known >= 0 && e != "":
					met[p.exceptions[known]] = true
				}
			}
			for _, x := range p.exceptions {
				if !met[x] {
					t.Errorf("every statement with %q parses: the exception (%s) is not needed", x.contains, x.why)
				}
			}
		})
	}
}

// A parser that accepts anything would pass the test above.
func TestParsers_RejectBrokenStatement(t *testing.T) {
	broken := []sqltext.Statement{{Text: "SELECT hll_cardinality(hll FROM client_count"}, {Text: "SELECT 1"}}
	for _, p := range parsers {
		t.Run(p.name, func(t *testing.T) {
			errors := p.parse(t, broken)
			require.NotEmpty(t, errors[0])
			require.Empty(t, errors[1])
		})
	}
}

func TestPage_NamesEveryParser(t *testing.T) {
	page, err := os.ReadFile(root + "/docs/sql-tools.md")
	require.NoError(t, err)
	for _, p := range parsers {
		require.Contains(t, string(page), p.name)
	}
}
