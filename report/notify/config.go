// SPDX-License-Identifier: Apache-2.0

// Package notify delivers notices of reports that fail or recover, by e-mail and webhook.
package notify

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/headcount-hll/headcount/report/state"
)

// A Channel delivers notices. An error means that the notice was not accepted, or that this is not known.
type Channel interface {
	Name() string
	Send(ctx context.Context, n *state.Notice) error
}

// A Config is a file for --notify. Secrets are in files of their own, which are read at each delivery.
type Config struct {
	Address string   `yaml:"address"` // of the server's pages, for links; optional
	Mail    *Mail    `yaml:"mail"`
	Webhook *Webhook `yaml:"webhook"`
}

// Read reads a file. Paths in it are relative to its folder.
func Read(path string) (*Config, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	c := &Config{}
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	decoder.KnownFields(true)
	if err := decoder.Decode(c); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if err := c.check(filepath.Dir(path)); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return c, nil
}

func (c *Config) check(folder string) error {
	if c.Mail == nil && c.Webhook == nil {
		return errors.New("neither mail nor webhook is there")
	}
	if c.Address != "" {
		if u, err := url.Parse(c.Address); err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
			return errors.New("address is not http://HOST or https://HOST")
		}
		c.Address = strings.TrimSuffix(c.Address, "/")
	}
	if c.Mail != nil {
		c.Mail.address = c.Address
		if err := c.Mail.check(folder); err != nil {
			return fmt.Errorf("mail: %w", err)
		}
	}
	if c.Webhook != nil {
		c.Webhook.address = c.Address
		if err := c.Webhook.check(folder); err != nil {
			return fmt.Errorf("webhook: %w", err)
		}
	}
	return nil
}

// Channels returns the channels of the file.
func (c *Config) Channels() (all []Channel) {
	if c.Mail != nil {
		all = append(all, c.Mail)
	}
	if c.Webhook != nil {
		all = append(all, c.Webhook)
	}
	return all
}

// resolve makes the names of files relative to a folder.
func resolve(folder string, files ...*string) {
	for _, file := range files {
		if *file != "" && !filepath.IsAbs(*file) {
			*file = filepath.Join(folder, *file)
		}
	}
}

// loopback tells whether a host is this machine.
func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// event returns what happened.
func event(n *state.Notice) string {
	if n.Failing {
		return "failed"
	}
	return "recovered"
}

// page returns the address of a run's page, or nothing.
func page(address string, n *state.Notice) string {
	if address == "" {
		return ""
	}
	return fmt.Sprintf("%s/runs/%d", address, n.Run)
}

// maxWhy is how much of an error a notice has, in bytes.
const maxWhy = 4096

// why returns the error of a run, cut to maxWhy.
func why(n *state.Notice) string {
	if len(n.Why) <= maxWhy {
		return n.Why
	}
	return strings.ToValidUTF8(n.Why[:maxWhy], "") + " ..."
}
