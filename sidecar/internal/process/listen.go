// SPDX-License-Identifier: Apache-2.0

package process

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"os"
	"strings"
	"syscall"

	"golang.org/x/net/netutil"
)

// listen opens a gRPC port: a Unix socket, or TCP, with TLS if a certificate is configured.
func listen(c *Config, address string) (net.Listener, error) {
	var l net.Listener
	var err error
	if path, unix := strings.CutPrefix(address, unixPrefix); unix {
		l, err = listenUnix(path)
	} else {
		l, err = listenTCP(c, address, "h2")
	}
	if err != nil {
		return nil, fmt.Errorf("--listen %s: %w", address, err)
	}
	return netutil.LimitListener(l, c.MaxConnections), nil
}

// listenUnix opens a socket of mode 0660. It replaces a socket that no process listens on.
func listenUnix(path string) (net.Listener, error) {
	if found, err := os.Lstat(path); err == nil && found.Mode()&os.ModeSocket != 0 {
		if conn, err := net.Dial("unix", path); err == nil {
			return nil, errors.Join(errors.New("another process listens on this socket"), conn.Close())
		}
		if err := os.Remove(path); err != nil {
			return nil, err
		}
	}
	// The mask sets the mode when the socket is created. With a chmod afterwards, any user could connect before it.
	before := syscall.Umask(0o117)
	defer syscall.Umask(before)
	return net.Listen("unix", path)
}

// listenTCP opens a port. protocol is its name in TLS's protocol negotiation (ALPN).
func listenTCP(c *Config, address, protocol string) (net.Listener, error) {
	settings, err := serverTLS(c, protocol)
	if err != nil {
		return nil, err
	}
	l, err := net.Listen("tcp", address)
	if err != nil || settings == nil {
		return l, err
	}
	return tls.NewListener(l, settings), nil
}

// serverTLS returns the TLS configuration of TCP ports, or nil if no certificate is configured.
func serverTLS(c *Config, protocol string) (*tls.Config, error) {
	if c.TLSCert == "" {
		return nil, nil
	}
	pair, err := tls.LoadX509KeyPair(c.TLSCert, c.TLSKey)
	if err != nil {
		return nil, fmt.Errorf("--tls-cert, --tls-key: %w", err)
	}
	settings := &tls.Config{Certificates: []tls.Certificate{pair}, NextProtos: []string{protocol}, MinVersion: tls.VersionTLS12}
	if c.ClientCA == "" {
		return settings, nil
	}
	authorities, err := os.ReadFile(c.ClientCA)
	if err != nil {
		return nil, fmt.Errorf("--client-ca: %w", err)
	}
	settings.ClientCAs = x509.NewCertPool()
	if !settings.ClientCAs.AppendCertsFromPEM(authorities) {
		return nil, fmt.Errorf("--client-ca %s: the file has no PEM certificate", c.ClientCA)
	}
	settings.ClientAuth = tls.RequireAndVerifyClientCert
	return settings, nil
}
