// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/headcount-hll/headcount/internal/input"
)

// defaultDate is the name of the column of the day.
const defaultDate = "activitydate"

// dayOfFolders is the day as text with the names of folders in braces, such as {year}-{month}-{day} for files in
// year=2016/month=9/day=5. A value of one digit gets a zero before it.
type dayOfFolders struct{ text string }

var inBraces = regexp.MustCompile(`\{[^{}]*\}`)

// newDayOfFolders returns nil if no name is in braces.
func newDayOfFolders(text string) *dayOfFolders {
	if !inBraces.MatchString(text) {
		return nil
	}
	return &dayOfFolders{text}
}

// apply replaces the columns that the day is made of by the column of the day.
func (d *dayOfFolders) apply(places []input.Place) error {
	if d == nil {
		return nil
	}
	for i := range places {
		p := &places[i]
		var used []string
		var missing string
		day := inBraces.ReplaceAllStringFunc(d.text, func(name string) string {
			name = strings.Trim(name, "{}")
			at := slices.IndexFunc(p.Fixed, func(f input.Fixed) bool { return f.Name == name && !f.Null })
			if at < 0 {
				missing = name
				return ""
			}
			used = append(used, name)
			return padded(p.Fixed[at].Text)
		})
		if missing != "" {
			return fmt.Errorf("%s: --date %s: no folder above it is named %s=VALUE", p.Path, d.text, missing)
		}
		p.Fixed = slices.DeleteFunc(slices.Clone(p.Fixed), func(f input.Fixed) bool { return slices.Contains(used, f.Name) })
		p.Fixed = append(p.Fixed, input.Fixed{Name: defaultDate, Text: day})
	}
	return nil
}

func padded(digits string) string {
	if len(digits) == 1 {
		return "0" + digits
	}
	return digits
}
