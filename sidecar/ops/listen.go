package ops

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

// listen opens a port as the configuration has it: TCP, with TLS if there is a certificate, or a Unix socket.
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

// listenUnix makes a socket that its owner and group may use. One that a dead server left behind is replaced.
func listenUnix(path string) (net.Listener, error) {
	if found, err := os.Lstat(path); err == nil && found.Mode()&os.ModeSocket != 0 {
		if conn, err := net.Dial("unix", path); err == nil {
			return nil, errors.Join(errors.New("another server listens there"), conn.Close())
		}
		if err := os.Remove(path); err != nil {
			return nil, err
		}
	}
	// Between the socket's making and a chmod anybody could connect, but for the mask.
	before := syscall.Umask(0o117)
	defer syscall.Umask(before)
	return net.Listen("unix", path)
}

// listenTCP opens a port for a protocol, as TLS calls it.
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

// serverTLS returns the TLS of TCP ports, or nil for none.
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
		return nil, fmt.Errorf("--client-ca %s: no certificate in PEM", c.ClientCA)
	}
	settings.ClientAuth = tls.RequireAndVerifyClientCert
	return settings, nil
}
