// SPDX-License-Identifier: Apache-2.0

// Command describe generates what follows from the function table (udf/functions.go) and from the C contract
// (cgo/headcount.h): the SQL reference, the Java classes that an engine needs for each function, and the tables by which
// Java calls the C library. The templates are in templates; outputs.go lists the files.
//
//	describe -write DIR    writes every generated file below DIR, the root of the repository
//	describe -format json  prints the function table, for tests in other languages
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"

	"github.com/headcount-hll/headcount/udf"
)

func main() {
	write := flag.String("write", "", "write the generated files below this folder, the root of the repository")
	format := flag.String("format", "json", "without -write: how to print the table, json")
	flag.Parse()
	if err := run(*write, *format, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "describe:", err)
		os.Exit(1)
	}
}

func run(root, format string, out io.Writer) error {
	if root != "" {
		return writeAll(root)
	}
	if format != "json" {
		return fmt.Errorf("format %q: must be json", format)
	}
	encoder := json.NewEncoder(out)
	encoder.SetIndent("", "  ")
	return encoder.Encode(described(udf.Signatures()))
}

// A row is a row of the table as other languages read it.
type row struct {
	Name      string   `json:"name"`
	Role      string   `json:"role"`
	Arguments []string `json:"arguments"`
	Result    string   `json:"result"`
	Shape     string   `json:"shape"`
	Symbol    string   `json:"symbol"`
	Doc       string   `json:"doc"`
	Example   string   `json:"example"`
	Shows     string   `json:"shows"`
	OverID    bool     `json:"overId"` // an overload for a type of ids, not a row of the table
}

func described(table []udf.Function) []row {
	all := make([]row, len(table))
	for i := range table {
		f := &table[i]
		all[i] = row{f.Name, f.Role.String(), []string{}, f.Result.String(), f.Shape().String(), f.Symbol, f.Doc, f.Query(), f.ExampleResult, f.IsOverID()}
		for _, p := range f.Params {
			all[i].Arguments = append(all[i].Arguments, p.Type.String())
		}
	}
	return all
}
