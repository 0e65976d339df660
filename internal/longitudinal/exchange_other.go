// SPDX-License-Identifier: Apache-2.0

//go:build !linux

package longitudinal

import (
	"errors"
	"os"
)

// exchange swaps two folders in three steps. If the second fails, the first is undone.
func exchange(a, b string) error {
	third := a + "-old"
	if err := os.Rename(b, third); err != nil {
		return err
	}
	if err := os.Rename(a, b); err != nil {
		return errors.Join(err, os.Rename(third, b))
	}
	return os.Rename(third, a)
}
