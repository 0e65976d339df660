// SPDX-License-Identifier: Apache-2.0

package hll

import "github.com/headcount-hll/headcount/udf/state"

// A Builder makes a sketch in Go. It is a [State] with memory of its own. Its zero value is invalid; see [NewBuilder].
type Builder struct {
	precision Precision
	state     State
}

// NewBuilder returns a Builder of an empty sketch.
func NewBuilder(p Precision) *Builder {
	b := &Builder{precision: p, state: make(State, entriesAt+4)}
	_, _ = b.state.begin(p) // an empty state with room: no error, and nothing to do
	return b
}

// Add adds an id, hashed by its bytes.
func (b *Builder) Add(id []byte) {
	_ = state.Run(func(int) (state.Step, error) {
		return b.state.Add(b.precision, id, state.AllowLong) // the Builder's own precision: no error
	}, b.grow)
}

// Merge unites an encoded sketch with the one under construction. After an error the Builder must not be used.
func (b *Builder) Merge(sketch []byte) error {
	return state.Run(func(at int) (state.Step, error) { return b.state.Merge(sketch, at, state.AllowLong) }, b.grow)
}

func (b *Builder) grow(need int) error {
	grown := make(State, need)
	copy(grown, b.state)
	b.state = grown
	return nil
}

// Append appends the encoded sketch to dst.
func (b *Builder) Append(dst []byte) []byte { return b.state.Append(dst) }
