// SPDX-License-Identifier: Apache-2.0

package pages_test

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/headcount-hll/headcount/internal/pages"
)

// A request that is open when the server is told to end gets its answer, and Serve returns after it.
func TestServe_LetsOpenRequestsEnd(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	logged, said := io.Pipe()
	entered, leave := make(chan struct{}), make(chan struct{})
	handler := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		close(entered)
		<-leave
		_, _ = io.WriteString(w, "whole")
	})
	ended := make(chan error, 1)
	go func() {
		ended <- pages.Serve(ctx, "127.0.0.1:0", handler, time.Minute, slog.New(slog.NewJSONHandler(said, nil)))
	}()
	var first struct{ Address string }
	require.NoError(t, json.NewDecoder(logged).Decode(&first))
	go func() { _, _ = io.Copy(io.Discard, logged) }()

	answered := make(chan string, 1)
	go func() {
		response, err := http.Get("http://" + first.Address)
		if err != nil {
			answered <- err.Error()
			return
		}
		defer response.Body.Close()
		body, err := io.ReadAll(response.Body)
		if err != nil {
			body = []byte(err.Error())
		}
		answered <- string(body)
	}()
	<-entered
	stop()
	select {
	case err := <-ended:
		require.Fail(t, "Serve returned with a request open", "%v", err)
	case <-time.After(200 * time.Millisecond):
	}
	close(leave)
	require.Equal(t, "whole", <-answered)
	require.NoError(t, <-ended)
}

func TestServe_SaysWhyItCannotListen(t *testing.T) {
	err := pages.Serve(t.Context(), "127.0.0.1:nothing", http.NotFoundHandler(), time.Minute, slog.New(slog.DiscardHandler))
	require.ErrorContains(t, err, "nothing")
}
