// SPDX-License-Identifier: Apache-2.0

package process

import (
	"bytes"
	"crypto/x509"
	"encoding/pem"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// certificate writes a certificate for 127.0.0.1 and its key, and returns a client that trusts it.
func certificate(t *testing.T) (cert, key string, client *http.Client) {
	t.Helper()
	s := httptest.NewTLSServer(nil)
	t.Cleanup(s.Close)
	pair := s.TLS.Certificates[0]
	secret, err := x509.MarshalPKCS8PrivateKey(pair.PrivateKey)
	require.NoError(t, err)
	write := func(name, kind string, der []byte) string {
		path := filepath.Join(t.TempDir(), name)
		require.NoError(t, os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}), 0o600))
		return path
	}
	return write("cert.pem", "CERTIFICATE", pair.Certificate[0]), write("key.pem", "PRIVATE KEY", secret), s.Client()
}

func TestPresto_UsesTLSTokensAndMetrics(t *testing.T) {
	c := Defaults()
	cert, key, client := certificate(t)
	c.Listen, c.Presto, c.Metrics = []string{"unix:" + filepath.Join(t.TempDir(), "s")}, "127.0.0.1:0", "127.0.0.1:0"
	c.TLSCert, c.TLSKey, c.Tokens = cert, key, filepath.Join(t.TempDir(), "tokens")
	require.NoError(t, os.WriteFile(c.Tokens, []byte("sesame\n"), 0o600))
	require.NoError(t, c.check())
	var log bytes.Buffer
	p, err := Start(c, &log)
	require.NoError(t, err)
	t.Cleanup(p.Stop)

	get := func(url, authorization string) (int, string) {
		request, err := http.NewRequest(http.MethodGet, url, nil)
		require.NoError(t, err)
		request.Header.Set("Authorization", authorization)
		response, err := client.Do(request)
		require.NoError(t, err)
		defer func() { _ = response.Body.Close() }()
		body, err := io.ReadAll(response.Body)
		require.NoError(t, err)
		return response.StatusCode, string(body)
	}
	functions := "https://" + p.PrestoAddress.String() + "/v1/functions"
	code, text := get(functions, "Bearer guess")
	assert.Equal(t, http.StatusUnauthorized, code)
	assert.Contains(t, text, "Bearer TOKEN")
	code, text = get(functions, "Bearer sesame")
	assert.Equal(t, http.StatusOK, code)
	assert.Contains(t, text, "hll_cardinality")
	_, counted := get("http://"+p.MetricsAddress.String()+"/metrics", "")
	assert.Contains(t, counted, `headcount_calls_total{code="Unauthenticated",function="none"} 1`)
}

func TestConfig_RejectsTokensWithoutTLS(t *testing.T) {
	c := Defaults()
	c.Listen, c.Presto, c.Tokens = []string{"unix:/tmp/s"}, "127.0.0.1:0", "tokens"
	require.ErrorContains(t, c.check(), "--token-file with 127.0.0.1:0: tokens would cross the network unencrypted")
}

func TestConfig_RejectsAnUnknownFormOfErrors(t *testing.T) {
	c := Defaults()
	c.PrestoErrors = "json"
	require.ErrorContains(t, c.check(), "--presto-errors json: must be page or status")
}

func TestStart_NamesAPortInUse(t *testing.T) {
	taken := httptest.NewServer(nil)
	defer taken.Close()
	c := Defaults()
	c.Listen, c.Metrics = []string{"unix:" + filepath.Join(t.TempDir(), "s")}, ""
	c.Presto = taken.Listener.Addr().String()
	_, err := Start(c, io.Discard)
	require.ErrorContains(t, err, "--presto "+c.Presto)
}
