package udf

import (
	"errors"

	"github.com/headcount-hll/headcount/udf/hll"
)

// An Error is a refusal of one row, in words for the person who wrote the query.
type Error struct {
	Code    hll.Code
	Row     int // the row at fault, or -1 where it is none in particular
	Message string

	cause error
}

func (e *Error) Error() string { return e.Message }

// Unwrap returns what the refusal was made of, or nil.
func (e *Error) Unwrap() error { return e.cause }

// at makes an error of the sketch layer one of a row.
func at(row int, err error) *Error {
	var refused *hll.Error
	if errors.As(err, &refused) {
		return &Error{Code: refused.Code, Row: row, Message: err.Error(), cause: err}
	}
	return &Error{Row: row, Message: err.Error(), cause: err}
}
