// SPDX-License-Identifier: Apache-2.0

package notify

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	netmail "net/mail"
	"os"
	"strconv"
	"strings"

	"github.com/wneessen/go-mail"

	"github.com/headcount-hll/headcount/report/secret"
	"github.com/headcount-hll/headcount/report/state"
)

// Mail is how to send e-mail by SMTP.
type Mail struct {
	Server string `yaml:"server"` // HOST:PORT
	// TLS is starttls (default; a server without it is an error), tls (from the first byte), or none (this machine only).
	TLS          string   `yaml:"tls"`
	CAFile       string   `yaml:"ca_file"` // PEM certificates in place of the system's
	User         string   `yaml:"user"`
	PasswordFile string   `yaml:"password_file"`
	From         string   `yaml:"from"`
	To           []string `yaml:"to"`

	address string
	host    string
	port    int
	domain  string // of From
}

func (m *Mail) check(folder string) error {
	host, port, err := net.SplitHostPort(m.Server)
	if err == nil {
		m.host = host
		m.port, err = strconv.Atoi(port)
	}
	switch {
	case err != nil || host == "" || m.port < 1 || m.port > 65535:
		return errors.New("server is not HOST:PORT")
	case m.TLS != "" && m.TLS != "starttls" && m.TLS != "tls" && m.TLS != "none":
		return fmt.Errorf("tls: %q is not starttls, tls or none", m.TLS)
	case m.TLS == "none" && !loopback(host):
		return errors.New("tls: none is for a server on this machine only")
	case (m.User == "") != (m.PasswordFile == ""):
		return errors.New("user and password_file belong together")
	case len(m.To) == 0:
		return errors.New("to has no address")
	}
	from, err := netmail.ParseAddress(m.From)
	if err != nil {
		return fmt.Errorf("from: %q is not an address", m.From)
	}
	_, m.domain, _ = strings.Cut(from.Address, "@")
	for _, to := range m.To {
		if _, err := netmail.ParseAddress(to); err != nil {
			return fmt.Errorf("to: %q is not an address", to)
		}
	}
	resolve(folder, &m.PasswordFile, &m.CAFile)
	if m.PasswordFile != "" {
		if _, err := secret.Read("password_file", m.PasswordFile); err != nil {
			return err
		}
	}
	_, err = m.authorities()
	return err
}

// Name returns mail.
func (m *Mail) Name() string { return "mail" }

// Send sends one message. A message that is sent again has the same Message-ID.
func (m *Mail) Send(ctx context.Context, n *state.Notice) error {
	message, err := m.message(n)
	if err != nil {
		return err
	}
	client, err := m.client()
	if err != nil {
		return err
	}
	ended := make(chan error, 1)
	go func() {
		err := client.DialAndSendWithContext(ctx, message)
		if message.IsDelivered() {
			err = nil // the end of the connection failed at most
		}
		ended <- err
	}()
	select {
	case err = <-ended:
		return err
	case <-ctx.Done(): // the library reads on until its own time limit
		return ctx.Err()
	}
}

func (m *Mail) message(n *state.Notice) (*mail.Msg, error) {
	message := mail.NewMsg(mail.WithNoDefaultUserAgent())
	if err := errors.Join(message.From(m.From), message.To(m.To...)); err != nil {
		return nil, err
	}
	message.Subject(fmt.Sprintf("Report %s %s", n.Report, event(n)))
	message.SetMessageIDWithValue(fmt.Sprintf("headcount-reports.%d.%d@%s", n.Run, n.At.Unix(), m.domain))
	message.SetDateWithValue(n.At)
	message.SetGenHeader("Auto-Submitted", "auto-generated")
	body := fmt.Sprintf("Report %s %s with run %d at %s.\n", n.Report, event(n), n.Run, n.At.UTC().Format("2006-01-02 15:04:05 UTC"))
	if n.Failing {
		body += "\n" + why(n) + "\n\nThe next notice comes when it succeeds again.\n"
	}
	if at := page(m.address, n); at != "" {
		body += "\n" + at + "\n"
	}
	message.SetBodyString(mail.TypeTextPlain, body)
	return message, nil
}

// authorities returns the certificates of ca_file; nil, which stands for the system's, if there is none.
func (m *Mail) authorities() (*x509.CertPool, error) {
	if m.CAFile == "" {
		return nil, nil
	}
	text, err := os.ReadFile(m.CAFile)
	if err != nil {
		return nil, fmt.Errorf("ca_file: %w", err)
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(text) {
		return nil, fmt.Errorf("ca_file: %s has no PEM certificate", m.CAFile)
	}
	return pool, nil
}

func (m *Mail) client() (*mail.Client, error) {
	authorities, err := m.authorities()
	if err != nil {
		return nil, err
	}
	config := &tls.Config{ServerName: m.host, MinVersion: tls.VersionTLS12, RootCAs: authorities}
	options := []mail.Option{mail.WithPort(m.port), mail.WithTLSConfig(config), mail.WithTimeout(timeLimit)}
	switch m.TLS {
	case "tls":
		options = append(options, mail.WithSSL())
	case "none":
		options = append(options, mail.WithTLSPolicy(mail.NoTLS))
	default:
		options = append(options, mail.WithTLSPolicy(mail.TLSMandatory))
	}
	if m.User != "" {
		password, err := secret.Read("password_file", m.PasswordFile)
		if err != nil {
			return nil, err
		}
		options = append(options, mail.WithSMTPAuth(mail.SMTPAuthAutoDiscover), mail.WithUsername(m.User), mail.WithPassword(password))
	}
	return mail.NewClient(m.host, options...)
}
