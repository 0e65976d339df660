// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"strings"

	"github.com/headcount-hll/headcount/udf"
)

const preamble = `# Functions

Generated from the function table (` + "`udf/functions.go`" + `) by ` + "`make generate`" + `. The end-to-end tests run every example.

An HLL is a sketch of a set of ids. Tables store it as VARBINARY; ` + "`to_hll(x)`" + ` or ` + "`cast(x AS HLL)`" + ` converts it back.
Two sketches of a call are both HLL or both VARBINARY.

A histogram is an array of counts, one for each bucket. The functions over histograms are in Trino, PrestoDB and the sidecar, not in Spark.

Unless stated otherwise, the result of a NULL argument is NULL. A literal NULL may need a type, as in
` + "`CAST(NULL AS varbinary)`" + `: Trino does not choose between the signatures for HLL and for bytes. An invalid argument is an
error whose message says what is wrong and where. Its code is INVALID_CAST_ARGUMENT in a cast, so that try_cast returns NULL, and
INVALID_FUNCTION_ARGUMENT elsewhere.
`

// markdown returns the SQL reference: a section for each name, in the table's order.
func markdown(table []udf.Function) string {
	var out strings.Builder
	out.WriteString(preamble)
	last := ""
	for i := range table {
		f := &table[i]
		if f.Name != last {
			fmt.Fprintf(&out, "\n## %s\n", f.Name)
			last = f.Name
		}
		fmt.Fprintf(&out, "\n### `%s` → `%s`\n\n%s%s\n", f.Signature(), f.Result, role(f.Role), f.Doc)
		if over := idTypes(f.Ids); over != "" {
			fmt.Fprintf(&out, "\nAlso takes an id of type %s: [ids.md](../docs/ids.md).\n", over)
		}
		if f.Nulls != "" {
			fmt.Fprintf(&out, "\nNULL: %s.\n", f.Nulls)
		}
		if f.Errors != "" {
			fmt.Fprintf(&out, "\nErrors: %s.\n", f.Errors)
		}
		fmt.Fprintf(&out, "\n```sql\n%s\n-- %s\n```\n", f.Query(), f.ExampleResult)
	}
	return out.String()
}

func role(r udf.Role) string {
	if r == udf.Aggregate {
		return "Aggregate. "
	}
	return ""
}

// idTypes returns the types of ids that are not an error, separated by commas.
func idTypes(ids []udf.IDType) string {
	var names []string
	for _, id := range ids {
		if id.Text != "" {
			names = append(names, id.Type.String())
		}
	}
	return strings.Join(names, ", ")
}
