// SPDX-License-Identifier: Apache-2.0

// Package report writes engagement figures as a terminal table, CSV, JSON or an HTML page with plots.
package report

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"

	"github.com/dustin/go-humanize"
	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"
)

// A Table is named columns of values: nil for NULL, bool, int64, float64 or string.
type Table struct {
	Header []string
	Rows   [][]any
}

// CSV writes the table as RFC 4180 with \n. NULL is an empty field. A float64 is the shortest text that parses to the same
// number.
func (t *Table) CSV(out io.Writer) error {
	w := bufio.NewWriter(out)
	row := make([]any, len(t.Header))
	for i, name := range t.Header {
		row[i] = name
	}
	for _, row := range append([][]any{row}, t.Rows...) {
		for i, v := range row {
			if i > 0 {
				_ = w.WriteByte(',') // Flush returns the error
			}
			_, _ = w.WriteString(csvField(v))
		}
		_ = w.WriteByte('\n')
	}
	return w.Flush()
}

// csvField returns a field of CSV. An empty text is quoted, to differ from NULL.
func csvField(v any) string {
	text := plain(v)
	if v != nil && text == "" || strings.ContainsAny(text, "\",\r\n") || strings.HasPrefix(text, " ") {
		return `"` + strings.ReplaceAll(text, `"`, `""`) + `"`
	}
	return text
}

func plain(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	default:
		return fmt.Sprint(v)
	}
}

// JSON writes the table as an array of objects, one per line.
func (t *Table) JSON(out io.Writer) error {
	line := []byte("[")
	for i, row := range t.Rows {
		if i > 0 {
			line = append(line, ',')
		}
		line = append(line, "\n  {"...)
		for j, v := range row {
			if j > 0 {
				line = append(line, ", "...)
			}
			value, err := json.Marshal(v)
			if err != nil {
				return err
			}
			line = append(strconv.AppendQuote(line, t.Header[j]), ": "...)
			line = append(line, value...)
		}
		line = append(line, '}')
		if _, err := out.Write(line); err != nil {
			return err
		}
		line = line[:0]
	}
	_, err := out.Write(append(line, "\n]\n"...))
	return err
}

// Terminal writes the table for readers: numbers right-aligned, ratios with four decimals.
func (t *Table) Terminal(out io.Writer) error {
	w := table.NewWriter()
	w.SetStyle(table.StyleLight)
	w.Style().Format.Header = text.FormatDefault
	w.Style().Options = table.Options{DrawBorder: false, SeparateColumns: true, SeparateHeader: true}
	var header table.Row
	configs := make([]table.ColumnConfig, len(t.Header))
	for i, name := range t.Header {
		header = append(header, name)
		configs[i] = table.ColumnConfig{Number: i + 1, Align: t.align(i), AlignHeader: t.align(i)}
	}
	w.AppendHeader(header)
	w.SetColumnConfigs(configs)
	for _, row := range t.Rows {
		var cells table.Row
		for _, v := range row {
			cells = append(cells, forPeople(v))
		}
		w.AppendRow(cells)
	}
	_, err := fmt.Fprintln(out, w.Render())
	return err
}

// align returns the alignment of a column: right for numbers.
func (t *Table) align(column int) text.Align {
	if t.isNumber(column) {
		return text.AlignRight
	}
	return text.AlignLeft
}

// isNumber reports whether a column holds numbers, by its first value.
func (t *Table) isNumber(column int) bool {
	for _, row := range t.Rows {
		switch row[column].(type) {
		case int64, float64:
			return true
		case string, bool:
			return false
		}
	}
	return false
}

func forPeople(v any) string {
	switch v := v.(type) {
	case nil:
		return "NULL"
	case string:
		return readable(v)
	case int64:
		return humanize.Comma(v)
	case float64:
		if v >= 100 { // a bound of a number of clients
			return humanize.Comma(int64(math.Round(v)))
		}
		return strconv.FormatFloat(v, 'f', 4, 64)
	default:
		return fmt.Sprint(v)
	}
}

// readable returns a text as it is, or quoted if it could be read as NULL or as a quoted text.
func readable(text string) string {
	if text == "" || strings.EqualFold(text, "NULL") || strings.HasPrefix(text, `"`) {
		return strconv.Quote(text)
	}
	return text
}
