// SPDX-License-Identifier: Apache-2.0

package sharedmem

import (
	"os"

	"golang.org/x/sys/unix"
)

// isTmpfs reports whether a folder is on a tmpfs, whose files are never written to a disk.
func isTmpfs(folder string) bool {
	var on unix.Statfs_t
	return unix.Statfs(folder, &on) == nil && on.Type == unix.TMPFS_MAGIC
}

// allocate allocates the pages of a file. Without them, a client that writes to a full tmpfs would get SIGBUS.
func allocate(file *os.File, size int64) error {
	return unix.Fallocate(int(file.Fd()), 0, 0, size)
}
