// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/google/renameio/v2"
)

var errNoName = errors.New("--output is empty: give the name of a file")

// writeWhole has f write to a file that takes its name only when it is complete and on disk. A link stays, and the file
// it points to is replaced. A pipe, a device and an open file of /proc or /dev are written to as they are. "-" is the
// standard output.
func writeWhole(path string, f func(io.Writer) error) error {
	if path == "" {
		return errNoName
	}
	if path == "-" {
		if err := f(os.Stdout); err != nil {
			return fmt.Errorf("standard output: %w", err)
		}
		return nil
	}
	target, err := resolve(path)
	if err != nil {
		return err
	}
	info, err := os.Stat(target)
	switch {
	case err == nil && info.IsDir():
		return fmt.Errorf("%s: a folder: give the name of a file", path)
	case err == nil && !info.Mode().IsRegular(), isOpenFile(target):
		return writeThrough(target, path, f)
	}
	return replace(target, path, f)
}

// maxLinks is the number of links that the kernel follows for one path.
const maxLinks = 40

// resolve follows the links of a path. The file that it points to need not exist.
func resolve(path string) (string, error) {
	for range maxLinks {
		info, err := os.Lstat(path)
		if errors.Is(err, fs.ErrNotExist) || err == nil && info.Mode()&fs.ModeSymlink == 0 || isOpenFile(path) {
			return path, nil
		}
		if err != nil {
			return "", err
		}
		to, err := os.Readlink(path)
		if err != nil {
			return "", err
		}
		if !filepath.IsAbs(to) {
			to = filepath.Join(filepath.Dir(path), to)
		}
		path = to
	}
	return "", fmt.Errorf("%s: too many links", path)
}

// isOpenFile reports whether a path names a file that a process has open, such as /proc/self/fd/1.
func isOpenFile(path string) bool {
	path = filepath.Clean(path)
	return strings.HasPrefix(path, "/proc/") || strings.HasPrefix(path, "/dev/fd/")
}

func writeThrough(target, path string, f func(io.Writer) error) (err error) {
	out, err := os.OpenFile(target, os.O_WRONLY|os.O_TRUNC, 0)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, out.Close()) }()
	if err := f(out); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return nil
}

func replace(target, path string, f func(io.Writer) error) (err error) {
	folder := filepath.Dir(target)
	out, err := renameio.NewPendingFile(target, renameio.WithTempDir(folder), renameio.WithPermissions(0o644))
	if at := new(fs.PathError); errors.As(err, &at) { // it names the temporary file, which the user does not know
		return fmt.Errorf("%s: the folder %s takes no file: %w; make it, or name another output", path, folder, at.Err)
	}
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, out.Cleanup()) }()
	if err := f(out); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return out.CloseAtomicallyReplace()
}
