// SPDX-License-Identifier: Apache-2.0

// Package disk has the parts of pages that are one file and open from disk: the plot library, what plots share, the style.
package disk

import (
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"errors"
	"html/template"
	"io/fs"
)

// The build fetches the plot library (fetch-plots.sh). Without it programs can be built, but pages are an error.
//
//go:embed parts
var parts embed.FS

var errNoPlots = errors.New("this program was built without the plot library: build it with make")

// Library returns the script of Apache ECharts.
func Library() (string, error) {
	text, err := parts.ReadFile("parts/echarts.min.js")
	if err != nil {
		return "", errNoPlots
	}
	return string(text), nil
}

// Plots returns the script of what plots share: colours, axes, tooltips, formats. It follows the library.
func Plots() string { return read("parts/plots.js") }

// Style returns the style of the pages.
func Style() string { return read("parts/page.css") }

// A Document has what the head and the scripts of a page consist of. The data of a page's template embeds it.
type Document struct {
	Title, Policy           string
	Style                   template.CSS
	Library, Shared, Script template.JS
}

// NewDocument returns the document of a page with a script and a style of its own; style may be empty.
func NewDocument(title, style, script string) (*Document, error) {
	library, err := Library()
	if err != nil {
		return nil, err
	}
	style = Style() + style
	return &Document{
		Title: title, Policy: policy(style, library, Plots(), script), Style: template.CSS(style),
		Library: template.JS(library), Shared: template.JS(Plots()), Script: template.JS(script),
	}, nil
}

// policy is the Content-Security-Policy of a page: its own style and scripts, by their hashes, and no network.
func policy(style string, scripts ...string) string {
	hash := func(text string) string {
		sum := sha256.Sum256([]byte(text))
		return " 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
	}
	all := ""
	for _, s := range scripts {
		all += hash(s)
	}
	return "default-src 'none'; img-src data: blob:; base-uri 'none'; form-action 'none'; style-src" + hash(style) + "; script-src" + all
}

// Template parses a page of an embedded folder. It can use the templates "head" and "scripts", over a [Document].
func Template(folder fs.FS, page string) *template.Template {
	t := template.Must(template.ParseFS(folder, page))
	template.Must(t.New("head.html").Parse(read("parts/head.html")))
	return t
}

// read returns a file that is embedded in every build.
func read(name string) string {
	text, err := parts.ReadFile(name)
	if err != nil {
		panic(err)
	}
	return string(text)
}
