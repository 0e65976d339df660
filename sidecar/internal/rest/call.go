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
)

// mostValues is how many rows and elements a page may be spread out to; a page of PrestoDB's has about a megabyte.
const mostValues = 1 << 20

// call evaluates a function over a page.
func (h *Handler) call(w http.ResponseWriter, r *http.Request) {
	counted := h.metrics.Begin()
	page, err := h.evaluate(w, r, counted)
	if err != nil {
		h.refuse(w, r, counted, err)
	} else {
		counted.Code, counted.Out = "OK", len(page)
		w.Header().Set("Content-Type", contentType)
		_, _ = w.Write(page) // who has gone away needs no answer
	}
	h.metrics.End(counted)
}

// evaluate answers a call with a page, or says what is wrong with it.
func (h *Handler) evaluate(w http.ResponseWriter, r *http.Request, counted *metrics.Call) (page []byte, err error) {
	defer func() {
		if fault := recover(); fault != nil {
			page, err = nil, fmt.Errorf("%w: %v", errFault, fault)
		}
	}()
	f := h.catalogue.find(r)
	if f == nil {
		return nil, fmt.Errorf("%w %s.%s of id %q, version %q", errUnknown,
			r.PathValue("schema"), r.PathValue("function"), r.PathValue("id"), r.PathValue("version"))
	}
	counted.Function = f.Spelling()
	body, err := h.read(w, r)
	if err != nil {
		return nil, err
	}
	counted.In = len(body)
	rows, args, err := prestopage.Decode(body, f.Args, mostValues)
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
		return nil, admission.Exceeded("a page of more bytes", limit, "max-message")
	}
	return body.Bytes(), err
}

// results evaluates a page piece by piece, as long as the client waits and the answer may be sent.
func (h *Handler) results(ctx context.Context, f *function, args []udf.Column, rows int) ([]udf.Column, error) {
	account := admission.FromContext(ctx)
	var parts []udf.Column
	size := 0
	bytes := schedule.Sizes(args)
	next := func(from, most int) int { return schedule.Fill(from, most, bytes) }
	var scheduler schedule.Scheduler
	err := scheduler.Run(ctx, rows, next, func(from, to int) error {
		result, refused := f.Of.Eval(to-from, schedule.Slice(args, from, to)...)
		if refused != nil {
			return &rowError{refused, f, from + refused.Row}
		}
		more := prestopage.Size(&result)
		if size += more; size > h.limits.Message {
			return admission.Exceeded(fmt.Sprintf("an answer of %d bytes or more", size), int64(h.limits.Message), "max-message")
		}
		parts = append(parts, result)
		return account.Reserve(int64(2 * more)) // once more when it is written
	})
	return parts, err
}
