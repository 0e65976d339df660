// SPDX-License-Identifier: Apache-2.0

package longitudinal

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/apache/arrow-go/v18/parquet/file"
	"golang.org/x/sync/errgroup"

	"github.com/headcount-hll/headcount/internal/extsort"
)

// BuildFolder writes the table of all pings that a source gives to a folder: a file for each part of the sample ids. An existing folder
// is replaced as a whole; it must have nothing but such files.
func BuildFolder(ctx context.Context, folder string, source Source, o Options) (*Counts, error) {
	return makeFolder(ctx, folder, source, o, func(ctx context.Context, l *layout, pings *extsort.Sorter, _ int, out io.Writer, counts *Counts) error {
		w, err := newWriter(out, l, o)
		if err != nil {
			return err
		}
		return w.close(newHistory(l).each(ctx, pings, counts, func(h *history) error { return w.add(h, counts) }))
	})
}

// UpdateFolder does what Update does with the files of a folder that BuildFolder or UpdateFolder made. It may be the folder that is written.
func UpdateFolder(ctx context.Context, folder, base string, source Source, o Options) (*Counts, error) {
	return makeFolder(ctx, folder, source, o, func(ctx context.Context, l *layout, pings *extsort.Sorter, part int, out io.Writer, counts *Counts) error {
		old := filepath.Join(base, partName(part))
		if pings.Empty() {
			return l.copyPart(old, out, o, counts)
		}
		return l.update(ctx, out, old, o, counts, func(ctx context.Context, h *history, counts *Counts, use func(*history) error) error {
			return h.each(ctx, pings, counts, use)
		})
	})
}

// makeFolder sorts the pings of a source and replaces a folder by the parts that write makes of them.
func makeFolder(ctx context.Context, folder string, source Source, o Options,
	write func(ctx context.Context, l *layout, pings *extsort.Sorter, part int, out io.Writer, counts *Counts) error,
) (counts *Counts, err error) {
	if err := checkFolder(folder); err != nil {
		return &Counts{}, err
	}
	l, pings, counts, err := sortSource(ctx, source, o)
	defer func() { err = errors.Join(err, pings.close()) }()
	if err != nil {
		return counts, err
	}
	return counts, replaceFolder(ctx, folder, o, func(ctx context.Context, part int, out io.Writer) error {
		return write(ctx, l, pings[part], part, out, counts)
	})
}

// copyPart copies a file that has no new pings.
func (l *layout) copyPart(path string, out io.Writer, o Options, counts *Counts) (err error) {
	err = withFile(path, func(in *file.Reader) error {
		_, err := l.check(in, o)
		counts.Clients.Add(in.NumRows())
		return err
	})
	if err != nil {
		return err
	}
	in, err := os.Open(path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, in.Close()) }()
	_, err = io.Copy(out, in)
	return err
}

// checkFolder fails if a folder has other files than those of a table, or if it has no name by which it could be replaced.
func checkFolder(folder string) error {
	switch filepath.Base(folder) {
	case ".", "..", string(filepath.Separator):
		return fmt.Errorf("%s: the folder is replaced as a whole: name it from the folder above it", folder)
	}
	entries, err := os.ReadDir(folder)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	ours := map[string]bool{}
	for part := range partCount {
		ours[partName(part)] = true
	}
	for _, e := range entries {
		if !ours[e.Name()] {
			return fmt.Errorf("%s: %s is not of a longitudinal table; remove it, or write to another folder", folder, e.Name())
		}
	}
	return nil
}

// replaceFolder writes the parts of the sampled clients at the same time. The folder is replaced when all are complete and on disk.
func replaceFolder(ctx context.Context, folder string, o Options, write func(ctx context.Context, part int, out io.Writer) error) (err error) {
	folder = filepath.Clean(folder)
	incoming, err := os.MkdirTemp(filepath.Dir(folder), "."+filepath.Base(folder)+"-*")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(incoming)) }()
	if err := os.Chmod(incoming, 0o755); err != nil {
		return err
	}
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(max(1, o.Threads))
	for part := int(o.From) / partSamples; part <= int(o.To)/partSamples; part++ {
		group.Go(func() error {
			return writeFile(filepath.Join(incoming, partName(part)), func(out io.Writer) error { return write(ctx, part, out) })
		})
	}
	if err := group.Wait(); err != nil {
		return err
	}
	if _, err := os.Lstat(folder); errors.Is(err, fs.ErrNotExist) {
		return os.Rename(incoming, folder)
	}
	return exchange(incoming, folder)
}

// exchangeInSteps swaps two folders in three steps. If the second fails, the first is undone.
func exchangeInSteps(a, b string) error {
	third := a + "-old"
	if err := os.Rename(b, third); err != nil {
		return err
	}
	if err := os.Rename(a, b); err != nil {
		return errors.Join(err, os.Rename(third, b))
	}
	return os.Rename(third, a)
}

// writeFile writes a new file, and waits until it is on disk.
func writeFile(path string, write func(io.Writer) error) (err error) {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	out := bufio.NewWriterSize(f, 1<<20)
	if err := write(out); err != nil {
		return err
	}
	if err := out.Flush(); err != nil {
		return err
	}
	return f.Sync()
}
