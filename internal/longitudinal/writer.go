// SPDX-License-Identifier: Apache-2.0

package longitudinal

import (
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/compress"
	"github.com/apache/arrow-go/v18/parquet/pqarrow"
	"golang.org/x/sync/errgroup"

	"github.com/headcount-hll/headcount/internal/sortkey"
	"github.com/headcount-hll/headcount/internal/view"
)

// Scalar columns of the table. They precede the list columns.
const (
	clientName  = "client_id"
	osName      = "os"
	channelName = "normalized_channel"
	scalars     = 4 // client_id, os, normalized_channel, sample_id
)

var scalarNames = []string{clientName, osName, channelName, sampleColumn}

func arrowType(t sortkey.Type) arrow.DataType {
	switch t {
	case sortkey.Boolean:
		return arrow.FixedWidthTypes.Boolean
	case sortkey.Integer:
		return arrow.PrimitiveTypes.Int32
	case sortkey.Bigint:
		return arrow.PrimitiveTypes.Int64
	case sortkey.Date:
		return arrow.FixedWidthTypes.Date32
	default:
		return arrow.BinaryTypes.String
	}
}

// metadata says how a table was made: an update has to be made alike.
func (l *layout) metadata(o Options) map[string]string {
	all := map[string]string{
		"headcount.order":      map[bool]string{false: "oldest first", true: "newest first"}[o.NewestFirst],
		"headcount.samples":    fmt.Sprintf("%d-%d", o.From, o.To),
		"headcount.most_pings": strconv.Itoa(MostPings),
	}
	for i, c := range l.columns {
		if c.Histogram != "" {
			all[view.HistogramKey(l.names[i])] = c.Histogram
		}
	}
	return all
}

// schema returns the columns as they are in a file.
func (l *layout) schema(o Options) *arrow.Schema {
	fields := []arrow.Field{
		{Name: clientName, Type: arrow.BinaryTypes.String, Nullable: true},
		{Name: osName, Type: arrow.BinaryTypes.String, Nullable: true},
		{Name: channelName, Type: arrow.BinaryTypes.String, Nullable: true},
		{Name: sampleColumn, Type: arrow.PrimitiveTypes.Int32, Nullable: true},
	}
	for i, c := range l.columns {
		list := arrow.ListOfField(arrow.Field{Name: "element", Type: c.arrowType(), Nullable: true})
		fields = append(fields, arrow.Field{Name: l.names[i], Type: list, Nullable: true})
	}
	says := arrow.MetadataFrom(l.metadata(o))
	return arrow.NewSchema(fields, &says)
}

// A row group ends at either.
const (
	mostRowGroupValues = 16 << 20 // of all lists
	rowGroupClients    = 1 << 17
)

// rowGroupValues are mostRowGroupValues, and fewer in tests.
var rowGroupValues = mostRowGroupValues

// rowGroupPings returns how many pings a row group has at most.
func (l *layout) rowGroupPings() int { return max(1, rowGroupValues/len(l.columns)) }

// A writer writes clients to a file. Encoding goes on in another goroutine.
type writer struct {
	layout      *layout
	newestFirst bool
	builder     *array.RecordBuilder
	lists       []*array.ListBuilder
	pings       int
	clients     int
	batches     chan arrow.RecordBatch
	group       errgroup.Group
	failed      chan struct{}
}

// Levels of zstd: of the columns that arrow-go encodes, and of pages of codes, most of which are long runs.
const (
	zstdLevel  = 3
	codedLevel = 1
)

// fileProperties say how a file of a schema is written.
func fileProperties(of *arrow.Schema, o Options) *parquet.WriterProperties {
	properties := []parquet.WriterProperty{
		parquet.WithVersion(parquet.V2_LATEST), parquet.WithCreatedBy(o.CreatedBy),
		parquet.WithCompression(compress.Codecs.Zstd), parquet.WithCompressionLevel(zstdLevel), parquet.WithMaxRowGroupLength(math.MaxInt32),
		parquet.WithDictionaryFor(clientName, false), // each is there once
	}
	for _, f := range of.Fields()[min(scalars, of.NumFields()):] {
		// Engines have no use for the least and greatest element of a row group's lists.
		properties = append(properties, parquet.WithStatsFor(f.Name+".list.element", false))
	}
	return parquet.NewWriterProperties(properties...)
}

// newFile begins a file. It does not close what is written to.
func newFile(out io.Writer, schema *arrow.Schema, properties *parquet.WriterProperties) (*pqarrow.FileWriter, error) {
	return pqarrow.NewFileWriter(schema, struct{ io.Writer }{out}, properties, pqarrow.NewArrowWriterProperties())
}

func newWriter(out io.Writer, l *layout, o Options) (*writer, error) {
	schema := l.schema(o)
	file, err := newFile(out, schema, fileProperties(schema, o))
	if err != nil {
		return nil, err
	}
	w := &writer{layout: l, newestFirst: o.NewestFirst, builder: array.NewRecordBuilder(memory.DefaultAllocator, schema),
		batches: make(chan arrow.RecordBatch), failed: make(chan struct{})}
	for i := range l.columns {
		w.lists = append(w.lists, w.builder.Field(scalars+i).(*array.ListBuilder))
	}
	w.group.Go(func() (err error) {
		defer func() {
			if err != nil {
				close(w.failed)
			}
		}()
		for batch := range w.batches {
			err := file.Write(batch)
			batch.Release()
			if err != nil {
				return err
			}
		}
		return file.Close()
	})
	return w, nil
}

// add appends a client.
func (w *writer) add(h *history, counts *Counts) error {
	counts.Clients.Add(1)
	id, err := h.id()
	if err != nil {
		return err
	}
	newest := h.pings[len(h.pings)-1]
	w.builder.Field(0).(*array.StringBuilder).BinaryBuilder.Append(id)
	for i, place := range []int{w.layout.os, w.layout.channel} {
		if to := w.builder.Field(1 + i); place < 0 {
			to.AppendNull()
		} else if err := view.Append(to, newest[place]); err != nil {
			return err
		}
	}
	w.builder.Field(3).(*array.Int32Builder).Append(int32(h.sample()))
	for column, to := range w.lists {
		if err := w.list(to, h.pings, column); err != nil {
			return err
		}
	}
	w.clients++
	if w.pings += len(h.pings); w.pings >= w.layout.rowGroupPings() || w.clients >= rowGroupClients {
		return w.flush()
	}
	return nil
}

// list appends a column's list, NULL if all its values are.
func (w *writer) list(to *array.ListBuilder, pings [][]sortkey.Value, column int) error {
	if !hasValue(pings, column) {
		to.AppendNull()
		return nil
	}
	to.Append(true)
	values := to.ValueBuilder()
	for i := range pings {
		if w.newestFirst {
			i = len(pings) - 1 - i
		}
		if err := view.Append(values, pings[i][column]); err != nil {
			return err
		}
	}
	return nil
}

// hasValue reports whether a column of a ping is not NULL.
func hasValue(pings [][]sortkey.Value, column int) bool {
	return slices.ContainsFunc(pings, func(p []sortkey.Value) bool { return !p[column].Null })
}

func (w *writer) flush() error {
	if w.clients == 0 {
		return nil
	}
	w.clients, w.pings = 0, 0
	select {
	case w.batches <- w.builder.NewRecordBatch():
		return nil
	case <-w.failed:
		return w.group.Wait()
	}
}

// close ends the file. An error that it is given is returned, unless writing failed first.
func (w *writer) close(err error) error {
	if err == nil {
		err = w.flush()
	}
	close(w.batches)
	if failed := w.group.Wait(); failed != nil {
		err = failed
	}
	w.builder.Release()
	return err
}
