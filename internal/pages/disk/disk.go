// SPDX-License-Identifier: Apache-2.0

// Package disk has the parts of pages that are one file and open from disk: the plot library, what plots share, the style.
package disk

import (
	"embed"
	"errors"
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

// read returns a file that is embedded in every build.
func read(name string) string {
	text, err := parts.ReadFile(name)
	if err != nil {
		panic(err)
	}
	return string(text)
}
