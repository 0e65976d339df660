// SPDX-License-Identifier: Apache-2.0

package rest

import (
	"errors"
	"log/slog"
	"net/http"

	"github.com/headcount-hll/headcount/sidecar/internal/admission"
	"github.com/headcount-hll/headcount/sidecar/internal/metrics"
)

// A Handler serves the REST functions.
type Handler struct {
	mux       *http.ServeMux
	functions *functionList
	limits    admission.Limits
	admit     Admit
	metrics   *metrics.Metrics
	log       *slog.Logger

	statusErrors bool // errors are always a status and a text
}

// An Admit opens the account of a request. An error other than an [admission.LimitError] means that the request is not
// authenticated.
type Admit func(*http.Request) (*admission.Account, error)

// New returns a handler. It never logs values of columns. With statusErrors an error is a status and a text for every
// client; otherwise a client that accepts pages gets it in a page.
func New(l admission.Limits, admit Admit, statusErrors bool, m *metrics.Metrics, log *slog.Logger) *Handler {
	h := &Handler{mux: http.NewServeMux(), functions: newFunctionList(), limits: l, admit: admit, statusErrors: statusErrors, metrics: m, log: log}
	h.mux.HandleFunc("GET /v1/functions", h.functions.serveAll)
	h.mux.HandleFunc("GET /v1/functions/{schema}", h.functions.serveAll)
	h.mux.HandleFunc("GET /v1/functions/{schema}/{function}", h.functions.serveNamed)
	h.mux.HandleFunc("POST /v1/functions/{schema}/{function}/{id}/{version}", h.call)
	return h
}

// ServeHTTP admits a request and serves it.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	account, err := h.admit(r)
	if limit := (*admission.LimitError)(nil); err != nil && !errors.As(err, &limit) {
		err = &authError{err}
	}
	if err != nil {
		counted := h.metrics.Begin()
		h.fail(w, r, counted, err)
		h.metrics.End(counted)
		return
	}
	defer account.Release()
	h.mux.ServeHTTP(w, r.WithContext(admission.NewContext(r.Context(), account)))
}
