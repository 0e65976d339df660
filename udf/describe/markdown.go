// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"strings"

	"github.com/headcount-hll/headcount/udf"
)

const preamble = `# Functions

Made from the function table (` + "`udf/functions.go`" + `) by ` + "`make generate`" + `; a test keeps it fresh, and the
end-to-end tests run every example.

An HLL is a sketch of a set of ids. Tables hold it as VARBINARY; ` + "`cast(x AS HLL)`" + ` makes it an HLL again. Unless a
function says otherwise, a NULL argument gives NULL. A refused argument is an error that says what was wrong and where:
INVALID_CAST_ARGUMENT from a cast, so that try_cast gives NULL, INVALID_FUNCTION_ARGUMENT elsewhere.
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
		if f.Nulls != "" {
			fmt.Fprintf(&out, "\nNULL: %s.\n", f.Nulls)
		}
		if f.Errors != "" {
			fmt.Fprintf(&out, "\nRefused: %s.\n", f.Errors)
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
