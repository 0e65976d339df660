// SPDX-License-Identifier: Apache-2.0

// Package entryscan has the kernel that checks the entries of a sparse sketch, three bytes each: an index of two bytes,
// little-endian, and a rho. It exists in AVX2 assembly (amd64). Elsewhere, and with the build tag purego, it scans no entry, and
// the caller checks all of them itself. It reads no byte outside the slice, and does not allocate.
package entryscan

// EntrySize is the size of an entry in bytes.
const EntrySize = 3

// A Scan is what was seen in entries.
type Scan struct {
	Indexes  uint16 // all indexes, united by bitwise or
	Smallest byte   // the smallest rho
	Largest  byte   // the largest rho
	// Ascending is true if each index is smaller than the one after it, also of the last entry that was scanned.
	Ascending bool
}

// Entries scans entries from the start of body, as many as the kernel takes. It returns the others: at least one if it
// scanned any.
func Entries(body []byte) (Scan, []byte) {
	blocks := 0
	if accelerated() && len(body) >= blockReads {
		blocks = (len(body)-blockReads)/blockBytes + 1
	}
	if blocks == 0 {
		return Scan{Smallest: 255, Ascending: true}, body
	}
	union, smallest, largest, ascending := scan(&body[0], blocks)
	return Scan{uint16(union), byte(smallest >> 16), byte(largest >> 16), ascending}, body[blocks*blockBytes:]
}

const (
	// blockBytes is the bytes of the entries of a block, eight.
	blockBytes = 8 * EntrySize
	// blockReads is the bytes that the kernel reads from the start of a block: up to the seventh after it.
	blockReads = blockBytes + 7
)
