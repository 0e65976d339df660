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

// lock locks a file for as long as this descriptor is open. It fails at once if another has locked it.
func lock(file *os.File) error { return unix.Flock(int(file.Fd()), unix.LOCK_EX|unix.LOCK_NB) }

// isLeft reports whether a path is that of a region of this user, not of a link to one, that no process has locked.
func isLeft(path string) bool {
	file, err := os.OpenFile(path, os.O_RDWR|unix.O_NOFOLLOW|unix.O_NONBLOCK, 0)
	if err != nil {
		return false
	}
	defer file.Close()
	var about unix.Stat_t
	return unix.Fstat(int(file.Fd()), &about) == nil && about.Mode == unix.S_IFREG|0o600 && about.Size == Size &&
		int(about.Uid) == os.Geteuid() && lock(file) == nil
}
