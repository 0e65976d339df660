// SPDX-License-Identifier: Apache-2.0

// Package longitudinal makes tables of one row a client, whose columns are lists in the order of time.
//
// Pings are sorted by sample id, client and time, spilled to disk where they do not fit in memory, and then one client after the other
// is written.
package longitudinal

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/apache/arrow-go/v18/arrow"

	"github.com/headcount-hll/headcount/internal/ping"
	"github.com/headcount-hll/headcount/internal/sortkey"
)

// MostPings is how many pings of a client are kept: the newest.
const MostPings = 1000

// Columns of a view that have a meaning here. Of each the first that the view has is taken.
var (
	clientColumns   = []string{"client_id"}
	timeColumns     = []string{"subsession_start_date", "activitydate"}
	counterColumns  = []string{"profile_subsession_counter"}
	documentColumns = []string{"document_id"}
	osColumns       = []string{"os"}
	channelColumns  = []string{"normalized_channel", "normalizedchannel"}
	sampleColumn    = "sample_id"
)

// Options say what a run uses.
type Options struct {
	Threads     int
	Memory      int64 // bytes of rows to hold before they are spilled
	SpillDir    string
	From, To    uint8   // sample ids, both included
	NewestFirst bool    // the order of the lists
	MaxIgnored  float64 // the part of all pings above which a run fails
	CreatedBy   string
}

// Counts are what became of the pings that were read.
type Counts struct {
	Pings      atomic.Int64
	Ignored    atomic.Int64 // without a client or a time
	Unsampled  atomic.Int64
	Duplicates atomic.Int64
	Older      atomic.Int64 // than the newest MostPings of their client
	Clients    atomic.Int64
	Spilled    int64 // bytes
}

// A layout is the columns of pings in the order in which they are sorted: time, counter, document id, then all others.
type layout struct {
	columns  []Column
	keys     []sortkey.Column // of columns, as they are sorted
	names    []string         // of the lists
	order    int              // how many columns say the order
	document int              // places of columns, or -1
	os       int
	channel  int
}

// newLayout orders the columns of a view, without the client's. It fails without a time, and if two would have one name.
func newLayout(columns []Column) (l *layout, err error) {
	l = &layout{}
	take := func(names []string) int {
		for _, name := range names {
			if i := slices.IndexFunc(columns, func(c Column) bool { return c.Name == name && c.Nested == nil }); i >= 0 {
				l.columns = append(l.columns, columns[i])
				return len(l.columns) - 1
			}
		}
		return -1
	}
	if take(timeColumns) < 0 {
		return nil, fmt.Errorf("there is no column %s or %s to order pings by", timeColumns[0], timeColumns[1])
	}
	take(counterColumns)
	l.document = take(documentColumns)
	l.order = len(l.columns)
	for _, c := range columns {
		if c.Name != sampleColumn && !slices.ContainsFunc(l.columns, func(have Column) bool { return have.Name == c.Name }) {
			l.columns = append(l.columns, c)
		}
	}
	find := func(names []string) int {
		return slices.IndexFunc(l.columns, func(c Column) bool {
			return slices.Contains(names, c.Name) && c.arrowType() == arrow.BinaryTypes.String
		})
	}
	l.os, l.channel = find(osColumns), find(channelColumns)
	for _, c := range l.columns {
		name := c.Name
		if name == osName || name == channelName {
			name += "_history"
		}
		taken := func(other string) bool { return strings.EqualFold(name, other) } // engines ignore case
		if slices.ContainsFunc(l.names, taken) || slices.ContainsFunc(scalarNames, taken) {
			return nil, fmt.Errorf("column %s would be the table's second column %s: leave it out of the view, or rename it", c.Name, name)
		}
		l.names = append(l.names, name)
		l.keys = append(l.keys, c.Column)
	}
	return l, nil
}

// A Column is a column of pings.
type Column struct {
	sortkey.Column
	Nested    arrow.DataType // of values that are text as package nested encodes them; nil for all others
	Histogram string         // what the values are, for the table's metadata
}

// arrowType returns the type of the column's values in a file.
func (c Column) arrowType() arrow.DataType {
	if c.Nested != nil {
		return c.Nested
	}
	return arrowType(c.Type)
}

// A Source gives pings as rows.
type Source interface {
	// Columns returns the columns that Each gives, without the client's.
	Columns() []Column
	// Each calls the functions that newWorker returns at the same time, each from one goroutine, with the client's id and
	// the values of Columns. A nil id is NULL. They are valid until the function returns.
	Each(ctx context.Context, threads int, newWorker func() func(client []byte, values []sortkey.Value) error) error
}

// Build writes the table of all pings that a source gives to one file.
func Build(ctx context.Context, out io.Writer, source Source, o Options) (counts *Counts, err error) {
	l, pings, counts, err := sortSource(ctx, source, o)
	defer func() { err = errors.Join(err, pings.close()) }()
	if err != nil {
		return counts, err
	}
	w, err := newWriter(out, l, o)
	if err != nil {
		return counts, err
	}
	return counts, w.close(pings.clients(ctx, newHistory(l), counts, func(h *history) error { return w.add(h, counts) }))
}

// sortSource sorts all pings of a source.
func sortSource(ctx context.Context, source Source, o Options) (l *layout, pings sorters, counts *Counts, err error) {
	pings, counts = newSorters(o), &Counts{}
	if l, err = newLayout(source.Columns()); err != nil {
		return nil, pings, counts, err
	}
	err = l.sort(ctx, &pings, source, o, counts)
	counts.Spilled = pings.spilled()
	return l, pings, counts, err
}

// sort gives all pings of a source to the sorters of their parts.
func (l *layout) sort(ctx context.Context, pings *sorters, source Source, o Options, counts *Counts) error {
	places := l.places(source.Columns())
	err := source.Each(ctx, o.Threads, func() func([]byte, []sortkey.Value) error {
		buffers := pings.buffers()
		var key []byte
		return func(client []byte, values []sortkey.Value) error {
			counts.Pings.Add(1)
			if client == nil || values[places[0]].Null {
				counts.Ignored.Add(1)
				return nil
			}
			sample := ping.SampleID(client)
			if sample < o.From || sample > o.To {
				counts.Unsampled.Add(1)
				return nil
			}
			key = sortkey.AppendString(append(key[:0], sample), client)
			for i, place := range places {
				key = appendValue(key, l.columns[i].Type, values[place])
			}
			return buffers[sample/partSamples].Add(key, nil)
		}
	})
	if err != nil {
		return err
	}
	if ignored, all := counts.Ignored.Load(), counts.Pings.Load(); float64(ignored) > o.MaxIgnored*float64(all) {
		return fmt.Errorf("%d of %d pings have no client or no time, more than %g %% (--max-rejects)", ignored, all, o.MaxIgnored*100)
	}
	return nil
}

// places returns where each of the layout's columns is among others.
func (l *layout) places(columns []Column) (places []int) {
	for _, c := range l.columns {
		places = append(places, slices.IndexFunc(columns, func(other Column) bool { return other.Name == c.Name }))
	}
	return places
}

func appendValue(key []byte, t sortkey.Type, v sortkey.Value) []byte {
	switch {
	case v.Null:
		return sortkey.AppendNull(key)
	case t == sortkey.Varchar:
		return sortkey.AppendString(key, v.Text)
	case t == sortkey.Boolean:
		return sortkey.AppendBool(key, v.Int != 0)
	case t == sortkey.Bigint:
		return sortkey.AppendInt64(key, v.Int)
	default:
		return sortkey.AppendInt32(key, int32(v.Int))
	}
}
