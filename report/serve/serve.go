// SPDX-License-Identifier: Apache-2.0

// Package serve shows the reports of a folder, their history and their pages, and takes requests to run one. Its pages have no scripts.
package serve

import (
	"bytes"
	"crypto/sha256"
	"crypto/subtle"
	"database/sql"
	"embed"
	"errors"
	"html/template"
	"log/slog"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/headcount-hll/headcount/internal/pages"
	"github.com/headcount-hll/headcount/internal/pages/disk"
	"github.com/headcount-hll/headcount/report/state"
)

//go:embed pages
var embedded embed.FS

var documents = template.Must(template.New("").Funcs(template.FuncMap{"when": when}).ParseFS(embedded, "pages/pages.html"))

func when(t time.Time) string {
	if t.IsZero() {
		return "–"
	}
	return t.UTC().Format("2006-01-02 15:04:05 UTC")
}

const (
	policy = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
	// The page of a run is sandboxed: it has an origin of its own, and no network.
	outputPolicy = "sandbox allow-scripts allow-downloads; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
	maxForm      = 64 << 10 // bytes of a request
	pageSize     = 100      // runs
)

// A Server answers requests.
type Server struct {
	DB      *state.DB
	Folder  *Folder
	Outputs string // folder of the pages of runs
	Token   string // for requests that change something; empty: all of them are rejected
	Uploads bool   // take reports from clients
	Now     func() time.Time
	Log     *slog.Logger
}

// Handler returns the pages.
func (s *Server) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", s.list)
	mux.HandleFunc("GET /assets/page.css", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/css; charset=utf-8")
		_, _ = w.Write([]byte(disk.Style()))
	})
	mux.HandleFunc("GET /reports/{name}", s.report)
	mux.HandleFunc("POST /reports/{name}", s.request)
	mux.HandleFunc("PUT /reports/{name}", s.put)
	mux.HandleFunc("GET /upload", s.form)
	mux.HandleFunc("POST /upload", s.post)
	mux.HandleFunc("GET /runs/{id}", s.run)
	mux.HandleFunc("GET /runs/{id}/page", s.output)
	mux.HandleFunc("GET /runs/{id}/notebook", s.executed)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		pages.Protect(w.Header(), policy)
		limit := int64(maxForm)
		if s.Uploads && (r.Method == http.MethodPut || r.URL.Path == "/upload") {
			limit += maxUpload
		}
		r.Body = http.MaxBytesReader(w, r.Body, limit)
		mux.ServeHTTP(w, r)
	})
}

func (s *Server) show(w http.ResponseWriter, name string, data any) {
	var page bytes.Buffer
	if err := documents.ExecuteTemplate(&page, name, data); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = w.Write(page.Bytes())
}

type listed struct {
	Name, Title, Owner, Error string
	Last                      *state.Run
	Next                      time.Time
}

func (s *Server) list(w http.ResponseWriter, r *http.Request) {
	words := strings.Fields(strings.ToLower(r.URL.Query().Get("q")))
	var all []listed
	for _, e := range s.Folder.Entries() {
		one := listed{Name: e.Name, Title: e.Name}
		if e.Err != nil {
			one.Error = e.Err.Error()
		} else {
			one.Title, one.Owner, one.Next = e.Report.Title, e.Report.Owner, e.Report.Next(s.Now())
		}
		if !e.has(words) {
			continue
		}
		runs, err := s.DB.History(r.Context(), e.Name, 0, 1)
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		if len(runs) > 0 {
			one.Last = runs[0]
		}
		all = append(all, one)
	}
	s.show(w, "list", map[string]any{"Search": r.URL.Query().Get("q"), "Reports": all, "Uploads": s.Uploads})
}

type parameter struct{ Name, Type, Doc, Value string }

func (s *Server) report(w http.ResponseWriter, r *http.Request) {
	e := s.Folder.Find(r.PathValue("name"))
	if e == nil {
		http.NotFound(w, r)
		return
	}
	before, _ := strconv.ParseInt(r.URL.Query().Get("before"), 10, 64) // not a number: the newest
	runs, err := s.DB.History(r.Context(), e.Name, before, pageSize)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	data := map[string]any{"Name": e.Name, "Title": e.Name, "Runs": runs, "MayRun": s.Token != ""}
	if len(runs) == pageSize {
		data["Before"] = runs[pageSize-1].ID
	}
	if e.Err != nil {
		data["Error"] = e.Err.Error()
	} else {
		var all []parameter
		for _, name := range slices.Sorted(maps.Keys(e.Report.Parameters)) {
			p := e.Report.Parameters[name]
			value, _ := p.Default.(string)
			all = append(all, parameter{name, p.Type, p.Doc, value})
		}
		data["Title"], data["Parameters"] = e.Report.Title, all
	}
	s.show(w, "report", data)
}

// request queues a run with the parameters of a form.
func (s *Server) request(w http.ResponseWriter, r *http.Request) {
	if err := r.ParseForm(); err != nil {
		http.Error(w, "the request is not a form, or larger than 64 KiB", http.StatusBadRequest)
		return
	}
	if !s.allowed(r, r.PostForm.Get("token")) {
		http.Error(w, "a run needs the token of this server", http.StatusForbidden)
		return
	}
	e := s.Folder.Find(r.PathValue("name"))
	if e == nil || e.Err != nil {
		http.Error(w, "there is no such report, or its header is wrong", http.StatusNotFound)
		return
	}
	given := map[string]string{}
	for name, values := range r.PostForm {
		if name, ok := strings.CutPrefix(name, "param."); ok {
			given[name] = values[0]
		}
	}
	if _, err := e.Report.Values(given); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	id, err := s.DB.Request(r.Context(), e.Name, given, s.Now())
	if err != nil {
		http.Error(w, err.Error(), http.StatusServiceUnavailable)
		return
	}
	http.Redirect(w, r, "/runs/"+strconv.FormatInt(id, 10), http.StatusSeeOther)
}

// allowed tells whether a request has the token, in its header or as given by a form. It compares hashes, so that the time says nothing about the token.
func (s *Server) allowed(r *http.Request, given string) bool {
	if bearer, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); ok {
		given = bearer
	}
	a, b := sha256.Sum256([]byte(given)), sha256.Sum256([]byte(s.Token))
	return s.Token != "" && subtle.ConstantTimeCompare(a[:], b[:]) == 1
}

func (s *Server) find(w http.ResponseWriter, r *http.Request) *state.Run {
	id, err := strconv.ParseInt(r.PathValue("id"), 10, 64)
	if err != nil {
		http.NotFound(w, r)
		return nil
	}
	run, err := s.DB.Run(r.Context(), id)
	if errors.Is(err, sql.ErrNoRows) {
		http.NotFound(w, r)
		return nil
	} else if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return nil
	}
	return run
}

func (s *Server) run(w http.ResponseWriter, r *http.Request) {
	if run := s.find(w, r); run != nil {
		s.show(w, "run", map[string]any{"Title": run.Report + ", run " + strconv.FormatInt(run.ID, 10), "Run": run, "Notebook": s.hasNotebook(run)})
	}
}

func (s *Server) output(w http.ResponseWriter, r *http.Request) {
	run := s.find(w, r)
	if run == nil {
		return
	}
	page, err := os.ReadFile(filepath.Join(s.Outputs, run.Output))
	if run.Output == "" || err != nil {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Security-Policy", outputPolicy)
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = w.Write(page)
}
