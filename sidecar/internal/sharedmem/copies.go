// SPDX-License-Identifier: Apache-2.0

package sharedmem

import (
	"context"
	"errors"
	"fmt"
	"slices"
)

// mostKept is how many bodies of a region are kept. A client keeps a few large ones.
const mostKept = 64

// copies are what the sidecar has copied out of a region: each body lies where it lies in the region. Only the user that
// holds the region uses them.
type copies struct {
	held   chan struct{} // has one element while the region is held
	memory []byte        // of the region's size, from the first body on
	kept   []span        // the bodies that are kept, oldest first; they do not overlap
}

type span struct{ from, to uint64 }

// ErrNotKept is the error of bytes that are not kept: another body has replaced them, or they were never a body's.
var ErrNotKept = errors.New("bytes of shared memory that are not kept: send them again")

// Hold waits until no other user holds the region, so that what Take and Kept return does not change until Free.
func (g *Region) Hold(ctx context.Context) error {
	select {
	case g.copies.held <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Free ends a Hold.
func (g *Region) Free() { <-g.copies.held }

// Take copies a body out of the region and keeps the copy. The caller holds the region; the copy is valid until Free.
func (g *Region) Take(offset, length uint64) ([]byte, error) {
	s, err := spanOf(offset, length)
	if err != nil {
		return nil, err
	}
	c := &g.copies
	if c.memory == nil {
		c.memory = make([]byte, Size)
	}
	c.kept = slices.DeleteFunc(c.kept, func(k span) bool { return k.from < s.to && s.from < k.to })
	to := c.memory[s.from:s.to:s.to]
	if n, err := g.file.ReadAt(to, int64(offset)); n < len(to) {
		return nil, fmt.Errorf("shared memory was truncated: %w", err)
	}
	if len(c.kept) == mostKept {
		c.kept = slices.Delete(c.kept, 0, 1)
	}
	c.kept = append(c.kept, s)
	return to, nil
}

// Kept returns bytes of a body that an earlier Take has copied. The caller holds the region; they are valid until Free.
func (g *Region) Kept(offset, length uint64) ([]byte, error) {
	s, err := spanOf(offset, length)
	if err != nil {
		return nil, err
	}
	c := &g.copies
	for _, k := range c.kept {
		if k.from <= s.from && s.to <= k.to {
			return c.memory[s.from:s.to:s.to], nil
		}
	}
	return nil, ErrNotKept
}

// A RangeError reports bytes that a region does not have.
type RangeError struct{ Offset, Length uint64 }

func (e *RangeError) Error() string {
	return fmt.Sprintf("%d bytes at %d of shared memory of %d bytes", e.Length, e.Offset, Size)
}

func spanOf(offset, length uint64) (span, error) {
	if length > Size || offset > Size-length {
		return span{}, &RangeError{offset, length}
	}
	return span{offset, offset + length}, nil
}
