// SPDX-License-Identifier: Apache-2.0

// Package scan reads the rows of files into a table of groups, with several workers.
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

// Rows calls f for each batch of the selected rows of the files. Each worker, numbered from 0, calls it from its own
// goroutine. f returns a *groupby.RowError for an error of one row of the batch.
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
			var b input.Batch
			for p := range queue {
				if err := readPart(ctx, p.path, p.open, &b, func(b *input.Batch) error { return f(ctx, worker, b) }); err != nil {
					return err
				}
			}
			return nil
		})
	}
	return work.Wait()
}

func readPart(ctx context.Context, path string, open input.Part, b *input.Batch, f func(*input.Batch) error) error {
	cursor, err := open()
	if err != nil {
		return err
	}
	for err == nil {
		if err = ctx.Err(); err != nil {
			break
		}
		if err = cursor.Next(b); err == nil {
			err = f(b)
		}
	}
	var atRow *groupby.RowError
	switch {
	case errors.Is(err, io.EOF):
		err = nil
	case errors.As(err, &atRow):
		err = b.At(path, atRow.Row, atRow.Err)
	}
	return errors.Join(err, cursor.Close())
}

// Days are the numbers of rows by day, in days since 1970-01-01.
type Days map[int32]int64

// Into adds the selected rows to a table. If the selection counts days, it returns those of all rows, including those
// filtered out. count is called with the number of rows of each batch, from any goroutine.
func Into(ctx context.Context, table *groupby.Table, files []input.File, sel input.Selection, workers int, count func(rows int64)) (Days, error) {
	days := Days{}
	adders := make([]*groupby.Adder, workers)
	for i := range adders {
		switch sel.Kind {
		case input.ID:
			sel.Combinations = table.Combinations()
			adders[i] = table.AddIDs(i)
		case input.Sketch:
			adders[i] = table.AddSketches(i)
		default:
			return nil, fmt.Errorf("scan: values of kind %d have no groups", sel.Kind)
		}
	}
	var mu sync.Mutex
	err := Rows(ctx, files, sel, workers, func(ctx context.Context, worker int, b *input.Batch) error {
		if len(b.Days) > 0 {
			mu.Lock()
			for _, d := range b.Days {
				days[d.Day] += d.Rows
			}
			mu.Unlock()
		}
		count(b.Read)
		if len(b.Combinations) == 0 {
			return adders[worker].Add(ctx, groupby.Rows{Keys: b.Keys, Values: b.Values})
		}
		return adders[worker].AddCoded(ctx, groupby.Coded{
			Combinations: b.Combinations, Keys: b.Coding(), Values: b.Values, Data: b.Data, Starts: b.Starts, Lengths: b.Lengths,
		})
	})
	return days, err
}
