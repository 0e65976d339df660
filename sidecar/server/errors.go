package server

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	"github.com/headcount-hll/headcount/sidecar/limits"
	"github.com/headcount-hll/headcount/udf"
)

// Trailers of a status that is about a row.
const (
	trailerCode = "headcount-code"
	trailerRow  = "headcount-row"
)

// invalid is a request that is wrong before any row is looked at.
func invalid(format string, args ...any) error {
	return status.Errorf(codes.InvalidArgument, format, args...)
}

// A rowError is the refusal of a row of an exchange, counted from 0 through all batches.
type rowError struct {
	refused *udf.Error
	row     int
}

func (e *rowError) Error() string { return fmt.Sprintf("row %d: %s", e.row, e.refused.Message) }
func (e *rowError) Unwrap() error { return e.refused }

// statusOf translates an exchange's error, once, and sets what trailers belong to it.
func statusOf(stream grpc.ServerStream, err error) *status.Status {
	var limit *limits.Error
	var row *rowError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &limit):
		return status.New(codes.ResourceExhausted, limit.Error())
	case errors.As(err, &row):
		stream.SetTrailer(metadata.Pairs(trailerCode, row.refused.Code.String(), trailerRow, strconv.Itoa(row.row)))
		return status.New(codes.InvalidArgument, row.Error())
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return status.FromContextError(err)
	default:
		s, known := status.FromError(err)
		if !known {
			return status.New(codes.Internal, "the server failed; its log says how")
		}
		return s
	}
}
