// SPDX-License-Identifier: Apache-2.0

package flight

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	"github.com/headcount-hll/headcount/sidecar/internal/admission"
	"github.com/headcount-hll/headcount/sidecar/internal/arrowcheck"
	"github.com/headcount-hll/headcount/sidecar/internal/sharedmem"
)

// keyShared is the header by which an exchange names the shared memory that its batches may be in.
const keyShared = "headcount-shared-memory"

// The app_metadata of a message whose body is in shared memory, or ends there, in uint64, little-endian: offset and length
// of the body; or the number 1, and then offset and length of each of the parts that the sidecar has kept.
const (
	wordSize  = 8
	placeSize = 2 * wordSize
	keptParts = 1 // the first word
	mostParts = 1024
)

// sharedBodies reads the bodies of one exchange out of shared memory. Its zero value has no shared memory.
type sharedBodies struct {
	region *sharedmem.Region
	held   bool // the region, for the last body
}

// open finds the shared memory that the call names, if it does.
func (b *sharedBodies) open(s *service, header []string) error {
	if len(header) == 0 {
		return nil
	}
	if s.regions != nil && len(header) == 1 {
		b.region = s.regions.Find(header[0])
	}
	if b.region == nil {
		return status.Errorf(codes.FailedPrecondition, "%s: it is not there any more: ask for shared memory again, or send the batches in messages", keyShared)
	}
	return nil
}

// free ends the use of the last body.
func (b *sharedBodies) free() {
	if b.held {
		b.held = false
		b.region.Free()
	}
}

// close ends the use.
func (b *sharedBodies) close() error {
	if b.region == nil {
		return nil
	}
	b.free()
	region := b.region
	b.region = nil
	return region.Release()
}

// A place is where bytes are in shared memory.
type place struct{ offset, length uint64 }

func placeAt(b []byte) place {
	return place{binary.LittleEndian.Uint64(b), binary.LittleEndian.Uint64(b[wordSize:])}
}

// isKept reports whether an app_metadata names parts that are kept.
func isKept(where []byte) bool { return len(where) > wordSize && len(where)%placeSize == wordSize }

// body returns the body of a message, given what the message has of it and its app_metadata. What is in shared memory is a
// copy, which is valid until free. The client may write there at any time, so nothing is read there twice.
func (b *sharedBodies) body(ctx context.Context, sent *arrowcheck.Body, where []byte, limit int) (arrowcheck.Body, error) {
	parts, kept := where, isKept(where)
	if kept {
		parts = where[wordSize:]
	}
	switch {
	case !kept && len(where) != placeSize:
		return arrowcheck.Body{}, fmt.Errorf("a place of %d bytes in shared memory: expected %d, offset and length", len(where), placeSize)
	case kept && (binary.LittleEndian.Uint64(where) != keptParts || len(parts) > mostParts*placeSize):
		return arrowcheck.Body{}, fmt.Errorf("%d parts of kind %d in shared memory: expected at most %d of kind %d",
			len(parts)/placeSize, binary.LittleEndian.Uint64(where), mostParts, keptParts)
	case !kept && sent.Len() > 0:
		return arrowcheck.Body{}, errors.New("a body in the message and one in shared memory")
	}
	if err := b.region.Hold(ctx); err != nil {
		return arrowcheck.Body{}, err
	}
	b.held = true
	size := uint64(sent.Len())
	var all [][]byte
	for ; len(parts) > 0; parts = parts[placeSize:] {
		at := placeAt(parts)
		if size += min(at.length, sharedmem.Size); size > uint64(limit) {
			return arrowcheck.Body{}, admission.Exceeded(fmt.Sprintf("a batch of %d bytes", size), int64(limit), "max-message")
		}
		read := b.region.Take
		if kept {
			read = b.region.Kept
		}
		part, err := read(at.offset, at.length)
		if err != nil {
			return arrowcheck.Body{}, err
		}
		all = append(all, part)
	}
	return sent.With(all...), nil
}

// readShared replaces the body of the last message by the one in shared memory, if the message names one.
func (x *exchange) readShared() error {
	if x.shared.region == nil || len(x.in.place) == 0 {
		return nil
	}
	sent := x.in.body.Len()
	body, err := x.shared.body(x.ctx, &x.in.body, x.in.place, x.limits.Message)
	limit := (*admission.LimitError)(nil)
	switch {
	case errors.As(err, &limit):
		return limit
	case errors.Is(err, sharedmem.ErrNotKept):
		return status.Errorf(codes.FailedPrecondition, "batch at row %d: %v", x.rows, err)
	case err != nil && x.ctx.Err() != nil:
		return x.ctx.Err()
	case err != nil:
		return invalid("batch at row %d: %v", x.rows, err)
	}
	x.in.body = body
	if added := body.Len() - sent; isKept(x.in.place) {
		x.call.Kept += added
	} else {
		x.call.In += added
	}
	return nil
}

// sharedHeader returns the values of the header that names shared memory.
func (x *exchange) sharedHeader() []string {
	return metadata.ValueFromIncomingContext(x.ctx, keyShared)
}
