// Package pieces cuts the rows of a call into pieces that are evaluated without a look at who waits for them.
package pieces

import (
	"context"
	"time"

	"github.com/headcount-hll/headcount/udf"
)

// A piece has this many bytes or so, which stay in a core's cache.
const mostBytes = 128 << 10

// Whether the caller still waits is asked after so many rows at most, and some milliseconds. A row may take anything
// from nanoseconds to tens of milliseconds, by its function and its precision, so how many rows that are is
// found out as they are evaluated, from one on.
const (
	mostRows = 1024
	longest  = 5 * time.Millisecond
)

// A Cutter cuts the rows of one call, batch after batch. Its zero value is ready.
type Cutter struct{ rows int }

// Each calls f for one piece of the rows after the other, as long as ctx lives. next tells how many of the most rows
// from row from on make a piece; one at least.
func (c *Cutter) Each(ctx context.Context, rows int, next func(from, most int) int, f func(from, to int) error) error {
	for from := 0; from < rows; {
		if err := ctx.Err(); err != nil {
			return err
		}
		started, first := time.Now(), from
		for end := min(from+max(1, c.rows), rows); from < end; {
			to := from + next(from, end-from)
			if err := f(from, to); err != nil {
				return err
			}
			from = to
		}
		c.adapt(from-first, time.Since(started))
	}
	return nil
}

// adapt sets how many rows may pass until the next question, after so many that took so long.
func (c *Cutter) adapt(rows int, took time.Duration) {
	switch {
	case took > longest:
		c.rows = max(1, int(int64(rows)*int64(longest)/int64(took)))
	case took < longest/4:
		c.rows = min(max(c.rows, 2*rows), mostRows)
	}
}

// Fill returns how many of most rows from row from on have about the bytes of a piece. size tells how many a row has.
func Fill(from, most int, size func(row int) int) (n int) {
	for bytes := 0; n < most && bytes < mostBytes; n++ {
		bytes += size(from + n)
	}
	return n
}

// Sizes returns how many bytes a row of the arguments has.
func Sizes(args []udf.Column) func(row int) int {
	return func(row int) (size int) {
		for i := range args {
			size += bytesOf(&args[i], row)
		}
		return size
	}
}

// bytesOf is how many bytes a row's strings have, those of an array's elements included.
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

// Slice returns rows from to to of each argument.
func Slice(args []udf.Column, from, to int) []udf.Column {
	parts := make([]udf.Column, len(args))
	for i := range args {
		parts[i] = args[i].Slice(from, to)
	}
	return parts
}
