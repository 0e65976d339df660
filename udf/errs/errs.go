// SPDX-License-Identifier: Apache-2.0

// Package errs has the error of the functions of every family: a code from a closed set, the row, and a message for the
// person who wrote the query. Each edge translates the code once (a C status, a word of the sidecar's protocol).
//
// Functions return the error interface. [Of] gets the [Error] back.
package errs

import (
	"errors"
	"fmt"
)

// A Code says what kind of error an [Error] is.
type Code uint8

// The zero Code is invalid.
const (
	Malformed         Code = iota + 1 // bytes that are not a sketch
	PrecisionRange                    // a precision outside 4..24, or in a reduction above the precision of the sketch
	PrecisionMismatch                 // sketches of different precisions in one union
	TooLarge                          // a result or an input beyond a limit
	InvalidArgument                   // any other invalid argument
	Internal                          // an error that is not about the arguments
)

var words = [...]string{
	Malformed: "malformed", PrecisionRange: "precision_range", PrecisionMismatch: "precision_mismatch",
	TooLarge: "too_large", InvalidArgument: "invalid_argument", Internal: "internal",
}

// String returns the code's word in the sidecar's protocol.
func (c Code) String() string {
	if c == 0 || int(c) >= len(words) {
		return "invalid code"
	}
	return words[c]
}

// NoRow is the Row of an error that is not about one row.
const NoRow = -1

// An Error says what is wrong, where, and what is expected. The message never holds an id, and of a sketch at most the
// byte that is wrong.
type Error struct {
	Code    Code
	Row     int // counted from 0, or NoRow
	Message string

	cause error
}

func (e *Error) Error() string { return e.Message }

// Unwrap returns the error that this one was made from, or nil.
func (e *Error) Unwrap() error { return e.cause }

// New returns an [Error] that is not about a row.
func New(code Code, format string, args ...any) error {
	return &Error{Code: code, Row: NoRow, Message: fmt.Sprintf(format, args...)}
}

// AtRow returns err as the error of a row. nil stays nil.
func AtRow(row int, err error) error {
	if err == nil {
		return nil
	}
	return &Error{Code: Of(err).Code, Row: row, Message: err.Error(), cause: err}
}

// Of returns the [Error] in err's chain. An error without one is [Internal] and not about a row; nil stays nil.
func Of(err error) *Error {
	if err == nil {
		return nil
	}
	if e := (*Error)(nil); errors.As(err, &e) {
		return e
	}
	return &Error{Code: Internal, Row: NoRow, Message: err.Error(), cause: err}
}
