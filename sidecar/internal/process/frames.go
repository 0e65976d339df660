// SPDX-License-Identifier: Apache-2.0

package process

import (
	"sync"

	"google.golang.org/grpc/mem"
)

// framePool holds the buffers of minFrame to maxFrame bytes. maxFrame is the largest HTTP/2 frame that gRPC receives.
// Smaller buffers come from gRPC's own pool, which has fitting sizes for them.
const (
	maxFrame = 16 << 10
	minFrame = 4<<10 + 1
)

// A framePool is gRPC's buffer pool, except that it does not zero the buffers of large frames, which are filled from
// the network anyway. Zeroing took an eighth of the sidecar's processor time.
type framePool struct {
	mem.BufferPool
	large sync.Pool
}

func newFramePool() *framePool {
	return &framePool{BufferPool: mem.DefaultBufferPool(), large: sync.Pool{New: func() any {
		b := make([]byte, maxFrame)
		return &b
	}}}
}

// Get returns a buffer. Its content is undefined.
func (f *framePool) Get(length int) *[]byte {
	if length < minFrame || length > maxFrame {
		return f.BufferPool.Get(length)
	}
	b := f.large.Get().(*[]byte)
	*b = (*b)[:length]
	return b
}

// Put returns a buffer to the pool.
func (f *framePool) Put(b *[]byte) {
	if cap(*b) != maxFrame {
		f.BufferPool.Put(b)
		return
	}
	f.large.Put(b)
}
