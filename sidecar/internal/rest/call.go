// SPDX-License-Identifier: Apache-2.0

package rest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"

	"github.com/headcount-hll/headcount/sidecar/internal/admission"
	"github.com/headcount-hll/headcount/sidecar/internal/metrics"
	"github.com/headcount-hll/headcount/sidecar/internal/prestopage"
	"github.com/headcount-hll/headcount/sidecar/internal/schedule"
	"github.com/headcount-hll/headcount/udf"
	"github.com/headcount-hll/headcount/udf/errs"
)

// maxValues is the maximum number of rows and elements of an expanded page. PrestoDB's pages have about a megabyte.
const maxValues = 1 << 20

// call evaluates a function over a page.
func (h *Handler) call(w http.ResponseWriter, r *http.Request) {
	counted := h.metrics.Begin()
	page, err := h.evaluate(w, r, counted)
	if err != nil {
		h.fail(w, r, counted, err)
	} else {
		counted.Code, counted.Out = "OK", len(page)
		w.Header().Set("Content-Type", contentType)
		_, _ = w.Write(page) // the client may have closed the connection
	}
	h.metrics.End(counted)
}

// evaluate returns the page of results, or the error of the call.
func (h *Handler) evaluate(w http.ResponseWriter, r *http.Request, counted *metrics.Call) (page []byte, err error) {
	defer func() {
		if panicked := recover(); panicked != nil {
			page, err = nil, fmt.Errorf("%w: %v", errInternal, panicked)
		}
	}()
	f := h.functions.find(r)
	if f == nil {
		return nil, fmt.Errorf("%w %s.%s with id %q and version %q", errUnknown,
			r.PathValue("schema"), r.PathValue("function"), r.PathValue("id"), r.PathValue("version"))
	}
	counted.Function = f.Spelling()
	body, err := h.read(w, r)
	if err != nil {
		return nil, err
	}
	counted.In = len(body)
	rows, args, err := prestopage.Decode(body, f.Args, maxValues)
	if err != nil {
		return nil, &pageError{err, f}
	}
	counted.Rows = rows
	parts, err := h.results(r.Context(), f, args, rows)
	if err != nil {
		return nil, err
	}
	return prestopage.Append(nil, f.Of.Result, parts)
}

func (h *Handler) read(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	limit := int64(h.limits.Message)
	if r.ContentLength > limit {
		return nil, admission.Exceeded(fmt.Sprintf("a page of %d bytes", r.ContentLength), limit, "max-message")
	}
	var body bytes.Buffer
	body.Grow(int(max(r.ContentLength, 0)) + bytes.MinRead)
	_, err := io.Copy(&body, http.MaxBytesReader(w, r.Body, limit))
	if tooLarge := (*http.MaxBytesError)(nil); errors.As(err, &tooLarge) {
		return nil, admission.Exceeded("a page", limit, "max-message")
	}
	return body.Bytes(), err
}

// results evaluates a page chunk by chunk, until the request is cancelled or the answer exceeds the limit.
func (h *Handler) results(ctx context.Context, f *function, args []udf.Column, rows int) ([]udf.Column, error) {
	account := admission.FromContext(ctx)
	var parts []udf.Column
	size := 0
	bytes := schedule.Sizes(args)
	next := func(from, most int) int { return schedule.Fill(from, most, bytes) }
	var scheduler schedule.Scheduler
	err := scheduler.Run(ctx, rows, next, func(from, to int) error {
		result, err := f.Of.Eval(to-from, schedule.Slice(args, from, to)...)
		if err != nil {
			cause := errs.Of(err)
			return &rowError{cause, f, from + cause.Row}
		}
		more := prestopage.Size(&result)
		if size += more; size > h.limits.Message {
			return admission.Exceeded(fmt.Sprintf("an answer of at least %d bytes", size), int64(h.limits.Message), "max-message")
		}
		parts = append(parts, result)
		return account.Reserve(int64(2 * more)) // the result, and its copy in the page
	})
	return parts, err
}
