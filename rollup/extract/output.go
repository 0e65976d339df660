package extract

import (
	"bytes"
	"cmp"
	"errors"
	"io"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"github.com/headcount-hll/headcount/rollup/partial"
	"github.com/headcount-hll/headcount/udf/hist"
)

// prefixFields is the number of a key's fields before the build id: rows that agree in them are one row of a roll-up by
// submission date, but for the added dimensions.
const prefixFields = 10

// A group is the entries that agree in all fields before the build id, in the order of their keys.
type group struct {
	prefix  string // the fields, each ended by NUL
	entries []part
}

// A part is an entry of a group: the fields of its key from the build id on, and its numbers.
type part struct {
	buildID, extra string // extra with its NULs
	entry
}

// write writes the entries of a source as files of both kinds and returns how many rows each has, and how many were
// left out. Where it fails, the files of the days that were begun stay as they were.
func write(from *merger, root string, extra []string) (rows map[partial.Kind]int64, leftOut int64, err error) {
	outputs := []*output{newOutput(root, partial.BuildID, extra), newOutput(root, partial.SubmissionDate, extra)}
	feeds := []chan []group{make(chan []group, 4), make(chan []group, 4)}
	var work errgroup.Group
	for i, o := range outputs {
		work.Go(func() error { return o.run(feeds[i]) })
	}
	err = groups(from, feeds)
	if err != nil {
		for _, o := range outputs {
			o.cancelled.Store(true)
		}
	}
	for _, feed := range feeds {
		close(feed)
	}
	if failed := work.Wait(); err == nil {
		err = failed
	}
	rows = map[partial.Kind]int64{}
	for _, o := range outputs {
		rows[o.kind] = o.rows
		leftOut += o.leftOut
	}
	return rows, leftOut, err
}

// groupsAtOnce is how many groups go to the writers at a time.
const groupsAtOnce = 256

// groups reads a source to its end and sends its groups to every feed.
func groups(from *merger, feeds []chan []group) error {
	var batch []group
	var seen texts
	send := func() {
		for _, feed := range feeds {
			feed <- batch
		}
		batch = nil
	}
	for {
		key, e, err := from.next()
		if errors.Is(err, io.EOF) {
			send()
			return nil
		}
		if err != nil {
			return err
		}
		at := fieldsEnd(key, prefixFields)
		if n := len(batch); n == 0 || batch[n-1].prefix != string(key[:at]) {
			if n == groupsAtOnce {
				send()
			}
			batch = append(batch, group{prefix: string(key[:at])})
		}
		build, rest, _ := bytes.Cut(key[at:], []byte{0})
		last := &batch[len(batch)-1]
		last.entries = append(last.entries, part{seen.text(build), seen.text(rest), *e})
	}
}

// texts gives text that was seen before in the same memory, mostly.
type texts [1 << 8]string

func (t *texts) text(b []byte) string {
	hash := uint32(len(b))
	for _, c := range b {
		hash = hash*16777619 ^ uint32(c)
	}
	kept := &t[hash>>24^hash&0xff]
	if *kept != string(b) {
		*kept = string(b)
	}
	return *kept
}

// fieldsEnd returns where the first n fields of a key end.
func fieldsEnd(key []byte, n int) int {
	at := 0
	for range n {
		at += bytes.IndexByte(key[at:], 0) + 1
	}
	return at
}

// byBuild gives the parts of a group by build.
func (o *output) byBuild(g group) error {
	for from := 0; from < len(g.entries); {
		to := from
		for to < len(g.entries) && g.entries[to].buildID == g.entries[from].buildID {
			to++
		}
		if err := o.emit(g.entries[from:to]); err != nil {
			return err
		}
		from = to
	}
	return nil
}

// byDay gives the parts of a group with the builds added up.
func (o *output) byDay(g group) error {
	o.parts = append(o.parts[:0], g.entries...)
	slices.SortStableFunc(o.parts, func(a, b part) int { return cmp.Compare(a.extra, b.extra) })
	sums, buckets := o.parts[:0], o.buckets[:0]
	for _, p := range o.parts {
		p.buildID = ""
		if last := len(sums) - 1; last >= 0 && sums[last].extra == p.extra {
			sums[last].absorb(&p.entry)
			continue
		}
		from := len(buckets)
		buckets = append(buckets, p.buckets...)
		p.buckets = buckets[from:len(buckets):len(buckets)] // the other output has the group too
		sums = append(sums, p)
	}
	o.buckets = buckets
	return o.emit(sums)
}

// wholeSums returns the sums of parts that differ only in added dimensions as whole numbers. Together they are the
// whole part of the sum without these dimensions, as the original stores it: what the fractions add up to goes to
// the parts with the largest fractions, one each. ok is false where the sum is above int64: the original leaves such a
// row out.
// The sums are in the memory of scratch where that is long enough.
func wholeSums(parts []part, scratch []int64) (sums []int64, ok bool) {
	total := entry{}
	sums = scratch[:0]
	for i := range parts {
		p := &parts[i]
		total.over = total.over || p.over
		total.carry(p.sum, p.fraction)
		sums = append(sums, p.sum)
	}
	if total.over {
		return sums, false
	}
	units := total.sum
	for _, sum := range sums {
		units -= sum
	}
	if units == 0 {
		return sums, true
	}
	order := make([]int, len(parts))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(parts[b].fraction, parts[a].fraction) })
	for _, i := range order[:min(int(units), len(order))] {
		sums[i] = hist.Add(sums[i], 1)
	}
	return sums, true
}

// setRow sets the row to a part of a group with these fields.
func (o *output) setRow(p *part, sum int64) {
	fields, extra := o.fields, o.row.Extra
	if p.extra != o.extraText {
		o.extraText, extra = p.extra, nil
		if p.extra != "" {
			extra = strings.Split(strings.TrimSuffix(p.extra, "\x00"), "\x00")
		}
	}
	o.row = partial.Row{
		Channel: fields[1], Version: fields[2], Metric: fields[3], Label: fields[4], Process: fields[5],
		Application: fields[6], Architecture: fields[7], OS: fields[8], OSVersion: fields[9],
		BuildID: p.buildID, Extra: extra, Histogram: p.buckets, Sum: sum, Count: p.count,
	}
}
