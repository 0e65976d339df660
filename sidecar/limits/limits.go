// Package limits is what one server may use for all who call it, however they call.
//
// Memory is bounded by counting it before it is taken: a call takes the size of one message when it is let in,
// which is what the transport may gather for it unasked, and more as its states and answers grow. What is
// refused says which limit, and by what flag it is set.
package limits

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
)

// Limits are those of one call.
type Limits struct {
	Message int // bytes of a message, either way
	Rows    int // of a batch
	Groups  int // of a stream
}

// An Error is a limit that was reached.
type Error struct{ message string }

func (e *Error) Error() string { return e.message }

// Exceeded returns an error that names the limit, its value and the flag that sets it.
func Exceeded(what string, limit int64, flag string) *Error {
	return &Error{fmt.Sprintf("%s: the limit of this server is %d (--%s)", what, limit, flag)}
}

// A Budget is what all calls share: how many there may be, and memory.
type Budget struct {
	calls, memory         int64
	openCalls, usedMemory atomic.Int64
}

// NewBudget returns the budget of a server for that many calls at one time, and bytes.
func NewBudget(calls int, memory int64) *Budget {
	return &Budget{calls: int64(calls), memory: memory}
}

// Open is how many calls are open.
func (b *Budget) Open() int64 { return b.openCalls.Load() }

// Used is how many bytes they have taken.
func (b *Budget) Used() int64 { return b.usedMemory.Load() }

// Let lets a call in, which takes so many bytes at once, or refuses it.
func (b *Budget) Let(bytes int64) (*Account, error) {
	if b.openCalls.Add(1) > b.calls {
		b.openCalls.Add(-1)
		return nil, Exceeded("too many calls at one time", b.calls, "max-calls")
	}
	a := &Account{budget: b}
	a.users.Store(1)
	if err := a.Take(bytes); err != nil {
		a.Release()
		return nil, err
	}
	return a, nil
}

// An Account is what one call has taken. It may be used by several goroutines.
type Account struct {
	budget *Budget
	users  atomic.Int64
	mu     sync.Mutex
	held   int64
}

// Take takes so many bytes more, or nothing and says why. Fewer than none gives back.
func (a *Account) Take(bytes int64) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	if b := a.budget; b.usedMemory.Add(bytes) > b.memory && bytes > 0 {
		b.usedMemory.Add(-bytes)
		return Exceeded(fmt.Sprintf("the calls of this server have no %d bytes of memory left", bytes), b.memory, "max-memory")
	}
	a.held += bytes
	return nil
}

// Share makes the account need one Release more before its memory and its place are given back.
func (a *Account) Share() { a.users.Add(1) }

// Release ends one use of the account.
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

type contextKey struct{}

// With returns a context that carries the account.
func With(ctx context.Context, a *Account) context.Context {
	return context.WithValue(ctx, contextKey{}, a)
}

// Of returns the account of the call, or nil for one that was let in without.
func Of(ctx context.Context) *Account {
	a, _ := ctx.Value(contextKey{}).(*Account)
	return a
}
