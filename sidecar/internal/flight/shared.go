// SPDX-License-Identifier: Apache-2.0

package flight

import (
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

// placeSize is the size of a message's place: offset and length, both uint64, little-endian.
const placeSize = 16

// sharedBodies copies the bodies of one exchange out of shared memory. Its zero value has no shared memory.
type sharedBodies struct {
	region *sharedmem.Region
	copied []byte // memory for bodies, from the region's scratch
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

// close ends the use.
func (b *sharedBodies) close() error {
	if b.region == nil {
		return nil
	}
	region := b.region
	region.KeepScratch(b.copied)
	b.region, b.copied = nil, nil
	return region.Release()
}

// body returns a copy of the body at a place, which is valid until the next call. The client may write to shared memory
// at any time, so nothing is read there twice.
func (b *sharedBodies) body(place []byte, limit int) (arrowcheck.Body, error) {
	if len(place) != placeSize {
		return arrowcheck.Body{}, fmt.Errorf("a place of %d bytes in shared memory: expected %d, offset and length", len(place), placeSize)
	}
	offset, length := binary.LittleEndian.Uint64(place), binary.LittleEndian.Uint64(place[8:])
	switch {
	case length > sharedmem.Size:
		return arrowcheck.Body{}, &sharedmem.RangeError{Offset: offset, Length: length}
	case length > uint64(limit):
		return arrowcheck.Body{}, admission.Exceeded(fmt.Sprintf("a batch of %d bytes", length), int64(limit), "max-message")
	}
	to := b.memory(int(length))
	if err := b.region.Copy(to, offset); err != nil {
		return arrowcheck.Body{}, err
	}
	return arrowcheck.NewBody(to), nil
}

// memory returns memory for a body of n bytes. Its content is undefined.
func (b *sharedBodies) memory(n int) []byte {
	if b.copied == nil {
		b.copied = b.region.TakeScratch()
	}
	if len(b.copied) < n {
		b.copied = make([]byte, n)
	}
	return b.copied[:n]
}

// readShared replaces the body of the last message by the one in shared memory, if the message names one.
func (x *exchange) readShared() error {
	if x.shared.region == nil || len(x.in.place) == 0 {
		return nil
	}
	if x.in.body.Len() > 0 {
		return invalid("batch at row %d: a body in the message and one in shared memory", x.rows)
	}
	body, err := x.shared.body(x.in.place, x.limits.Message)
	if limit := (*admission.LimitError)(nil); errors.As(err, &limit) {
		return limit
	} else if err != nil {
		return invalid("batch at row %d: %v", x.rows, err)
	}
	x.in.body = body
	x.call.In += body.Len()
	return nil
}

// sharedHeader returns the values of the header that names shared memory.
func (x *exchange) sharedHeader() []string {
	return metadata.ValueFromIncomingContext(x.ctx, keyShared)
}
