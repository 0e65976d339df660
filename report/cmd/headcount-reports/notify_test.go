// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/headcount-hll/headcount/report/state"
)

// The command itself: a report without a schedule fails twice on request, and is mended.
func TestServe_NotifiesOnceWhenAReportFailsAndRecovers(t *testing.T) {
	bodies := make(chan string, 10)
	hook := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		text, err := io.ReadAll(r.Body)
		if err == nil {
			bodies <- string(text)
		}
	}))
	defer hook.Close()
	folder := t.TempDir()
	write := func(name, text string) {
		require.NoError(t, os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600))
	}
	failing := "---\ntitle: R\n---\n```sql name=q\nSELECT * FROM missing\n```\n"
	write("r.md", failing)
	write("notify.yaml", "webhook: {url: '"+hook.URL+"'}\n")
	ctx, stop := context.WithCancel(t.Context())
	c := serveCommand()
	c.SetArgs([]string{folder, "--listen", "127.0.0.1:0", "--notify", filepath.Join(folder, "notify.yaml")})
	c.SetErr(io.Discard)
	c.SilenceErrors, c.SilenceUsage = true, true
	ended := make(chan error, 1)
	db, err := openState(t, folder)
	require.NoError(t, err)
	go func() { ended <- c.ExecuteContext(ctx) }()
	defer func() { stop(); require.NoError(t, <-ended) }()
	run := func(want string) {
		id, err := db.Request(t.Context(), "r", nil, time.Now())
		require.NoError(t, err)
		require.Eventually(t, func() bool {
			run, err := db.Run(t.Context(), id)
			return err == nil && run.State == want
		}, 2*time.Minute, 20*time.Millisecond)
	}
	next := func() (event struct {
		Event, Why string
		Run        int
	}) {
		select {
		case text := <-bodies:
			require.NoError(t, json.Unmarshal([]byte(text), &event))
		case <-time.After(2 * time.Minute):
			require.Fail(t, "there is no notice")
		}
		return event
	}
	run(state.Failed)
	run(state.Failed)
	first := next()
	require.Equal(t, "failed", first.Event)
	require.Equal(t, 1, first.Run)
	require.Contains(t, first.Why, "missing does not exist")
	write("r.md", "---\ntitle: R\n---\n```sql name=q\nSELECT 1 AS one, 'mended' AS note\n```\n")
	run(state.Succeeded)
	second := next()
	require.Equal(t, "recovered", second.Event)
	require.Equal(t, 3, second.Run)
}

// openState opens the state of a folder as the server does.
func openState(t *testing.T, folder string) (*state.DB, error) {
	t.Helper()
	require.NoError(t, os.MkdirAll(filepath.Join(folder, ".headcount-reports"), 0o700))
	db, err := state.Open(t.Context(), filepath.Join(folder, ".headcount-reports", "state.sqlite"))
	if err == nil {
		t.Cleanup(func() { require.NoError(t, db.Close()) })
	}
	return db, err
}
