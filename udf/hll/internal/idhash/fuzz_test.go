// SPDX-License-Identifier: Apache-2.0

package idhash

import (
	"bytes"
	"encoding/binary"
	"testing"
)

// FuzzHashStrings hashes a batch that data is cut into: as often as it lasts, cuts has the length of the next id.
func FuzzHashStrings(f *testing.F) {
	f.Add(bytes.Repeat([]byte("c0ffee00-0000-4000-8000-0123456789ab"), 20), []byte{36})
	f.Add(bytes.Repeat([]byte{0x80, 0x7f, 0xff}, 300), []byte{0, 1, 15, 16, 17, 31, 32, 33})
	f.Add(bytes.Repeat([]byte("u1234567"), 70), []byte{8, 7, 6})
	f.Fuzz(func(t *testing.T, data, cuts []byte) {
		var starts, lengths []int32
		for at := 0; len(cuts) > 0 && len(starts) < Batch; {
			length := int(cuts[len(starts)%len(cuts)])
			if at+length > len(data) {
				break
			}
			starts, lengths = append(starts, int32(at)), append(lengths, int32(length))
			at += length
		}
		checkStrings(t, data, starts, lengths)
	})
}

// FuzzHashIntegers hashes a batch of integers of eight bytes each.
func FuzzHashIntegers(f *testing.F) {
	f.Add(bytes.Repeat([]byte{0xff, 0xe0, 0xf5, 0x05, 0, 0, 0, 0}, 8))
	f.Add(bytes.Repeat([]byte{0, 0, 0, 0, 0, 0, 0, 0x80}, 9))
	f.Fuzz(func(t *testing.T, data []byte) {
		var values []int64
		for ; len(data) >= 8 && len(values) < Batch; data = data[8:] {
			values = append(values, int64(binary.LittleEndian.Uint64(data)))
		}
		checkIntegers(t, values)
	})
}

// FuzzEntries makes entries of hashes of sixteen bytes each.
func FuzzEntries(f *testing.F) {
	f.Add(bytes.Repeat([]byte{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16}, 8), uint8(12))
	f.Add(make([]byte, 16*9), uint8(16))
	f.Fuzz(func(t *testing.T, data []byte, precision uint8) {
		precision = 4 + precision%21
		var sums Sums
		n := 0
		for ; len(data) >= 16 && n < Batch; data = data[16:] {
			sums.H1[n], sums.H2[n] = binary.LittleEndian.Uint64(data), binary.LittleEndian.Uint64(data[8:])
			n++
		}
		for _, k := range implementations {
			got := make([]uint32, n)
			k.entries(&sums, got, precision)
			for i, e := range got {
				if want := oracleEntry(precision, sums.H1[i], sums.H2[i]); e != want {
					t.Errorf("%s: precision %d, hash %x %x: got %x, want %x", k.name, precision, sums.H1[i], sums.H2[i], e, want)
				}
			}
		}
	})
}
