// SPDX-License-Identifier: Apache-2.0

// Package render writes a run of a report as one HTML page that opens from disk.
package render

import (
	"embed"
	"fmt"
	"html/template"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/headcount-hll/headcount/internal/pages/disk"
	"github.com/headcount-hll/headcount/report/document"
	"github.com/headcount-hll/headcount/report/execute"
	"github.com/headcount-hll/headcount/report/source"
)

//go:embed page
var parts embed.FS

var pageTemplate = disk.Template(parts, "page/report.html")

type page struct {
	*disk.Document
	Owner, Started, Took, Error string
	Values                      []value
	Parts                       []part
	Data                        pageData
}

type value struct{ Name, Text string }

// A part is text, a chart or a query.
type part struct {
	Text  template.HTML
	Chart *chart
	Query *query
}

type chart struct {
	ID, Title, Label, Missing, Big string
	Table                          *table
}

type query struct {
	Name, Note, SQL string
	Rows            bool
}

// pageData is what the script of the page reads.
type pageData struct {
	Results map[string]*source.Table `json:"results"`
	Charts  map[string]chartData     `json:"charts"`
}

type chartData struct {
	Type   string   `json:"type"`
	Data   string   `json:"data"`
	X      string   `json:"x"`
	Y      []string `json:"y,omitempty"`
	By     string   `json:"by,omitempty"`
	Lower  string   `json:"lower,omitempty"`
	Upper  string   `json:"upper,omitempty"`
	Value  string   `json:"value,omitempty"`
	Bins   int      `json:"bins,omitempty"`
	Format string   `json:"format,omitempty"`
}

// Page writes the page of a run. Columns of bytes are not in it.
func Page(out io.Writer, run *execute.Outcome) error {
	run = withoutBytes(run)
	document, err := disk.NewDocument(run.Report.Title, read("page/report.css"), read("page/report.js"))
	if err != nil {
		return err
	}
	p := &page{
		Document: document, Owner: run.Report.Owner, Started: run.Started.UTC().Format("2006-01-02 15:04:05 UTC"),
		Took: run.Took.Round(time.Millisecond).String(), Data: pageData{map[string]*source.Table{}, map[string]chartData{}},
	}
	if run.Err != nil {
		p.Error = run.Err.Error()
	}
	for _, name := range slices.Sorted(maps.Keys(run.Values)) {
		p.Values = append(p.Values, value{name, fmt.Sprint(run.Values[name])})
	}
	for name, r := range run.Results {
		if r.Table != nil {
			p.Data.Results[name] = r.Table
		}
	}
	for i, from := range run.Report.Parts {
		one, err := p.part(i, from, run)
		if err != nil {
			return err
		}
		p.Parts = append(p.Parts, one)
	}
	return pageTemplate.Execute(out, p)
}

// withoutBytes returns the outcome with results without their columns of bytes: the page cannot draw them, and sketches are large.
func withoutBytes(run *execute.Outcome) *execute.Outcome {
	shown := *run
	shown.Results = maps.Clone(run.Results)
	for name, r := range run.Results {
		if r.Table == nil || !slices.ContainsFunc(r.Table.Columns, isBytes) {
			continue
		}
		one, table := *r, &source.Table{Rows: make([][]any, len(r.Table.Rows))}
		for i, column := range r.Table.Columns {
			if isBytes(column) {
				continue
			}
			table.Columns = append(table.Columns, column)
			for at, row := range r.Table.Rows {
				table.Rows[at] = append(table.Rows[at], row[i])
			}
		}
		one.Table = table
		shown.Results[name] = &one
	}
	return &shown
}

func isBytes(c source.Column) bool { return c.Kind == source.Bytes }

func read(name string) string {
	text, err := parts.ReadFile(name)
	if err != nil {
		panic(err) // the file is embedded
	}
	return string(text)
}

func (p *page) part(i int, from document.Part, run *execute.Outcome) (part, error) {
	switch {
	case from.Query != nil:
		return part{Query: queryOf(from.Query, run.Results[from.Query.Name])}, nil
	case from.Chart != nil:
		return part{Chart: p.chart(fmt.Sprintf("chart-%d", i), from.Chart, run.Results[from.Chart.Data])}, nil
	}
	html, err := markdown(from.Text, run)
	return part{Text: html}, err
}

func rows(n int) string {
	if n == 1 {
		return "1 row"
	}
	return strconv.Itoa(n) + " rows"
}

func queryOf(q *document.Query, r *execute.Result) *query {
	if r == nil {
		return &query{Name: q.Name, SQL: q.SQL, Note: "it did not run"}
	}
	note := fmt.Sprintf("%s, %s, %s", r.Engine, r.Started.UTC().Format("15:04:05 UTC"), r.Took.Round(time.Millisecond))
	if r.Err != nil {
		return &query{Name: q.Name, SQL: q.SQL, Note: note + ", failed"}
	}
	if q.Incremental != "" {
		note += fmt.Sprintf(", %d days, %d of them computed in this run", r.Days, r.Computed)
	}
	return &query{q.Name, note + ", " + rows(len(r.Table.Rows)), q.SQL, true}
}

func (p *page) chart(id string, c *document.Chart, r *execute.Result) *chart {
	out := &chart{ID: id, Title: c.Title, Label: c.Title}
	if out.Label == "" {
		out.Label = c.Type + " of " + c.Data
	}
	if r == nil || r.Table == nil {
		out.Missing = "The query " + c.Data + " gave no result."
		return out
	}
	for _, name := range c.Columns() {
		if r.Table.Index(name) < 0 {
			out.Missing = fmt.Sprintf("The result of %s has no column %s.", c.Data, name)
			return out
		}
	}
	switch c.Type {
	case "table":
		out.Table = tableOf(r.Table, c)
	case "big number":
		out.Big = "no value"
		if len(r.Table.Rows) > 0 {
			out.Big = format(r.Table.Rows[0][r.Table.Index(c.Value)], c.Format)
		}
	default:
		p.Data.Charts[id] = chartData{c.Type, c.Data, c.X, c.Y, c.By, c.Lower, c.Upper, c.Value, c.Bins, c.Format}
	}
	return out
}

// maxTable is the number of rows of a table in the page.
const maxTable = 1000

type table struct {
	Header []cell
	Rows   [][]cell
	Left   int
}

type cell struct {
	Text         string
	Number, Null bool
}

// tableOf returns the columns that the chart names, or all.
func tableOf(t *source.Table, c *document.Chart) *table {
	out := &table{Left: max(len(t.Rows)-maxTable, 0)}
	var at []int
	for i, column := range t.Columns {
		if len(c.Y) == 0 || slices.ContainsFunc(c.Y, func(name string) bool { return strings.EqualFold(name, column.Name) }) {
			at = append(at, i)
			out.Header = append(out.Header, cell{Text: column.Name, Number: column.Kind == source.Number})
		}
	}
	for _, row := range t.Rows[:len(t.Rows)-out.Left] {
		var cells []cell
		for _, i := range at {
			cells = append(cells, cell{format(row[i], c.Format), t.Columns[i].Kind == source.Number, row[i] == nil})
		}
		out.Rows = append(out.Rows, cells)
	}
	return out
}
