// SPDX-License-Identifier: Apache-2.0

package longitudinal

import (
	"errors"
	"os"

	"golang.org/x/sys/unix"
)

// exchange swaps two folders: in one step where the file system can, which NFS cannot.
func exchange(a, b string) error {
	err := unix.Renameat2(unix.AT_FDCWD, a, unix.AT_FDCWD, b, unix.RENAME_EXCHANGE)
	switch {
	case err == nil:
		return nil
	case errors.Is(err, unix.EINVAL), errors.Is(err, unix.ENOSYS):
		return exchangeInSteps(a, b)
	}
	return &os.LinkError{Op: "exchange", Old: a, New: b, Err: err}
}
