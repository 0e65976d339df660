// SPDX-License-Identifier: Apache-2.0

// Package state is the protocol between the state of an aggregation and the caller that owns its memory. It is the same
// for every family of functions.
//
// A call on a state ends with a [Step]. If its status is not [Done], the caller does what the status asks and makes the
// call again. [Run] does so for callers in Go. The C library passes the statuses on to its caller (cgo/headcount.h).
package state

import "github.com/headcount-hll/headcount/udf/errs"

// A Status says what the caller has to do next.
type Status uint8

// The zero Status is invalid.
const (
	Done       Status = iota + 1
	NeedSpace         // give the state Step.Need bytes, and call again
	Again             // call again with Step.At
	WouldBlock        // call again with AllowLong, where a long call blocks no other thread
)

// Flags say how a call may work. They never change a result.
type Flags uint32

const (
	// AllowLong allows a call to take more than about ten microseconds.
	AllowLong Flags = 1 << iota
	// PackRegisters saves memory rather than time. It is for many groups.
	PackRegisters
	// SetAside sets a row whose slot is too small aside, and goes on with the next row. It is for calls over slots.
	SetAside
)

// spareShift and spareUnit are where Flags have the bytes of Spare, and their unit.
const spareShift, spareUnit = 8, 64

// WithSpare returns the flags of a call whose caller has that many bytes for each state, if more memory saves time.
func (f Flags) WithSpare(bytes int) Flags {
	return f&(1<<spareShift-1) | Flags(min(max(bytes, 0)/spareUnit, 1<<(31-spareShift)-1))<<spareShift
}

// Spare returns the bytes that the caller has for each state, if more memory saves time: 0 if it did not say.
func (f Flags) Spare() int { return int(f>>spareShift) * spareUnit }

// A Step is the outcome of a call that returned no error. With an error it is zero.
type Step struct {
	Status Status
	Need   int // with NeedSpace: bytes
	At     int // with Again: the position in the input
}

// Run makes call until it is Done or returns an error. The first position is 0. grow has to give the state need bytes:
// the bytes it has, then zeros. call has to allow long work: there is no other thread to leave it to.
func Run(call func(at int) (Step, error), grow func(need int) error) error {
	for at := 0; ; {
		step, err := call(at)
		switch {
		case err != nil || step.Status == Done:
			return err
		case step.Status == NeedSpace:
			if err := grow(step.Need); err != nil {
				return err
			}
		case step.Status == Again:
			at = step.At
		default:
			return errs.New(errs.Internal, "state: status %d of a call that allows long work", step.Status)
		}
	}
}
