// SPDX-License-Identifier: Apache-2.0

//go:build !linux

package longitudinal

// exchange swaps two folders.
func exchange(a, b string) error { return exchangeInSteps(a, b) }
