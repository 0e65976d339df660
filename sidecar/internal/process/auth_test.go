// SPDX-License-Identifier: Apache-2.0

package process

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/reflection/grpc_reflection_v1"
	"google.golang.org/grpc/status"
)

// issue returns a self-signed client certificate that expires at a time, and a file with it as the authority.
func issue(t *testing.T, ends time.Time) (pair tls.Certificate, authority string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	of := &x509.Certificate{SerialNumber: big.NewInt(1), NotBefore: ends.Add(-48 * time.Hour), NotAfter: ends, IsCA: true,
		BasicConstraintsValid: true, KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}}
	der, err := x509.CreateCertificate(rand.Reader, of, of, key.Public(), key)
	require.NoError(t, err)
	authority = filepath.Join(t.TempDir(), "ca.pem")
	require.NoError(t, os.WriteFile(authority, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600))
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, authority
}

// secured starts a sidecar with TLS and returns it with the TLS configuration of its clients.
func secured(t *testing.T, change func(*Config)) (*Server, *tls.Config) {
	t.Helper()
	cert, key, client := certificate(t)
	c := Defaults()
	c.Listen, c.Metrics, c.TLSCert, c.TLSKey = []string{"127.0.0.1:0"}, "", cert, key
	change(&c)
	require.NoError(t, c.check())
	p, err := Start(c, t.Output())
	require.NoError(t, err)
	t.Cleanup(p.Stop)
	return p, client.Transport.(*http.Transport).TLSClientConfig
}

func connect(t *testing.T, p *Server, trust *tls.Config, shown ...tls.Certificate) *grpc.ClientConn {
	t.Helper()
	settings := trust.Clone()
	settings.Certificates, settings.ServerName = shown, "example.com"
	conn, err := grpc.NewClient(p.Addresses[0].String(), grpc.WithTransportCredentials(credentials.NewTLS(settings)))
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, conn.Close()) })
	return conn
}

func healthOf(t *testing.T, conn *grpc.ClientConn) error {
	t.Helper()
	answer, err := grpc_health_v1.NewHealthClient(conn).Check(t.Context(), &grpc_health_v1.HealthCheckRequest{})
	if err == nil {
		assert.Equal(t, grpc_health_v1.HealthCheckResponse_SERVING, answer.Status)
	}
	return err
}

func TestTokens_AreRequiredExceptForHealth(t *testing.T) {
	p, trust := secured(t, func(c *Config) {
		c.Tokens = filepath.Join(t.TempDir(), "tokens")
		require.NoError(t, os.WriteFile(c.Tokens, []byte("sesame\n"), 0o600))
	})
	conn := connect(t, p, trust)
	assert.NoError(t, healthOf(t, conn))
	for authorization, want := range map[string]codes.Code{
		"": codes.Unauthenticated, "Bearer guess": codes.Unauthenticated, "sesame": codes.Unauthenticated, "Bearer sesame": codes.OK,
	} {
		ctx := metadata.AppendToOutgoingContext(t.Context(), "authorization", authorization)
		stream, err := grpc_reflection_v1.NewServerReflectionClient(conn).ServerReflectionInfo(ctx)
		require.NoError(t, err)
		_ = stream.Send(&grpc_reflection_v1.ServerReflectionRequest{ // Recv says why it failed
			MessageRequest: &grpc_reflection_v1.ServerReflectionRequest_ListServices{}})
		_, err = stream.Recv()
		assert.Equal(t, want, status.Code(err), "%q: %v", authorization, err)
	}
}

func TestClientCertificate_IsVerified(t *testing.T) {
	for name, ends := range map[string]time.Time{"valid": time.Now().Add(time.Hour), "expired": time.Now().Add(-time.Hour)} {
		t.Run(name, func(t *testing.T) {
			pair, authority := issue(t, ends)
			p, trust := secured(t, func(c *Config) { c.ClientCA = authority })
			err := healthOf(t, connect(t, p, trust, pair))
			if name == "valid" {
				assert.NoError(t, err)
			} else {
				assert.Equal(t, codes.Unavailable, status.Code(err), "%v", err)
			}
			assert.Equal(t, codes.Unavailable, status.Code(healthOf(t, connect(t, p, trust))), "no certificate")
		})
	}
}

// The sidecar closes a connection that stops in the TLS handshake, and serves others meanwhile.
func TestHandshake_TimesOut(t *testing.T) {
	p, trust := secured(t, func(c *Config) { c.Handshake = time.Second })
	half, err := net.Dial("tcp", p.Addresses[0].String())
	require.NoError(t, err)
	_, err = half.Write([]byte{0x16, 3, 1, 2, 0, 1, 0, 1})
	require.NoError(t, err)
	assert.NoError(t, healthOf(t, connect(t, p, trust)))
	require.NoError(t, half.SetReadDeadline(time.Now().Add(30*time.Second)))
	_, err = half.Read(make([]byte, 100))
	require.Error(t, err)
	assert.NotErrorIs(t, err, os.ErrDeadlineExceeded, "the sidecar must close the connection")
	require.NoError(t, half.Close())
}
