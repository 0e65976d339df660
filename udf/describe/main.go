// Command describe prints the function table: as JSON for what is tested against it, or as Markdown for
// people (sql/FUNCTIONS.md).
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"

	"github.com/headcount-hll/headcount/udf"
)

func main() {
	format := flag.String("format", "json", "json or markdown")
	flag.Parse()
	switch *format {
	case "json":
		encoder := json.NewEncoder(os.Stdout)
		encoder.SetIndent("", "  ")
		encoder.Encode(described(udf.Functions))
	case "markdown":
		fmt.Print(markdown(udf.Functions))
	default:
		fmt.Fprintf(os.Stderr, "describe: format %q, must be json or markdown\n", *format)
		os.Exit(2)
	}
}

// A signature is a row of the table as other languages read it.
type signature struct {
	Name      string   `json:"name"`
	Role      string   `json:"role"`
	Arguments []string `json:"arguments"`
	Result    string   `json:"result"`
	Shape     string   `json:"shape"`
	Symbol    string   `json:"symbol"`
	Doc       string   `json:"doc"`
	Example   string   `json:"example"`
	Shows     string   `json:"shows"`
}

func described(table []udf.Function) []signature {
	all := make([]signature, len(table))
	for i := range table {
		f := &table[i]
		all[i] = signature{f.Name, f.Role.String(), []string{}, f.Result.String(), f.Shape().String(), f.Symbol, f.Doc, f.Query(), f.ExampleResult}
		for _, p := range f.Params {
			all[i].Arguments = append(all[i].Arguments, p.Type.String())
		}
	}
	return all
}
