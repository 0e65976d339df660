package ops

import (
	"sync"

	"google.golang.org/grpc/mem"
)

// Frames of HTTP/2 hold 16 KiB at most here; smaller ones than this go to gRPC's own pool, which has sizes for them.
const (
	largestFrame = 16 << 10
	smallestOurs = 4<<10 + 1
)

// frames is gRPC's pool of buffers, but that those for full frames are not set to zero before they are filled: that was
// an eighth of the server's time.
type frames struct {
	mem.BufferPool
	full sync.Pool
}

func newFrames() *frames {
	return &frames{BufferPool: mem.DefaultBufferPool(), full: sync.Pool{New: func() any {
		b := make([]byte, largestFrame)
		return &b
	}}}
}

// Get returns a buffer that holds whatever it held before.
func (f *frames) Get(length int) *[]byte {
	if length < smallestOurs || length > largestFrame {
		return f.BufferPool.Get(length)
	}
	b := f.full.Get().(*[]byte)
	*b = (*b)[:length]
	return b
}

// Put takes a buffer back.
func (f *frames) Put(b *[]byte) {
	if cap(*b) != largestFrame {
		f.BufferPool.Put(b)
		return
	}
	f.full.Put(b)
}
