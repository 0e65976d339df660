// SPDX-License-Identifier: Apache-2.0

package document

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// First and Last are the parameters of an incremental block: the days to compute.
const First, Last = "first_day", "last_day"

// maxBefore is the largest number of days before the first one, in days.
const maxBefore = 366

// A Query is an sql block.
type Query struct {
	Name, Source string // no source: the report's
	SQL          string
	Incremental  string // the column of the day; empty: not incremental
	Before       int    // days before the first one that an incremental query also covers

	pieces []piece
}

// A Chart is a chart block.
type Chart struct {
	Type   string `yaml:"type"`
	Data   string `yaml:"data"` // name of an sql block
	Title  string `yaml:"title"`
	X      string `yaml:"x"`
	Y      Names  `yaml:"y"`
	By     string `yaml:"by"` // a series for each value of this column
	Lower  string `yaml:"lower"`
	Upper  string `yaml:"upper"`
	Value  string `yaml:"value"`  // of heatmap and big number
	Bins   int    `yaml:"bins"`   // of histogram; 30 by default
	Format string `yaml:"format"` // whole, precise or percent
}

// Names is a name or a list of names.
type Names []string

// UnmarshalYAML reads one name or a list.
func (n *Names) UnmarshalYAML(node *yaml.Node) error {
	if node.Kind == yaml.ScalarNode {
		*n = Names{node.Value}
		return nil
	}
	return node.Decode((*[]string)(n))
}

// Required are the fields that each type of chart needs.
var required = map[string][]string{
	"line": {"x", "y"}, "bar": {"x", "y"}, "band": {"x", "y", "lower", "upper"}, "scatter": {"x", "y"},
	"histogram": {"x"}, "heatmap": {"x", "y", "value"}, "table": nil, "big number": {"value"},
}

// Columns returns the names of the columns that the chart draws.
func (c *Chart) Columns() []string {
	all := append([]string{c.X, c.By, c.Lower, c.Upper, c.Value}, c.Y...)
	return slices.DeleteFunc(all, func(s string) bool { return s == "" })
}

func parseBlock(words []string, content string) (Part, error) {
	if words[0] == "chart" {
		c, err := parseChart(content)
		return Part{Chart: c}, err
	}
	q := &Query{SQL: strings.TrimRight(strings.TrimSpace(content), "; \n")}
	for _, word := range words[1:] {
		if err := q.setWord(word); err != nil {
			return Part{}, fmt.Errorf("sql block: %q: %w", word, err)
		}
	}
	if q.Name == "" {
		return Part{}, errors.New("sql block: write its name: ```sql name=NAME")
	}
	if err := q.check(); err != nil {
		return Part{}, fmt.Errorf("sql block %s: %w", q.Name, err)
	}
	return Part{Query: q}, nil
}

// setWord reads one word after `sql`.
func (q *Query) setWord(word string) (err error) {
	key, value, _ := strings.Cut(word, "=")
	if key == "before" {
		if q.Before, err = strconv.Atoi(value); err != nil || q.Before < 0 || q.Before > maxBefore {
			return fmt.Errorf("before is a number of days from 0 to %d", maxBefore)
		}
		return nil
	}
	into, ok := map[string]*string{"name": &q.Name, "source": &q.Source, "incremental": &q.Incremental}[key]
	if !ok || !identifier.MatchString(value) {
		return errors.New("write name=NAME, source=SOURCE, incremental=COLUMN or before=DAYS; names have letters, digits and _")
	}
	*into = value
	return nil
}

// check divides the SQL at its parameters, and returns an error for words that do not go together.
func (q *Query) check() (err error) {
	if q.SQL == "" {
		return errors.New("it is empty")
	}
	if q.pieces, err = cut(q.SQL); err != nil {
		return err
	}
	used := q.parameters()
	switch {
	case q.Incremental != "" && !(slices.Contains(used, First) && slices.Contains(used, Last)):
		return fmt.Errorf("an incremental query selects its days with {{%s}} and {{%s}}", First, Last)
	case q.Incremental != "" && q.Source == Results:
		return errors.New("a query of results is not incremental: the blocks that it reads can be")
	case q.Incremental == "" && q.Before > 0:
		return errors.New("before is of incremental blocks: write incremental=COLUMN too")
	}
	return nil
}

func parseChart(content string) (*Chart, error) {
	c := &Chart{}
	decoder := yaml.NewDecoder(bytes.NewReader([]byte(content)))
	decoder.KnownFields(true)
	if err := decoder.Decode(c); err != nil {
		return nil, fmt.Errorf("chart: %w", err)
	}
	fields, ok := required[c.Type]
	if !ok {
		return nil, fmt.Errorf("chart: type %q is not line, bar, band, scatter, histogram, heatmap, table or big number", c.Type)
	}
	has := map[string]bool{"x": c.X != "", "y": len(c.Y) > 0, "lower": c.Lower != "", "upper": c.Upper != "", "value": c.Value != ""}
	for _, field := range fields {
		if !has[field] {
			return nil, fmt.Errorf("chart: a %s needs %s", c.Type, strings.Join(fields, ", "))
		}
	}
	if len(c.Y) > 1 && (c.By != "" || c.Type == "band" || c.Type == "heatmap") {
		return nil, fmt.Errorf("chart: a %s with by, bounds or cells has one y", c.Type)
	}
	if !slices.Contains([]string{"", "whole", "precise", "percent"}, c.Format) {
		return nil, fmt.Errorf("chart: format %q is not whole, precise or percent", c.Format)
	}
	if c.Bins < 0 || c.Bins > 1000 {
		return nil, fmt.Errorf("chart: bins: %d is not between 1 and 1000", c.Bins)
	}
	return c, nil
}

// A piece is SQL, or the name of a parameter.
type piece struct{ sql, parameter string }

// token finds what a parameter cannot be in, whole, and parameters.
var token = regexp.MustCompile(`(?s)'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|/\*.*?\*/|\{\{\s*([A-Za-z][A-Za-z0-9_]*)\s*\}\}`)

// cut divides SQL at its parameters. A parameter in a string, a quoted name or a comment is an error: it is bound by the engine as a value.
func cut(sql string) (pieces []piece, err error) {
	from := 0
	for _, at := range token.FindAllStringSubmatchIndex(sql, -1) {
		if at[2] < 0 {
			if inside := sql[at[0]:at[1]]; strings.Contains(inside, "{{") && !strings.HasPrefix(inside, "--") && !strings.HasPrefix(inside, "/*") {
				return nil, fmt.Errorf("%.60s: a parameter is a value of its own: write {{name}} without quotes", inside)
			}
			continue
		}
		pieces = append(pieces, piece{sql: sql[from:at[0]]}, piece{parameter: sql[at[2]:at[3]]})
		from = at[1]
	}
	return append(pieces, piece{sql: sql[from:]}), nil
}

func (q *Query) parameters() (names []string) {
	for _, p := range q.pieces {
		if p.parameter != "" {
			names = append(names, p.parameter)
		}
	}
	return names
}

// Bind returns the SQL with the placeholders of an engine in place of the parameters, and the values to bind, in their order. A date is
// bound as text and cast.
func (q *Query) Bind(values map[string]any, placeholder func(i int) string) (string, []any) {
	var sql strings.Builder
	var args []any
	for _, p := range q.pieces {
		sql.WriteString(p.sql)
		if p.parameter == "" {
			continue
		}
		mark := placeholder(len(args) + 1)
		switch v := values[p.parameter].(type) {
		case Date:
			sql.WriteString("CAST(" + mark + " AS DATE)")
			args = append(args, string(v))
		case string:
			sql.WriteString("CAST(" + mark + " AS VARCHAR)")
			args = append(args, v)
		case int64:
			sql.WriteString("CAST(" + mark + " AS BIGINT)")
			args = append(args, v)
		case float64:
			// The client of Trino binds no float64: the shortest decimal text is exact.
			sql.WriteString("CAST(" + mark + " AS DOUBLE PRECISION)")
			args = append(args, fmt.Sprint(v))
		default:
			sql.WriteString("CAST(" + mark + " AS BOOLEAN)")
			args = append(args, fmt.Sprint(v))
		}
	}
	return sql.String(), args
}
