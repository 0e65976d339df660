// SPDX-License-Identifier: Apache-2.0

package render

import (
	"bytes"
	"fmt"
	"html/template"
	"math"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	"golang.org/x/text/language"
	"golang.org/x/text/message"

	"github.com/headcount-hll/headcount/report/document"
	"github.com/headcount-hll/headcount/report/execute"
)

// toHTML leaves raw HTML out and removes links with scripts: goldmark's default.
var toHTML = goldmark.New(goldmark.WithExtensions(extension.Table, extension.Strikethrough))

// markdown returns the HTML of a text with values in place of its references.
func markdown(text string, run *execute.Outcome) (template.HTML, error) {
	text = document.Reference.ReplaceAllStringFunc(text, func(reference string) string {
		m := document.Reference.FindStringSubmatch(reference)
		return escape(lookup(run, m[1], m[2], m[3]))
	})
	var html bytes.Buffer
	err := toHTML.Convert([]byte(text), &html)
	return template.HTML(html.String()), err
}

// lookup returns the text of a parameter, or of a column of a result's first row.
func lookup(run *execute.Outcome, name, column, how string) string {
	if column == "" {
		return format(run.Values[name], how)
	}
	r := run.Results[name]
	if r == nil || r.Table == nil || len(r.Table.Rows) == 0 || r.Table.Index(column) < 0 {
		return "(no value)"
	}
	return format(r.Table.Rows[0][r.Table.Index(column)], how)
}

// escape makes every character of a value stand for itself in Markdown.
func escape(value string) string {
	var out strings.Builder
	for _, r := range value {
		switch {
		case r == '\n' || r == '\r' || r == '\t':
			r = ' '
		case r > ' ' && r < 0x7f && !(r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'):
			out.WriteByte('\\')
		}
		out.WriteRune(r)
	}
	return out.String()
}

var english = message.NewPrinter(language.English)

// format writes a value for readers: whole, precise (4 significant digits), percent, or by its type.
func format(v any, how string) string {
	var f float64
	switch x := v.(type) {
	case nil:
		return "NULL"
	case int64:
		if how == "" || how == "whole" {
			return english.Sprintf("%d", x)
		}
		f = float64(x)
	case float64:
		f = x
	default:
		return fmt.Sprint(v)
	}
	switch {
	case how == "percent":
		return fmt.Sprintf("%.1f%%", f*100)
	case how == "whole" || math.Abs(f) >= 1000:
		return english.Sprintf("%.0f", f)
	}
	return fmt.Sprintf("%.4g", f)
}
