package api

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"
)

// An httpError is an error that the client is told.
type httpError struct {
	code  int
	text  string
	allow string // the Allow header of 405
}

func (e *httpError) Error() string { return e.text }

func notFound(text string) error { return &httpError{code: http.StatusNotFound, text: text} }

func badRequest(text string) error { return &httpError{code: http.StatusBadRequest, text: text} }

// fail answers with an error. What is not an httpError goes to the log alone: it can hold SQL or paths.
func (s *server) fail(w http.ResponseWriter, r *http.Request, err error) int {
	var told *httpError
	if !errors.As(err, &told) {
		s.Log.Error("request failed", "path", r.URL.Path, "error", err)
		told = &httpError{code: http.StatusServiceUnavailable, text: "the store does not answer; try again later"}
		if errors.Is(err, context.DeadlineExceeded) {
			told = &httpError{code: http.StatusGatewayTimeout, text: "the request took too long; ask for fewer dates or metrics"}
		}
	}
	header := w.Header()
	header.Set("Content-Type", "application/json")
	header.Set("Cache-Control", "no-store")
	if told.allow != "" {
		header.Set("Allow", told.allow)
	}
	if told.code == http.StatusServiceUnavailable || told.code == http.StatusTooManyRequests {
		header.Set("Retry-After", "5")
	}
	w.WriteHeader(told.code)
	// An error here means that the client is gone.
	_ = json.NewEncoder(w).Encode(struct {
		Code        int    `json:"code"`
		Description string `json:"description"`
	}{told.code, told.text})
	return told.code
}

// checkText rejects requests whose text no store can hold.
func checkText(r *http.Request) error {
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return badRequest("the query string is malformed")
	}
	texts := []string{r.URL.Path}
	for name, values := range query {
		texts = append(append(texts, name), values...)
	}
	for _, text := range texts {
		if !utf8.ValidString(text) || strings.IndexByte(text, 0) >= 0 {
			return badRequest("the request has NUL or is not UTF-8")
		}
	}
	return nil
}

// equalSecret compares in a time that does not depend on the content.
func equalSecret(a, b string) bool {
	x, y := sha256.Sum256([]byte(a)), sha256.Sum256([]byte(b))
	return subtle.ConstantTimeCompare(x[:], y[:]) == 1
}

// json returns an answer with a value as JSON. One that is cacheable has a tag of the content.
func (s *server) json(_ *http.Request, value any, cacheable bool) (*answer, error) {
	body, err := json.Marshal(value)
	if err != nil {
		return nil, err
	}
	a := &answer{contentType: "application/json", body: body, cacheable: cacheable}
	if cacheable {
		a.tag = tag(body)
	}
	return a, nil
}

func tag(body []byte) string {
	sum := sha256.Sum256(body)
	return hex.EncodeToString(sum[:8])
}
