package ops

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

	"github.com/headcount-hll/headcount/sidecar/limits"
)

// A guard lets calls in: those with a token if tokens are wanted, as many as the budget has room for. It is asked
// before any message of a call is read.
type guard struct {
	tokens tokens
	// unasked is what a client may send without being asked: one message, and some of the next.
	unasked int64
	budget  *limits.Budget
	// health is for those who ask whether the server lives. They need no token, and are answered when the server has
	// all the calls that it takes.
	health *limits.Budget
	log    *slog.Logger
}

// healthCalls is how many questions for health there may be at one time.
const healthCalls = 16

const healthService = "/grpc.health.v1.Health/"

func newGuard(c *Config, t tokens, budget *limits.Budget, log *slog.Logger) *guard {
	unasked := int64(c.unasked())
	return &guard{tokens: t, unasked: unasked, budget: budget, log: log, health: limits.NewBudget(healthCalls, healthCalls*unasked)}
}

// letIn opens the account of a call with these authorization headers. Whoever serves another protocol asks it too.
func (g *guard) letIn(method string, authorization []string) (*limits.Account, error) {
	budget := g.budget
	if strings.HasPrefix(method, healthService) {
		budget = g.health
	} else if !g.tokens.allow(authorization) {
		return nil, errNoToken
	}
	return budget.Let(g.unasked)
}

var errNoToken = errors.New("this server wants a header \"authorization: Bearer TOKEN\" with a token that it knows")

// tap is where gRPC asks, on the connection's own goroutine. The account lives as long as the stream does, and
// as the call's handler.
func (g *guard) tap(ctx context.Context, info *tap.Info) (context.Context, error) {
	account, err := g.letIn(info.FullMethodName, info.Header["authorization"])
	switch {
	case errors.Is(err, errNoToken):
		g.log.Warn("a call without a token that is known", "method", info.FullMethodName)
		return nil, status.Error(codes.Unauthenticated, err.Error())
	case err != nil:
		g.log.Warn("a call was refused", "method", info.FullMethodName, "why", err.Error())
		return nil, status.Error(codes.ResourceExhausted, err.Error())
	}
	context.AfterFunc(ctx, account.Release)
	return limits.With(ctx, account), nil
}

// unary keeps a call's account while its handler runs, and recovers it.
func (g *guard) unary(ctx context.Context, request any, _ *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (answer any, err error) {
	defer g.recovered(&err)
	account := limits.Of(ctx)
	account.Share()
	defer account.Release()
	return handler(ctx, request)
}

// recovered makes a panic an error that tells nothing, and logs it.
func (g *guard) recovered(err *error) {
	if panicked := recover(); panicked != nil {
		g.log.Error("a call panicked", "panic", fmt.Sprint(panicked), "stack", string(debug.Stack()))
		*err = status.Error(codes.Internal, "the server failed; its log says how")
	}
}
