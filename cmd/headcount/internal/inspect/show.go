// SPDX-License-Identifier: Apache-2.0

package inspect

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/dustin/go-humanize"

	"github.com/headcount-hll/headcount/internal/sortkey"
	"github.com/headcount-hll/headcount/udf/hll"
)

// Show writes a description for readers.
func (f *Found) Show(out io.Writer) error {
	var b strings.Builder
	line := func(name, format string, args ...any) {
		fmt.Fprintf(&b, "  %-20s %s\n", name, fmt.Sprintf(format, args...))
	}
	fmt.Fprintf(&b, "%s\n", f.Path)
	line("rows", "%s", humanize.Comma(f.Rows))
	f.showDays(line)
	for _, c := range f.Columns {
		line(c.Name, "%s", c.describe())
	}
	for _, c := range f.Unread {
		line(c.Name, "%s, not read", c.Type)
	}
	f.showSketches(line)
	for _, bad := range f.Worst {
		line("bad sketch", "row %s: %v", humanize.Comma(bad.Row), bad.Err)
	}
	if more := f.Bad - int64(len(f.Worst)); more > 0 {
		line("", "and %s more", humanize.Comma(more))
	}
	_, err := io.WriteString(out, b.String())
	return err
}

// showDays writes the first and last day, and the days without data between them.
func (f *Found) showDays(line func(name, format string, args ...any)) {
	if len(f.Days) == 0 {
		line("days", "none")
		return
	}
	days := slices.Sorted(maps.Keys(f.Days))
	first, last := days[0], days[len(days)-1]
	line("days", "%s to %s, %s of them", sortkey.FormatDate(first), sortkey.FormatDate(last), humanize.Comma(int64(len(days))))
	var missing []string
	for i, day := range days[1:] {
		switch before := days[i]; {
		case day == before+2:
			missing = append(missing, sortkey.FormatDate(before+1))
		case day > before+2:
			missing = append(missing, sortkey.FormatDate(before+1)+" to "+sortkey.FormatDate(day-1))
		}
	}
	if len(missing) > 0 {
		line("days without data", "%s", strings.Join(missing, ", "))
	}
}

// describe lists the values of a column if they are few.
func (c *Column) describe() string {
	const few = 8
	text := fmt.Sprintf("%s, %s values", c.Type, humanize.Comma(int64(len(c.Values))))
	switch {
	case c.Many:
		text = fmt.Sprintf("%s, more than %s values", c.Type, humanize.Comma(int64(len(c.Values))))
	case len(c.Values) <= few:
		text += ": " + strings.Join(slices.Sorted(maps.Keys(c.Values)), ", ")
	}
	if c.Null > 0 {
		text += fmt.Sprintf("; NULL in %s rows", humanize.Comma(c.Null))
	}
	return text
}

func (f *Found) showSketches(line func(name, format string, args ...any)) {
	share := func(n, bytes int64) string {
		if n == 0 {
			return "none"
		}
		return fmt.Sprintf("%s, %s in all, %s on average",
			humanize.Comma(n), humanize.Bytes(uint64(bytes)), humanize.Bytes(uint64(bytes/n)))
	}
	line("sparse sketches", "%s", share(f.Sparse, f.SparseB))
	line("dense sketches", "%s", share(f.Dense, f.DenseB))
	for _, p := range slices.Sorted(maps.Keys(f.Precisions)) {
		all, err := hll.Decode(f.union[p].Append(nil))
		if err == nil {
			line(fmt.Sprintf("precision %d", p), "%s sketches, %s clients in all",
				humanize.Comma(f.Precisions[p]), humanize.Comma(all.Cardinality()))
		}
	}
	if f.Null > 0 {
		line("no sketch", "%s rows", humanize.Comma(f.Null))
	}
	if f.Bad == 0 {
		line("bad sketches", "none")
	} else {
		line("bad sketches", "%s", humanize.Comma(f.Bad))
	}
}
