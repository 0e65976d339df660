// SPDX-License-Identifier: Apache-2.0

package notify_test

import (
	"crypto/tls"
	"encoding/pem"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
	"github.com/stretchr/testify/require"
)

const password = "a-password-of-the-tests"

// A mailServer keeps the messages that it accepts, from the user "reports" only.
type mailServer struct {
	address, ca string // HOST:PORT, PEM file

	mu       sync.Mutex
	messages []string
}

// certificate returns one of 127.0.0.1, and its PEM file.
func certificate(t *testing.T) (*tls.Config, string) {
	t.Helper()
	server := httptest.NewTLSServer(http.NotFoundHandler())
	server.Close()
	path := filepath.Join(t.TempDir(), "ca.pem")
	require.NoError(t, os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw}), 0o600))
	return &tls.Config{Certificates: server.TLS.Certificates}, path
}

// startMail starts a server with "starttls", "tls" or "none" at an address of port 0 or of a server that has stopped.
func startMail(t *testing.T, mode, address string) (*mailServer, func()) {
	t.Helper()
	config, ca := certificate(t)
	m := &mailServer{ca: ca}
	server := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return &mailSession{server: m}, nil }))
	server.Domain, server.ErrorLog = "localhost", discard{}
	listener, err := net.Listen("tcp", address)
	require.NoError(t, err)
	m.address = listener.Addr().String()
	switch mode {
	case "starttls":
		server.TLSConfig = config
	case "tls":
		listener = tls.NewListener(listener, config)
	default:
		server.AllowInsecureAuth = true
	}
	var ended sync.WaitGroup
	ended.Go(func() { _ = server.Serve(listener) })
	stop := sync.OnceFunc(func() { _, _ = listener.Close(), server.Close(); ended.Wait() }) // Close misses a listener that Serve does not know yet
	t.Cleanup(stop)
	return m, stop
}

func (m *mailServer) seen() []string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return append([]string{}, m.messages...)
}

type discard struct{}

func (discard) Printf(string, ...any) {}
func (discard) Println(...any)        {}

type mailSession struct {
	server   *mailServer
	known    bool
	from, to string
}

func (s *mailSession) AuthMechanisms() []string { return []string{sasl.Plain} }
func (s *mailSession) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, given string) error {
		if user != "reports" || given != password {
			return errors.New("wrong user or password")
		}
		s.known = true
		return nil
	}), nil
}

func (s *mailSession) Mail(from string, _ *smtp.MailOptions) error {
	if !s.known {
		return smtp.ErrAuthRequired
	}
	s.from = from
	return nil
}

func (s *mailSession) Rcpt(to string, _ *smtp.RcptOptions) error { s.to += to + ","; return nil }
func (s *mailSession) Reset()                                    {}
func (s *mailSession) Logout() error                             { return nil }

func (s *mailSession) Data(r io.Reader) error {
	text, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	s.server.mu.Lock()
	defer s.server.mu.Unlock()
	s.server.messages = append(s.server.messages, s.from+"\n"+s.to+"\n"+string(text))
	return nil
}

// A hook is an HTTP server that keeps requests, and answers with a status.
type hook struct {
	address string

	mu       sync.Mutex
	status   int
	requests []*http.Request
	bodies   []string
}

func startHook(t *testing.T) *hook {
	t.Helper()
	h := &hook{status: http.StatusNoContent}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		text, err := io.ReadAll(r.Body)
		h.mu.Lock()
		defer h.mu.Unlock()
		if err == nil && h.status < 300 {
			h.requests, h.bodies = append(h.requests, r), append(h.bodies, string(text))
		}
		if h.status == http.StatusFound {
			w.Header().Set("Location", "/other")
		}
		w.WriteHeader(h.status)
	}))
	t.Cleanup(server.Close)
	h.address = server.URL
	return h
}

func (h *hook) answer(status int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.status = status
}

func (h *hook) seen() []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return append([]string{}, h.bodies...)
}
