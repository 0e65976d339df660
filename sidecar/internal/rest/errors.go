// SPDX-License-Identifier: Apache-2.0

package rest

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"

	"github.com/headcount-hll/headcount/sidecar/internal/admission"
	"github.com/headcount-hll/headcount/sidecar/internal/metrics"
	"github.com/headcount-hll/headcount/sidecar/internal/prestopage"
	"github.com/headcount-hll/headcount/udf/errs"
)

// contentType is the content type of a page, in requests and responses.
const contentType = "application/X-presto-pages"

// prefix follows the words "Unknown block encoding" that PrestoDB shows, and tells the user to read on.
const prefix = "(none: this is the function's error) "

var (
	errUnknown  = errors.New("unknown function")
	errInternal = errors.New("internal error: see the sidecar's log")
)

// An authError is the error of a request that is not authenticated.
type authError struct{ cause error }

func (e *authError) Error() string { return e.cause.Error() }

// A pageError is the error of a page that does not hold the function's arguments.
type pageError struct {
	cause error
	of    *function
}

func (e *pageError) Error() string {
	if errors.Is(e.cause, prestopage.ErrChannels) {
		return fmt.Sprintf("%s: %v. PrestoDB 0.296 may send columns that are not arguments (prestodb/presto issue 27674): "+
			"call the function in a subquery that selects only its arguments", e.of.signature(), e.cause)
	}
	return fmt.Sprintf("%s: %v", e.of.signature(), e.cause)
}

// A rowError is the error of a row of the page.
type rowError struct {
	cause *errs.Error
	of    *function
	row   int
}

func (e *rowError) Error() string {
	return fmt.Sprintf("%s: row %d of the page: %s", e.of.signature(), e.row, e.cause.Message)
}

// status translates an error into an HTTP status and the code label of the metrics.
func status(err error) (code int, label string) {
	var auth *authError
	var limit *admission.LimitError
	var row *rowError
	var page *pageError
	switch {
	case errors.As(err, &auth):
		return http.StatusUnauthorized, "Unauthenticated"
	case errors.Is(err, errUnknown):
		return http.StatusNotFound, "NotFound"
	case errors.As(err, &limit):
		return http.StatusServiceUnavailable, "ResourceExhausted"
	case errors.As(err, &row), errors.As(err, &page):
		return http.StatusBadRequest, "InvalidArgument"
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return http.StatusServiceUnavailable, "Canceled"
	default:
		return http.StatusInternalServerError, "Internal"
	}
}

// fail logs an error and sends it to the client.
func (h *Handler) fail(w http.ResponseWriter, r *http.Request, counted *metrics.Call, err error) {
	code, label := status(err)
	counted.Code = label
	attributes := []any{slog.String("function", counted.Function), slog.String("error", err.Error())}
	if row := (*rowError)(nil); errors.As(err, &row) {
		attributes = append(attributes, slog.Int("row", row.row), slog.String("code", row.cause.Code.String()))
	}
	message := err.Error()
	if code == http.StatusInternalServerError {
		h.log.Error("internal error", attributes...)
		message = errInternal.Error()
	} else {
		h.log.Warn("request failed", attributes...)
	}
	if h.statusErrors || !strings.Contains(strings.ToLower(r.Header.Get("Accept")), strings.ToLower(contentType)) {
		http.Error(w, message, code)
		return
	}
	w.Header().Set("Content-Type", contentType)
	_, _ = w.Write(prestopage.AppendError(nil, prefix+message))
}
