// SPDX-License-Identifier: Apache-2.0

package longitudinal

import (
	"context"
	"errors"
	"fmt"

	"github.com/headcount-hll/headcount/internal/extsort"
)

// Clients are divided by sample id into parts, which are sorted and written independently of each other.
const (
	partCount   = 25
	partSamples = 100 / partCount
)

// partName returns the name of a part's file in a folder.
func partName(part int) string {
	return fmt.Sprintf("samples-%02d-%02d.parquet", part*partSamples, (part+1)*partSamples-1)
}

// sorters hold the pings of each part.
type sorters [partCount]*extsort.Sorter

func newSorters(o Options) (s sorters) {
	for i := range s {
		s[i] = extsort.New(extsort.Options{Memory: o.Memory / partCount, Parts: o.Threads, Dir: o.SpillDir})
	}
	return s
}

// buffers returns a buffer of each part for one goroutine.
func (s *sorters) buffers() (all [partCount]*extsort.Buffer) {
	for i := range s {
		all[i] = s[i].Buffer()
	}
	return all
}

// spilled returns how many bytes were written to files.
func (s *sorters) spilled() (bytes int64) {
	for i := range s {
		bytes += s[i].Spilled()
	}
	return bytes
}

// clients gives the history of each client of all parts in order.
func (s *sorters) clients(ctx context.Context, h *history, counts *Counts, use func(*history) error) error {
	for i := range s {
		if err := h.each(ctx, s[i], counts, use); err != nil {
			return err
		}
	}
	return nil
}

func (s *sorters) close() error {
	var errs []error
	for i := range s {
		errs = append(errs, s[i].Close())
	}
	return errors.Join(errs...)
}
