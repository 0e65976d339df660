// SPDX-License-Identifier: Apache-2.0

// Package section keeps generated parts of a hand-written Markdown file up to date. A part named x is
// between the lines
//
//	<!-- x -->
//	<!-- end of x -->
package section

import (
	"fmt"
	"os"
	"strings"
)

// EndOfSummary ends the part of the comparison that the README also contains.
const EndOfSummary = "\nLimits that Headcount must meet, then all results:\n"

// Replace replaces the text of a part of a file.
func Replace(file, name, text string) error {
	whole, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	start, end := "<!-- "+name+" -->\n", "<!-- end of "+name+" -->"
	before, rest, found := strings.Cut(string(whole), start)
	_, after, ends := strings.Cut(rest, end)
	if !found || !ends {
		return fmt.Errorf("section: %s has no part between %q and %q", file, strings.TrimSpace(start), end)
	}
	return os.WriteFile(file, []byte(before+start+strings.TrimRight(text, "\n")+"\n"+end+after), 0o644)
}
