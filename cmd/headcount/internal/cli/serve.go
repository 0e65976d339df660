// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"log/slog"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/headcount-hll/headcount/cmd/headcount/internal/dashboard"
	"github.com/headcount-hll/headcount/cmd/headcount/internal/report"
	"github.com/headcount-hll/headcount/internal/input"
	"github.com/headcount-hll/headcount/internal/pages"
)

// answerTime bounds a request: a choice of segments that was not asked for before unites the sketches of all files.
const answerTime = 10 * time.Minute

// A serving is the flags of serve, and the source of its figures.
type serving struct {
	engagementRun
	paths  []string
	listen string
}

func serveCommand(streams Streams) *cobra.Command {
	s := &serving{}
	s.streams = streams
	c := &cobra.Command{
		Use:   "serve FILE|FOLDER...",
		Short: "Serve a page that shows engagement by any segment",
		Long: `serve reads client_count files and shows DAU, WAU, MAU and ER = DAU/MAU with their bounds in a page. Segments, rows and days
are chosen in the page. Files that change are read again.`,
		Example: `  headcount serve client_count/`,
		Args:    cobra.MinimumNArgs(1),
		RunE:    func(c *cobra.Command, paths []string) error { s.paths = paths; return s.serve(c.Context()) },
	}
	flags := c.Flags()
	flags.StringVar(&s.listen, "listen", "127.0.0.1:8091", "address")
	flags.StringVar(&s.date, "date", defaultDate, "column of the day")
	flags.StringVar(&s.sketch, "sketch", "hll", "sketch column")
	s.reading.flags(flags)
	s.resources.flags(flags)
	return c
}

func (s *serving) serve(ctx context.Context) error {
	if err := s.apply(); err != nil {
		return err
	}
	if _, err := s.Dimensions(); err != nil {
		return err
	}
	log := slog.New(slog.NewJSONHandler(s.streams.Err, nil))
	handler, err := dashboard.New(s, log)
	if err != nil {
		return err
	}
	return pages.Serve(ctx, s.listen, handler, answerTime, log)
}

// Generation implements [dashboard.Source].
func (s *serving) Generation() (string, error) {
	hash := fnv.New64a()
	for _, path := range s.paths {
		places, err := input.Places(path, func(string) {})
		if err != nil {
			return "", err
		}
		for _, place := range places {
			info, err := os.Stat(place.Path)
			if err != nil {
				return "", err
			}
			_, _ = fmt.Fprintln(hash, place.Path, info.Size(), info.ModTime().UnixNano())
		}
	}
	return fmt.Sprintf("%016x", hash.Sum64()), nil
}

// Dimensions implements [dashboard.Source]: the columns that are not the day or the sketch and can be a key.
func (s *serving) Dimensions() (names []string, err error) {
	in, err := s.openFiles(s.paths, &s.resources, newNotes(&bytes.Buffer{}))
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, in.close()) }()
	if _, err := in.date(s.date); err != nil {
		return nil, err
	}
	if _, err := in.find(s.sketch); err != nil {
		return nil, err
	}
	for _, c := range in.columns {
		if c.Name != s.date && c.Name != s.sketch && (c.Type != 0 || c.Null) && (!c.Bytes || c.Text) {
			names = append(names, c.Name)
		}
	}
	return names, nil
}

// Figures implements [dashboard.Source].
func (s *serving) Figures(ctx context.Context, r dashboard.Request) (*report.Engagement, []string, error) {
	quiet, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	if err != nil {
		return nil, nil, err
	}
	defer func() { _ = quiet.Close() }()
	var said bytes.Buffer
	run := s.engagementRun
	run.notes, run.streams = newNotes(&said), Streams{Out: s.streams.Out, Err: quiet}
	run.by, run.where, run.from, run.to, run.total, run.bounds = r.By, r.Where, r.From, r.To, r.Total, true
	figures, err := run.figures(ctx, s.paths)
	var wrong conditionError
	if errors.As(err, &wrong) {
		return nil, nil, dashboard.BadRequest(fmt.Sprintf("where %.80q: %v", wrong.text, wrong.err))
	}
	if err != nil {
		return nil, nil, err
	}
	var notes []string
	for line := range strings.SplitSeq(said.String(), "\n") {
		if note := strings.TrimPrefix(line, "note: "); note != "" {
			notes = append(notes, strings.TrimSuffix(note, "; --from shows it"))
		}
	}
	return figures, notes, nil
}

var _ dashboard.Source = (*serving)(nil)
