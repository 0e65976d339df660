// SPDX-License-Identifier: Apache-2.0

package process_test

import (
	"context"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/apache/arrow/go/v15/arrow/array"
	"github.com/apache/arrow/go/v15/arrow/flight"
	"github.com/apache/arrow/go/v15/arrow/ipc"
	"github.com/apache/arrow/go/v15/arrow/memory"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	"github.com/headcount-hll/headcount/sidecar/client"
	"github.com/headcount-hll/headcount/sidecar/internal/process"
)

// onTmpfs returns a folder on a tmpfs.
func onTmpfs(t *testing.T) string {
	t.Helper()
	folder, err := os.MkdirTemp("/dev/shm", "headcount-test-")
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, os.RemoveAll(folder)) })
	return folder
}

// A region is shared memory that a sidecar has lent.
type region struct {
	file   *os.File
	token  string
	size   int64
	cancel func()
	stream flight.FlightService_DoActionClient
}

// borrow asks for shared memory, in a folder, and opens it.
func borrow(t *testing.T, c *client.Client, folder string) (*region, error) {
	t.Helper()
	return borrowAs(t, c, folder, "")
}

// borrowAs is borrow with what the request asks for, which the answer must repeat.
func borrowAs(t *testing.T, c *client.Client, folder, asked string) (*region, error) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	t.Cleanup(cancel)
	stream, err := c.Flight().DoAction(ctx, &flight.Action{Type: "headcount.shared-memory", Body: []byte(asked)})
	require.NoError(t, err)
	answer, err := stream.Recv()
	if err != nil {
		return nil, err
	}
	r := &region{cancel: cancel, stream: stream}
	var name string
	_, err = fmt.Sscanf(string(answer.Body), "%s %s %d", &name, &r.token, &r.size)
	require.NoError(t, err, "%s", answer.Body)
	assert.Equal(t, strings.TrimSpace(fmt.Sprintf("%s %s %d %s", name, r.token, r.size, asked)), string(answer.Body))
	r.file, err = os.OpenFile(filepath.Join(folder, name), os.O_RDWR, 0)
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, r.file.Close()) })
	info, err := r.file.Stat()
	require.NoError(t, err)
	assert.Equal(t, os.FileMode(0o600), info.Mode())
	assert.Equal(t, r.size, info.Size())
	start := make([]byte, len(r.token)/2)
	_, err = r.file.ReadAt(start, 0)
	require.NoError(t, err)
	assert.Equal(t, r.token, hex.EncodeToString(start))
	return r, nil
}

func place(offset, length uint64) []byte {
	return binary.LittleEndian.AppendUint64(binary.LittleEndian.AppendUint64(nil, offset), length)
}

// call calls cardinality with three empty sketches, whose batch is changed first.
func (r *region) call(t *testing.T, c *client.Client, change func(batch *flight.FlightData)) ([]int64, error) {
	t.Helper()
	ctx := metadata.AppendToOutgoingContext(t.Context(), "headcount-shared-memory", r.token)
	stream, err := c.Flight().DoExchange(ctx)
	require.NoError(t, err)
	schema, batch := messages(t)
	change(batch)
	for _, m := range []*flight.FlightData{schema, batch} {
		if err := stream.Send(m); err != nil {
			require.ErrorIs(t, err, io.EOF)
		}
	}
	_ = stream.CloseSend() // Recv returns the error
	return cardinalities(stream)
}

func cardinalities(stream flight.FlightService_DoExchangeClient) (all []int64, err error) {
	answers, err := flight.NewRecordReader(stream, ipc.WithAllocator(memory.DefaultAllocator))
	if err != nil {
		return nil, err
	}
	defer answers.Release()
	for answers.Next() {
		all = append(all, answers.Record().Column(0).(*array.Int64).Int64Values()...)
	}
	if err := answers.Err(); err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	return all, nil
}

// at writes the body of a batch to shared memory.
func (r *region) at(t *testing.T, offset int64) func(*flight.FlightData) {
	return func(batch *flight.FlightData) {
		_, err := r.file.WriteAt(batch.DataBody, offset)
		require.NoError(t, err)
		batch.AppMetadata = place(uint64(offset), uint64(len(batch.DataBody)))
		batch.DataBody = nil
	}
}

func released(t *testing.T, p *process.Server, folder string) {
	t.Helper()
	assert.Eventually(t, func() bool { open, used := p.Usage(); return open == 0 && used == 0 }, 10*time.Second, time.Millisecond)
	assert.Empty(t, regionFiles(t, folder))
}

func regionFiles(t *testing.T, folder string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(folder, "headcount-*"))
	require.NoError(t, err)
	return files
}

func startShared(t *testing.T, change func(*process.Config)) (*process.Server, *client.Client, string) {
	t.Helper()
	folder := onTmpfs(t)
	p, c := start(t, func(c *process.Config) {
		c.Listen = []string{"unix:" + filepath.Join(folder, "socket")}
		if change != nil {
			change(c)
		}
	})
	return p, c, folder
}

func TestSharedMemory_HoldsBodies(t *testing.T) {
	p, c, folder := startShared(t, nil)
	r, err := borrow(t, c, folder)
	require.NoError(t, err)
	for _, offset := range []int64{0, 8, 4096 + 3, r.size - 24} {
		got, err := r.call(t, c, r.at(t, offset))
		require.NoError(t, err, "at %d", offset)
		assert.Equal(t, []int64{0, 0, 0}, got)
	}
	got, err := r.call(t, c, func(*flight.FlightData) {}) // a body in the message
	require.NoError(t, err)
	assert.Equal(t, []int64{0, 0, 0}, got)
	other := dial(t, "unix:"+filepath.Join(folder, "socket"))
	got, err = r.call(t, other, r.at(t, 64)) // another connection of the same client
	require.NoError(t, err)
	assert.Equal(t, []int64{0, 0, 0}, got)
	r.cancel()
	released(t, p, folder)
	_, err = r.call(t, c, r.at(t, 0))
	assert.Equal(t, codes.FailedPrecondition, status.Code(err), "%v", err)
	works(t, c)
}

// A client may say anything about where a batch is. It reads no other memory, and the sidecar continues to serve.
func TestSharedMemory_RejectsLies(t *testing.T) {
	p, c, folder := startShared(t, nil)
	r, err := borrow(t, c, folder)
	require.NoError(t, err)
	size := uint64(r.size)
	for _, each := range []struct {
		what  string
		place []byte
		want  string
	}{
		{"ends after the memory", place(size-8, 24), "shared memory of"},
		{"starts after the memory", place(size, 1), "shared memory of"},
		{"larger than the memory", place(0, size+1), "shared memory of"},
		{"end overflows", place(math.MaxUint64, 2), "shared memory of"},
		{"length of 2^64 - 1", place(8, math.MaxUint64), "shared memory of"},
		{"negative offset", place(1<<63, 24), "shared memory of"},
		{"no length", place(0, 0)[:8], "a place of 8 bytes"},
		{"more than a place", append(place(0, 24), 0), "a place of 17 bytes"},
		{"shorter than the batch", place(64, 8), "the message has 8"},
	} {
		_, err := r.call(t, c, func(batch *flight.FlightData) { batch.DataBody, batch.AppMetadata = nil, each.place })
		assert.Equal(t, codes.InvalidArgument, status.Code(err), "%s: %v", each.what, err)
		assert.ErrorContains(t, err, each.want, each.what)
	}
	_, err = r.call(t, c, func(batch *flight.FlightData) { batch.AppMetadata = place(64, 24) })
	assert.ErrorContains(t, err, "a body in the message and one in shared memory")
	for _, m := range malformedBatches(t) {
		_, err := r.call(t, c, func(batch *flight.FlightData) {
			m.change(batch)
			r.at(t, 128)(batch)
		})
		assert.Equal(t, codes.InvalidArgument, status.Code(err), "%s: %v", m.what, err)
		assert.ErrorContains(t, err, m.want, m.what)
	}
	for _, token := range []string{strings.Repeat("0", 64), "", "../../etc/passwd"} {
		_, err := (&region{token: token}).call(t, c, func(*flight.FlightData) {})
		assert.Equal(t, codes.FailedPrecondition, status.Code(err), "token %q: %v", token, err)
	}
	require.NoError(t, r.file.Truncate(16))
	_, err = r.call(t, c, func(batch *flight.FlightData) { batch.DataBody, batch.AppMetadata = nil, place(4096, 24) })
	assert.ErrorContains(t, err, "truncated")
	works(t, c)
	r.cancel()
	released(t, p, folder)
}

// A client that writes while the sidecar reads gets answers or errors, and harms no one.
func TestSharedMemory_MayChangeDuringACall(t *testing.T) {
	p, c, folder := startShared(t, nil)
	r, err := borrow(t, c, folder)
	require.NoError(t, err)
	_, good := messages(t)
	stop := make(chan struct{})
	var writers sync.WaitGroup
	writers.Go(func() {
		for i := byte(0); ; i++ {
			select {
			case <-stop:
				return
			default:
				garbage := make([]byte, len(good.DataBody))
				for k := range garbage {
					garbage[k] = i * byte(k+1)
				}
				_, _ = r.file.WriteAt(garbage, 64)
				_, _ = r.file.WriteAt(good.DataBody, 64)
			}
		}
	})
	answers := 0
	for range 300 {
		_, err := r.call(t, c, func(batch *flight.FlightData) {
			batch.DataBody, batch.AppMetadata = nil, place(64, uint64(len(good.DataBody)))
		})
		if err == nil {
			answers++
		} else {
			assert.Equal(t, codes.InvalidArgument, status.Code(err), "%v", err)
		}
	}
	close(stop)
	writers.Wait()
	t.Logf("%d of 300 calls were answered", answers)
	works(t, c)
	r.cancel()
	released(t, p, folder)
}

func TestSharedMemory_EndsWithItsClient(t *testing.T) {
	p, c, folder := startShared(t, nil)
	other, err := client.Dial("unix:" + filepath.Join(folder, "socket"))
	require.NoError(t, err)
	gone, err := borrow(t, other, folder)
	require.NoError(t, err)
	kept, err := borrow(t, c, folder)
	require.NoError(t, err)
	require.NoError(t, other.Close()) // as when its process dies
	assert.Eventually(t, func() bool { open, _ := p.Usage(); return open == 1 && len(regionFiles(t, folder)) == 1 }, 10*time.Second, time.Millisecond)
	_, err = gone.call(t, c, func(*flight.FlightData) {})
	assert.Equal(t, codes.FailedPrecondition, status.Code(err), "%v", err)
	got, err := kept.call(t, c, kept.at(t, 0))
	require.NoError(t, err)
	assert.Equal(t, []int64{0, 0, 0}, got)
}

func TestSharedMemory_UnusedIsTakenBack(t *testing.T) {
	p, c, folder := startShared(t, func(c *process.Config) { c.Idle = time.Second })
	r, err := borrow(t, c, folder)
	require.NoError(t, err)
	for range 4 { // longer than the timeout, but used
		time.Sleep(400 * time.Millisecond)
		_, err := r.call(t, c, r.at(t, 0))
		require.NoError(t, err)
	}
	_, err = r.stream.Recv()
	assert.ErrorIs(t, err, io.EOF)
	released(t, p, folder)
}

func TestSharedMemory_DoesNotDelayAStop(t *testing.T) {
	p, c, folder := startShared(t, func(c *process.Config) { c.Drain = time.Minute })
	_, err := borrow(t, c, folder)
	require.NoError(t, err)
	before := time.Now()
	p.Stop()
	assert.Less(t, time.Since(before), 30*time.Second)
	assert.Empty(t, regionFiles(t, folder))
}

// A region is an open call, and there are a quarter as many as there may be calls, so that calls do not fail for them.
func TestSharedMemory_CountsAsACall(t *testing.T) {
	p, c, folder := startShared(t, func(c *process.Config) { c.MaxCalls = 8 })
	for range 2 {
		_, err := borrow(t, c, folder)
		require.NoError(t, err)
	}
	_, err := borrow(t, c, folder)
	assert.Equal(t, codes.ResourceExhausted, status.Code(err), "%v", err)
	assert.ErrorContains(t, err, "--max-calls")
	assert.Len(t, regionFiles(t, folder), 2)
	assert.Eventually(t, func() bool { open, used := p.Usage(); return open == 2 && used == 2*(40+4+8)<<20 }, 10*time.Second, time.Millisecond)
	works(t, c)
}

func TestSharedMemory_IsNotOffered(t *testing.T) {
	_, overUnix, folder := startShared(t, func(c *process.Config) { c.SharedMemory = false })
	_, err := borrow(t, overUnix, folder)
	assert.Equal(t, codes.FailedPrecondition, status.Code(err), "%v", err)
	p, _ := start(t, func(c *process.Config) { c.Listen = append(c.Listen, "127.0.0.1:0") })
	_, err = borrow(t, dial(t, p.Addresses[1].String()), "/dev/shm")
	assert.Equal(t, codes.FailedPrecondition, status.Code(err), "over TCP: %v", err)
}
