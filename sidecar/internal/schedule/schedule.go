// SPDX-License-Identifier: Apache-2.0

// Package schedule splits the rows of a call into chunks, so that the call can be cancelled between them.
package schedule

import (
	"context"
	"time"

	"github.com/headcount-hll/headcount/udf"
)

// chunkBytes is about the size of a chunk, in bytes. A chunk of this size stays in a processor core's cache.
const chunkBytes = 128 << 10

// The context is checked after at most maxRows rows, and about every maxTime. A row takes from nanoseconds to tens of
// milliseconds, depending on the function and the precision, so the number of rows between two checks starts at 1 and
// adapts to the time that rows take.
const (
	maxRows = 1024
	maxTime = 5 * time.Millisecond
)

// A Scheduler runs the rows of one call, batch after batch. Its zero value is ready to use.
type Scheduler struct{ rows int }

// Run calls f for one chunk of the rows after the other, and stops with the context's error once ctx is done. next
// returns the number of rows of the chunk that starts at row from: 1 to most.
func (s *Scheduler) Run(ctx context.Context, rows int, next func(from, most int) int, f func(from, to int) error) error {
	for from := 0; from < rows; {
		if err := ctx.Err(); err != nil {
			return err
		}
		started, first := time.Now(), from
		for end := min(from+max(1, s.rows), rows); from < end; {
			to := from + next(from, end-from)
			if err := f(from, to); err != nil {
				return err
			}
			from = to
		}
		s.adapt(from-first, time.Since(started))
	}
	return nil
}

// adapt sets the number of rows until the next check, given the rows since the last one and the time they took.
func (s *Scheduler) adapt(rows int, took time.Duration) {
	switch {
	case took > maxTime:
		s.rows = max(1, int(int64(rows)*int64(maxTime)/int64(took)))
	case took < maxTime/4:
		s.rows = min(max(s.rows, 2*rows), maxRows)
	}
}

// Fill returns how many rows from row from on, at most most, make a chunk. size returns the bytes of a row.
func Fill(from, most int, size func(row int) int) (n int) {
	for bytes := 0; n < most && bytes < chunkBytes; n++ {
		bytes += size(from + n)
	}
	return n
}

// Sizes returns the function that returns the bytes of a row's byte strings in all arguments.
func Sizes(args []udf.Column) func(row int) int {
	return func(row int) (size int) {
		for i := range args {
			size += bytesOf(&args[i], row)
		}
		return size
	}
}

// bytesOf returns the bytes of a row's byte strings, including those in an array.
func bytesOf(c *udf.Column, row int) (size int) {
	if c.Lengths != nil {
		return int(c.Lengths[row])
	}
	if c.Elems != nil {
		first := 0
		if row > 0 {
			first = int(c.Ends[row-1])
		}
		for ; first < int(c.Ends[row]); first++ {
			size += bytesOf(c.Elems, first)
		}
	}
	return size
}

// Slice returns rows from to to of every argument.
func Slice(args []udf.Column, from, to int) []udf.Column {
	parts := make([]udf.Column, len(args))
	for i := range args {
		parts[i] = args[i].Slice(from, to)
	}
	return parts
}
