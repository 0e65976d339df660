package rest

import (
	"errors"
	"log/slog"
	"net/http"

	"github.com/headcount-hll/headcount/sidecar/internal/admission"
	"github.com/headcount-hll/headcount/sidecar/internal/metrics"
)

// A Handler answers PrestoDB.
type Handler struct {
	mux       *http.ServeMux
	catalogue *catalogue
	limits    admission.Limits
	admit     Admit
	metrics   *metrics.Metrics
	log       *slog.Logger
}

// An Admit lets a request in, and opens its account. An error that is no [admission.LimitError] means a caller who may not.
type Admit func(*http.Request) (*admission.Account, error)

// New returns a handler. The log gets no values of columns.
func New(l admission.Limits, admit Admit, m *metrics.Metrics, log *slog.Logger) *Handler {
	h := &Handler{mux: http.NewServeMux(), catalogue: newCatalogue(), limits: l, admit: admit, metrics: m, log: log}
	h.mux.HandleFunc("GET /v1/functions", h.catalogue.serveAll)
	h.mux.HandleFunc("GET /v1/functions/{schema}", h.catalogue.serveAll)
	h.mux.HandleFunc("GET /v1/functions/{schema}/{function}", h.catalogue.serveNamed)
	h.mux.HandleFunc("POST /v1/functions/{schema}/{function}/{id}/{version}", h.call)
	return h
}

// ServeHTTP answers a request once it is let in.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	account, err := h.admit(r)
	if limit := (*admission.LimitError)(nil); err != nil && !errors.As(err, &limit) {
		err = &deniedError{err}
	}
	if err != nil {
		counted := h.metrics.Begin()
		h.refuse(w, r, counted, err)
		h.metrics.End(counted)
		return
	}
	defer account.Release()
	h.mux.ServeHTTP(w, r.WithContext(admission.NewContext(r.Context(), account)))
}
