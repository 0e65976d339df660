// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/headcount-hll/headcount/cmd/headcount/internal/inspect"
	"github.com/headcount-hll/headcount/internal/input"
	"github.com/headcount-hll/headcount/internal/sortkey"
)

type inspectRun struct {
	resources
	reading
	streams      Streams
	date, sketch string
	most         int
}

func inspectCommand(streams Streams) *cobra.Command {
	i := inspectRun{streams: streams}
	c := &cobra.Command{
		Use:   "inspect FILE|FOLDER...",
		Short: "Describe client_count files and find invalid sketches",
		Long: `inspect reads client_count files and shows the rows, days, columns and sketches of each. It lists rows with invalid
sketches, and then exits with status 1.`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error { return i.run(c.Context(), args) },
	}
	flags := c.Flags()
	flags.StringVar(&i.date, "date", defaultDate, "column of the day")
	flags.StringVar(&i.sketch, "sketch", "hll", "sketch column")
	flags.IntVar(&i.most, "most", 20, "largest number of invalid sketches to list")
	i.reading.flags(flags)
	i.resources.flags(flags)
	return c
}

func (i *inspectRun) run(ctx context.Context, paths []string) error {
	if err := i.apply(); err != nil {
		return err
	}
	var bad int64
	for _, path := range paths {
		n, err := i.path(ctx, path)
		if err != nil {
			return err
		}
		bad += n
	}
	if bad > 0 {
		return fmt.Errorf("bad sketches: %d", bad)
	}
	return nil
}

// path describes a file, or the files of a folder, and returns the number of invalid sketches.
func (i *inspectRun) path(ctx context.Context, path string) (bad int64, err error) {
	in, err := i.openFiles([]string{path}, &i.resources, newNotes(i.streams.Err))
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, in.close()) }()
	for _, f := range in.all {
		one := &files{all: []input.File{f}, notes: in.notes, zone: in.zone}
		one.unify()
		n, err := i.file(ctx, one)
		if err != nil {
			return bad, err
		}
		bad += n
	}
	return bad, nil
}

func (i *inspectRun) file(ctx context.Context, in *files) (bad int64, err error) {
	date, err := in.date(i.date)
	if err != nil {
		return 0, err
	}
	others, err := in.others(nil, []string{i.date, i.sketch})
	if err != nil {
		return 0, err
	}
	var columns []sortkey.Column
	var unread []inspect.Unread
	for _, c := range others {
		if c.Type == 0 || c.Bytes {
			unread = append(unread, inspect.Unread{Name: c.Name, Type: c.Source})
			continue
		}
		columns = append(columns, c.Column.Column)
	}
	found, err := inspect.File(ctx, in.all[0], append(columns, date), i.date, i.sketch, i.threads, i.most)
	if err != nil {
		return 0, err
	}
	found.Unread = unread
	return found.Bad, found.Show(i.streams.Out)
}
