// SPDX-License-Identifier: Apache-2.0

package flight

import (
	"context"
	"encoding/binary"
	"encoding/hex"
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
// of the body; or a kind, and then the offset and length of each part. Between them, the kinds that name the memory have the
// bytes of its token.
const (
	wordSize   = 8
	placeSize  = 2 * wordSize
	keptParts  = 1 // that the sidecar has kept
	namedPlace = 2 // one part, which is the body
	namedParts = 3 // that the sidecar has kept
	mostParts  = 1024
)

// sharedBodies reads the bodies of one exchange out of shared memory. Its zero value has no shared memory.
type sharedBodies struct {
	region  *sharedmem.Region  // that the call names, or nil
	mayName bool               // whether a batch may name memory
	regions *sharedmem.Regions // the memory that is lent; nil: none is

	held   *sharedmem.Region // for the last body
	named  *sharedmem.Region // by the last batch
	failed error             // of the end of a use
}

// open finds the shared memory that the call names, if it does.
func (b *sharedBodies) open(s *service, header []string) error {
	if len(header) == 0 {
		return nil
	}
	if s.Regions != nil && len(header) == 1 {
		b.region = s.Regions.Find(header[0])
	}
	if b.region == nil {
		return status.Errorf(codes.FailedPrecondition, "%s: it is not there any more: ask for shared memory again, or send the batches in messages", keyShared)
	}
	return nil
}

// free ends the use of the last body.
func (b *sharedBodies) free() {
	if b.held != nil {
		b.held.Free()
		b.held = nil
	}
	b.release(&b.named)
}

// close ends the use.
func (b *sharedBodies) close() error {
	b.free()
	b.release(&b.region)
	return b.failed
}

func (b *sharedBodies) release(region **sharedmem.Region) {
	if *region != nil {
		b.failed = errors.Join(b.failed, (*region).Release())
		*region = nil
	}
}

// A place is where bytes are in shared memory.
type place struct{ offset, length uint64 }

func placeAt(b []byte) place {
	return place{binary.LittleEndian.Uint64(b), binary.LittleEndian.Uint64(b[wordSize:])}
}

// A location is an app_metadata, understood.
type location struct {
	kept  bool
	token string // of the memory that the batch names; empty for that of the call
	parts []byte // places
}

// locate reads an app_metadata.
func (b *sharedBodies) locate(where []byte) (location, error) {
	if len(where) == placeSize {
		return location{parts: where}, nil
	}
	if len(where) == wordSize || len(where)%placeSize != wordSize {
		return location{}, fmt.Errorf("a place of %d bytes in shared memory: expected %d, offset and length", len(where), placeSize)
	}
	kind, parts := binary.LittleEndian.Uint64(where), where[wordSize:]
	l := location{kept: kind != namedPlace, parts: parts}
	known := kind == keptParts
	if b.mayName && (kind == namedPlace || kind == namedParts) && len(parts) >= sharedmem.TokenSize {
		known = true
		l.token, l.parts = hex.EncodeToString(parts[:sharedmem.TokenSize]), parts[sharedmem.TokenSize:]
	}
	if !known || len(l.parts) > mostParts*placeSize || !l.kept && len(l.parts) != placeSize {
		return location{}, fmt.Errorf("%d parts of kind %d in shared memory: expected at most %d of kind %d",
			len(parts)/placeSize, kind, mostParts, keptParts)
	}
	return l, nil
}

// hold holds the region of a location until free.
func (b *sharedBodies) hold(ctx context.Context, token string) error {
	region := b.region
	if token != "" {
		if b.regions != nil {
			b.named = b.regions.Find(token)
		}
		region = b.named
	}
	if region == nil {
		return errGone
	}
	if err := region.Hold(ctx); err != nil {
		return err
	}
	b.held = region
	return nil
}

// errGone is the error of a batch that names memory that is not there.
var errGone = errors.New("shared memory that is not there any more: send the batch in a message")

// body returns the body of a message, given what the message has of it and its app_metadata, and whether the rest was kept. What is in shared memory is a
// copy, which is valid until free. The client may write there at any time, so nothing is read there twice.
func (b *sharedBodies) body(ctx context.Context, sent *arrowcheck.Body, where []byte, limit int) (body arrowcheck.Body, kept bool, err error) {
	l, err := b.locate(where)
	if err != nil {
		return body, false, err
	}
	if !l.kept && sent.Len() > 0 {
		return body, false, errors.New("a body in the message and one in shared memory")
	}
	if err := b.hold(ctx, l.token); err != nil {
		return body, false, err
	}
	read := b.held.Take
	if l.kept {
		read = b.held.Kept
	}
	size := uint64(sent.Len())
	var all [][]byte
	for parts := l.parts; len(parts) > 0; parts = parts[placeSize:] {
		at := placeAt(parts)
		if size += min(at.length, sharedmem.Size); size > uint64(limit) {
			return body, false, admission.Exceeded(fmt.Sprintf("a batch of %d bytes", size), int64(limit), "max-message")
		}
		part, err := read(at.offset, at.length)
		if err != nil {
			return body, false, err
		}
		all = append(all, part)
	}
	return sent.With(all...), l.kept, nil
}

// readShared replaces the body of the last message by the one in shared memory, if the message names one.
func (x *exchange) readShared() error {
	if x.shared.region == nil && !x.shared.mayName || len(x.in.place) == 0 {
		return nil
	}
	sent := x.in.body.Len()
	body, kept, err := x.shared.body(x.ctx, &x.in.body, x.in.place, x.Limits.Message)
	limit := (*admission.LimitError)(nil)
	switch {
	case errors.As(err, &limit):
		return limit
	case errors.Is(err, sharedmem.ErrNotKept), errors.Is(err, errGone):
		return status.Errorf(codes.FailedPrecondition, "batch at row %d: %v", x.rows, err)
	case err != nil && x.ctx.Err() != nil:
		return x.ctx.Err()
	case err != nil:
		return invalid("batch at row %d: %v", x.rows, err)
	}
	x.in.body = body
	if added := body.Len() - sent; kept {
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
