// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/dustin/go-humanize"
	"github.com/spf13/cobra"

	"github.com/headcount-hll/headcount/internal/longitudinal"
	"github.com/headcount-hll/headcount/internal/view"
)

// samplesFlag is a flag that takes a sample id or a range of them, as 42 or 0-9.
type samplesFlag struct{ from, to uint8 }

func (s *samplesFlag) String() string { return fmt.Sprintf("%d-%d", s.from, s.to) }
func (s *samplesFlag) Type() string   { return "samples" }
func (s *samplesFlag) Set(text string) error {
	first, last, ranged := strings.Cut(text, "-")
	if !ranged {
		last = first
	}
	from, err1 := strconv.ParseUint(first, 10, 8)
	to, err2 := strconv.ParseUint(last, 10, 8)
	if err1 != nil || err2 != nil || from > to || to > 99 {
		return fmt.Errorf("%q is no range of sample ids: write it as 42 or 0-9, at most 99", text)
	}
	s.from, s.to = uint8(from), uint8(to)
	return nil
}

type longitudinalRun struct {
	resources
	rejects
	samples     samplesFlag
	path        string
	pings       string
	newestFirst bool
	update      string
}

func longitudinalCommand(version string, streams Streams) *cobra.Command {
	l := longitudinalRun{samples: samplesFlag{0, 99}}
	c := &cobra.Command{
		Use:   "longitudinal INPUT...",
		Short: "Make a table with one row per client and lists over time, from a view or pings",
		Long: `longitudinal reads the Parquet files of a view (files or folders, as view writes them), or raw pings with --pings VIEW,
and writes one row per client. Every column is a list in the order of time. docs/views.md has the rules.`,
		Example: `  headcount longitudinal -o longitudinal.parquet main_summary/
  headcount longitudinal --update yesterday.parquet -o today.parquet main_summary/submission_date=20161130
  headcount longitudinal --update longitudinal/ -o longitudinal/ main_summary/submission_date=20161130
  headcount longitudinal --sample 42 --pings main_summary -o sample42.parquet pings/`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error { return l.run(c.Context(), version, streams, args) },
	}
	flags := c.Flags()
	flags.StringVarP(&l.path, "output", "o", "longitudinal.parquet",
		"file to write, or folder, for a file for each 4 sample ids: a name that ends in /, or an existing folder")
	flags.StringVar(&l.pings, "pings", "", "read raw pings, with the columns of this view")
	flags.Var(&l.samples, "sample", "sample ids of the clients to take: CRC-32 of client_id modulo 100")
	flags.BoolVar(&l.newestFirst, "newest-first", false, "the lists begin with the newest ping")
	flags.StringVar(&l.update, "update", "", "an earlier table, made with the same flags: the inputs are the pings that it does not have")
	l.rejects.flags(flags)
	l.resources.flags(flags)
	return c
}

func (l *longitudinalRun) run(ctx context.Context, version string, streams Streams, inputs []string) (err error) {
	if err := l.apply(); err != nil {
		return err
	}
	counts, err := l.rejects.open()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, l.rejects.close()) }()
	createdBy := "headcount version " + version
	var source longitudinal.Source
	if l.pings != "" {
		d, err := view.Load(l.pings)
		if err != nil {
			return err
		}
		source = &longitudinal.Pings{View: d, Options: view.Options{Inputs: inputs, From: -1 << 31, To: 1<<31 - 1,
			MaxDocument: int(l.maxDocument), MaxRejects: float64(l.most), Rejects: counts}}
	} else {
		v, err := longitudinal.OpenView(inputs)
		if err != nil {
			return err
		}
		if len(v.LeftOut) > 0 {
			_, _ = fmt.Fprintf(streams.Err, "left out, for their types: %s\n", strings.Join(v.LeftOut, ", "))
		}
		source = v
	}
	began := time.Now()
	o := longitudinal.Options{Threads: l.threads, Memory: l.groupMemory(), SpillDir: l.spillDir,
		From: l.samples.from, To: l.samples.to, NewestFirst: l.newestFirst, MaxIgnored: float64(l.most), CreatedBy: createdBy}
	done, err := l.write(ctx, source, o)
	sayRejects(streams, counts)
	if err != nil {
		return err
	}
	sayLongitudinal(streams, l.path, done, time.Since(began))
	return nil
}

// write makes the table, or updates one.
func (l *longitudinalRun) write(ctx context.Context, source longitudinal.Source, o longitudinal.Options) (done *longitudinal.Counts, err error) {
	folder := isFolder(l.path)
	if l.update != "" && isFolder(l.update) != folder {
		return nil, fmt.Errorf("--update %s, -o %s: both must be files, or both folders", l.update, l.path)
	}
	if folder {
		target, err := resolve(filepath.Clean(l.path))
		switch {
		case err != nil:
			return nil, err
		case l.update != "":
			return longitudinal.UpdateFolder(ctx, target, l.update, source, o)
		}
		return longitudinal.BuildFolder(ctx, target, source, o)
	}
	err = writeWhole(l.path, func(out io.Writer) (err error) {
		if l.update != "" {
			done, err = longitudinal.Update(ctx, out, l.update, source, o)
		} else {
			done, err = longitudinal.Build(ctx, out, source, o)
		}
		return err
	})
	return done, err
}

// isFolder reports whether a path means a folder: one that exists, or a name that ends in a separator.
func isFolder(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir() || strings.HasSuffix(path, string(filepath.Separator))
}

func sayLongitudinal(streams Streams, path string, c *longitudinal.Counts, took time.Duration) {
	for _, line := range []struct {
		what string
		n    int64
	}{{"pings ignored, without a client or a time", c.Ignored.Load()}, {"duplicates of a document id", c.Duplicates.Load()},
		{"pings older than the newest 1,000 of their client", c.Older.Load()}} {
		if line.n > 0 {
			_, _ = fmt.Fprintf(streams.Err, "%s: %s\n", line.what, humanize.Comma(line.n))
		}
	}
	size := int64(0)
	_ = filepath.WalkDir(path, func(_ string, e fs.DirEntry, err error) error { // only said
		if err != nil || !e.Type().IsRegular() {
			return err
		}
		info, err := e.Info()
		if err == nil {
			size += info.Size()
		}
		return err
	})
	_, _ = fmt.Fprintf(streams.Err, "%s: %s clients, %s, from %s pings in %s; %s spilled\n", filepath.Clean(path), humanize.Comma(c.Clients.Load()), humanize.Bytes(uint64(size)),
		humanize.Comma(c.Pings.Load()), took.Round(10*time.Millisecond), humanize.Bytes(uint64(c.Spilled)))
}
