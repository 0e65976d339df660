// SPDX-License-Identifier: Apache-2.0

//go:build !amd64 || purego

package entryscan

func accelerated() bool { return false }

func scan(*byte, int) (union, smallest, largest uint32, ascending bool) {
	panic("entryscan: no kernel")
}
