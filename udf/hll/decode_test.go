// SPDX-License-Identifier: Apache-2.0

package hll

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/headcount-hll/headcount/udf/errs"
	"github.com/headcount-hll/headcount/udf/state"
)

func TestDecode_SaysWhatIsWrongAndWhere(t *testing.T) {
	dense := func(p byte, registers ...byte) []byte { return append([]byte{2, p}, registers...) }
	zeros := make([]byte, 1<<12)
	with := func(i int, r byte) []byte {
		b := append([]byte{}, zeros...)
		b[i] = r
		return b
	}
	for _, c := range []struct {
		name  string
		bytes []byte
		want  string
	}{
		{"nothing", nil, "ends at byte 0: a sketch begins with"},
		{"type only", []byte{2}, "ends at byte 1: a sketch begins with"},
		{"type 0", []byte{0, 12}, "byte 0: type 00, must be 02 (dense) or 03 (sparse)"},
		{"type 4", []byte{4, 12}, "byte 0: type 04"},
		{"precision 3", []byte{3, 3}, "byte 1: precision 3, must be 4 to 24"},
		{"precision 25", []byte{3, 25}, "byte 1: precision 25, must be 4 to 24"},
		{"dense too short", dense(12, zeros[1:]...), "ends at byte 4097: a dense sketch of precision 12 has 4098 bytes"},
		{"dense too long", dense(12, append(zeros, 0)...), "ends at byte 4099"},
		{"register out of range", dense(12, with(7, 117)...), "byte 9: register 7 holds 117, at most 116 at precision 12"},
		{"last register out of range", dense(12, with(4095, 255)...), "byte 4097: register 4095 holds 255"},
		{"part of an entry", []byte{3, 12, 1}, "ends at byte 3, inside an entry: a sparse sketch of precision 12 has 2 + 3 bytes for each entry"},
		{"index out of range", []byte{3, 12, 1, 0, 5, 0, 16, 1}, "byte 5: entry for register 4096, at most 4095 at precision 12"},
		{"rho 0", []byte{3, 12, 1, 0, 0}, "byte 4: entry for register 1 holds 0, must be 1 to 116 at precision 12"},
		{"rho too large", []byte{3, 12, 1, 0, 117}, "byte 4: entry for register 1 holds 117"},
		{"narrow index", []byte{3, 4, 16, 1}, "byte 2: entry for register 16, at most 15 at precision 4"},
		{"wide index", []byte{3, 17, 0, 0, 2, 1}, "byte 2: entry for register 131072, at most 131071 at precision 17"},
	} {
		t.Run(c.name, func(t *testing.T) {
			check := func(entry string, err error) {
				var e *errs.Error
				if !errors.As(err, &e) || e.Code != errs.Malformed || !strings.Contains(err.Error(), c.want) {
					t.Errorf("%s: got %v, want a malformed error with %q", entry, err, c.want)
				}
			}
			_, err := Decode(c.bytes)
			check("Decode", err)
			_, err = make(State, registersAt+1<<17).Merge(c.bytes, 0, state.AllowLong)
			check("Merge", err)
		})
	}
}

// TestDecode_ChecksEveryEntry puts what a sketch cannot have, and what is out of order, into each place of
// sketches of one to nine entries, and of as many as vectors of eight take in turn.
func TestDecode_ChecksEveryEntry(t *testing.T) {
	for p := 4; p <= 24; p++ {
		width, limit := (p+7)/8, byte(128-p)
		put := func(b []byte, at int, index uint32, rho byte) {
			entry := binary.LittleEndian.AppendUint32(nil, index)
			copy(b[2+at*(width+1):], append(entry[:width:width], rho))
		}
		for _, n := range []int{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 16, 18, 19, 27} {
			if n > 1<<p {
				continue
			}
			good := make([]byte, 2+n*(width+1))
			good[0], good[1] = sparseForm, byte(p)
			for i := range n {
				put(good, i, uint32(1<<p-n+i), []byte{1, limit}[i%2])
			}
			if !decoded(t, good).ordered {
				t.Fatalf("p=%d: %d ascending entries are not taken for such", p, n)
			}
			for i := range n {
				b := bytes.Clone(good)
				for name, rho := range map[string]byte{"0": 0, "one too large": limit + 1, "128": 128, "255": 255} {
					put(b, i, 1, rho)
					requireMalformedAt(t, b, 2+i*(width+1)+width, "rho "+name)
				}
				if p%8 != 0 {
					put(b, i, 1<<p, 1)
					requireMalformedAt(t, b, 2+i*(width+1), "index 2^p")
				}
				for _, other := range []int{i - 1, i + 1} {
					if other >= 0 && other < n {
						put(b, i, uint32(1<<p-n+other), 1)
						if decoded(t, b).ordered {
							t.Fatalf("p=%d: entry %d of %d has the index of entry %d, and is taken for ascending", p, i, n, other)
						}
					}
				}
			}
		}
	}
}

func requireMalformedAt(t *testing.T, b []byte, at int, what string) {
	t.Helper()
	_, err := Decode(b)
	var e *errs.Error
	if want := fmt.Sprintf("byte %d: ", at); !errors.As(err, &e) || e.Code != errs.Malformed || !strings.Contains(err.Error(), want) {
		t.Fatalf("%s in %x: got %v, want a malformed error that names byte %d", what, b, err, at)
	}
}

func TestDecode_AllocatesNothing(t *testing.T) {
	for name, b := range map[string][]byte{"dense": sample(t, 12, 1, 10_000), "sparse": sample(t, 12, 1, 200)} {
		if n := testing.AllocsPerRun(100, func() { Decode(b) }); n > 0 {
			t.Errorf("%s: %v allocations", name, n)
		}
	}
}

// The error's text may be allocated, the 2^24 registers that the input claims may not: the bound is in bytes,
// because the number of allocations of a text depends on what the garbage collector left in fmt's pool.
func TestDecode_DoesNotAllocateClaimedRegisters(t *testing.T) {
	const runs = 100
	claim := []byte{2, 24}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for range runs {
		Decode(claim)
	}
	runtime.ReadMemStats(&after)
	if n := (after.TotalAlloc - before.TotalAlloc) / runs; n > 1<<16 {
		t.Errorf("precision 24 with no registers: %d bytes allocated for an error", n)
	}
}
