// SPDX-License-Identifier: Apache-2.0

package process

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/grpc/tap"

	"github.com/headcount-hll/headcount/sidecar/internal/admission"
)

// one returns an admitter of one call at a time.
func one() *admitter {
	c := Defaults()
	return newAdmitter(&c, nil, admission.NewBudget(1, int64(c.perCall())), slog.New(slog.NewTextHandler(io.Discard, nil)))
}

// begun returns the context of a call that has just begun, and what ends it.
func begun(t *testing.T, a *admitter) (context.Context, context.CancelFunc) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	ctx, err := a.tap(ctx, &tap.Info{FullMethodName: "/service/method"})
	require.NoError(t, err)
	assert.Equal(t, int64(1), a.budget.Open())
	return ctx, cancel
}

// A stream whose messages never come.
type silentStream struct {
	grpc.ServerStream
	ctx context.Context
}

func (s silentStream) Context() context.Context { return s.ctx }

func (s silentStream) RecvMsg(any) error {
	<-s.ctx.Done()
	return s.ctx.Err()
}

// gRPC tells the client of the end of a call after its interceptor has returned.
func TestAdmitter_ClosesTheAccountBeforeTheClientKnows(t *testing.T) {
	failed := errors.New("failed")
	for _, result := range []error{nil, failed} {
		a := one()
		ctx, cancel := begun(t, a)
		err := a.streams(time.Minute)(nil, silentStream{ctx: ctx}, nil, func(any, grpc.ServerStream) error { return result })
		assert.Equal(t, result, err)
		assert.Zero(t, a.budget.Open())
		assert.Zero(t, a.budget.Used())
		cancel()

		ctx, cancel = begun(t, a)
		_, err = a.unary(ctx, nil, nil, func(context.Context, any) (any, error) { return nil, result })
		assert.Equal(t, result, err)
		assert.Zero(t, a.budget.Open())
		cancel()
		_, cancel = begun(t, a) // the end of the calls before has released nothing twice
		cancel()
	}
}

func TestAdmitter_KeepsTheAccountOfAHandlerThatStillRuns(t *testing.T) {
	a := one()
	ctx, cancel := begun(t, a)
	stays := make(chan struct{})
	err := a.streams(time.Millisecond)(nil, silentStream{ctx: ctx}, nil, func(_ any, stream grpc.ServerStream) error {
		err := stream.RecvMsg(nil)
		<-stays
		return err
	})
	assert.Equal(t, codes.DeadlineExceeded, status.Code(err))
	cancel()
	time.Sleep(10 * time.Millisecond)
	assert.Equal(t, int64(1), a.budget.Open())
	close(stays)
	assert.Eventually(t, func() bool { return a.budget.Open() == 0 && a.budget.Used() == 0 }, 10*time.Second, time.Millisecond)
}
