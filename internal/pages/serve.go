// SPDX-License-Identifier: Apache-2.0

package pages

import (
	"context"
	"log/slog"
	"net"
	"net/http"
	"time"
)

// shutdownTime is how long open requests may take after the context has ended.
const shutdownTime = 10 * time.Second

// Serve serves at an address (host:port; port 0 chooses a free one) until the context ends, and logs the address first.
// Requests that are open then have 10 seconds to end. answerTime bounds a whole request. Errors are those of listening.
func Serve(ctx context.Context, address string, handler http.Handler, answerTime time.Duration, log *slog.Logger) error {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", address)
	if err != nil {
		return err
	}
	server := &http.Server{
		Handler: handler, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 30 * time.Second, WriteTimeout: answerTime,
		IdleTimeout: time.Minute, MaxHeaderBytes: 64 << 10, ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}
	log.Info("serving", "address", listener.Addr().String())
	ended := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		defer close(ended)
		ending, done := context.WithTimeout(context.WithoutCancel(ctx), shutdownTime)
		defer done()
		if err := server.Shutdown(ending); err != nil {
			log.Warn("ending with requests still open", "error", err)
			_ = server.Close()
		}
	})
	err = server.Serve(listener)
	if stop() {
		return err
	}
	<-ended // Serve returns when Shutdown begins
	return nil
}
