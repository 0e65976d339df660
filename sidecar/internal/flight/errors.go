// SPDX-License-Identifier: Apache-2.0

package flight

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	"github.com/headcount-hll/headcount/sidecar/internal/admission"
	"github.com/headcount-hll/headcount/udf/errs"
)

// Trailers of a status that is about one row.
const (
	trailerCode = "headcount-code"
	trailerRow  = "headcount-row"
)

// invalid returns an INVALID_ARGUMENT status, for a request that is wrong as a whole.
func invalid(format string, args ...any) error {
	return status.Errorf(codes.InvalidArgument, format, args...)
}

// A rowError is the error of one row. Rows count from 0 through all batches of the exchange.
type rowError struct {
	cause *errs.Error
	row   int
}

func (e *rowError) Error() string { return fmt.Sprintf("row %d: %s", e.row, e.cause.Message) }
func (e *rowError) Unwrap() error { return e.cause }

// statusOf translates the error of an exchange into a status, and sets the trailers of a row's error.
func statusOf(stream grpc.ServerStream, err error) *status.Status {
	var limit *admission.LimitError
	var row *rowError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &limit):
		return status.New(codes.ResourceExhausted, limit.Error())
	case errors.As(err, &row):
		stream.SetTrailer(metadata.Pairs(trailerCode, row.cause.Code.String(), trailerRow, strconv.Itoa(row.row)))
		return status.New(codes.InvalidArgument, row.Error())
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return status.FromContextError(err)
	default:
		s, known := status.FromError(err)
		if !known {
			return status.New(codes.Internal, "internal error: see the sidecar's log")
		}
		return s
	}
}
