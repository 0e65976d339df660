// SPDX-License-Identifier: Apache-2.0

package notify

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"github.com/headcount-hll/headcount/report/secret"
	"github.com/headcount-hll/headcount/report/state"
)

// A Webhook is an address that takes JSON.
type Webhook struct {
	URL        string `yaml:"url"`         // https, or http on this machine
	URLFile    string `yaml:"url_file"`    // in place of url, if the address itself is a secret
	SecretFile string `yaml:"secret_file"` // key of the signature; without it requests have none

	address string
}

func (w *Webhook) check(folder string) error {
	if (w.URL == "") == (w.URLFile == "") {
		return errors.New("write one of url and url_file")
	}
	resolve(folder, &w.URLFile, &w.SecretFile)
	if w.SecretFile != "" {
		if _, err := secret.Read("secret_file", w.SecretFile); err != nil {
			return err
		}
	}
	_, err := w.target()
	return err
}

// target returns the checked address. Errors do not show it.
func (w *Webhook) target() (*url.URL, error) {
	text := w.URL
	if w.URLFile != "" {
		var err error
		if text, err = secret.Read("url_file", w.URLFile); err != nil {
			return nil, err
		}
	}
	u, err := url.Parse(text)
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		return nil, errors.New("the address is not https://HOST/PATH")
	}
	if u.Scheme == "http" && !loopback(u.Hostname()) {
		return nil, errors.New("http is for an address on this machine only: use https")
	}
	return u, nil
}

// Name returns webhook.
func (w *Webhook) Name() string { return "webhook" }

// A body is the JSON of a request. A notice that is sent again has the same number.
type body struct {
	Notice int64     `json:"notice"`
	Event  string    `json:"event"` // failed or recovered
	Report string    `json:"report"`
	Run    int64     `json:"run"`
	At     time.Time `json:"at"`
	Why    string    `json:"why,omitempty"`
	Page   string    `json:"page,omitempty"`
}

// A redirect is an error: following it would drop the body or send it elsewhere.
var client = &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}

// Send posts a notice. A status of 200 to 299 accepts it.
func (w *Webhook) Send(ctx context.Context, n *state.Notice) error {
	target, err := w.target()
	if err != nil {
		return err
	}
	text, err := json.Marshal(body{n.ID, event(n), n.Report, n.Run, n.At.UTC(), why(n), page(w.address, n)})
	if err != nil {
		return err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, target.String(), bytes.NewReader(text))
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("User-Agent", "headcount-reports")
	if w.SecretFile != "" {
		key, err := secret.Read("secret_file", w.SecretFile)
		if err != nil {
			return err
		}
		mac := hmac.New(sha256.New, []byte(key))
		mac.Write(text)
		request.Header.Set("X-Headcount-Signature-256", "sha256="+hex.EncodeToString(mac.Sum(nil)))
	}
	response, err := client.Do(request)
	if failed, ok := errors.AsType[*url.Error](err); ok {
		err = failed.Err // the whole error has the address
	}
	if err != nil {
		return fmt.Errorf("%s: %w", target.Host, err)
	}
	defer response.Body.Close()
	if response.StatusCode < 200 || response.StatusCode > 299 {
		return fmt.Errorf("%s answered with status %s", target.Host, response.Status)
	}
	return nil
}
