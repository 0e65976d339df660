// Package api serves roll-ups over HTTP: the API of the Firefox Telemetry service, and /v1/. docs/rollups.md
// describes both.
package api

import (
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/klauspost/compress/gzhttp"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/headcount-hll/headcount/rollup/definitions"
	"github.com/headcount-hll/headcount/rollup/store"
)

// A Config is what a server needs.
type Config struct {
	Store            store.Store
	Definitions      *definitions.Set
	WithheldMetrics  []string      // names of metrics that are never answered; * at the end stands for any rest
	WithheldChannels []string      // channels that need a token
	Tokens           []string      // bearer tokens for withheld channels
	Timeout          time.Duration // of a request; 0: 10 s
	Rate             float64       // requests a second from one address; 0: no limit
	Concurrent       int           // requests at a time; 0: 64
	Log              *slog.Logger  // nil: none
}

// DefaultWithheldMetrics are the metrics that the original withholds.
var DefaultWithheldMetrics = []string{"SEARCH_COUNTS", "SCALARS_BROWSER.SEARCH.*"}

// maxURL is the largest request URI in bytes.
const maxURL = 16 << 10

// A server answers requests.
type server struct {
	Config
	requests *prometheus.HistogramVec
	kept     kept
}

// New returns the handler of all paths.
func New(c Config) (http.Handler, error) {
	if c.Timeout == 0 {
		c.Timeout = 10 * time.Second
	}
	if c.Concurrent == 0 {
		c.Concurrent = 64
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	s := &server{Config: c, requests: prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Name: "headcount_rollup_request_seconds", Help: "Time of a request by path and status.",
		Buckets: prometheus.ExponentialBuckets(0.001, 2, 14),
	}, []string{"path", "status"})}
	registry := prometheus.NewRegistry()
	registry.MustRegister(s.requests)

	mux := http.NewServeMux()
	s.handle(mux, "/status", s.status)
	s.handle(mux, "/aggregates_by/{kind}/channels/{$}", s.channels)
	s.handle(mux, "/aggregates_by/{kind}/channels/{channel}/{$}", s.aggregates)
	s.handle(mux, "/aggregates_by/{kind}/channels/{channel}/dates/{$}", s.dates)
	s.handle(mux, "/filters/{$}", s.filters)
	s.handle(mux, "/v1/metrics", s.v1Metrics)
	s.handle(mux, "/v1/{kind}/sums", s.v1Sums)
	s.handle(mux, "/v1/{kind}/sql", s.v1SQL)
	s.handle(mux, "/v1/{kind}/choices", s.choices)
	s.handle(mux, "/v1/{kind}/values", s.values)
	s.handle(mux, "/v1/{kind}/distribution", s.distribution)
	s.handle(mux, "/v1/{kind}/distribution/sql", s.distributionSQL)
	s.handle(mux, "/v1/{kind}/evolution", s.evolution)
	s.handle(mux, "/v1/{kind}/evolution/sql", s.evolutionSQL)
	s.handle(mux, "/v1/health", s.health)
	s.handle(mux, "/", func(*http.Request) (*answer, error) { return nil, notFound("there is nothing at this path") })

	compress, err := gzhttp.NewWrapper(gzhttp.MinSize(1024), gzhttp.SuffixETag("-gzip"))
	if err != nil {
		return nil, err
	}
	outer := http.NewServeMux()
	outer.Handle("GET /metrics", promhttp.HandlerFor(registry, promhttp.HandlerOpts{}))
	outer.Handle("/", s.limit(compress(mux)))
	return outer, nil
}

// An answer is a body with its type. One that has a tag may be kept by clients.
type answer struct {
	contentType string
	body        []byte
	tag         string
	cacheable   bool
}

// handle registers a path: methods, headers, errors, caching, log and metrics in one place.
func (s *server) handle(mux *http.ServeMux, pattern string, answers func(*http.Request) (*answer, error)) {
	mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
		begun := time.Now()
		status := s.serve(w, r, answers)
		took := time.Since(begun)
		s.requests.WithLabelValues(pattern, http.StatusText(status)).Observe(took.Seconds())
		s.Log.Info("request", "method", r.Method, "path", r.URL.Path, "query", shorten(r.URL.RawQuery), "status", status,
			"milliseconds", float64(took.Microseconds())/1000)
	})
}

func shorten(text string) string { return text[:min(len(text), 500)] }

func (s *server) serve(w http.ResponseWriter, r *http.Request, answers func(*http.Request) (*answer, error)) (status int) {
	header := w.Header()
	header.Set("Access-Control-Allow-Origin", "*")
	header.Set("X-Content-Type-Options", "nosniff")
	switch r.Method {
	case http.MethodGet, http.MethodHead:
	case http.MethodOptions:
		header.Set("Access-Control-Allow-Methods", "GET, HEAD, OPTIONS")
		header.Set("Access-Control-Allow-Headers", "Authorization, If-None-Match")
		w.WriteHeader(http.StatusNoContent)
		return http.StatusNoContent
	default:
		return s.fail(w, r, &httpError{code: http.StatusMethodNotAllowed, text: "only GET is answered", allow: "GET, HEAD, OPTIONS"})
	}
	if err := checkText(r); err != nil {
		return s.fail(w, r, err)
	}
	a, err := answers(r)
	if err != nil {
		return s.fail(w, r, err)
	}
	header.Set("Content-Type", a.contentType)
	if a.cacheable {
		header.Set("Cache-Control", "max-age=86400")
		header.Add("Vary", "Authorization")
	}
	if a.tag != "" {
		header.Set("ETag", `"`+a.tag+`"`)
		if matches(r.Header.Get("If-None-Match"), a.tag) {
			w.WriteHeader(http.StatusNotModified)
			return http.StatusNotModified
		}
	}
	if r.Method != http.MethodHead {
		w.Write(a.body)
	}
	return http.StatusOK
}

// matches reports whether a list of tags has one, also with the suffix of its compressed form.
func matches(list, tag string) bool {
	for candidate := range strings.SplitSeq(list, ",") {
		candidate = strings.Trim(strings.TrimPrefix(strings.TrimSpace(candidate), "W/"), `"`)
		if candidate == "*" || strings.TrimSuffix(candidate, "-gzip") == tag {
			return true
		}
	}
	return false
}

// allowed returns an error if a channel is withheld and the request has no token for it.
func (s *server) allowed(r *http.Request, channel string) error {
	if !slices.Contains(s.WithheldChannels, channel) {
		return nil
	}
	token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	for _, known := range s.Tokens {
		if ok && equalSecret(token, known) {
			return nil
		}
	}
	return &httpError{code: http.StatusForbidden, text: "the channel " + channel + " needs a token"}
}

// withheld reports whether a metric is never answered.
func (s *server) withheld(metric string) bool {
	return slices.ContainsFunc(s.WithheldMetrics, func(name string) bool {
		if prefix, any := strings.CutSuffix(name, "*"); any {
			return strings.HasPrefix(metric, prefix)
		}
		return metric == name
	})
}

func (s *server) status(*http.Request) (*answer, error) {
	return &answer{contentType: "text/plain; charset=utf-8", body: []byte("OK")}, nil
}

func (s *server) health(r *http.Request) (*answer, error) {
	generation, err := s.Store.Generation(r.Context())
	if err != nil {
		return nil, err
	}
	return s.json(r, map[string]string{"status": "ok", "generation": generation}, false)
}
