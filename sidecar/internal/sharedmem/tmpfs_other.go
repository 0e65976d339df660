// SPDX-License-Identifier: Apache-2.0

//go:build !linux

package sharedmem

import (
	"errors"
	"os"
)

// isTmpfs returns false: no shared memory is offered.
func isTmpfs(string) bool { return false }

func allocate(*os.File, int64) error { return errors.ErrUnsupported }

func lock(*os.File) error { return errors.ErrUnsupported }

func isLeft(string) bool { return false }
