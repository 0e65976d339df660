// SPDX-License-Identifier: Apache-2.0

//go:build !amd64 || purego

package idhash

const acceleratedName = ""

func accelerated() bool { return false }

func hashStrings(sums *Sums, data []byte, starts, lengths []int32) {
	portableStrings(sums, 0, data, starts, lengths)
}

func hashIntegers(sums *Sums, values []int64) { portableIntegers(sums, 0, values) }

func makeEntries(entries []uint32, sums *Sums, precision uint8) {
	portableEntries(entries, sums, 0, precision)
}
