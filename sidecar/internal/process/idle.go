// SPDX-License-Identifier: Apache-2.0

package process

import (
	"sync"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/headcount-hll/headcount/sidecar/internal/admission"
)

// streams returns a stream interceptor that aborts a call whose client neither sends nor receives for longer than idle.
//
// gRPC unblocks a handler that waits in SendMsg or RecvMsg only after the interceptor has returned. So the handler runs
// on a goroutine of its own, and keeps the account open until it returns. The account is closed before the client learns that
// the call has ended: its next call may need what this one held.
func (a *admitter) streams(idle time.Duration) grpc.StreamServerInterceptor {
	return func(service any, stream grpc.ServerStream, _ *grpc.StreamServerInfo, handler grpc.StreamHandler) error {
		account := admission.FromContext(stream.Context())
		account.Share()
		expired := make(chan struct{})
		timed := &timedStream{ServerStream: stream, idle: idle, expire: sync.OnceFunc(func() { close(expired) })}
		ended := make(chan error, 1)
		go func() {
			ended <- func() (err error) {
				defer account.Release()
				defer a.recovered(&err)
				return handler(service, timed)
			}()
		}()
		select {
		case err := <-ended:
			account.End()
			return err
		case <-expired:
			return timed.timeout()
		}
	}
}

// A timedStream calls expire when the client lets it wait for longer than idle. One goroutine may receive while another
// one sends: then neither waits for longer as long as messages pass.
type timedStream struct {
	grpc.ServerStream
	idle   time.Duration
	expire func()

	mu      sync.Mutex
	waits   int         // calls of RecvMsg and SendMsg that have not returned
	timer   *time.Timer // since the last time one began or returned, if any waits
	expired bool
}

func (t *timedStream) RecvMsg(m any) error { return t.wait(t.ServerStream.RecvMsg, m) }
func (t *timedStream) SendMsg(m any) error { return t.wait(t.ServerStream.SendMsg, m) }

func (t *timedStream) wait(f func(any) error, m any) error {
	t.count(1)
	err := f(m)
	if t.count(-1) { // the call has been aborted, even if f has just succeeded
		return t.timeout()
	}
	return err
}

// count counts one more or less that waits, and starts the time again. It reports whether the time is over.
func (t *timedStream) count(more int) (expired bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.expired = t.expired || t.waits > 0 && !t.timer.Stop()
	if t.waits += more; t.waits > 0 && !t.expired {
		t.timer = time.AfterFunc(t.idle, t.expire)
	}
	return t.expired
}

func (t *timedStream) timeout() error {
	return status.Errorf(codes.DeadlineExceeded, "the client neither sent nor received a message for %s (--idle-timeout)", t.idle)
}
