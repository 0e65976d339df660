// SPDX-License-Identifier: Apache-2.0

package process_test

import (
	"encoding/binary"
	"io"
	"math"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/apache/arrow/go/v15/arrow/flight"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	"github.com/headcount-hll/headcount/sidecar/client"
	"github.com/headcount-hll/headcount/sidecar/internal/process"
)

// Where the batch of [messages] is put, and where its values are then: three sketches of 2 bytes, padded.
const (
	batchAt  = 64
	valuesAt = batchAt + 16
)

// keptParts makes a batch refer to kept parts instead of its values. Its offsets stay in the message.
func keptParts(parts ...uint64) func(*flight.FlightData) {
	return func(batch *flight.FlightData) {
		batch.DataBody = batch.DataBody[:16]
		batch.AppMetadata = keptPlaces(1, parts...)
	}
}

func keptPlaces(kind uint64, parts ...uint64) []byte {
	all := binary.LittleEndian.AppendUint64(nil, kind)
	for _, part := range parts {
		all = binary.LittleEndian.AppendUint64(all, part)
	}
	return all
}

func borrowKept(t *testing.T, c *client.Client, folder string) *region {
	t.Helper()
	r, err := borrowAs(t, c, folder, "kept")
	require.NoError(t, err)
	return r
}

func TestKept_IsUsedAgain(t *testing.T) {
	p, c, folder := startShared(t, nil)
	r := borrowKept(t, c, folder)
	_, err := r.call(t, c, r.at(t, batchAt))
	require.NoError(t, err)
	// What is in the region now does not matter: the sidecar has its own copy.
	_, err = r.file.WriteAt(make([]byte, 4096), 0)
	require.NoError(t, err)
	require.NoError(t, r.file.Truncate(0))
	other := dial(t, "unix:"+folder+"/socket")
	for _, parts := range [][]uint64{
		{valuesAt, 8},
		{valuesAt, 2, valuesAt + 2, 2, valuesAt + 4, 4},
		{valuesAt + 4, 2, valuesAt + 4, 2, valuesAt, 2, valuesAt, 0, valuesAt, 2},
	} {
		for _, by := range []*client.Client{c, other} {
			got, err := r.call(t, by, keptParts(parts...))
			require.NoError(t, err, "%v", parts)
			assert.Equal(t, []int64{0, 0, 0}, got)
		}
	}
	r.cancel()
	released(t, p, folder)
	_, err = r.call(t, c, keptParts(valuesAt, 8))
	assert.Equal(t, codes.FailedPrecondition, status.Code(err), "%v", err)
	works(t, c)
}

// A client may say anything about what is kept.
func TestKept_RejectsLies(t *testing.T) {
	p, c, folder := startShared(t, nil)
	r := borrowKept(t, c, folder)
	_, err := r.call(t, c, keptParts(valuesAt, 8))
	assert.Equal(t, codes.FailedPrecondition, status.Code(err), "nothing was sent: %v", err)
	_, err = r.call(t, c, r.at(t, batchAt))
	require.NoError(t, err)
	many := make([]uint64, 2*1025)
	for i := range many {
		many[i] = valuesAt * uint64(1-i%2)
	}
	for _, each := range []struct {
		what  string
		place []byte
		code  codes.Code
		want  string
	}{
		{"begins before what was sent", keptPlaces(1, batchAt-1, 8), codes.FailedPrecondition, "not kept"},
		{"ends after it", keptPlaces(1, valuesAt, 9), codes.FailedPrecondition, "not kept"},
		{"is somewhere else", keptPlaces(1, 4096, 8), codes.FailedPrecondition, "not kept"},
		{"ends after the memory", keptPlaces(1, uint64(r.size)-4, 8), codes.InvalidArgument, "shared memory of"},
		{"end overflows", keptPlaces(1, math.MaxUint64, 8), codes.InvalidArgument, "shared memory of"},
		{"length of 2^64 - 1", keptPlaces(1, valuesAt, math.MaxUint64), codes.InvalidArgument, "shared memory of"},
		{"another kind", keptPlaces(2, valuesAt, 8), codes.InvalidArgument, "of kind 2"},
		{"too many parts", keptPlaces(1, many...), codes.InvalidArgument, "1025 parts"},
		{"fewer bytes than the batch", keptPlaces(1, valuesAt, 4), codes.InvalidArgument, "the message has 20"},
	} {
		_, err := r.call(t, c, func(batch *flight.FlightData) {
			keptParts(valuesAt, 8)(batch)
			batch.AppMetadata = each.place
		})
		assert.Equal(t, each.code, status.Code(err), "%s: %v", each.what, err)
		assert.ErrorContains(t, err, each.want, each.what)
	}
	// A body that replaces a byte of another one, or fails to, ends what was kept.
	_, err = r.call(t, c, r.at(t, valuesAt+7))
	require.NoError(t, err)
	_, err = r.call(t, c, keptParts(valuesAt, 6))
	assert.Equal(t, codes.FailedPrecondition, status.Code(err), "%v", err)
	_, err = r.call(t, c, r.at(t, batchAt))
	require.NoError(t, err)
	require.NoError(t, r.file.Truncate(8))
	_, err = r.call(t, c, func(batch *flight.FlightData) { batch.DataBody, batch.AppMetadata = nil, place(batchAt, 24) })
	assert.ErrorContains(t, err, "truncated")
	_, err = r.call(t, c, keptParts(valuesAt, 8))
	assert.Equal(t, codes.FailedPrecondition, status.Code(err), "%v", err)
	works(t, c)
	r.cancel()
	released(t, p, folder)
}

// Parts count for --max-message as often as they are named, so that a small message does not become a large batch.
func TestKept_CountsAsAMessage(t *testing.T) {
	_, c, folder := startShared(t, nil)
	r := borrowKept(t, c, folder)
	_, err := r.call(t, c, r.at(t, batchAt))
	require.NoError(t, err)
	_, err = r.call(t, c, func(batch *flight.FlightData) { batch.DataBody, batch.AppMetadata = nil, place(0, uint64(r.size)) })
	require.Equal(t, codes.InvalidArgument, status.Code(err), "zeros are no batch: %v", err)
	parts := make([]uint64, 0, 12)
	for range 6 {
		parts = append(parts, 0, uint64(r.size))
	}
	_, err = r.call(t, c, keptParts(parts...))
	assert.Equal(t, codes.ResourceExhausted, status.Code(err), "%v", err)
	assert.ErrorContains(t, err, "--max-message")
}

// An open exchange keeps its batches for others of the same region, in turns with them.
func TestKept_WhileOthersSend(t *testing.T) {
	_, c, folder := startShared(t, nil)
	r := borrowKept(t, c, folder)
	_, err := r.call(t, c, r.at(t, batchAt))
	require.NoError(t, err)
	var users sync.WaitGroup
	for user := range 4 {
		users.Go(func() {
			for range 50 {
				change := keptParts(valuesAt, 8)
				if user == 0 { // a body elsewhere
					change = r.at(t, 1<<20)
				}
				got, err := r.call(t, c, change)
				if assert.NoError(t, err) {
					assert.Equal(t, []int64{0, 0, 0}, got)
				}
			}
		})
	}
	users.Wait()
}

// A client that does not read its answers holds the region until it is aborted; others wait, and can be cancelled.
func TestKept_AStalledExchangeDelaysOnlyItsRegion(t *testing.T) {
	p, c, folder := startShared(t, func(c *process.Config) { c.Idle = 2 * time.Second })
	r := borrowKept(t, c, folder)
	ctx := metadata.AppendToOutgoingContext(t.Context(), "headcount-shared-memory", r.token)
	stalled, err := c.Flight().DoExchange(ctx)
	require.NoError(t, err)
	schema, batch := messages(t)
	require.NoError(t, stalled.Send(schema))
	r.at(t, batchAt)(batch)
	for range 5_000 { // until the answers fill the window
		if err := stalled.Send(batch); err != nil {
			require.ErrorIs(t, err, io.EOF)
			break
		}
	}
	works(t, c)
	assert.Eventually(t, func() bool { open, _ := p.Usage(); return open == 0 }, 20*time.Second, 10*time.Millisecond)
	_, err = os.Stat(folder)
	require.NoError(t, err)
}

func TestKept_CountsForMaxMemory(t *testing.T) {
	// Four calls of 12 MiB, and not the 8 MiB of a copy.
	p, c, folder := startShared(t, func(c *process.Config) {
		c.MaxCalls, c.MaxMessage, c.MaxMemory = 4, 8<<20, 48<<20
	})
	r := borrowKept(t, c, folder)
	_, used := p.Usage()
	assert.Equal(t, int64(20<<20), used)
	_, err := r.call(t, c, r.at(t, batchAt))
	require.NoError(t, err)
	_, err = r.call(t, c, keptParts(valuesAt, 8))
	require.NoError(t, err)
	r.cancel()
	released(t, p, folder)
}
