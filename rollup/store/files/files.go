// Package files answers queries from a folder of partial aggregates. It keeps them in memory in a compact form.
package files

import (
	"cmp"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"os"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/headcount-hll/headcount/rollup/partial"
	"github.com/headcount-hll/headcount/rollup/store"
)

// Store is the partial aggregates of a folder. It implements [store.Store].
type Store struct {
	folder string
	loaded atomic.Pointer[index]
}

var _ store.Store = (*Store)(nil)

// Open reads all partial aggregates of a folder.
func Open(folder string) (*Store, error) {
	s := &Store{folder: folder}
	_, err := s.Refresh()
	return s, err
}

// Refresh reads the folder again if a file has changed since it was read, and reports whether. Queries are answered
// from what was read before until it is complete.
func (s *Store) Refresh() (changed bool, err error) {
	found, err := partial.List(s.folder)
	if err != nil {
		return false, err
	}
	generation, err := fingerprint(found)
	if err != nil {
		return false, err
	}
	if now := s.loaded.Load(); now != nil && now.generation == generation {
		return false, nil
	}
	read, err := load(found)
	if err != nil {
		return false, err
	}
	read.generation = generation
	s.loaded.Store(read)
	return true, nil
}

// fingerprint returns a text that changes with names, sizes and times of files.
func fingerprint(found []partial.File) (string, error) {
	hash := fnv.New64a()
	for _, f := range found {
		info, err := os.Stat(f.Path)
		if err != nil {
			return "", err
		}
		fmt.Fprintln(hash, f.Path, info.Size(), info.ModTime().UnixNano())
	}
	return fmt.Sprintf("%016x", hash.Sum64()), nil
}

// An index is the rows of all files.
type index struct {
	generation string
	extra      []string
	series     map[seriesKey]*series
	dimensions ids[[4]string] // application, architecture, os, os_version
	extras     ids[string]    // the added dimensions, joined by NUL
	labels     ids[string]
	known      map[[2]string]*known        // by channel and version, while rows are added
	values     map[[2]string]*store.Values // by channel and version
}

// Known is what the rows of a channel and version have.
type known struct {
	metrics    map[string]bool
	dimensions map[uint64]bool
	processes  map[string]bool
}

type seriesKey struct {
	kind                     partial.Kind
	channel, version, metric string
}

// A series is the rows of a metric by date, one after the other: numbers of dimensions, extras, label and process (uvarint), and what
// [store.Pack] appends.
type series struct {
	dates map[string]*[]byte
}

// ids gives each value a number.
type ids[T comparable] struct {
	index map[T]uint64
	all   []T
}

// id returns the number of a value, and keeps a new one as clone returns it.
func (s *ids[T]) id(value T, clone func(T) T) uint64 {
	i, ok := s.index[value]
	if !ok {
		value = clone(value)
		i = uint64(len(s.all))
		s.all = append(s.all, value)
		s.index[value] = i
	}
	return i
}

func cloneAll(texts [4]string) [4]string {
	for i := range texts {
		texts[i] = strings.Clone(texts[i])
	}
	return texts
}

var processes = []string{"content", "gpu", "parent"}

func load(found []partial.File) (*index, error) {
	x := &index{series: map[seriesKey]*series{}, known: map[[2]string]*known{}, values: map[[2]string]*store.Values{}}
	x.dimensions.index, x.extras.index, x.labels.index = map[[4]string]uint64{}, map[string]uint64{}, map[string]uint64{}
	for i, f := range found {
		if err := x.add(f, i == 0); err != nil {
			return nil, err
		}
	}
	for key, k := range x.known {
		x.values[key] = x.valuesOf(k)
	}
	x.known = nil
	return x, nil
}

func (x *index) valuesOf(k *known) *store.Values {
	applications, architectures, systems := map[string]bool{}, map[string]bool{}, map[[2]string]bool{}
	for i := range k.dimensions {
		d := x.dimensions.all[i]
		applications[d[0]], architectures[d[1]], systems[[2]string{d[2], d[3]}] = true, true, true
	}
	return &store.Values{
		Metrics: sorted(k.metrics, strings.Compare), Applications: sorted(applications, strings.Compare),
		Architectures: sorted(architectures, strings.Compare), Processes: sorted(k.processes, strings.Compare),
		OS: sorted(systems, func(a, b [2]string) int { return slices.Compare(a[:], b[:]) }),
	}
}

func (x *index) add(f partial.File, first bool) (err error) {
	reader, err := partial.Open(f.Path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, reader.Close()) }()
	if first {
		x.extra = reader.Extra
	}
	if !slices.Equal(x.extra, reader.Extra) {
		return fmt.Errorf("%s: added dimensions %v, other files have %v: aggregate all days with one configuration", f.Path, reader.Extra, x.extra)
	}
	for {
		r, err := reader.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := x.addRow(f, r); err != nil {
			return fmt.Errorf("%s: %w", f.Path, err)
		}
	}
}

func (x *index) addRow(f partial.File, r *partial.Row) error {
	process := slices.Index(processes, r.Process)
	if process < 0 {
		return fmt.Errorf("process %q is not known", r.Process)
	}
	date := f.Day
	if f.Kind == partial.BuildID {
		date = r.BuildID
	}
	dimensions := x.dimensions.id([4]string{r.Application, r.Architecture, r.OS, r.OSVersion}, cloneAll)
	rows := x.rows(seriesKey{f.Kind, r.Channel, r.Version, r.Metric}, date)
	b := binary.AppendUvarint(*rows, dimensions)
	b = binary.AppendUvarint(b, x.extras.id(strings.Join(r.Extra, "\x00"), strings.Clone))
	b = binary.AppendUvarint(b, x.labels.id(r.Label, strings.Clone))
	b = binary.AppendUvarint(b, uint64(process))
	x.note(r, dimensions, processes[process])
	var err error
	*rows, err = store.Pack(b, r.Histogram, r.Sum, r.Count)
	return err
}

// rows returns the rows of a metric on a date, to append to.
func (x *index) rows(key seriesKey, date string) *[]byte {
	s := x.series[key]
	if s == nil {
		s = &series{map[string]*[]byte{}}
		key.channel, key.version, key.metric = strings.Clone(key.channel), strings.Clone(key.version), strings.Clone(key.metric)
		x.series[key] = s
	}
	rows := s.dates[date]
	if rows == nil {
		rows = new([]byte)
		s.dates[strings.Clone(date)] = rows
	}
	return rows
}

// note keeps what a row has of a channel and version.
func (x *index) note(r *partial.Row, dimensions uint64, process string) {
	k := x.known[[2]string{r.Channel, r.Version}]
	if k == nil {
		k = &known{map[string]bool{}, map[uint64]bool{}, map[string]bool{}}
		x.known[[2]string{strings.Clone(r.Channel), strings.Clone(r.Version)}] = k
	}
	if !k.metrics[r.Metric] {
		k.metrics[strings.Clone(r.Metric)] = true
	}
	k.dimensions[dimensions], k.processes[process] = true, true
}

// Generation implements [store.Store].
func (s *Store) Generation(context.Context) (string, error) { return s.loaded.Load().generation, nil }

// Columns implements [store.Store].
func (s *Store) Columns(context.Context) ([]string, error) {
	return slices.Concat(store.Columns, s.loaded.Load().extra), nil
}

// Channels implements [store.Store].
func (s *Store) Channels(_ context.Context, kind partial.Kind) ([]string, error) {
	found := map[string]bool{}
	for key := range s.loaded.Load().series {
		if key.kind == kind {
			found[key.channel] = true
		}
	}
	return sorted(found, strings.Compare), nil
}

// Dates implements [store.Store].
func (s *Store) Dates(_ context.Context, kind partial.Kind, channel string) ([]store.VersionDate, error) {
	found := map[store.VersionDate]bool{}
	for key, series := range s.loaded.Load().series {
		if key.kind == kind && key.channel == channel {
			for date := range series.dates {
				found[store.VersionDate{Version: key.version, Date: date}] = true
			}
		}
	}
	return sorted(found, func(a, b store.VersionDate) int {
		return cmp.Or(strings.Compare(a.Version, b.Version), strings.Compare(a.Date, b.Date))
	}), nil
}

func sorted[T comparable](found map[T]bool, compare func(a, b T) int) []T {
	all := make([]T, 0, len(found))
	for value := range found {
		all = append(all, value)
	}
	slices.SortFunc(all, compare)
	return all
}
