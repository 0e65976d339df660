package extract

import (
	"errors"
	"fmt"
	"strings"
	"sync/atomic"

	"github.com/headcount-hll/headcount/rollup/partial"
)

// An output writes the files of one kind, one day after the other.
type output struct {
	root      string
	kind      partial.Kind
	extra     []string
	split     func(group) error
	writer    *partial.Writer
	fields    []string // of the group, the day first
	day       string
	row       partial.Row
	extraText string  // what row.Extra was made of
	parts     []part  // scratch,
	buckets   []int64 // their buckets,
	sums      []int64 // and their sums
	rows      int64
	leftOut   int64
	cancelled atomic.Bool
}

func newOutput(root string, kind partial.Kind, extra []string) *output {
	o := &output{root: root, kind: kind, extra: extra}
	if o.split = o.byBuild; kind == partial.SubmissionDate {
		o.split = o.byDay
	}
	return o
}

// run writes all groups of a feed. It reads the feed to its end even after an error.
func (o *output) run(feed <-chan []group) error {
	var err error
	for batch := range feed {
		for _, g := range batch {
			if err == nil {
				err = o.write(g)
			}
		}
	}
	if err == nil && o.cancelled.Load() {
		err = errors.New("extract: cancelled")
	}
	if err == nil && o.writer != nil {
		return o.writer.Close()
	}
	if o.writer != nil {
		o.writer.Abort()
	}
	return err
}

func (o *output) write(g group) error {
	o.fields = o.fields[:0]
	for rest := g.prefix; rest != ""; {
		field, behind, _ := strings.Cut(rest, "\x00")
		o.fields, rest = append(o.fields, field), behind
	}
	if len(o.fields) != prefixFields {
		return fmt.Errorf("extract: key of %d fields", len(o.fields))
	}
	if day := o.fields[0]; o.writer == nil || day != o.day {
		if o.writer != nil {
			writer := o.writer
			o.writer = nil
			if err := writer.Close(); err != nil {
				return err
			}
		}
		var err error
		if o.writer, err = partial.NewWriter(o.root, o.kind, day, o.extra); err != nil {
			return err
		}
		o.day = day
	}
	return o.split(g)
}

func (o *output) emit(parts []part) error {
	sums, ok := wholeSums(parts, o.sums)
	o.sums = sums
	if !ok {
		o.leftOut += int64(len(parts))
		return nil
	}
	for i := range parts {
		o.setRow(&parts[i], sums[i])
		if err := o.writer.Write(&o.row); err != nil {
			return err
		}
		o.rows++
	}
	return nil
}
