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

// EndOfSummary ends what of the comparison stands in the README too.
const EndOfSummary = "\nLimits that Headcount must meet, then all results:\n"

// Replace puts text in the place of a file's part.
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
