// SPDX-License-Identifier: Apache-2.0

package conformance

import (
	"encoding/hex"
	"fmt"
	"strconv"
	"testing"
)

func TestOracle_HashesAsTheOriginal(t *testing.T) {
	for _, file := range []string{"hash", "create"} {
		vectors, err := readVectors(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range vectors {
			if v.Hash == "" {
				continue
			}
			id, err := fromHex(v.InputHex + v.UTF8Hex)
			if err != nil {
				t.Fatal(err)
			}
			h1, h2 := murmur(id)
			if got := fmt.Sprintf("%016x%016x", h1, h2); got != v.Hash {
				t.Errorf("%s: hash %s, want %s", v.Name, got, v.Hash)
			}
			p, wantIndex, wantRho := 12, v.J12, v.Rho12
			if file == "create" {
				p, wantIndex, wantRho = v.precision(), v.J, v.Rho
			}
			if index, rho := place(h1, h2, p); index != wantIndex || int(rho) != wantRho {
				t.Errorf("%s: register %d, rho %d, want %d, %d", v.Name, index, rho, wantIndex, wantRho)
			}
		}
	}
}

// The sets of up to five million ids, from the ids alone.
func TestOracle_BuildsEverySetOfTheOriginal(t *testing.T) {
	type source struct {
		format string
		start  int64
	}
	sets := map[source][]vector{}
	for _, file := range []string{"sets", "threshold"} {
		vectors, err := readVectors(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range vectors {
			if v.IDs.Rule == "list" {
				buildsSet(t, v)
				continue
			}
			from := source{v.IDs.Format, v.IDs.Start}
			sets[from] = append(sets[from], v)
		}
	}
	for _, vectors := range sets {
		buildsPrefixes(t, vectors)
	}
}

func buildsSet(t *testing.T, v vector) {
	t.Helper()
	pieces, err := rebuild(v.IDs, v.precision(), 1)
	if err != nil {
		t.Fatal(err)
	}
	holds(t, v, pieces[0])
}

// buildsPrefixes hashes the ids of the longest set once: the others are its beginnings.
func buildsPrefixes(t *testing.T, vectors []vector) {
	t.Helper()
	ending := map[int][]vector{} // by the number of ids
	builders := map[int]*builder{}
	longest := vectors[0].IDs
	for _, v := range vectors {
		ending[v.IDs.N] = append(ending[v.IDs.N], v)
		builders[v.precision()] = newBuilder(v.precision())
		if v.IDs.N > longest.N {
			longest = v.IDs
		}
	}
	for _, v := range ending[0] {
		holds(t, v, builders[v.precision()].sketch())
	}
	ids, err := longest.all()
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for id := range ids {
		h1, h2 := murmur(id)
		for _, b := range builders {
			b.add(h1, h2)
		}
		n++
		for _, v := range ending[n] {
			holds(t, v, builders[v.precision()].sketch())
		}
		retire(builders, vectors, n)
	}
}

// retire drops the builders that no longer set needs.
func retire(builders map[int]*builder, vectors []vector, n int) {
	if n&(n-1) != 0 { // looking seldom is enough
		return
	}
	for p := range builders {
		needed := false
		for _, v := range vectors {
			needed = needed || v.precision() == p && v.IDs.N > n
		}
		if !needed {
			delete(builders, p)
		}
	}
}

func holds(t *testing.T, v vector, s Sketch) {
	t.Helper()
	if err := holdTo(v.DenseSHA256, s); err != nil {
		t.Errorf("%s: %v", v.Name, err)
	}
	if s.Dense == v.Sparse {
		t.Errorf("%s: dense %t, want sparse %t", v.Name, s.Dense, v.Sparse)
	}
}

func TestOracle_RejectsInvalidSketches(t *testing.T) {
	for _, c := range []struct {
		name, encoded string
		valid         bool
	}{
		{"nothing", "", false},
		{"a type only", "03", false},
		{"empty sparse", "0304", true},
		{"precision 3", "0303", false},
		{"precision 25", "0319", false},
		{"type 1", "010c", false},
		{"largest index and rho", "03040f7c", true},
		{"index past the registers", "03041001", false},
		{"rho 0", "03040100", false},
		{"rho past 128-p", "0304017d", false},
		{"part of an entry", "030c0100", false},
		{"three-byte index", "0318ffffff68", true},
		{"three-byte index, rho past 104", "0318ffffff69", false},
		{"dense, a register short", "0204000102030405060708000000000000", false},
		{"dense, a register too many", "02040001020304050607080000000000000000", false},
		{"dense, all registers", "02040001020304050607080000000000007c", true},
		{"dense, a register past 124", "02040001020304050607080000000000007d", false},
	} {
		encoded, err := hex.DecodeString(c.encoded)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := ReadSketch(encoded); (err == nil) != c.valid {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

func TestOracle_ReadsWhatItWrites(t *testing.T) {
	for _, p := range []int{4, 8, 9, 16, 17, 24} {
		s := fromRegisters(p, map[int]byte{0: 1, 5: byte(maxRho(p)), 1<<p - 1: 7})
		for _, encoded := range [][]byte{s.EncodeSparse(), s.EncodeDense(), s.Encode()} {
			if got, err := ReadSketch(encoded); err != nil || !got.SameRegisters(s) {
				t.Errorf("precision %d: %v, %v", p, got, err)
			}
		}
	}
}

func TestOracle_TakesTheLastOfADuplicateIndex(t *testing.T) {
	got, err := ReadSketch([]byte{3, 12, 1, 0, 9, 2, 0, 3, 1, 0, 2})
	if err != nil {
		t.Fatal(err)
	}
	if want := fromRegisters(12, map[int]byte{1: 2, 2: 3}); !got.SameRegisters(want) {
		t.Errorf("got %v", got)
	}
}

func TestIDRules(t *testing.T) {
	for _, c := range []struct {
		rule idRule
		want []string
	}{
		{idRule{Rule: "list", UTF8Hex: []string{"", "61"}}, []string{"", "a"}},
		{idRule{Rule: "printf", Format: "client-%08d", Start: 7, Step: 5, N: 3},
			[]string{"client-00000007", "client-00000012", "client-00000017"}},
		{idRule{Rule: "printf", Format: "client-%08d", Start: 99999999, Step: 1, N: 2},
			[]string{"client-99999999", "client-100000000"}},
		// splitmix64 of seed 1234567: 6457827717110365317, 3203168211198807973
		{idRule{Rule: "uuid4-splitmix64", Seed: 1234567, N: 1}, []string{"599ed017-fb08-4c85-ac73-f08458540fa5"}},
	} {
		ids, err := c.rule.all()
		if err != nil {
			t.Fatal(err)
		}
		i := 0
		for id := range ids {
			if i >= len(c.want) || string(id) != c.want[i] {
				t.Errorf("%s: id %d is %q, want %q", c.rule.Rule, i, id, c.want)
			}
			i++
		}
		if i != len(c.want) {
			t.Errorf("%s: %d ids, want %d", c.rule.Rule, i, len(c.want))
		}
	}
	for _, rule := range []idRule{{Rule: "guess"}, {Rule: "printf", Format: "%x"}, {Rule: "list", UTF8Hex: []string{"zz"}}} {
		if _, err := rule.all(); err == nil {
			t.Errorf("%+v is taken", rule)
		}
	}
}

func TestUlpsApart(t *testing.T) {
	if got := ulpsApart(0x3ff0000000000000, 0x3ff0000000000002); got != 2 {
		t.Error("got", strconv.FormatUint(got, 10))
	}
}
