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
	"sync"
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
	values     sync.Map // [2]string, channel and version, to *store.Values
}

type seriesKey struct {
	kind                     partial.Kind
	channel, version, metric string
}

// A series is the rows of a metric by date, one after the other as appendRow writes them.
type series struct {
	dates map[string][]byte
}

// ids gives each value a number.
type ids[T comparable] struct {
	index map[T]uint64
	all   []T
}

func (s *ids[T]) id(value T) uint64 {
	i, ok := s.index[value]
	if !ok {
		i = uint64(len(s.all))
		s.all = append(s.all, value)
		s.index[value] = i
	}
	return i
}

var processes = []string{"content", "gpu", "parent"}

func load(found []partial.File) (*index, error) {
	x := &index{series: map[seriesKey]*series{}}
	x.dimensions.index, x.extras.index, x.labels.index = map[[4]string]uint64{}, map[string]uint64{}, map[string]uint64{}
	for i, f := range found {
		if err := x.add(f, i == 0); err != nil {
			return nil, err
		}
	}
	return x, nil
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
	key := seriesKey{f.Kind, r.Channel, r.Version, r.Metric}
	s := x.series[key]
	if s == nil {
		s = &series{map[string][]byte{}}
		key.channel, key.version, key.metric = strings.Clone(r.Channel), strings.Clone(r.Version), strings.Clone(r.Metric)
		x.series[key] = s
	}
	date := f.Day
	if f.Kind == partial.BuildID {
		date = strings.Clone(r.BuildID)
	}
	dimensions := [4]string{strings.Clone(r.Application), strings.Clone(r.Architecture), strings.Clone(r.OS), strings.Clone(r.OSVersion)}
	b := s.dates[date]
	b = binary.AppendUvarint(b, x.dimensions.id(dimensions))
	b = binary.AppendUvarint(b, x.extras.id(strings.Join(r.Extra, "\x00")))
	b = binary.AppendUvarint(b, x.labels.id(strings.Clone(r.Label)))
	b = append(b, byte(process))
	s.dates[date] = appendNumbers(b, r)
	return nil
}

// appendNumbers appends sum, count, the number of buckets, and those that are not 0, each with its distance from the one
// before. 0 ends them.
func appendNumbers(b []byte, r *partial.Row) []byte {
	b = binary.AppendVarint(b, r.Sum)
	b = binary.AppendVarint(b, r.Count)
	b = binary.AppendUvarint(b, uint64(len(r.Histogram)))
	last := -1
	for i, n := range r.Histogram {
		if n != 0 {
			b = binary.AppendUvarint(b, uint64(i-last))
			b = binary.AppendVarint(b, n)
			last = i
		}
	}
	return append(b, 0)
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
