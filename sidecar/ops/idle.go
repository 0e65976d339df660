package ops

import (
	"sync"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/headcount-hll/headcount/sidecar/limits"
)

// streams is the interceptor of streams: it ends those of which the client lets a message wait, sent or to be sent,
// for longer than idle. A message that waits in gRPC wakes only when its handler has returned, so the
// handler runs beside, and its account is given back when it has ended too.
func (g *guard) streams(idle time.Duration) grpc.StreamServerInterceptor {
	return func(service any, stream grpc.ServerStream, _ *grpc.StreamServerInfo, handler grpc.StreamHandler) error {
		account := limits.Of(stream.Context())
		account.Share()
		expired := make(chan struct{})
		w := &watched{ServerStream: stream, idle: idle, expire: sync.OnceFunc(func() { close(expired) })}
		ended := make(chan error, 1)
		go func() {
			defer account.Release()
			ended <- func() (err error) {
				defer g.recovered(&err)
				return handler(service, w)
			}()
		}()
		select {
		case err := <-ended:
			return err
		case <-expired:
			return w.tooLong()
		}
	}
}

// watched is a stream whose every wait for the client is timed. Its messages are sent and received on one goroutine.
type watched struct {
	grpc.ServerStream
	idle   time.Duration
	expire func()
}

func (w *watched) RecvMsg(m any) error { return w.timed(w.ServerStream.RecvMsg, m) }
func (w *watched) SendMsg(m any) error { return w.timed(w.ServerStream.SendMsg, m) }

func (w *watched) timed(f func(any) error, m any) error {
	timer := time.AfterFunc(w.idle, w.expire)
	err := f(m)
	if !timer.Stop() { // the call is over, whatever f returned in that moment
		return w.tooLong()
	}
	return err
}

func (w *watched) tooLong() error {
	return status.Errorf(codes.DeadlineExceeded, "the client let a message wait for %s (--idle-timeout)", w.idle)
}
