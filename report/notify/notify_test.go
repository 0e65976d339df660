// SPDX-License-Identifier: Apache-2.0

package notify_test

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"log/slog"
	"mime"
	"net"
	"net/http"
	netmail "net/mail"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/headcount-hll/headcount/report/notify"
	"github.com/headcount-hll/headcount/report/state"
)

var start = time.Date(2017, 1, 1, 0, 0, 0, 0, time.UTC)

// config reads a file of channels with a text; the file "secret" in the same folder has the password.
func config(t *testing.T, text string) (*notify.Config, error) {
	t.Helper()
	folder := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(folder, "secret"), []byte(password+"\n"), 0o600))
	require.NoError(t, os.WriteFile(filepath.Join(folder, "empty"), nil, 0o600))
	path := filepath.Join(folder, "notify.yaml")
	require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	return notify.Read(path)
}

func channels(t *testing.T, text string) []notify.Channel {
	t.Helper()
	c, err := config(t, text)
	require.NoError(t, err)
	return c.Channels()
}

func mailText(m *mailServer, mode string) string {
	return fmt.Sprintf("mail: {server: '%s', tls: %s, ca_file: '%s', user: reports, password_file: secret, from: 'Reports <reports@example.org>', to: [a@example.org, b@example.org]}\n", m.address, mode, m.ca)
}

func hookText(address string) string {
	return fmt.Sprintf("webhook: {url: '%s/hooks/not-to-see', secret_file: secret}\n", address)
}

func TestRead_SaysWhatIsWrong(t *testing.T) {
	for text, want := range map[string]string{
		"address: http://x": "neither mail nor webhook",
		"{address: x, webhook: {url: 'https://h/not-to-see'}}":                                 "address is not http://HOST",
		"mail: {server: mail.example.org, from: a@b, to: [a@b]}":                               "server is not HOST:PORT",
		"mail: {server: 'm:25', tls: maybe, from: a@b, to: [a@b]}":                             `"maybe" is not starttls, tls or none`,
		"mail: {server: 'm:25', tls: none, from: a@b, to: [a@b]}":                              "this machine only",
		"mail: {server: 'm:25', user: x, from: a@b, to: [a@b]}":                                "belong together",
		"mail: {server: 'm:25', from: a@b, to: []}":                                            "to has no address",
		"mail: {server: 'm:25', from: nobody, to: [a@b]}":                                      `from: "nobody" is not an address`,
		"mail: {server: 'm:25', from: a@b, to: [x]}":                                           `to: "x" is not an address`,
		"mail: {server: 'm:25', from: a@b, to: [a@b], user: x, password_file: missing}":        "mail: password_file: open ",
		"mail: {server: 'm:25', from: a@b, to: [a@b], user: x, password_file: empty}":          "/empty is empty: write the secret into it",
		"mail: {server: 'm:25', from: a@b, to: [a@b], ca_file: empty}":                         "mail: ca_file: ",
		"webhook: {url: 'https://h/not-to-see', secret_file: empty}":                           "/empty is empty: write the secret into it",
		"webhook: {url: 'https://h/not-to-see', secret_file: missing}":                         "webhook: secret_file: open ",
		"webhook: {url_file: empty}":                                                           "webhook: url_file: ",
		"mail: {server: 'm:25', from: a@b, to: [a@b], user: x, password: in the file}":         "field password not found",
		"webhook: {secret_file: secret}":                                                       "one of url and url_file",
		"webhook: {url: 'http://hooks.example.org/not-to-see'}":                                "use https",
		"webhook: {url: 'ftp://hooks.example.org/not-to-see'}":                                 "not https://HOST/PATH",
		"webhook: {url_file: secret}":                                                          "not https://HOST/PATH",
		"webhook: {url: 'https://hooks.example.org/not-to-see', url_file: secret}":             "one of url and url_file",
		"webhook: {url: 'https://hooks.example.org/not-to-see\\\x01', secret_file: not there}": "yaml",
	} {
		_, err := config(t, text)
		require.ErrorContains(t, err, want, text)
		require.NotContains(t, err.Error(), "not-to-see")
		require.NotContains(t, err.Error(), password)
	}
}

func TestMail_GoesOverTLSWithPassword(t *testing.T) {
	n := &state.Notice{ID: 3, Report: "Größe\r\nBcc: x@example.org", Run: 7, Failing: true, Why: "sql block q: it's\n.\nwrong", At: start}
	for _, mode := range []string{"starttls", "tls"} {
		m, _ := startMail(t, mode, "127.0.0.1:0")
		channel := channels(t, "address: https://reports.example.org/\n"+mailText(m, mode))[0]
		require.NoError(t, channel.Send(t.Context(), n))
		seen := m.seen()
		require.Len(t, seen, 1)
		text, ok := strings.CutPrefix(seen[0], "reports@example.org\na@example.org,b@example.org,\n")
		require.True(t, ok, seen[0])
		message, err := netmail.ReadMessage(strings.NewReader(text))
		require.NoError(t, err)
		require.Empty(t, message.Header.Get("Bcc"), "a name does not make a header")
		subject, err := new(mime.WordDecoder).DecodeHeader(message.Header.Get("Subject"))
		require.NoError(t, err)
		require.Contains(t, subject, "Report Größe")
		require.Contains(t, subject, "failed")
		require.Equal(t, "<headcount-reports.7.1483228800@example.org>", message.Header.Get("Message-Id"))
		var body bytes.Buffer
		_, err = body.ReadFrom(message.Body)
		require.NoError(t, err)
		require.Contains(t, body.String(), "it's\r\n.\r\nwrong")
		require.Contains(t, body.String(), "https://reports.example.org/runs/7")
	}
}

func TestMail_SendsNothingWithoutTLSOrWithAWrongPassword(t *testing.T) {
	n := &state.Notice{Report: "r", Run: 1, Failing: true, At: start}
	m, _ := startMail(t, "none", "127.0.0.1:0")
	require.ErrorContains(t, channels(t, mailText(m, "starttls"))[0].Send(t.Context(), n), "STARTTLS")
	require.Empty(t, m.seen())

	m, _ = startMail(t, "starttls", "127.0.0.1:0")
	text := strings.Replace(mailText(m, "starttls"), "user: reports", "user: other", 1)
	err := channels(t, text)[0].Send(t.Context(), n)
	require.ErrorContains(t, err, "wrong user or password")
	require.NotContains(t, err.Error(), password)
	other, _ := startMail(t, "starttls", "127.0.0.1:0") // the system does not know its certificate
	text = strings.Replace(mailText(other, "starttls"), "ca_file: '"+other.ca+"', ", "", 1)
	require.ErrorContains(t, channels(t, text)[0].Send(t.Context(), n), "certificate")
	require.Empty(t, other.seen())
}

func TestWebhook_PostsSignedJSON(t *testing.T) {
	h := startHook(t)
	channel := channels(t, "address: https://reports.example.org\n"+hookText(h.address))[0]
	require.NoError(t, channel.Send(t.Context(), &state.Notice{ID: 3, Report: "r", Run: 7, Failing: true, Why: strings.Repeat("é", 4000), At: start}))
	var body map[string]any
	require.NoError(t, json.Unmarshal([]byte(h.seen()[0]), &body))
	require.Len(t, body["why"], 4096+4)
	delete(body, "why")
	require.Equal(t, map[string]any{"notice": 3.0, "event": "failed", "report": "r", "run": 7.0, "at": "2017-01-01T00:00:00Z", "page": "https://reports.example.org/runs/7"}, body)
	mac := hmac.New(sha256.New, []byte(password))
	mac.Write([]byte(h.seen()[0]))
	require.Equal(t, "sha256="+hex.EncodeToString(mac.Sum(nil)), h.requests[0].Header.Get("X-Headcount-Signature-256"))
	require.Equal(t, "application/json", h.requests[0].Header.Get("Content-Type"))
	for _, status := range []int{http.StatusFound, http.StatusUnauthorized, http.StatusInternalServerError} {
		h.answer(status)
		err := channel.Send(t.Context(), &state.Notice{Report: "r", At: start})
		require.ErrorContains(t, err, http.StatusText(status))
		require.NotContains(t, err.Error(), "not-to-see")
	}
	require.Len(t, h.seen(), 1)
	gone := channels(t, hookText("http://127.0.0.1:1"))[0].Send(t.Context(), &state.Notice{Report: "r", At: start})
	require.ErrorContains(t, gone, "refused")
	require.NotContains(t, gone.Error(), "not-to-see")
}

// A history is a state file with a clock.
type history struct {
	*testing.T
	path string

	mu  sync.Mutex
	now time.Time
}

func newHistory(t *testing.T) *history {
	return &history{T: t, path: filepath.Join(t.TempDir(), "state.sqlite"), now: start}
}

func (h *history) clock() time.Time { h.mu.Lock(); defer h.mu.Unlock(); return h.now }
func (h *history) pass(d time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.now = h.now.Add(d)
}

// sender opens the file as another process does.
func (h *history) sender(all ...notify.Channel) *notify.Sender {
	h.Helper()
	db, err := state.Open(h.Context(), h.path)
	require.NoError(h, err)
	h.Cleanup(func() { require.NoError(h, db.Close()) })
	for _, channel := range all {
		db.Channels = append(db.Channels, channel.Name())
	}
	return &notify.Sender{DB: db, Channels: all, Now: h.clock, Log: slog.New(slog.DiscardHandler)}
}

// runs ends a run of the report r in each of some states.
func (h *history) runs(s *notify.Sender, states ...string) {
	h.Helper()
	for _, end := range states {
		id, err := s.DB.Request(h.Context(), "r", nil, h.clock())
		require.NoError(h, err)
		run, err := s.DB.Claim(h.Context(), "server", 1, h.clock())
		require.NoError(h, err)
		require.Equal(h, id, run.ID)
		require.NoError(h, s.DB.Finish(h.Context(), id, state.Finish{State: end, Why: end}, h.clock()))
	}
}

// events returns the numbers of the runs and what happened.
func events(t *testing.T, bodies []string) (all []string) {
	t.Helper()
	for _, text := range bodies {
		var body struct {
			Event string
			Run   int
		}
		require.NoError(t, json.Unmarshal([]byte(text), &body))
		all = append(all, fmt.Sprint(body.Run, " ", body.Event))
	}
	return all
}

func TestSender_SendsOncePerChange(t *testing.T) {
	hook, past := startHook(t), newHistory(t)
	first := past.sender(channels(t, hookText(hook.address))...)
	past.runs(first, state.Succeeded, state.Failed, state.Failed, state.Killed, state.Succeeded, state.Succeeded, state.Failed)
	second := past.sender(first.Channels...)
	var both sync.WaitGroup
	for _, s := range []*notify.Sender{first, second} {
		both.Go(func() {
			if err := s.Deliver(t.Context(), s.Channels[0]); err != nil {
				t.Error(err)
			}
		})
	}
	both.Wait()
	for range 5 {
		require.NoError(t, second.Deliver(t.Context(), second.Channels[0]))
		past.pass(time.Hour)
	}
	require.Equal(t, []string{"2 failed", "5 recovered", "7 failed"}, events(t, hook.seen()))
}

// A mail server that is down, and then a restart: the webhook has its notices, and the mail comes later, in order.
func TestSender_LosesAndDelaysNothingWhileAServerIsDown(t *testing.T) {
	mail, stop := startMail(t, "starttls", "127.0.0.1:0")
	stop()
	hook, past := startHook(t), newHistory(t)
	both := channels(t, mailText(mail, "starttls")+hookText(hook.address))
	s := past.sender(both...)
	past.runs(s, state.Failed, state.Succeeded)
	for _, channel := range both {
		require.NoError(t, s.Deliver(t.Context(), channel))
	}
	require.Equal(t, []string{"1 failed", "2 recovered"}, events(t, hook.seen()))

	again, _ := startMail(t, "starttls", mail.address)
	mail = again
	both = channels(t, mailText(again, "starttls")+hookText(hook.address))
	s = past.sender(both...)
	for range 10 {
		past.pass(time.Minute)
		for _, channel := range both {
			require.NoError(t, s.Deliver(t.Context(), channel))
		}
	}
	require.Len(t, hook.seen(), 2)
	seen := mail.seen()
	require.Len(t, seen, 2)
	require.Contains(t, seen[0], "Report r failed")
	require.Contains(t, seen[1], "Report r recovered")
}

// A process that ends between the claim and the delivery: the notice is sent by the next one.
func TestSender_SendsWhatAKilledProcessClaimed(t *testing.T) {
	hook, past := startHook(t), newHistory(t)
	s := past.sender(channels(t, hookText(hook.address))...)
	past.runs(s, state.Failed)
	n, err := s.DB.ClaimNotice(t.Context(), "webhook", past.clock())
	require.NoError(t, err)
	require.Equal(t, 1, n.Attempt)
	next := past.sender(s.Channels...)
	require.NoError(t, next.Deliver(t.Context(), next.Channels[0]))
	require.Empty(t, hook.seen(), "it may be on its way")
	past.pass(state.MinRetry * time.Second)
	require.NoError(t, next.Deliver(t.Context(), next.Channels[0]))
	require.Equal(t, []string{"1 failed"}, events(t, hook.seen()))
}

func TestSender_WaitsLongerEachTime(t *testing.T) {
	hook, past := startHook(t), newHistory(t)
	hook.answer(http.StatusServiceUnavailable)
	s := past.sender(channels(t, hookText(hook.address))...)
	past.runs(s, state.Failed)
	var at []time.Duration
	for minute := range 200 {
		n, err := s.DB.ClaimNotice(t.Context(), "webhook", past.clock())
		require.NoError(t, err)
		if n != nil {
			at = append(at, time.Duration(minute)*time.Minute)
		}
		past.pass(time.Minute)
	}
	require.Equal(t, []time.Duration{0, time.Minute, 3 * time.Minute, 7 * time.Minute, 15 * time.Minute, 31 * time.Minute, 63 * time.Minute, 123 * time.Minute, 183 * time.Minute}, at)
}

// A mail server that accepts connections and says nothing: the webhook gets its notice meanwhile, and the sender ends when it is told to.
func TestSender_IsNotDelayedByASilentServer(t *testing.T) {
	silent, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer silent.Close()
	mail := &mailServer{address: silent.Addr().String()}
	_, mail.ca = certificate(t)
	hook, past := startHook(t), newHistory(t)
	s := past.sender(channels(t, mailText(mail, "starttls")+hookText(hook.address))...)
	past.runs(s, state.Failed)
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() { defer close(ended); s.Run(ctx) }()
	connection, err := silent.Accept()
	require.NoError(t, err)
	defer connection.Close()
	require.Eventually(t, func() bool { return len(hook.seen()) == 1 }, 2*time.Minute, 20*time.Millisecond)
	stop()
	select {
	case <-ended:
	case <-time.After(2 * time.Minute):
		require.Fail(t, "the sender does not end")
	}
}
