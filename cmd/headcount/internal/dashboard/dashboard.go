// SPDX-License-Identifier: Apache-2.0

// Package dashboard serves the page that shows the engagement of client_count files by any segment.
package dashboard

import (
	"bytes"
	"context"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/headcount-hll/headcount/cmd/headcount/internal/report"
	"github.com/headcount-hll/headcount/internal/pages"
	"github.com/headcount-hll/headcount/internal/sortkey"
)

//go:embed page
var embedded embed.FS

// A Request is a choice of segments, rows and days.
type Request struct {
	By, Where []string
	From, To  string
	Total     bool // clients over all days instead
}

// A Source computes figures from files.
type Source interface {
	// Generation is a text that changes when the files do.
	Generation() (string, error)
	// Dimensions returns the columns that make segments.
	Dimensions() ([]string, error)
	// Figures returns the figures, and what was assumed in computing them. It is called once at a time.
	Figures(ctx context.Context, r Request) (figures *report.Engagement, notes []string, err error)
}

// maxKept is the number of answers that are kept.
const maxKept = 64

// maxTerms is the largest number of dimensions, and of conditions, of a request.
const maxTerms = 8

type server struct {
	source Source
	log    *slog.Logger
	turn   chan struct{} // held by the request that computes

	mu         sync.Mutex
	generation string
	kept       map[string]*report.Engagement
	notes      map[string][]string
}

// New returns the handler of the page and of what it asks for.
func New(source Source, log *slog.Logger) (http.Handler, error) {
	folder, err := fs.Sub(embedded, "page")
	if err != nil {
		return nil, err
	}
	page, err := pages.Handler(folder)
	if err != nil {
		return nil, err
	}
	s := &server{source: source, log: log, turn: make(chan struct{}, 1)}
	mux := http.NewServeMux()
	mux.Handle("GET /{$}", page)
	mux.Handle("GET /assets/", page)
	mux.HandleFunc("GET /v1/dimensions", s.answer(s.dimensions))
	mux.HandleFunc("GET /v1/values", s.answer(s.values))
	mux.HandleFunc("GET /v1/engagement", s.answer(s.engagement))
	return mux, nil
}

// A BadRequest is an error of the client's, whose text it is told.
type BadRequest string

func (b BadRequest) Error() string { return string(b) }

// answer writes what a function returns: JSON, or a CSV of type []byte. An error that is not a BadRequest goes to the log
// alone, since it can have paths.
func (s *server) answer(from func(*http.Request) (any, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		header := w.Header()
		pages.Protect(header, pages.Policy)
		header.Set("Cache-Control", "no-store")
		header.Set("Content-Type", "application/json")
		value, err := from(r)
		var told BadRequest
		switch {
		case err == nil:
		case errors.As(err, &told):
			w.WriteHeader(http.StatusBadRequest)
			value = map[string]any{"code": http.StatusBadRequest, "description": string(told)}
		default:
			s.log.Error("request failed", "path", r.URL.Path, "error", err)
			w.WriteHeader(http.StatusInternalServerError)
			value = map[string]any{"code": http.StatusInternalServerError, "description": "the files cannot be read; the log of the server has the reason"}
		}
		if text, ok := value.([]byte); ok {
			header.Set("Content-Type", "text/csv; charset=utf-8")
			_, _ = w.Write(text) // an error means that the client is gone
			return
		}
		_ = json.NewEncoder(w).Encode(value)
	}
}

func (s *server) dimensions(*http.Request) (any, error) {
	names, err := s.source.Dimensions()
	return map[string]any{"dimensions": append([]string{}, names...)}, err
}

// read checks a request: its names must be dimensions.
func (s *server) read(r *http.Request) (Request, error) {
	params := r.URL.Query()
	q := Request{By: params["by"], Where: params["where"], From: params.Get("from"), To: params.Get("to")}
	known, err := s.source.Dimensions()
	if err != nil {
		return q, err
	}
	if len(q.By) > maxTerms || len(q.Where) > maxTerms {
		return q, BadRequest(fmt.Sprintf("more than %d dimensions or conditions", maxTerms))
	}
	names := slices.Clone(q.By)
	for _, condition := range q.Where {
		name, _, ok := strings.Cut(condition, "=")
		if !ok {
			return q, BadRequest(fmt.Sprintf("where %.40q: write it COLUMN=VALUE", condition))
		}
		names = append(names, name)
	}
	for i, name := range names {
		if !slices.Contains(known, name) {
			return q, BadRequest(fmt.Sprintf("there is no dimension %.40q; the dimensions are %s", name, strings.Join(known, ", ")))
		}
		if i < len(q.By) && slices.Contains(q.By[:i], name) {
			return q, BadRequest(fmt.Sprintf("dimension %.40q is named twice", name))
		}
	}
	for _, day := range []string{q.From, q.To} {
		if _, err := sortkey.ParseDate(day); day != "" && err != nil {
			return q, BadRequest(fmt.Sprintf("day %.40q: write it YYYY-MM-DD", day))
		}
	}
	return q, nil
}

// figures returns the figures of a request. The sketches of the segments are united once, while the files stay as they are.
func (s *server) figures(ctx context.Context, q Request) (*report.Engagement, []string, error) {
	generation, err := s.source.Generation()
	if err != nil {
		return nil, nil, err
	}
	key := fmt.Sprintf("%q %q %q %q %t", q.By, q.Where, q.From, q.To, q.Total)
	if e, notes := s.known(generation, key); e != nil {
		return e, notes, nil
	}
	select {
	case s.turn <- struct{}{}:
		defer func() { <-s.turn }()
	case <-ctx.Done():
		return nil, nil, ctx.Err()
	}
	if e, notes := s.known(generation, key); e != nil {
		return e, notes, nil
	}
	e, notes, err := s.source.Figures(ctx, q)
	if err != nil {
		return nil, nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.kept) >= maxKept {
		clear(s.kept)
	}
	s.kept[key], s.notes[key] = e, notes
	return e, notes, nil
}

func (s *server) known(generation, key string) (*report.Engagement, []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.generation != generation {
		s.generation, s.kept, s.notes = generation, map[string]*report.Engagement{}, map[string][]string{}
	}
	return s.kept[key], s.notes[key]
}

func (s *server) engagement(r *http.Request) (any, error) {
	q, err := s.read(r)
	if err != nil {
		return nil, err
	}
	e, notes, err := s.figures(r.Context(), q)
	if err != nil {
		return nil, err
	}
	if r.URL.Query().Get("format") == "csv" {
		t, err := e.Table()
		if err != nil {
			return nil, err
		}
		var text bytes.Buffer
		err = t.CSV(&text)
		return text.Bytes(), err
	}
	figures, err := e.Figures()
	return map[string]any{"figures": figures, "short": e.Short, "notes": append([]string{}, notes...)}, err
}

// values answers with the values of a dimension as conditions name them, those with the most clients first.
func (s *server) values(r *http.Request) (any, error) {
	q, err := s.read(r)
	if err != nil {
		return nil, err
	}
	if len(q.By) != 1 {
		return nil, BadRequest("by is needed once")
	}
	q.Total = true
	e, _, err := s.figures(r.Context(), q)
	if err != nil {
		return nil, err
	}
	values, err := e.Values()
	return map[string]any{"values": values}, err
}
