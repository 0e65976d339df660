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
	"github.com/headcount-hll/headcount/udf"
)

// contentType is PrestoDB's own, in both directions.
const contentType = "application/X-presto-pages"

// prefix follows "Unknown block encoding" in what PrestoDB shows.
const prefix = "(none: this is the function's error) "

var (
	errUnknown = errors.New("there is no function")
	errFault   = errors.New("the server failed; its log says how")
)

// A deniedError is a caller who may not.
type deniedError struct{ cause error }

func (e *deniedError) Error() string { return e.cause.Error() }

// A pageError is a page that the function cannot take.
type pageError struct {
	cause error
	of    *function
}

func (e *pageError) Error() string {
	if errors.Is(e.cause, prestopage.ErrChannels) {
		return fmt.Sprintf("%s: %v. PrestoDB 0.296 sends columns that are not arguments (prestodb/presto issue 27674): "+
			"call the function in a subquery that selects its arguments alone, before anything else", e.of.signature(), e.cause)
	}
	return fmt.Sprintf("%s: %v", e.of.signature(), e.cause)
}

// A rowError is the refusal of a row of the page.
type rowError struct {
	refused *udf.Error
	of      *function
	row     int
}

func (e *rowError) Error() string {
	return fmt.Sprintf("%s: row %d of the page: %s", e.of.signature(), e.row, e.refused.Message)
}

// status is the translation of an error for HTTP, and the word that metrics count it by.
func status(err error) (code int, word string) {
	var denied *deniedError
	var limit *admission.LimitError
	var row *rowError
	var page *pageError
	switch {
	case errors.As(err, &denied):
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

// refuse answers a call with what is wrong with it.
func (h *Handler) refuse(w http.ResponseWriter, r *http.Request, counted *metrics.Call, err error) {
	code, word := status(err)
	counted.Code = word
	attributes := []any{slog.String("function", counted.Function), slog.String("error", err.Error())}
	if row := (*rowError)(nil); errors.As(err, &row) {
		attributes = append(attributes, slog.Int("row", row.row), slog.String("code", row.refused.Code.String()))
	}
	message := err.Error()
	if code == http.StatusInternalServerError {
		h.log.Error("a page was not answered", attributes...)
		message = errFault.Error()
	} else {
		h.log.Warn("a page was refused", attributes...)
	}
	if !strings.Contains(strings.ToLower(r.Header.Get("Accept")), strings.ToLower(contentType)) {
		http.Error(w, message, code)
		return
	}
	w.Header().Set("Content-Type", contentType)
	_, _ = w.Write(prestopage.AppendRefusal(nil, prefix+message))
}
