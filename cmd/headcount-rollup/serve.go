package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/headcount-hll/headcount/internal/pages"
	"github.com/headcount-hll/headcount/rollup/api"
	"github.com/headcount-hll/headcount/rollup/definitions"
	"github.com/headcount-hll/headcount/rollup/store"
	"github.com/headcount-hll/headcount/rollup/store/files"
	"github.com/headcount-hll/headcount/rollup/store/postgres"
	"github.com/headcount-hll/headcount/rollup/web"
)

// A serving is the flags of serve.
type serving struct {
	config                                            api.Config
	definitions, partials, connection, listen, tokens string
	refresh                                           time.Duration
}

func serveCommand() *cobra.Command {
	s := &serving{}
	c := &cobra.Command{
		Use:   "serve --definitions FILE (--partials FOLDER | --postgres FILE)",
		Short: "Serve roll-ups over HTTP, and pages that show them",
		Args:  cobra.NoArgs,
		RunE:  func(c *cobra.Command, _ []string) error { return s.run(c) },
	}
	flags := c.Flags()
	flags.StringVar(&s.definitions, "definitions", "", "histogram definitions, in the format of Firefox's Histograms.json")
	flags.StringVar(&s.partials, "partials", "", "folder of partial aggregates, as aggregate writes it")
	flags.StringVar(&s.connection, "postgres", "", "file with the connection string of PostgreSQL, instead of --partials")
	flags.StringVar(&s.listen, "listen", "127.0.0.1:8090", "address")
	flags.DurationVar(&s.refresh, "refresh", 30*time.Second, "how often the folder is checked for new files")
	flags.StringVar(&s.tokens, "tokens", "", "file of bearer tokens for withheld channels, one a line")
	flags.StringSliceVar(&s.config.WithheldChannels, "withhold-channel", []string{"release"}, "channels that need a token")
	flags.StringSliceVar(&s.config.WithheldMetrics, "withhold-metric", api.DefaultWithheldMetrics, "metrics that are not answered; * at the end stands for any rest")
	flags.Float64Var(&s.config.Rate, "rate", 100, "requests a second from one address; 0: no limit")
	flags.IntVar(&s.config.Concurrent, "concurrent", 64, "requests at a time")
	flags.DurationVar(&s.config.Timeout, "timeout", 10*time.Second, "time of a request")
	c.MarkFlagRequired("definitions")
	return c
}

func (s *serving) run(c *cobra.Command) error {
	log := slog.New(slog.NewJSONHandler(c.ErrOrStderr(), nil))
	s.config.Log = log
	var err error
	if s.config.Definitions, err = definitions.ReadFile(s.definitions); err != nil {
		return err
	}
	if s.config.Tokens, err = readTokens(s.tokens); err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(c.Context())
	defer cancel()
	store, closeStore, err := s.open(ctx, log)
	if err != nil {
		return err
	}
	s.config.Store = store
	defer closeStore()
	answers, err := api.New(s.config)
	if err != nil {
		return err
	}
	handler, err := web.New(answers)
	if err != nil {
		return err
	}
	return pages.Serve(ctx, s.listen, handler, s.config.Timeout+30*time.Second, log)
}

// open opens the store that the flags name.
func (s *serving) open(ctx context.Context, log *slog.Logger) (store.Store, func(), error) {
	if (s.partials == "") == (s.connection == "") {
		return nil, nil, errors.New("one of --partials FOLDER and --postgres FILE is needed")
	}
	if s.connection != "" {
		pool, err := postgres.Connect(ctx, s.connection)
		if err != nil {
			return nil, nil, err
		}
		return postgres.New(pool), pool.Close, nil
	}
	opened, err := files.Open(s.partials)
	if err != nil {
		return nil, nil, err
	}
	go refresh(ctx, opened, s.refresh, log)
	return opened, func() {}, nil
}

// refresh reads new files until the context ends. What cannot be read is tried again.
func refresh(ctx context.Context, s *files.Store, every time.Duration, log *slog.Logger) {
	for tick := time.NewTicker(max(every, time.Second)); ; {
		select {
		case <-ctx.Done():
			tick.Stop()
			return
		case <-tick.C:
		}
		if changed, err := s.Refresh(); err != nil {
			log.Error("reading the partial aggregates failed; the answers stay as they were", "error", err)
		} else if changed {
			log.Info("partial aggregates read again")
		}
	}
}

// readTokens reads a file of tokens, one a line. No name stands for no tokens.
func readTokens(path string) ([]string, error) {
	if path == "" {
		return nil, nil
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	tokens := strings.Fields(string(text))
	if len(tokens) == 0 {
		return nil, fmt.Errorf("%s: there is no token in it", path)
	}
	return tokens, nil
}
