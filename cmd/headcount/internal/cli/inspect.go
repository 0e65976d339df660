package cli

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/headcount-hll/headcount/cmd/headcount/internal/inspect"
	"github.com/headcount-hll/headcount/internal/input"
)

type inspectRun struct {
	resources
	streams      Streams
	date, sketch string
	most         int
}

func inspectCommand(streams Streams) *cobra.Command {
	i := inspectRun{streams: streams}
	c := &cobra.Command{
		Use:   "inspect FILE|FOLDER...",
		Short: "What client_count files hold, and which of their sketches are bad",
		Long: `inspect reads client_count files whole and says, of each, its rows, days, columns and sketches, and names the
rows whose sketches nothing could read. It fails if there is one.`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error { return i.run(c.Context(), args) },
	}
	flags := c.Flags()
	flags.StringVar(&i.date, "date", "activitydate", "column of the day")
	flags.StringVar(&i.sketch, "sketch", "hll", "column of the sketches")
	flags.IntVar(&i.most, "most", 20, "how many bad sketches to name")
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

// path inspects a file, or the files of a folder, shows what each holds and returns how many sketches are bad.
func (i *inspectRun) path(ctx context.Context, path string) (bad int64, err error) {
	in, err := openFiles([]string{path}, input.Options{Memory: i.pageMemory(), Threads: i.threads})
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, in.close()) }()
	for at := range in {
		n, err := i.file(ctx, in[at:at+1])
		if err != nil {
			return bad, err
		}
		bad += n
	}
	return bad, nil
}

func (i *inspectRun) file(ctx context.Context, in files) (bad int64, err error) {
	date, err := in.date(i.date)
	if err != nil {
		return 0, err
	}
	others, err := in.columns(nil, i.date, i.sketch)
	if err != nil {
		return 0, err
	}
	found, err := inspect.File(ctx, in[0], append(others, date), i.date, i.sketch, i.threads, i.most)
	if err != nil {
		return 0, err
	}
	return found.Bad, found.Show(i.streams.Out)
}
