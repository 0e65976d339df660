// SPDX-License-Identifier: Apache-2.0

package source

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/trinodb/trino-go-client/trino"
	"go.yaml.in/yaml/v3"

	"github.com/headcount-hll/headcount/report/secret"
)

// The engines of a server.
const (
	Trino      = "trino"
	PrestoDB   = "prestodb"
	PostgreSQL = "postgresql"
)

// A Server is how to reach an engine. Secrets are in files of their own.
type Server struct {
	Engine  string `yaml:"engine"` // trino, prestodb or postgresql
	URL     string `yaml:"url"`    // of Trino or PrestoDB: http://HOST:PORT or https://HOST:PORT, without a user
	User    string `yaml:"user"`
	Catalog string `yaml:"catalog"`
	Schema  string `yaml:"schema"`
	// PasswordFile has the password of the user. It needs https.
	PasswordFile string `yaml:"password_file"`
	// ConnectionFile has the connection string of PostgreSQL, as libpq reads it.
	ConnectionFile string `yaml:"connection_file"`
}

// Servers are the sources of a file, by name.
type Servers map[string]Server

// ReadServers reads a file of sources: YAML with a name and a [Server] each. Paths in it are relative to its folder.
func ReadServers(path string) (Servers, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	servers := Servers{}
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	decoder.KnownFields(true)
	if err := decoder.Decode(&servers); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	for name, s := range servers {
		if name == "files" || name == "results" {
			return nil, fmt.Errorf("%s: source %s: this is the name of an embedded source: choose another", path, name)
		}
		for _, file := range []*string{&s.PasswordFile, &s.ConnectionFile} {
			if *file != "" && !filepath.IsAbs(*file) {
				*file = filepath.Join(filepath.Dir(path), *file)
			}
		}
		if err := s.check(); err != nil {
			return nil, fmt.Errorf("%s: source %s: %w", path, name, err)
		}
		servers[name] = s
	}
	return servers, nil
}

func (s *Server) check() error {
	switch s.Engine {
	case PostgreSQL:
		if s.ConnectionFile == "" || s.URL != "" || s.PasswordFile != "" {
			return errors.New("postgresql needs connection_file, and takes no url and no password_file")
		}
		return nil
	case Trino, PrestoDB:
	default:
		return fmt.Errorf("engine %q is not trino, prestodb or postgresql", s.Engine)
	}
	u, err := url.Parse(s.URL)
	switch {
	case err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https":
		return errors.New("url is not http://HOST:PORT or https://HOST:PORT")
	case u.User != nil:
		return errors.New("url has a user: write user, and the password into password_file")
	case s.User == "":
		return errors.New("user is missing")
	case s.PasswordFile != "" && u.Scheme != "https":
		return errors.New("a password is sent over https only")
	}
	return nil
}

// Open opens a source by its name.
func (servers Servers) Open(ctx context.Context, name string) (Source, error) {
	s, ok := servers[name]
	if !ok {
		return nil, errors.New("the file of sources has none of this name")
	}
	if s.Engine == PostgreSQL {
		return openPostgres(s)
	}
	return openTrino(s)
}

// A server is a source on a database/sql driver.
type server struct {
	db          *sql.DB
	engine      string
	placeholder func(i int) string
}

func (s *server) Query(ctx context.Context, query string, args []any) (*Table, error) {
	rows, err := s.db.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	return scan(rows)
}

func (s *server) Placeholder(i int) string { return s.placeholder(i) }
func (s *server) Engine() string           { return s.engine }
func (s *server) Close() error             { return s.db.Close() }

// openPostgres opens a database whose transactions are read-only.
func openPostgres(s Server) (Source, error) {
	text, err := secret.Read("connection_file", s.ConnectionFile)
	if err != nil {
		return nil, err
	}
	config, err := pgx.ParseConfig(text)
	if err != nil {
		return nil, fmt.Errorf("%s has no connection string of PostgreSQL", s.ConnectionFile) // the reason could have the password
	}
	config.RuntimeParams["default_transaction_read_only"] = "on"
	config.RuntimeParams["application_name"] = "headcount-reports"
	db := stdlib.OpenDB(*config)
	return &server{db, "PostgreSQL, " + config.Database, func(i int) string { return fmt.Sprintf("$%d", i) }}, nil
}

// prestoClient is the name of the HTTP client that speaks PrestoDB's form of the protocol.
const prestoClient = "prestodb"

var registerPresto = sync.OnceValue(func() error {
	return trino.RegisterCustomClient(prestoClient, &http.Client{Transport: prestoHeaders{http.DefaultTransport}})
})

// retryTime is how long a request to Trino or PrestoDB is repeated if the server does not answer. Reports have retries of their own.
const retryTime = 15 * time.Second

func openTrino(s Server) (Source, error) {
	u, err := url.Parse(s.URL)
	if err != nil {
		return nil, err
	}
	u.User = url.User(s.User)
	if s.PasswordFile != "" {
		password, err := secret.Read("password_file", s.PasswordFile)
		if err != nil {
			return nil, err
		}
		u.User = url.UserPassword(s.User, password)
	}
	config := trino.Config{ServerURI: u.String(), Source: "headcount-reports", Catalog: s.Catalog, Schema: s.Schema, RequestRetryTimeout: new(retryTime)}
	name := "Trino"
	if s.Engine == PrestoDB {
		if err := registerPresto(); err != nil {
			return nil, err
		}
		config.CustomClientName, name = prestoClient, "PrestoDB"
	}
	dsn, err := config.FormatDSN()
	if err != nil {
		return nil, err
	}
	db, err := sql.Open("trino", dsn)
	if err != nil {
		return nil, err
	}
	return &server{db, fmt.Sprintf("%s, %s.%s", name, s.Catalog, s.Schema), func(int) string { return "?" }}, nil
}

// prestoHeaders renames the headers of Trino's protocol to those of PrestoDB, and back.
type prestoHeaders struct{ next http.RoundTripper }

func (p prestoHeaders) RoundTrip(request *http.Request) (*http.Response, error) {
	sent := request.Clone(request.Context())
	sent.Header = renamed(request.Header, "X-Trino-", "X-Presto-")
	response, err := p.next.RoundTrip(sent)
	if err == nil {
		response.Header = renamed(response.Header, "X-Presto-", "X-Trino-")
	}
	return response, err
}

func renamed(header http.Header, from, to string) http.Header {
	out := http.Header{}
	for name, values := range header {
		if rest, ok := strings.CutPrefix(name, from); ok {
			name = to + rest
		}
		out[name] = values
	}
	return out
}
