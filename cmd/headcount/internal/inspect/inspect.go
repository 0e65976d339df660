// SPDX-License-Identifier: Apache-2.0

// Package inspect describes a client_count file and finds invalid sketches.
package inspect

import (
	"cmp"
	"context"
	"slices"
	"sync"

	"github.com/headcount-hll/headcount/internal/input"
	"github.com/headcount-hll/headcount/internal/scan"
	"github.com/headcount-hll/headcount/internal/sortkey"
	"github.com/headcount-hll/headcount/udf/hll"
)

// Found is the content of a file.
type Found struct {
	Path            string
	Rows            int64
	Columns         []Column
	Unread          []Unread
	Days            map[int32]int64 // rows of each
	Precisions      map[int]int64   // sketches of each
	Sparse, Dense   int64           // sketches
	SparseB, DenseB int64           // their bytes
	Null            int64           // rows without a sketch
	Bad             int64           // invalid sketches
	Worst           []BadSketch     // the first invalid ones

	most  int
	union map[int]*hll.Builder // by precision
}

// Unread is a column whose values were not read: no dimension can have them.
type Unread struct{ Name, Type string }

// A Column is the content of a dimension.
type Column struct {
	sortkey.Column
	Values map[string]int64 // rows of each value, as text, for up to manyValues values
	Many   bool             // there are more values
	Null   int64            // rows
}

// A BadSketch is a row with an invalid sketch.
type BadSketch struct {
	Row int64
	Err error
}

// manyValues is the largest number of values of a column that are counted separately.
const manyValues = 10_000

// File reads a file. The day is the last of columns. Up to most invalid sketches are kept.
func File(ctx context.Context, file input.File, columns []sortkey.Column, date, sketch string, threads, most int) (*Found, error) {
	f := &Found{
		Path: file.Path(), Days: map[int32]int64{}, Precisions: map[int]int64{},
		most: most, union: map[int]*hll.Builder{},
	}
	for _, c := range columns[:len(columns)-1] {
		f.Columns = append(f.Columns, Column{Column: c, Values: map[string]int64{}})
	}
	var mu sync.Mutex
	sel := input.Selection{Keys: columns, Date: date, Value: sketch, Kind: input.Sketch}
	err := scan.Rows(ctx, []input.File{file}, sel, threads, func(_ context.Context, _ int, b *input.Batch) error {
		mu.Lock()
		defer mu.Unlock()
		return f.add(b, columns)
	})
	slices.SortFunc(f.Worst, func(a, b BadSketch) int { return cmp.Compare(a.Row, b.Row) })
	f.Worst = f.Worst[:min(len(f.Worst), most)]
	return f, err
}

func (f *Found) add(b *input.Batch, columns []sortkey.Column) error {
	f.Rows += b.Read
	f.Null += b.Read - int64(len(b.Values))
	var values []sortkey.Value
	for i, key := range b.Keys {
		var err error
		if values, err = sortkey.Decode(values[:0], key, columns); err != nil {
			return err
		}
		for j := range f.Columns {
			f.Columns[j].add(values[j])
		}
		f.Days[int32(values[len(values)-1].Int)]++
		f.addSketch(b.Row(i), b.Values[i])
	}
	return nil
}

func (c *Column) add(v sortkey.Value) {
	if v.Null {
		c.Null++
		return
	}
	text := v.Format(c.Type, "")
	if _, known := c.Values[text]; !known && len(c.Values) == manyValues {
		c.Many = true
		return
	}
	c.Values[text]++
}

func (f *Found) addSketch(row int64, sketch []byte) {
	s, err := hll.Decode(sketch)
	if err != nil {
		f.Bad++
		f.Worst = append(f.Worst, BadSketch{row, err})
		if len(f.Worst) > 1000+2*f.most { // row groups are read concurrently: keep enough to sort
			slices.SortFunc(f.Worst, func(a, b BadSketch) int { return cmp.Compare(a.Row, b.Row) })
			f.Worst = f.Worst[:f.most]
		}
		return
	}
	p := s.Precision().Int()
	f.Precisions[p]++
	if s.Dense() {
		f.Dense++
		f.DenseB += int64(len(sketch))
	} else {
		f.Sparse++
		f.SparseB += int64(len(sketch))
	}
	if f.union[p] == nil {
		f.union[p] = hll.NewBuilder(s.Precision())
	}
	_ = f.union[p].Merge(sketch) // it is valid and has that precision
}
