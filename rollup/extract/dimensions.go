package extract

import (
	"bufio"
	_ "embed"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"

	"github.com/headcount-hll/headcount/rollup/partial"
)

// A Dimension is an additional column of a roll-up, filled from a path in the ping.
type Dimension struct {
	Name string
	Path []string
}

//go:embed dimensions.conf
var defaultDimensions string

// DefaultDimensions returns the dimensions of dimensions.conf.
func DefaultDimensions() []Dimension {
	all, err := ReadDimensions(strings.NewReader(defaultDimensions))
	if err != nil {
		panic(err)
	}
	return all
}

var dimensionName = regexp.MustCompile(`^[a-z][a-z0-9_]{0,62}$`)

// maxDimensions is the largest number of dimensions that a file may add.
const maxDimensions = 16

// ReadDimensions reads one dimension a line: its name, a space, and the path of its value in the ping. Empty lines and
// lines that begin with # are skipped.
func ReadDimensions(r io.Reader) ([]Dimension, error) {
	var all []Dimension
	lines := bufio.NewScanner(r)
	for n := 1; lines.Scan(); n++ {
		line := strings.TrimSpace(lines.Text())
		if line == "" || line[0] == '#' {
			continue
		}
		fields := strings.Fields(line)
		if len(fields) != 2 || !dimensionName.MatchString(fields[0]) {
			return nil, fmt.Errorf("dimensions: line %d: %.80q is not a name in lower case and a path", n, line)
		}
		if slices.Contains(partial.Fixed, fields[0]) || slices.ContainsFunc(all, func(d Dimension) bool { return d.Name == fields[0] }) {
			return nil, fmt.Errorf("dimensions: line %d: there is a column %s already", n, fields[0])
		}
		if all = append(all, Dimension{fields[0], strings.Split(fields[1], ".")}); len(all) > maxDimensions {
			return nil, fmt.Errorf("dimensions: line %d: more than %d dimensions", n, maxDimensions)
		}
	}
	return all, lines.Err()
}

// names returns the columns of dimensions.
func names(dimensions []Dimension) []string {
	all := make([]string, len(dimensions))
	for i, d := range dimensions {
		all[i] = d.Name
	}
	return all
}
