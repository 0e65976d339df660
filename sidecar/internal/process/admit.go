// SPDX-License-Identifier: Apache-2.0

package process

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"strings"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/grpc/tap"

	"github.com/headcount-hll/headcount/sidecar/internal/admission"
)

// An admitter authenticates calls and admits them to the budget, before any of their messages is read.
type admitter struct {
	tokens  tokens
	perCall int64 // bytes that an admitted call reserves
	budget  *admission.Budget
	// health is a budget for health checks. They need no token, and succeed while the server is at its limit of calls.
	health *admission.Budget
	log    *slog.Logger
}

// healthCalls is the maximum number of open health checks.
const healthCalls = 16

const healthService = "/grpc.health.v1.Health/"

func newAdmitter(c *Config, t tokens, budget *admission.Budget, log *slog.Logger) *admitter {
	perCall := int64(c.perCall())
	return &admitter{tokens: t, perCall: perCall, budget: budget, log: log,
		health: admission.NewBudget(healthCalls, healthCalls*perCall)}
}

// admit opens the account of a call, given its authorization headers. Its error is errUnauthenticated or an
// [admission.LimitError].
func (a *admitter) admit(method string, authorization []string) (*admission.Account, error) {
	budget := a.budget
	if strings.HasPrefix(method, healthService) {
		budget = a.health
	} else if !a.tokens.allow(authorization) {
		a.log.Warn("unauthenticated call", "method", method)
		return nil, errUnauthenticated
	}
	return budget.Admit(a.perCall)
}

var errUnauthenticated = errors.New("send the header \"authorization: Bearer TOKEN\" with a token from the sidecar's --token-file")

// tap is the hook that gRPC calls for a new stream, on the connection's goroutine. The account stays open until the
// call's handler has returned, or, if the stream ends before, until both have happened.
func (a *admitter) tap(ctx context.Context, info *tap.Info) (context.Context, error) {
	account, err := a.admit(info.FullMethodName, info.Header["authorization"])
	switch {
	case errors.Is(err, errUnauthenticated):
		return nil, status.Error(codes.Unauthenticated, err.Error())
	case err != nil:
		a.log.Warn("call not admitted", "method", info.FullMethodName, "error", err.Error())
		return nil, status.Error(codes.ResourceExhausted, err.Error())
	}
	context.AfterFunc(ctx, account.End)
	return admission.NewContext(ctx, account), nil
}

// unary is an interceptor that keeps the account open while a handler runs, and recovers its panics. The account is closed when it
// returns, before the client learns that the call has ended: its next call may need what this one held.
func (a *admitter) unary(ctx context.Context, request any, _ *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (answer any, err error) {
	defer a.recovered(&err)
	account := admission.FromContext(ctx)
	account.Share()
	defer account.End()
	defer account.Release()
	return handler(ctx, request)
}

// recovered is deferred. It logs a panic and sets err to a status without details.
func (a *admitter) recovered(err *error) {
	if panicked := recover(); panicked != nil {
		a.log.Error("a call panicked", "panic", fmt.Sprint(panicked), "stack", string(debug.Stack()))
		*err = status.Error(codes.Internal, "internal error: see the sidecar's log")
	}
}
