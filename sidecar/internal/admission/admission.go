// SPDX-License-Identifier: Apache-2.0

// Package admission limits what all calls of one sidecar use together, over every protocol: the number of open calls,
// and memory.
//
// Memory is counted before it is used. A call reserves the size of one message when it is admitted, because the
// transport may receive that much before the call is looked at, and more as its states and results grow. An error
// names the limit and the flag that sets it.
package admission

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
)

// Limits are the limits of one call.
type Limits struct {
	Message int // bytes of a message, in either direction
	Rows    int // rows of a batch
	Groups  int // groups of an aggregate
}

// A LimitError reports a limit that a call exceeded.
type LimitError struct{ message string }

func (e *LimitError) Error() string { return e.message }

// Exceeded returns the error of what was asked for, with the limit and the name of the flag that sets it.
func Exceeded(what string, limit int64, flag string) *LimitError {
	return &LimitError{fmt.Sprintf("%s: the limit of this sidecar is %d (--%s)", what, limit, flag)}
}

// A Budget is shared by all calls. It may be used from several goroutines.
type Budget struct {
	calls, memory         int64
	openCalls, usedMemory atomic.Int64
}

// NewBudget returns a budget of calls open at the same time and of bytes of memory.
func NewBudget(calls int, memory int64) *Budget {
	return &Budget{calls: int64(calls), memory: memory}
}

// Open returns the number of open calls.
func (b *Budget) Open() int64 { return b.openCalls.Load() }

// Used returns the number of bytes that open calls have reserved.
func (b *Budget) Used() int64 { return b.usedMemory.Load() }

// Admit admits a call and reserves n bytes for it. On error the call is not admitted and nothing is reserved. The
// caller must release the account.
func (b *Budget) Admit(n int64) (*Account, error) {
	if b.openCalls.Add(1) > b.calls {
		b.openCalls.Add(-1)
		return nil, Exceeded("too many open calls", b.calls, "max-calls")
	}
	a := &Account{budget: b}
	a.users.Store(1)
	if err := a.Reserve(n); err != nil {
		a.Release()
		return nil, err
	}
	return a, nil
}

// An Account holds what one call has reserved. It may be used from several goroutines.
type Account struct {
	budget *Budget
	users  atomic.Int64
	end    sync.Once
	mu     sync.Mutex
	held   int64
}

// Reserve reserves n more bytes. On error nothing is reserved. A negative n releases bytes.
func (a *Account) Reserve(n int64) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	if b := a.budget; b.usedMemory.Add(n) > b.memory && n > 0 {
		b.usedMemory.Add(-n)
		return Exceeded(fmt.Sprintf("no memory left for %d more bytes", n), b.memory, "max-memory")
	}
	a.held += n
	return nil
}

// Share adds a user: the account is closed once Release has been called for every user.
func (a *Account) Share() { a.users.Add(1) }

// Release removes a user. After the last one the account's memory is released and its call no longer counts as open.
func (a *Account) Release() {
	if a.users.Add(-1) > 0 {
		return
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.budget.usedMemory.Add(-a.held)
	a.held = 0
	a.budget.openCalls.Add(-1)
}

// End is Release for the user whom Admit gave the account, from several goroutines: calls after the first one do nothing.
func (a *Account) End() { a.end.Do(a.Release) }

type contextKey struct{}

// NewContext returns a context that carries the account.
func NewContext(ctx context.Context, a *Account) context.Context {
	return context.WithValue(ctx, contextKey{}, a)
}

// FromContext returns the account that the context carries, or nil.
func FromContext(ctx context.Context) *Account {
	a, _ := ctx.Value(contextKey{}).(*Account)
	return a
}
