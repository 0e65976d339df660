// Package scan brings the rows of files into a table of groups, by all workers at a time.
package scan

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/headcount-hll/headcount/internal/groupby"
	"github.com/headcount-hll/headcount/internal/input"
)

// Rows calls f with every batch of the selected rows of the files. Each of the workers, numbered from 0, calls
// it from a goroutine of its own; an error of f about one row of the batch is a *groupby.RowError.
func Rows(ctx context.Context, files []input.File, sel input.Selection, workers int, f func(ctx context.Context, worker int, b *input.Batch) error) error {
	type part struct {
		open input.Part
		path string
	}
	var all []part
	for _, file := range files {
		parts, err := file.Parts(sel)
		if err != nil {
			return err
		}
		for _, open := range parts {
			all = append(all, part{open, file.Path()})
		}
	}
	work, ctx := errgroup.WithContext(ctx)
	queue := make(chan part, len(all))
	for _, p := range all {
		queue <- p
	}
	close(queue)
	for worker := range workers {
		work.Go(func() error {
			for p := range queue {
				if err := readPart(ctx, p.path, p.open, func(b *input.Batch) error { return f(ctx, worker, b) }); err != nil {
					return err
				}
			}
			return nil
		})
	}
	return work.Wait()
}

func readPart(ctx context.Context, path string, open input.Part, f func(*input.Batch) error) error {
	cursor, err := open()
	if err != nil {
		return err
	}
	var b input.Batch
	for err == nil {
		if err = ctx.Err(); err != nil {
			break
		}
		if err = cursor.Next(&b); err == nil {
			err = f(&b)
		}
	}
	var refused *groupby.RowError
	switch {
	case errors.Is(err, io.EOF):
		err = nil
	case errors.As(err, &refused):
		err = b.At(path, refused.Row, refused.Err)
	}
	return errors.Join(err, cursor.Close())
}

// Days are the first and the last day of some rows, in days since 1970-01-01. The zero Days are none.
type Days struct {
	First, Last int32
	Any         bool
}

func (d *Days) add(b *input.Batch) {
	if !b.HasDates {
		return
	}
	if !d.Any || b.FirstDate < d.First {
		d.First = b.FirstDate
	}
	if !d.Any || b.LastDate > d.Last {
		d.Last = b.LastDate
	}
	d.Any = true
}

// Into adds the selected rows to a table and returns the days of all rows, selected or filtered out. count is
// told how many rows were read, from any goroutine.
func Into(ctx context.Context, table *groupby.Table, files []input.File, sel input.Selection, workers int, count func(rows int64)) (days Days, err error) {
	adders := make([]*groupby.Adder, workers)
	for i := range adders {
		switch sel.Kind {
		case input.ID:
			adders[i] = table.AddIDs(i)
		case input.Sketch:
			adders[i] = table.AddSketches(i)
		default:
			return days, fmt.Errorf("load: no kind of values is selected")
		}
	}
	var mu sync.Mutex
	err = Rows(ctx, files, sel, workers, func(ctx context.Context, worker int, b *input.Batch) error {
		mu.Lock()
		days.add(b)
		mu.Unlock()
		count(b.Read)
		return adders[worker].Add(ctx, groupby.Rows{Keys: b.Keys, Values: b.Values})
	})
	return days, err
}
